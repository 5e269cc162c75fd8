"""A document that cannot be opened is one finding with its name, and all others are reported, in every format."""

import json

import pytest

from derive import cli

BROKEN = b"\x81\x00\xff\xfe $a = b$"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.md").write_text("$x = x$")
    (tmp_path / "b<i>.md").write_bytes(BROKEN)
    (tmp_path / "c.md").write_text("$x + x = 2 x$")
    return tmp_path


def derive(capsys, *arguments):
    status = cli.run(["check", *arguments])
    output = capsys.readouterr()
    return status, output.out, output.err


def test_json_and_status(folder, capsys):
    status, out, err = derive(capsys, ".", "--format", "json")
    value = json.loads(out)
    assert [bool(document.get("error")) for document in value["documents"]] == [False, True, False]
    assert value["documents"][1]["claims"] == [] and value["documents"][1]["path"] == "b<i>.md"
    assert (status, value["summary"]["proved"], value["summary"]["unopened"]) == (2, 2, 1)
    assert err.startswith("derive: b<i>.md: cannot be read: ") and err.count("\n") == 1
    (folder / "b<i>.md").unlink()
    status, out, err = derive(capsys, ".", "--format", "json")
    assert (status, json.loads(out)["summary"]["unopened"], err) == (0, 0, "")


def test_every_other_format(folder, capsys):
    path = "b<i>.md"
    status, out, _ = derive(capsys, ".")
    assert status == 2 and f"{path}: ✗ cannot be read: " in out
    assert out.splitlines()[-1].startswith("2 proved, 1 not opened in 3 documents")
    assert "1 not opened" in derive(capsys, ".", "-q")[1]
    values = [json.loads(line) for line in derive(capsys, ".", "--format", "jsonl")[1].splitlines()]
    assert [value["path"] for value in values] == ["a.md", path, "c.md"] and "error" in values[1]
    (result,) = json.loads(derive(capsys, ".", "--format", "sarif")[1])["runs"][0]["results"]
    assert (result["ruleId"], result["level"]) == ("unopened", "error")
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "b%3Ci%3E.md"
    markdown = derive(capsys, ".", "--format", "markdown")[1]
    assert "## b\\<i\\>.md\n\n**cannot be read: " in markdown and "2 proved, 1 not opened." in markdown
    page = derive(capsys, ".", "--format", "html")[1]
    assert '<p class="alarm unopened"><b>b&lt;i&gt;.md</b>: cannot be read: ' in page and "<i>" not in page
    assert page.index("alarm unopened") < page.index("<nav") and "proved <b>2</b>" in page


def test_a_folder_that_cannot_be_listed(folder, capsys, monkeypatch):
    """The rights of a folder mean nothing to a test that runs as root, so the listing itself is refused."""
    folders = __import__("derive.documents.folders", fromlist=["os"])
    (folder / "b<i>.md").unlink()
    (folder / "closed").mkdir()
    scandir = folders.os.scandir

    def refused(path):
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(folders.os, "scandir", refused)
    status, out, err = derive(capsys, ".", "--format", "json")
    errors = {document["path"]: document.get("error") for document in json.loads(out)["documents"]}
    assert errors == {"a.md": None, "c.md": None, "closed": "cannot be opened: Permission denied"}
    assert (status, err) == (2, "derive: closed: cannot be opened: Permission denied\n")


@pytest.mark.parametrize("missing", ["gone.md", "gone.tex"])
def test_of_several_statuses_the_highest(folder, capsys, missing):
    (folder / "a.md").write_text("Hence $x = x + 1$.")
    assert derive(capsys, "a.md")[0] == 1
    status, out, err = derive(capsys, "a.md", missing)
    assert status == 2 and "1 refuted, 1 not opened" in out
    assert err == f"derive: {missing}: cannot be opened: No such file or directory\n"
