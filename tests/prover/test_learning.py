"""The library of learning: all is proved, its derivatives are derived, and what is printed of them is proved again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from derive.jobs.check import check
from derive.jobs.outcome import Report
from derive.jobs.prove import prove
from derive.report.proof.formats import write

HOME = Path(__file__).resolve().parents[2] / "proofs" / "learning"
NAMES = sorted(path.stem for path in HOME.glob("*.md"))
_DERIVATIVE = re.compile(r"\$\$((?:\\frac\{\\partial|\\nabla)[^$]*?) = [^$]*\$\$")
LONG = ("attention", "softmax-regression")
"""Documents that take minutes to derive."""


def source(name: str) -> str:
    return (HOME / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_all_is_proved(name: str) -> None:
    report = check(source(name))
    assert Report((report,)).exit_status(strict=True) == 0, [c.latex for c in report.claims if c.is_finding]
    assert sum(claim.verdict == "proved" for claim in report.claims) >= 1


@pytest.mark.parametrize("name", NAMES)
def test_it_is_declared_by_text(name: str) -> None:
    assert not source(name).startswith("---") and r"\in \mathbb R^" in source(name)


@pytest.mark.parametrize("name", ["least-squares", "backpropagation", "gaussian-likelihood"])
def test_a_changed_sign_is_found(name: str) -> None:
    text = source(name)
    for sign, other in ((" - ", " + "),):
        changed = text[: text.rindex(sign)] + other + text[text.rindex(sign) + len(sign) :]
        assert Report((check(changed),)).exit_status(strict=True) != 0


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if name not in LONG])
def test_its_holes_are_filled(name: str) -> None:
    text = _DERIVATIVE.sub(lambda found: f"$${found[1].partition(' = ')[0]} = ?$$", source(name))
    report = prove(text)
    assert report.goals and report.exit_status() == 0
    assert all(goal.raised is not None for goal in report.goals)
    assert Report((check(write(report, "markdown")),)).exit_status(strict=True) == 0
