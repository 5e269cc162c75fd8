"""What a phrase makes of a relation or a property: assumed, claimed, denied."""

from __future__ import annotations

import pytest

import derive

TEXTS = [
    # where something is said, and that it always holds, assumes nothing
    (r"In this case $\sqrt{x^2} = x$.", "conditional"),
    (r"Always $\sqrt{x^2} = x$.", "conditional"),
    (r"In this example, $\sqrt{x^2} = |x|$.", "proved"),
    # lasting phrases assume by themselves
    ("Throughout, $t > 0$.\n\n$$|t| = t$$", "proved"),
    ("Throughout, $t < 0$.\n\n$$|t| = t$$", "refuted"),
    # a property, and one that is denied
    ("Suppose $x$ is positive. Then $$|x| = x$$", "proved"),
    ("Suppose $x$ is not positive. Then $$|x| = x$$", "conditional"),
    # a condition behind a claim is a condition of that claim
    ("$$|x| = x, \\quad \\text{where } x > 0$$", "proved"),
    ("$$|x| = x, \\quad \\text{where } x > 0$$\n\nThen\n\n$$2|x| = 2x$$", "conditional"),
    ("$$|x| = x \\quad \\text{where } x > 0$$ and $$|x| = x \\quad \\text{where } x < 0$$", "refuted"),
    # what was assumed before the first heading ends there
    ("Assume $x > 0$. Then $$|x| = x$$", "proved"),
    ("Assume $x > 0$.\n\n## Two\n\nThen $$|x| = x$$", "conditional"),
    # a number or another name that is assumed is no definition
    ("Assume $b = 1$. Then $$a b = a$$", "proved"),
    ("Whether $g = h$ holds is open.\n\n$$2 g - h = g$$", "conditional"),
    ("Set $T = \\sum_{k=1}^{n} k$. By definition, $$T = \\frac{n (n + 1)}{2}$$", "proved"),
    ("Set $T = \\sum_{k=1}^{n} k$. By definition, $$T = \\frac{n (n - 1)}{2}$$", "refuted"),
    (
        "Suppose the inputs are centred, so $\\sum_k x_k = 0$. Let $y_k = x_k + b$. Then\n\n$$\\sum_{k=1}^n y_k = n b$$",
        "proved",
    ),
    (
        "Suppose the inputs are tamed, so $\\sum_k x_k = 0$. Let $y_k = x_k + b$. Then\n\n$$\\sum_{k=1}^n y_k = n b$$",
        "conditional",
    ),
]


@pytest.mark.parametrize(("text", "verdict"), TEXTS)
def test_a_phrase_and_its_twin(text, verdict):
    claims = [c for c in derive.check(text, "notes.md").claims if c.relation and c.verdict not in ("assumption", "definition")]
    assert claims[-1].verdict == verdict, claims[-1].message
