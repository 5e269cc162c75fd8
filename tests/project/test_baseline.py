"""Known findings do not fail, new ones do, and a list that cannot be used is told."""

import importlib
import json

import pytest

from derive.jobs.check import check
from derive.jobs.outcome import Report
from derive.project.baseline import BaselineError, baseline, without_known
from derive.report import write

cli = importlib.import_module("derive.cli")
FALSE, OTHER, UNREAD = "$x + x = 3x$", "$y + y = 3y$", "$\\sqrt{x^2} = x$"


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.md").write_text(FALSE + "\n")
    return tmp_path


def run(*arguments):
    return cli.run(["check", "notes.md", *arguments])


def test_known_findings_do_not_fail_and_new_ones_do(project, capsys):
    assert run() == 1
    assert run("--write-baseline", "known.json") == 0
    assert run("--baseline", "known.json") == 0
    assert "1 silenced" in capsys.readouterr().out
    (project / "notes.md").write_text(f"A line before.\n\n{FALSE}\n")
    assert run("--baseline", "known.json") == 0
    (project / "notes.md").write_text(f"{FALSE} and {OTHER}\n")
    assert run("--baseline", "known.json") == 1
    (project / "notes.md").write_text(f"{FALSE} and {FALSE}\n")
    assert run("--baseline", "known.json") == 1


def test_the_setting_counts_from_its_file_and_the_documents_from_the_list(project, monkeypatch):
    (project / ".git").mkdir()
    (project / "derive.toml").write_text("baseline = 'known.json'\n")
    assert run("--write-baseline", "known.json") == 0
    assert run() == 0
    assert run("--no-config") == 1
    (project / "sub").mkdir()
    monkeypatch.chdir(project / "sub")
    assert cli.run(["check", "../notes.md"]) == 0


def test_a_finding_is_known_by_its_verdict_too(tmp_path):
    report = Report((check(UNREAD),))
    path = tmp_path / "known.json"
    listed = baseline(report, path)
    path.write_text(listed)
    assert not any(claim.is_finding for claim in without_known(report, path).claims)
    path.write_text(listed.replace("conditional", "unread"))
    assert any(claim.is_finding for claim in without_known(report, path).claims)


def test_what_a_comment_silences_is_not_listed(tmp_path):
    report = Report((check(f"<!-- derive: ignore on purpose -->\n\n{FALSE}\n\n{OTHER}\n"),))
    listed = json.loads(baseline(report, tmp_path / "known.json"))["findings"]
    assert [each["latex"] for each in listed] == [OTHER.strip("$")]


def test_reports_tell_what_is_known(tmp_path):
    path = tmp_path / "known.json"
    report = Report((check(FALSE),))
    path.write_text(baseline(report, path))
    known = without_known(report, path)
    silenced = json.loads(write(known, "json"))["documents"][0]["claims"][0]["silenced"]
    assert silenced == {"by": "baseline", "reason": "known.json", "line": None}
    kinds = [each["suppressions"] for each in json.loads(write(known, "sarif"))["runs"][0]["results"]]
    assert [[each["kind"] for each in kind] for kind in kinds] == [["external"]]
    assert "known: listed in known.json" in write(known, "html") and "known: listed in known.json" in write(known, "markdown")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "cannot be opened"),
        ("{", "no valid JSON"),
        ("[]", "no list of known findings"),
        ("{}", "no list of known"),
        ('{"version": 2, "findings": []}', "expected version 1, found 2"),
        ('{"version": 1, "findings": [{}]}', "no list of known"),
    ],
)
def test_a_list_that_cannot_be_used_is_told(project, capsys, text, told):
    if text is not None:
        (project / "known.json").write_text(text)
    with pytest.raises(BaselineError, match=told):
        without_known(Report(), project / "known.json")
    assert run("--baseline", "known.json") == 2
    assert capsys.readouterr().err.startswith("derive: known.json: ")


def test_a_list_that_cannot_be_written_is_told(project, capsys):
    assert run("--write-baseline", "none/known.json") == 2
    assert "cannot be written" in capsys.readouterr().err
