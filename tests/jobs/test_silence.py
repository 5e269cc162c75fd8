"""Findings that comments take away, and expectations that fail, on the command line."""

import importlib
import json
from dataclasses import dataclass

import pytest

cli = importlib.import_module("derive.cli")
FALSE, TRUE, ALSO_FALSE = "(x+1)^2 = x^2 + 1", "(x+1)^2 = x^2 + 2x + 1", "(x+2)^2 = x^2"


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str


@pytest.fixture
def derive(capsys):
    """Runs ``derive check`` here, from its arguments to its exit status and what it prints."""

    def run(*arguments):
        capsys.readouterr()
        return Done(cli.run(["check", *map(str, arguments)]), capsys.readouterr().out)

    return run


@pytest.fixture
def report(derive):
    """The same with the report as JSON, read, and the exit status."""

    def run(*arguments):
        done = derive(*arguments, "--format", "json")
        return json.loads(done.stdout), done.returncode

    return run


def written(folder, comment, formula, suffix=".md"):
    path = folder / f"notes{suffix}"
    comment = comment and (f"% {comment}" if suffix == ".tex" else f"<!-- {comment} -->")
    path.write_text(f"Text.\n\n{comment}\n\\[{formula}\\]\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("suffix", [".md", ".tex", ".txt", ".html"])
@pytest.mark.parametrize(
    ("comment", "formula", "silenced", "status"),
    [
        ("", FALSE, None, 1),
        ("derive: ignore an exercise", FALSE, {"by": "ignore", "reason": "an exercise", "line": 3}, 0),
        ("derive: ignore", FALSE, None, 1),
        ("derive: expect refuted a mistake", FALSE, {"by": "expect", "reason": "a mistake", "line": 3}, 0),
        ("derive: expect tested", FALSE, None, 1),
        ("derive: off a draft", FALSE, None, 1),
        ("derive: expect refuted", TRUE, None, 1),
        ("derive: expect proved", TRUE, None, 0),
    ],
)
def test_status_and_json(report, tmp_path, suffix, comment, formula, silenced, status):
    if suffix != ".md" and comment not in ("", "derive: ignore an exercise", "derive: expect refuted"):
        pytest.skip("the comments of the other formats are read by the same code")
    value, found = report(written(tmp_path, comment, formula, suffix))
    (claim,) = value["documents"][0]["claims"]
    assert (claim["silenced"], found) == (silenced, status)
    assert claim["verdict"] == ("refuted" if formula is FALSE else "proved")
    assert value["summary"]["silenced"] == (silenced is not None)
    assert value["summary"]["refuted"] == (formula is FALSE and silenced is None)


@pytest.mark.parametrize("strict", [False, True])
def test_strict_passes_over_what_is_silenced(report, tmp_path, strict):
    path = written(tmp_path, "derive: ignore notation of the book", "a ( b = c")
    arguments = [path, *(["--strict"] if strict else [])]
    assert report(*arguments)[1] == 0
    path.write_text(path.read_text().replace("notation of the book", ""))
    assert report(*arguments)[1] == int(strict)


def test_an_expectation_hides_no_other_fault(report, tmp_path):
    path = tmp_path / "notes.md"
    path.write_text(f"<!-- derive: expect unread -->\n${FALSE}$ and ${ALSO_FALSE}$\n")
    value, status = report(path)
    assert status == 1 and value["summary"]["refuted"] == 2
    (unmet,) = value["documents"][0]["unmet"]
    assert (unmet["line"], unmet["expected"], unmet["found"]) == (1, "unread", ["refuted"])
    path.write_text(f"<!-- derive: expect refuted -->\n${FALSE}$ and ${ALSO_FALSE}$\n")
    value, status = report(path)
    assert status == 1 and [claim["silenced"] is None for claim in value["documents"][0]["claims"]] == [False, True]


def test_an_expectation_without_a_formula_fails(report, tmp_path):
    path = tmp_path / "notes.md"
    path.write_text(f"${TRUE}$\n\n<!-- derive: expect refuted -->\n")
    value, status = report(path)
    assert status == 1 and value["documents"][0]["unmet"][0]["found"] == []


def test_the_terminal_counts_apart_and_says_what_is_not_met(derive, tmp_path):
    path = written(tmp_path, "derive: ignore an exercise", FALSE)
    done = derive(path)
    assert "refuted" not in done.stdout and done.stdout.startswith("1 silenced in 1 document")
    assert "silenced by ignore in line 3: an exercise" in derive(path, "-v").stdout
    assert derive(path, "-q").stdout == ""
    path = written(tmp_path, "derive: expect refuted a mistake", TRUE)
    for options in ([], ["-q"]):
        done = derive(path, *options)
        assert done.returncode == 1 and "1 not as expected in 1 document" in done.stdout
    assert f"{path}:3:14: ✗ expected refuted, found proved" in derive(path).stdout.splitlines()


@pytest.mark.parametrize("comment", ["derive: ignore", "derive: ignore nothing is wrong", "derive: off for ever"])
def test_a_comment_without_effect_is_told(report, tmp_path, comment):
    value, status = report(written(tmp_path, comment, TRUE))
    (note,) = value["documents"][0]["notes"]
    assert status == 0 and note.startswith(f"line 3: {comment.split()[1]}: ")
    value, _ = report(written(tmp_path, "derive: ignore an exercise", FALSE))
    assert "notes" not in value["documents"][0]


def test_every_format_shows_it(derive, tmp_path):
    silenced = written(tmp_path, "derive: ignore an <b>exercise</b>", FALSE)
    results = json.loads(derive(silenced, "--format", "sarif").stdout)["runs"][0]["results"]
    (result,) = results
    (suppression,) = result["suppressions"]
    assert (result["ruleId"], suppression["kind"]) == ("refuted", "inSource")
    assert "an <b>exercise</b>" in suppression["justification"]
    assert "1 silenced." in derive(silenced, "--format", "markdown").stdout
    page = derive(silenced, "--format", "html").stdout
    assert "silenced <b>1</b>" in page and "refuted <b>" not in page and "<b>exercise" not in page
    (line,) = derive(silenced, "--format", "jsonl").stdout.splitlines()
    assert json.loads(line)["silenced"]["by"] == "ignore"

    unmet = written(tmp_path, "derive: expect refuted", TRUE)
    (result,) = json.loads(derive(unmet, "--format", "sarif").stdout)["runs"][0]["results"]
    assert (result["ruleId"], result["level"], result["suppressions"]) == ("unmet", "error", [])
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 3
    assert "expected refuted, found proved" in derive(unmet, "--format", "html").stdout
    assert "**Line 3:** expected refuted, found proved" in derive(unmet, "--format", "markdown").stdout
    assert json.loads(derive(unmet, "--format", "jsonl").stdout.splitlines()[-1])["unmet"]["expected"] == "refuted"


def test_a_finding_that_is_not_silenced_is_said_not_to_be(derive, tmp_path):
    results = json.loads(derive(written(tmp_path, "", FALSE), "--format", "sarif").stdout)["runs"][0]["results"]
    assert [result["suppressions"] for result in results] == [[]]
