"""Settings are found above the documents, the command line comes before them, and what is not understood is told."""

import importlib
import json

import pytest

from derive.project.settings import KEYS, Settings, SettingsError, settings_for

cli = importlib.import_module("derive.cli")
TRUE, FALSE, UNREAD = "$x + x = 2x$\n", "$x + x = 3x$\n", "$x \\odot x = x$\n"


@pytest.fixture
def project(tmp_path):
    """A repository with a true, a false and an unread document."""
    (tmp_path / ".git").mkdir()
    for name, text in (("true.md", TRUE), ("drafts/false.md", FALSE), ("notes/unread.md", UNREAD)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def write(folder, text, name="derive.toml"):
    (folder / name).write_text(text)


def test_without_a_file_nothing_is_said(project):
    assert settings_for(project / "notes") == Settings()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("derive.toml", "strict = true\njobs = 2\n"),
        ("pyproject.toml", "[project]\nname = 'x'\n\n[tool.derive]\nstrict = true\njobs = 2\n"),
        ("pyproject.toml", "tool.derive.strict = true\ntool.derive.jobs = 2\n"),
    ],
)
def test_a_file_is_found_above_the_documents(project, name, text):
    write(project, text, name)
    found = settings_for(project / "notes")
    assert (found.strict, found.jobs, found.folder) == (True, 2, project)


def test_the_nearest_file_holds_and_none_above_the_repository(project):
    write(project.parent, "jobs = 9\n")
    assert settings_for(project / "notes").jobs == 1
    write(project, "jobs = 3\n")
    write(project / "notes", "[tool.other]\nx = 1\n", "pyproject.toml")
    assert settings_for(project / "notes").jobs == 3
    write(project / "notes", "[tool.derive]\njobs = 4\n", "pyproject.toml")
    assert settings_for(project / "notes").jobs == 4
    write(project / "notes", "jobs = 5\n")
    assert settings_for(project / "notes").jobs == 5
    (project.parent / "derive.toml").unlink()


@pytest.mark.parametrize(
    ("name", "text", "line", "told"),
    [
        ("derive.toml", "jobs = 2\nstric = true\n", 2, "unknown key stric: did you mean strict?"),
        ("derive.toml", "jobs = 2\n[check]\nstrict = true\n", 2, "unknown key check: expected one of strict, timeout"),
        ("pyproject.toml", "[other]\ncolour = 1\n[tool.derive]\njobs = 1\ncolour = true\n", 5, "unknown key colour: expected"),
        ("derive.toml", "strict = 1\n", 1, "strict: expected true or false, found 1"),
        ("derive.toml", "jobs = true\n", 1, "jobs: expected a whole number, at least 1, found True"),
        ("derive.toml", "\ntimeout = 0\n", 2, "timeout: expected a number of seconds"),
        ("derive.toml", "memory = 1.5\n", 1, "memory: expected a whole number of MiB"),
        ("derive.toml", "format = 'pdf'\n", 1, "format: expected one of terminal, json"),
        ("derive.toml", "exclude = 'drafts'\n", 1, "exclude: expected a list of patterns"),
        ("derive.toml", "given = [1]\n", 1, "given: expected a list of statements"),
        ("derive.toml", "baseline = ''\n", 1, "baseline: expected the name of a file"),
        ("derive.toml", "gitignore = 'no'\n", 1, "gitignore: expected true or false"),
    ],
)
def test_what_is_not_understood_is_told_with_its_place(project, capsys, name, text, line, told):
    write(project, text, name)
    with pytest.raises(SettingsError) as error:
        settings_for(project)
    assert str(error.value).startswith(f"{project / name}:{line}: {told}")
    assert cli.run(["check", str(project / "true.md")]) == 2
    assert capsys.readouterr().err.startswith(f"derive: {project / name}:{line}: {told}")
    assert cli.run(["check", str(project / "true.md"), "--no-config"]) == 0


def test_each_key_takes_what_it_says():
    fitting = {
        "strict": True,
        "timeout": 2,
        "memory": 512,
        "jobs": 1,
        "format": "json",
        "exclude": ["a/"],
        "gitignore": False,
        "baseline": "known.json",
        "given": ["x > 0"],
    }
    assert [key.name for key in KEYS if not key.fits(fitting[key.name])] == []


@pytest.mark.parametrize(("text", "told"), [("strict = \n", "no valid TOML"), (b"strict = '\xff'", "cannot be read")])
def test_a_file_that_cannot_be_used_is_told(project, text, told):
    (project / "derive.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SettingsError, match=told):
        settings_for(project)


@pytest.mark.parametrize(
    ("text", "arguments", "status"),
    [
        ("", ["notes"], 0),
        ("strict = true\n", ["notes"], 1),
        ("strict = true\n", ["notes", "--no-strict"], 0),
        ("strict = false\n", ["notes", "--strict"], 1),
        ("strict = true\n", ["true.md"], 0),
        ("", ["."], 1),
        ("exclude = ['drafts/']\n", ["."], 0),
        ("exclude = ['draft/']\n", ["."], 1),
        ("exclude = ['drafts/']\n", ["drafts/false.md"], 1),
        ("", [".", "--exclude", "drafts"], 0),
        ("", [".", "--exclude", "draft"], 1),
        ("given = ['x = 0']\n", ["drafts/false.md"], 0),
        ("given = ['x = 1']\n", ["drafts/false.md"], 1),
    ],
)
def test_the_settings_hold_and_the_command_line_comes_before_them(project, monkeypatch, text, arguments, status):
    write(project, text)
    monkeypatch.chdir(project)
    assert cli.run(["check", *arguments]) == status


def test_the_format_is_a_setting(project, monkeypatch, capsys):
    write(project, "format = 'json'\n")
    assert cli.run(["check", str(project / "true.md")]) == 0
    assert json.loads(capsys.readouterr().out)["summary"]["proved"] == 1
    assert cli.run(["check", str(project / "true.md"), "--format", "markdown"]) == 0
    assert not capsys.readouterr().out.startswith("{")


@pytest.mark.parametrize(
    ("lines", "options", "settings", "status"),
    [
        ("", [], "", 1),
        ("drafts/\n", [], "", 0),
        ("drafts/\n!drafts/\n", [], "", 1),
        ("drafts/\n", ["--no-gitignore"], "", 1),
        ("drafts/\n", [], "gitignore = false\n", 1),
        ("drafts/\n", ["--gitignore"], "gitignore = false\n", 0),
    ],
)
def test_what_git_ignores_is_left_out_of_folders(project, lines, options, settings, status):
    (project / ".gitignore").write_text(lines)
    write(project, settings)
    assert cli.run(["check", str(project), *options]) == status
