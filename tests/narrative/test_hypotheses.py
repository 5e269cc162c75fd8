"""A hypothesis is in force only where every word of its sentence and of those behind it is in a table."""

import pytest

from derive.jobs.check import check

CLAIM = "$\\sqrt{x^2} = x$"
NOT_IN_FORCE = [
    "Smith assumes $x > 0$. Then CLAIM.",
    "It would be naive to assume $x > 0$. Then CLAIM.",
    "Let $x > 0$. This restriction is lifted. Now CLAIM.",
    "Let $x>0$. From this point $x$ is any real number. We have CLAIM.",
    "Suppose for a moment that $x > 0$. Back to the general setting: CLAIM.",
    "Imagine $x > 0$. Then CLAIM.",
    "If only $x > 0$! Yet CLAIM.",
    "In older texts, $x > 0$. Here CLAIM.",
    "Let $x > 0$ in the first part. Second part: CLAIM.",
    "One might let $x > 0$. We get CLAIM.",
    "Let $x > 0$ unless stated otherwise. CLAIM.",
    "# A\n\nLet $x>0$.\n\n# B\n\nThen CLAIM.",
    "Assume $x>0$ or $y>0$. Then CLAIM.",
    "Were $x > 0$, life would be easy. CLAIM.",
    "> Let $x > 0$.\n\nCLAIM holds.",
    "Do we have $x > 0$? Then CLAIM.",
    "Let $x > 0$. Let $x$ be real. Then CLAIM.",
    "Example. Let $x > 0$.\n\nTheorem. CLAIM.",
    "We had to assume $x > 0$. CLAIM.",
    "Assume that not $x>0$. CLAIM.",
    "Hence $x > 0$. So CLAIM.",
    "It follows that $x>0$. Thus CLAIM.",
    "设某人假设 $x > 0$。则 CLAIM。",
    "设 $x>0$。以上限制作废。于是 CLAIM。",
    "如果不假设 $x>0$,则 CLAIM。",
    "有时假设 $x > 0$。 CLAIM。",
    "由此得 $x > 0$。故 CLAIM。",
    "曾经设 $x>0$。现在 CLAIM。",
    "设 $x>0$ 或 $x<0$。则 CLAIM。",
    "并非 $x > 0$。则 CLAIM。",
    "设 $x>0$。现在让 $x$ 取任意实数。则 CLAIM。",
    "能否假设 $x>0$?则 CLAIM。",
    "When $x > 0$ life is good. CLAIM.",
    "Let $x > 0$, if you like. CLAIM.",
    "Let us drop $x > 0$. CLAIM.",
    "The assumption $x > 0$ is an error. CLAIM.",
    "Take $x > 0$ as a counterexample. CLAIM.",
    "Let $x > 0$. End of digression. CLAIM.",
    "Given $x > 0$ we would have CLAIM.",
    "Not everywhere is $x > 0$. CLAIM.",
    "Let $x>0$. For negative $x$, CLAIM.",
    "Let $x > 0$. If $x < 0$, CLAIM.",
]
IN_FORCE = [
    "Let $x > 0$. Then CLAIM.",
    "Assume $x>0$. The loss is $L = x^2$. Its gradient is $\\frac{dL}{dx} = 2x$. Then CLAIM.",
    "Suppose that $x > 0$. We compute the derivative of the loss.\n\nThen\n\n$$\\sqrt{x^2} = x$$",
    "For $x > 0$ we have CLAIM.",
    "CLAIM for $x > 0$.",
    "If $x > 0$, then CLAIM.",
    "Let $x$ be positive. Then CLAIM.",
    "Let $x$ be a positive real number. We get CLAIM.",
    "Throughout, $x > 0$. Then CLAIM.",
    "# A\n\nThroughout this section, let $x > 0$.\n\nThe weights of the network are $w_k$. Hence CLAIM.",
    "Given $x > 0$, we obtain CLAIM.",
    "Because $x > 0$, CLAIM.",
    "CLAIM since $x > 0$.",
    "We assume that $x > 0$. The layer has $n$ units. Now CLAIM.",
    "设 $x > 0$。则 CLAIM。",
    "假设 $x>0$。损失函数为 $L = x^2$。于是 CLAIM。",
    "若 $x>0$,则 CLAIM。",
    "当 $x>0$ 时, CLAIM。",
    "因为 $x>0$,所以 CLAIM。",
    "已知 $x > 0$,可得 CLAIM。",
    "CLAIM,其中 $x > 0$。",
    "設 $x > 0$。計算梯度,得 CLAIM。",
    "对 $x > 0$ 有 CLAIM。",
    "设 $x$ 为正数。则 CLAIM。",
    "Sei $x > 0$. Dann gilt CLAIM.",
    "Let $x > 0$ and $y > 0$. By the chain rule, CLAIM.",
    "Let $x > 0$ be the input of the network. Then CLAIM.",
    "Let the input $x$ be positive. The output of the layer is $y = 2x$. Then CLAIM.",
    "Consider a network with input $x > 0$. We show that CLAIM.",
    "Here $x>0$. CLAIM.",
]


def verdicts(text):
    claims = check(text.replace("CLAIM", CLAIM), "notes.md").claims
    return [claim.verdict for claim in claims if claim.latex == CLAIM.strip("$")]


@pytest.mark.parametrize("text", NOT_IN_FORCE)
def test_what_is_withdrawn_denied_quoted_or_inferred_proves_nothing(text):
    assert verdicts(text)[-1] in ("conditional", "tested", "unread", "doubtful", "refuted")


@pytest.mark.parametrize("text", IN_FORCE)
def test_a_plain_sentence_puts_a_hypothesis_in_force(text):
    assert verdicts(text)[-1] == "proved"


def test_what_was_said_is_named_with_its_line():
    found = check(f"Let $x > 0$.\n\nThis restriction is lifted. Now {CLAIM}.", "notes.md").claims[-1]
    assert found.verdict == "conditional" and [c.line for c in found.conditions if not c.stated] == [1]
