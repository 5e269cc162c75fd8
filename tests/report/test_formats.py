"""Every output format: its content, and that nothing in a document can break out of it."""

import json
import re
from html.parser import HTMLParser

import pytest

from derive.jobs.outcome import VERDICTS
from derive.judge.points.witness import Witness
from derive.judge.verdict import Condition, Kind
from derive.report import FORMATS, Claim, Context, DocumentReport, Place, Report, write
from derive.report.check.markdown import code
from derive.report.check.terminal import write as write_terminal
from derive.report.text.escape import one_line, visible

PROVED = Claim(
    "notes.md:3:5",
    3,
    5,
    3,
    10,
    "a = b",
    "=",
    "proved",
    rules=("quotient rule",),
    obligations=(Condition("b > 0", "b > 0", True),),
)
CONDITIONAL = Claim(
    "notes.md:12:3",
    12,
    3,
    12,
    40,
    r"\frac{\partial a_i}{\partial z_j} = -a_i a_j",
    "=",
    "conditional",
    conditions=(Condition(r"i \ne j", "i != j", False),),
    witness=Witness(2, (("i", 1), ("j", 1), ("z_1", "0")), "0.1966", "-0.0723"),
    message="holds when i != j",
    milliseconds=4.123,
)
REFUTED = Claim(
    "notes.md:14:6",
    14,
    6,
    14,
    11,
    "c = d",
    "=",
    "refuted",
    witness=Witness(None, (("x", "1/2"),), "1", "2"),
    mended="c = 2 d",
    message="the sides differ",
    source_line="因为 $c = d$ 所以",
)
UNREAD = Claim("notes.md:15:1", 15, 1, 15, 4, "a ? b", "=", "unread", message="expected a term, found ?")
EXPRESSION = Claim("notes.md:16:1", 16, 1, 16, 2, "a", None, "unread", message="an expression: it states nothing")
REPORT = Report(
    (DocumentReport("notes.md", (PROVED, CONDITIONAL, REFUTED, UNREAD, EXPRESSION), Context(inferred=("i runs over 1..n",))),),
    0.25,
)
HOSTILE_TEXT = "<script>alert(1)</script>[red]x[/red] | `$` \x1b[31m\x9b2J\u202e\n# end --> ]]> &amp; \"'"
HOSTILE = Report(
    (
        DocumentReport(
            HOSTILE_TEXT,
            (
                Claim(
                    HOSTILE_TEXT,
                    1,
                    1,
                    1,
                    5,
                    HOSTILE_TEXT,
                    "=",
                    "refuted",
                    conditions=(Condition(HOSTILE_TEXT, HOSTILE_TEXT, False),),
                    obligations=(Condition(HOSTILE_TEXT, HOSTILE_TEXT, False),),
                    witness=Witness(1, ((HOSTILE_TEXT, HOSTILE_TEXT),), HOSTILE_TEXT, HOSTILE_TEXT),
                    mended=HOSTILE_TEXT,
                    rules=(HOSTILE_TEXT,),
                    message=HOSTILE_TEXT,
                    source_line=HOSTILE_TEXT,
                ),
            ),
            Context((HOSTILE_TEXT,), (), (), (), (HOSTILE_TEXT,)),
            (HOSTILE_TEXT,),
        ),
    ),
    1.0,
    (HOSTILE_TEXT,),
)
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def test_json_has_the_shape_of_the_contract():
    value = json.loads(write(REPORT, "json"))
    assert value["version"] == 1
    assert list(value["summary"]) == [
        "proved", "conditional", "refuted", "tested", "definition", "assumption", "doubtful", "unread",
        "taken_as_given", "structure", "silenced", "unmet", "unopened", "seconds",
    ]  # fmt: skip
    assert value["summary"]["unread"] == 1  # an expression counts nowhere
    (document,) = value["documents"]
    assert document["path"] == "notes.md"
    assert document["context"] == {
        "indices": [], "families": [], "definitions": [], "assumptions": [], "inferred": ["i runs over 1..n"],
    }  # fmt: skip
    assert document["claims"][1] == {
        "id": "notes.md:12:3",
        "line": 12,
        "column": 3,
        "end_line": 12,
        "end_column": 40,
        "latex": r"\frac{\partial a_i}{\partial z_j} = -a_i a_j",
        "relation": "=",
        "verdict": "conditional",
        "at": None,
        "conditions": [{"latex": r"i \ne j", "text": "i != j", "stated": False}],
        "obligations": [],
        "witness": {"n": 2, "values": {"i": 1, "j": 1, "z_1": "0"}, "lhs": "0.1966", "rhs": "-0.0723"},
        "mended": None,
        "certified": None,
        "certificate": None,
        "rules": [],
        "message": "holds when i != j",
        "doubts": [],
        "reading": None,
        "silenced": None,
        "milliseconds": 4.1,
    }
    assert document["claims"][0]["witness"] is None


def test_the_verdicts_are_those_of_the_judge():
    assert tuple(kind.value for kind in Kind) == VERDICTS


def test_json_has_the_cell_only_for_notebooks():
    inside = Claim("a.ipynb:1:1", 1, 1, 1, 2, "a", "=", "proved", cell=0)
    value = json.loads(write(Report((DocumentReport("a.ipynb", (inside, PROVED)),)), "json"))
    assert [claim.get("cell", "absent") for claim in value["documents"][0]["claims"]] == [0, "absent"]


def test_jsonl_has_one_claim_per_line():
    lines = write(REPORT, "jsonl").splitlines()
    assert [json.loads(line)["id"] for line in lines] == [claim.id for claim in REPORT.claims]
    assert {json.loads(line)["path"] for line in lines} == {"notes.md"}
    assert write(Report(), "jsonl") == ""


def test_sarif():
    value = json.loads(write(REPORT, "sarif"))
    assert value["version"] == "2.1.0"
    (run,) = value["runs"]
    rules = {rule["id"]: rule["defaultConfiguration"]["level"] for rule in run["tool"]["driver"]["rules"]}
    assert rules == {
        "refuted": "error",
        "doubtful": "warning",
        "conditional": "warning",
        "tested": "warning",
        "unread": "note",
        "structure": "warning",
        "unmet": "error",
        "unopened": "error",
    }
    found = [(result["ruleId"], result["level"], result["kind"]) for result in run["results"]]
    assert found == [
        ("conditional", "warning", "fail"),
        ("refuted", "error", "fail"),
        ("unread", "note", "fail"),
    ]
    refuted = run["results"][1]
    assert refuted["message"]["text"] == "refuted: c = d\nthe sides differ\nAt x = 1/2: left 1, right 2\nDid you mean: c = 2 d"
    place = refuted["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "notes.md"
    assert place["region"] == {"startLine": 14, "startColumn": 6, "endLine": 14, "endColumn": 11}
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_sarif_addresses_are_encoded():
    value = json.loads(write(Report((DocumentReport("a b/#c.md", (REFUTED,)),)), "sarif"))
    location = value["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "a%20b/%23c.md"


def test_terminal():
    lines = write_terminal(REPORT, detail="everything").splitlines()
    assert lines[0] == "notes.md:3:5: ✓ proved  a = b"
    assert "notes.md:12:3: ! conditional  \\frac{\\partial a_i}{\\partial z_j} = -a_i a_j" in lines
    assert not any(line.startswith("    condition:") for line in lines)  # the message says it
    refuted = lines.index("notes.md:14:6: ✗ refuted  c = d")
    assert lines[refuted + 1] == "    14 | 因为 $c = d$ 所以"
    assert lines[refuted + 2] == "       |        ^^^^^"  # two columns for each of the two characters before
    assert any(line.split() == ["x", "=", "1/2"] for line in lines)
    assert "    did you mean: c = 2 d" in lines
    assert "notes.md:16:1: · states nothing  a" in lines
    assert lines[-1] == "1 proved, 1 conditional, 1 refuted, 1 unread in 1 document, 0.2 s"


def test_terminal_lists_conditions_and_obligations():
    conditions = (Condition("x > 0", "x > 0", True), Condition("n \\ge 2", "n >= 2", False))
    claim = Claim("a.md:1:1", 1, 1, 1, 2, "a = b", "=", "conditional", conditions=conditions, obligations=conditions)
    lines = write(Report((DocumentReport("a.md", (claim,)),)), "terminal").splitlines()
    assert lines[1:6] == [
        "    uses: x > 0",
        "    condition: n >= 2 (not stated)",
        "    relies on: x > 0",
        "    relies on: n >= 2 (not stated)",
        "    help: state before the formula that n >= 2",
    ]


def test_terminal_colours_only_when_asked():
    assert "\x1b[" not in write_terminal(REPORT)
    assert "\x1b[" in write_terminal(REPORT, color=True)


def test_terminal_shows_findings_unless_asked_for_more():
    lines = write_terminal(REPORT).splitlines()
    assert [line.split(": ")[0] for line in lines if line.startswith("notes.md:")] == [
        "notes.md:12:3", "notes.md:14:6", "notes.md:15:1",
    ]  # fmt: skip
    assert write_terminal(REPORT, detail="quiet").splitlines() == lines[-1:]
    assert write_terminal(Report((DocumentReport("a.md", (PROVED, UNREAD)),)), detail="quiet") == ""


def test_terminal_cuts_formulas_around_the_caret():
    source = f"${'x + ' * 100}\\foo + {'y + ' * 100}z = 1$"
    at = Place(1, 402, 1, 406, "a formula", source)
    long = Claim("a.md:1:1", 1, 2, 1, 800, source.strip("$"), "=", "unread", source_line=source, at=at)
    lines = write_terminal(Report((DocumentReport("a.md", (long,)),)), width=60).splitlines()
    assert lines[0].startswith("a.md:1:402: ? unread  x +") and lines[0].endswith("…")
    assert all(len(line) <= 60 for line in lines[:3])
    start, end = lines[2].index("^"), lines[2].rindex("^") + 1
    assert lines[1][start:end] == "\\foo" and "help: write there a formula" in lines[3]


def test_markdown():
    text = write(REPORT, "markdown")
    assert "## notes.md" in text
    assert "| 12:3 | conditional | `\\frac{\\partial a_i}{\\partial z_j} = -a_i a_j` | holds when i \\!= j; at" in text
    assert "did you mean `c = 2 d`?" in text
    assert "1 unread." in text and "16:1" not in text


def test_html():
    text = write(REPORT, "html")
    assert '<button type="button" class="mark conditional" id="d1-12-3"' in text
    assert "<td>left side</td><td>= 0.1966</td>" in text
    assert "http:" not in text and "https:" not in text  # nothing is loaded


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_lets_a_control_character_through(form):
    text = write(HOSTILE, form)
    if form in ("json", "jsonl", "sarif"):
        assert "\x1b" not in text and "\x9b" not in text.replace("\x9b", "")
        for line in text.splitlines() if form == "jsonl" else [text]:
            json.loads(line)
    else:
        assert not CONTROLS.search(text)


def test_json_keeps_the_text_and_escapes_the_escape_character():
    value = json.loads(write(HOSTILE, "json"))
    assert value["documents"][0]["claims"][0]["latex"] == HOSTILE_TEXT


class _Elements(HTMLParser):
    def __init__(self):
        super().__init__()
        self.scripts = 0
        self.text = []

    def handle_starttag(self, tag, attrs):
        self.scripts += tag == "script"

    def handle_data(self, data):
        self.text.append(data)


def test_html_is_escaped():
    page = _Elements()
    page.feed(write(HOSTILE, "html"))
    assert page.scripts == 1  # our own
    assert "alert(1)" in "".join(page.text)


def test_terminal_shows_markup_literally():
    assert "[red]x[/red]" in write(HOSTILE, "terminal")
    assert "\\x1b[31m" in write(HOSTILE, "terminal")


def test_markdown_shows_markup_literally():
    from markdown_it import MarkdownIt

    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(write(HOSTILE, "markdown"))
    page = _Elements()
    page.feed(html)
    assert page.scripts == 0
    rows = re.findall(r"<tr>.*?</tr>", html, re.DOTALL)
    assert len(rows) == 2 and all(len(re.findall("<t[dh]", row)) == 4 for row in rows)
    assert html.count("<h1>") == 0


def test_escapes():
    assert visible("a\x1b[0m\tb\n") == "a\\x1b[0m\tb\n"
    assert visible("plain α ✓") == "plain α ✓"
    assert one_line(" a\r\n  b\u2028c ") == "a b\\u2028c"
    assert code("a`b|c") == "``a`b\\|c``"


def test_unknown_format():
    with pytest.raises(ValueError, match="expected one of terminal, json"):
        write(REPORT, "pdf")


@pytest.mark.parametrize(
    ("claims", "strict", "status"),
    [
        ((PROVED,), True, 0),
        ((PROVED, CONDITIONAL, UNREAD), False, 0),
        ((CONDITIONAL,), True, 1),
        ((UNREAD,), True, 1),
        ((EXPRESSION,), True, 0),
        ((REFUTED,), False, 1),
    ],
)
def test_exit_status(claims, strict, status):
    assert Report((DocumentReport("a.md", claims),)).exit_status(strict) == status


def test_a_disagreement_comes_before_everything():
    assert Report((DocumentReport("a.md", (REFUTED,)),), disagreements=("a.md:1:1",)).exit_status() == 3


@pytest.mark.parametrize(
    ("source", "under", "relation"),
    [
        (r"$f(x) = x^2 + \foo{3} x$", r"\foo", "="),
        ("$(x+1)^2 = x^2 + 1$", "x^2 + 1", "="),
        ("$x + 1 = 1 + x = 2 + x$", "2 + x", "="),
        (r"$a \asymp b$", r"\asymp", r"\asymp"),
        ("$a + ( b = c$", "=", ""),
        ("$a$", "", None),
        (r"$\mathbb{E}$", r"\mathbb", None),
        (r"$a \foo b$", r"\foo", ""),
    ],
)
def test_the_place_is_that_of_the_token(source, under, relation):
    from derive.jobs.check import check

    claim = check(source).claims[-1]
    assert claim.relation == relation
    assert claim.is_finding is (relation is not None)
    shown = "" if claim.at is None else source[claim.at.column - 1 : claim.at.end_column - 1]
    assert shown.startswith(under) and bool(shown) is bool(under)


def test_all_formats_count_alike():
    from derive.jobs.check import check

    document = check("$a$, $i$, $y = y$, $(x+1)^2 = x^2$, $a ( b = c$, $u \\to v$, $\\mathcal{D}$.")
    report = Report((document,))
    summary = json.loads(write(report, "json"))["summary"]
    assert (summary["proved"], summary["refuted"], summary["unread"]) == (1, 1, 2)
    counts = "1 proved, 1 refuted, 2 unread, 1 structure finding"
    assert write(report, "terminal").splitlines()[-1].startswith(f"{counts} in 1 document")
    assert f"{counts}." in write(report, "markdown")
    for verdict in ("proved", "refuted", "unread"):
        assert f"{verdict} <b>{summary[verdict]}</b>" in write(report, "html")
    found = [result["ruleId"] for result in json.loads(write(report, "sarif"))["runs"][0]["results"]]
    assert sorted(found) == ["refuted", "structure", "unread", "unread"]


def test_help_for_a_claim_of_the_command_line_names_the_option():
    claim = Claim("-e:1:1", 1, 1, 1, 2, "a = b", "=", "conditional", conditions=(Condition("x > 0", "x > 0", False),))
    by_option = write(Report((DocumentReport("-e", (claim,), by_option=True),)), "terminal")
    by_file = write(Report((DocumentReport("-e.md", (claim,)),)), "terminal")
    assert "--given 'x > 0'" in by_option and "--given" not in by_file


def test_the_command_line_says_which_claims_are_its_own(tmp_path):
    from derive.jobs.check import check_paths

    (tmp_path / "-e.md").write_text("$x = x$", encoding="utf-8")
    documents = check_paths([tmp_path / "-e.md"], ["x = x"], (), 1).documents
    assert [document.by_option for document in documents] == [False, True]
