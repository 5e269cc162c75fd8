"""Structure findings through every report: warnings that a comment or a list takes away, and that judge nothing."""

import json

import pytest

from derive.jobs.check import check, check_paths
from derive.jobs.outcome import Report
from derive.project.baseline import baseline, without_known
from derive.report import write
from derive.report.check.terminal import write as write_terminal

FAULTY = "$$y = \\sum_{p=1}^{n} w_q x_q$$\n"
SOUND = "$$y = \\sum_{p=1}^{n} w_p x_p$$\n"
IGNORED = "<!-- derive: ignore the slip is an exercise -->\n" + FAULTY


def report(text):
    return Report((check(text),))


def test_it_is_a_warning():
    assert [report(FAULTY).exit_status(strict) for strict in (False, True)] == [0, 1]
    assert [report(SOUND).exit_status(strict) for strict in (False, True)] == [0, 0]


def test_json_lists_it_beside_the_claims():
    value = json.loads(write(report(FAULTY), "json"))
    (found,) = value["documents"][0]["structure"]
    assert [found[key] for key in ("kind", "line", "column", "end_line", "end_column")] == ["unused index", 1, 13, 1, 14]
    assert found["reason"] == "unused-index" and found["message"] == "the sum over p does not use p"
    assert value["summary"]["structure"] == 1 and value["summary"]["definition"] == 1
    value = json.loads(write(report(SOUND), "json"))
    assert value["documents"][0]["structure"] == [] and value["summary"]["structure"] == 0


@pytest.mark.parametrize("form", ["jsonl", "sarif", "html", "markdown", "terminal"])
def test_every_format_shows_it_and_nothing_where_there_is_none(form):
    kind = "unused index"
    assert kind in write(report(FAULTY), form)
    assert kind not in write(report(SOUND), form)


def test_sarif_has_a_rule_for_it():
    (run,) = json.loads(write(report(FAULTY), "sarif"))["runs"]
    (result,) = run["results"]
    assert (result["ruleId"], result["level"], result["suppressions"]) == ("structure", "warning", [])
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "structure"
    assert result["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 1,
        "startColumn": 13,
        "endLine": 1,
        "endColumn": 14,
    }


def test_the_page_counts_and_filters_it():
    page = write(report(FAULTY), "html")
    assert 'data-verdict="structure"' in page and "structure <b>1</b>" in page
    assert 'data-verdict="structure"' not in write(report(SOUND), "html")


def test_a_comment_takes_it_away():
    silenced = report(IGNORED)
    assert silenced.exit_status(True) == 0 and silenced.silenced() == 1 and silenced.structure() == ()
    assert silenced.documents[0].notes == ()
    assert json.loads(write(silenced, "sarif"))["runs"][0]["results"][0]["suppressions"][0]["kind"] == "inSource"
    (note,) = report(IGNORED.replace("w_q x_q", "w_p x_p")).documents[0].notes
    assert "covers no finding" in note


def test_a_list_of_known_findings_takes_it_away(tmp_path):
    document, known = tmp_path / "notes.md", tmp_path / "known.json"
    document.write_text(FAULTY, encoding="utf-8")
    before = check_paths([document], [], [], 1)
    known.write_text(baseline(before, known), encoding="utf-8")
    assert without_known(before, known).exit_status(True) == 0
    document.write_text("Above.\n\n" + FAULTY, encoding="utf-8")
    assert without_known(check_paths([document], [], [], 1), known).exit_status(True) == 0
    document.write_text(FAULTY + "\n$$u = \\sum_{r=1}^{n} w_q x_q$$\n", encoding="utf-8")
    after = without_known(check_paths([document], [], [], 1), known)
    assert after.exit_status(True) == 1 and [each.line for each in after.structure()] == [3]


def test_names_are_escaped_on_the_page():
    page = write(report("$$y = (\\text{<script>alert(1)</script>}$$\n"), "html")
    assert "<script>alert" not in page


def test_the_terminal_underlines_its_place():
    lines = write_terminal(report(FAULTY)).splitlines()
    assert lines[0] == "text.md:1:13: ⚠ unused index"
    assert lines[2].index("^") - lines[1].index("|") == 2 + 12
