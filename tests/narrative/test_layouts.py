"""One layout of derivatives for all claims of a document, whichever of them comes first."""

import pytest

from derive.jobs.check import check
from tests.tools.slow import every

HEAD = (
    "Let $A \\in \\mathbb{R}^{m \\times n}$, $B, C \\in \\mathbb{R}^{n \\times n}$, $x \\in \\mathbb{R}^n$"
    " and $y \\in \\mathbb{R}^n$.\n\n"
)
NUMERATOR, DENOMINATOR = r"\frac{\partial (B x)}{\partial x} = B", r"\frac{\partial (B x)}{\partial x} = B^\top"
OTHER, TURNED = r"\frac{\partial (C x)}{\partial x} = C", r"\frac{\partial (C x)}{\partial x} = C^\top"
FITS = r"\frac{\partial (A x)}{\partial x} = A"
FITS_TURNED = r"\frac{\partial (A x)}{\partial x} = A^\top"
BOTH = r"\frac{\partial (2 x)}{\partial x} = 2 I"
GRADIENT = r"\frac{\partial (y^\top x)}{\partial x} = y"


def verdicts(*formulas):
    return [
        claim.verdict for claim in check(HEAD + "\n\n".join(f"$${formula}$$" for formula in formulas)).claims[-len(formulas) :]
    ]


@pytest.mark.parametrize(
    ("first", "agrees", "differs"),
    every(4, [(NUMERATOR, OTHER, TURNED), (DENOMINATOR, TURNED, OTHER), (FITS, OTHER, TURNED), (FITS_TURNED, TURNED, OTHER)]),
)
def test_the_first_claim_that_holds_in_one_layout_settles_it(first, agrees, differs):
    assert verdicts(first, agrees) == ["proved", "proved"]
    assert verdicts(first, differs) == ["proved", "refuted"]
    assert verdicts(first, agrees, differs, agrees) == ["proved", "proved", "refuted", "proved"]


@pytest.mark.parametrize("neutral", every(2, [BOTH, GRADIENT]))
def test_a_claim_that_holds_in_both_layouts_settles_nothing(neutral):
    assert verdicts(neutral, NUMERATOR, neutral, TURNED) == ["proved", "proved", "proved", "refuted"]
    assert verdicts(neutral, DENOMINATOR, neutral, OTHER) == ["proved", "proved", "proved", "refuted"]


@pytest.mark.parametrize(("first", "later"), [(NUMERATOR, FITS_TURNED), (DENOMINATOR, FITS)])
def test_a_later_claim_that_fits_in_the_other_layout_only_is_not_proved(first, later):
    assert verdicts(first, later)[1] not in ("proved", "conditional", "definition", "assumption")


def test_words_settle_the_layout_against_what_holds():
    text = "We use the denominator layout. " + HEAD
    assert [c.verdict for c in check(f"{text}$${NUMERATOR}$$\n\n$${DENOMINATOR}$$").claims[-2:]] == ["refuted", "proved"]


def test_a_claim_that_holds_in_none_settles_nothing():
    assert verdicts(r"\frac{\partial (B x)}{\partial x} = B B", DENOMINATOR, TURNED) == ["refuted", "proved", "proved"]
