"""A doubtful claim in every report, beside a refuted one: a warning, with its sign, its count and what is uncertain."""

import json
from dataclasses import replace

import pytest

from derive.certify.issue import issue_all
from derive.jobs.outcome import Claim, DocumentReport, Report
from derive.judge.points.witness import Witness
from derive.judge.verdict import Cause, Doubt, Kind, Verdict
from derive.report import write
from derive.report.check.html.claim import SIGNS
from derive.report.check.terminal import write as write_terminal
from derive.terms import terms
from derive.terms.context import Claim as Statement
from derive.terms.context import Context
from derive.writing.wording import worded

DOUBT = Doubt(Cause.NARROWED, "S", 12)
WITNESS = Witness(2, (("x", "1"),), "1", "2")
JUDGED = worded(Verdict(Kind.DOUBTFUL, witness=WITNESS, doubts=(DOUBT,)), Context())
REFUTED = Claim("n.md:3:1", 3, 2, 3, 7, "a = b", "=", "refuted", witness=WITNESS, message="the sides differ: 1 and 2")
DOUBTFUL = replace(REFUTED, verdict="doubtful", message=JUDGED.message, doubts=(DOUBT,))


def report(claim):
    return Report((DocumentReport("n.md", (claim,)),))


def test_it_is_a_warning_where_a_refuted_claim_is_an_error():
    assert [report(DOUBTFUL).exit_status(strict) for strict in (False, True)] == [0, 1]
    assert [report(REFUTED).exit_status(strict) for strict in (False, True)] == [1, 1]


def test_its_message_names_the_numbers_and_what_is_uncertain():
    assert JUDGED.message == "the sides differ as read (1 and 2); line 12 says something of S that was not read"


def test_json_has_what_is_uncertain():
    value = json.loads(write(report(DOUBTFUL), "json"))
    (claim,) = value["documents"][0]["claims"]
    assert claim["verdict"] == "doubtful" and claim["witness"]["lhs"] == "1"
    assert claim["doubts"] == [{"cause": "narrowed", "name": "S", "line": 12, "taken": ""}]
    assert (value["summary"]["doubtful"], value["summary"]["refuted"]) == (1, 0)
    assert json.loads(write(report(REFUTED), "json"))["documents"][0]["claims"][0]["doubts"] == []


@pytest.mark.parametrize(("claim", "level"), [(DOUBTFUL, "warning"), (REFUTED, "error")])
def test_sarif_has_its_level(claim, level):
    (result,) = json.loads(write(report(claim), "sarif"))["runs"][0]["results"]
    assert (result["ruleId"], result["level"]) == (claim.verdict, level)


def test_the_page_has_its_sign_its_colour_and_its_count():
    page = write(report(DOUBTFUL), "html")
    assert "doubtful <b>1</b>" in page and SIGNS["doubtful"] in page and "--doubtful:" in page
    assert len(set(SIGNS.values())) == len(SIGNS)
    assert "doubtful <b>" not in write(report(REFUTED), "html")


@pytest.mark.parametrize(("claim", "word", "other"), [(DOUBTFUL, "doubtful", "refuted"), (REFUTED, "refuted", "doubtful")])
def test_the_terminal_and_markdown_say_it(claim, word, other):
    told = write_terminal(report(claim))
    assert f" {word}  a = b" in told and f"1 {word} in 1 document" in told and f" {other}  a = b" not in told
    assert f"| {word} | `a = b` |" in write(report(claim), "markdown")


def test_a_notebook_shows_it():
    assert SIGNS["doubtful"] in report(DOUBTFUL)._repr_html_() and SIGNS["doubtful"] not in report(REFUTED)._repr_html_()


def test_nothing_doubtful_is_certified():
    x = terms.scalar("x")
    statement, context = Statement(x, "=", x + 1), Context()
    doubtful = issue_all("a", (statement,), context, Verdict(Kind.DOUBTFUL, doubts=(DOUBT,)), "x = x + 1")
    assert doubtful.certificates == ()
    refuted = issue_all("a", (statement,), context, Verdict(Kind.REFUTED, witness=WITNESS), "x = x + 1; read as x = x + 1")
    (certificate,) = refuted.certificates
    assert "(* x = x + 1; read as x = x + 1 *)" in certificate.specification


def test_what_is_taken_as_given_is_counted_and_listed():
    given = replace(REFUTED, verdict="definition", message="defines a", witness=None)
    taken = report(given)
    assert json.loads(write(taken, "json"))["summary"]["taken_as_given"] == 1 and "1 taken as given" in write_terminal(taken)
    assert "a = b" in write_terminal(taken, detail="everything") and "a = b" not in write_terminal(taken)
    assert json.loads(write(report(REFUTED), "json"))["summary"]["taken_as_given"] == 0
