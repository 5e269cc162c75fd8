"""The posts that the project began with, checked as they are, against what is known of each of their claims."""

from __future__ import annotations

import json
import re
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from derive.jobs.check import check_paths

SHARED = Path(__file__).parents[2] / "shared"
ACCEPTED = {
    "true": {"proved"},
    "true-if": {"conditional", "proved"},
    "false": {"refuted"},
    "definition": {"definition", "assumption"},
    # A header of cases, a hypothesis and a name that is given a value are no claims either.
    "not-checkable": {"unread", "assumption", "definition", "tested"},
}
pytestmark = pytest.mark.skipif(
    not (SHARED / "corpus" / "seeds.jsonl").exists(), reason="the posts are not beside the checkout"
)


def lines_of(name):
    return [json.loads(line) for line in (SHARED / "corpus" / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def documents():
    report = check_paths(sorted((SHARED / "seeds").glob("*.txt")), [], [], 2)
    assert not report.disagreements
    return {Path(document.path).name: document for document in report.documents}


def plain(latex):
    latex = re.sub(r"\\(left|right|mathrm|operatorname|text|[,;!])", "", latex)
    return re.sub(r"[\s{}&$()]|\\\\", "", latex)


def likeness(claim, record):
    return SequenceMatcher(None, plain(claim.latex), plain(record["latex"])).ratio()


def judged(documents, form):
    """Each record with the verdict of the claim on its line that reads most like it."""
    for record in lines_of("seeds.jsonl"):
        if record["form"] == form:
            here = [c for c in documents[record["seed"]].claims if c.line <= record["line"] <= c.end_line]
            found = max(here, key=lambda c: likeness(c, record), default=None)
            yield record, found.verdict if found else None


def accepted(record):
    return set().union(ACCEPTED[record["verdict"]], *(ACCEPTED.get(v, {v}) for v in record.get("also_ok") or ()))


@pytest.mark.slow
def test_at_least_100_of_111_formulas_get_the_right_verdict(documents):
    results = list(judged(documents, "latex"))
    wrong = [
        f"{record['id']}: {record['verdict']}, got {verdict}" for record, verdict in results if verdict not in accepted(record)
    ]
    assert len(results) == 111
    assert len(results) - len(wrong) >= 100, wrong


def test_at_least_14_of_28_plain_formulas_are_right(documents):
    results = list(judged(documents, "plain"))
    assert len(results) == 28
    assert sum(verdict in accepted(record) for record, verdict in results) >= 14


def test_no_true_claim_is_refuted_and_no_false_one_proved(documents):
    for record, verdict in judged(documents, "latex"):
        assert not (record["verdict"] in ("true", "true-if") and verdict == "refuted"), record["id"]
        assert not (record["verdict"] == "false" and verdict in ("proved", "conditional")), record["id"]


def test_what_is_no_mathematics_does_not_become_a_claim(documents):
    for record in lines_of("negatives.jsonl"):
        document = next(d for name, d in documents.items() if name.startswith(record["seed"]))
        for claim in document.claims:
            if claim.line == record["line"] and plain(claim.latex) in plain(record["text"]):
                assert claim.verdict in ACCEPTED["not-checkable"], record
