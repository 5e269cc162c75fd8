"""A claim behind a text, and a true claim beside its false twin: what many tests of documents ask."""

from derive.jobs.check import check
from derive.jobs.outcome import Claim


def last(text: str, formula: str) -> Claim:
    """The claim `formula` as it is judged behind `text`."""
    return check(f"{text}$${formula}$$\n").claims[-1]


def assert_told_apart(text: str, true: str, false: str) -> None:
    """The one is proved and the other refuted."""
    assert last(text, true).verdict == "proved"
    assert last(text, false).verdict == "refuted"
