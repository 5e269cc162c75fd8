"""What a second round of attacks found: the false claim stays unproved, its twin is proved."""

from __future__ import annotations

import pytest
from sympy import Abs, Integer, KroneckerDelta, exp

from derive.jobs.check import check
from derive.judge.decide import decide
from derive.judge.verdict import Kind
from derive.terms.context import Claim, Context, Definition, OneHot
from derive.terms.terms import Partial, family, index, scalar, size, summation

i, j, k = (index(name) for name in "ijk")
n, d = size("n"), size("d")
z, a, y = (family(name) for name in "zay")
x = scalar("x")
PLAIN = Context()


def total(body, low=1, high=n, excluded=()):
    return summation(body, k, Integer(low) if isinstance(low, int) else low, high, excluded)


def verdict(left, right, context=PLAIN):
    return decide(Claim(left, "=", right), context)


S = total(exp(z[k]))
HOT = PLAIN.assume(OneHot(y))
TIED = PLAIN.define(Definition(a[i], z[i] * KroneckerDelta(i, j)))

ROWS = [
    ("by a sum beside a restricted one", PLAIN, Partial(S + total(exp(z[k]), excluded=[i]), S), 1, Partial(2 * S, S), 2),
    ("by a sum beside another of its summands", PLAIN, Partial(S + total(2 * exp(z[k])), S), 1, Partial(S * x, S), x),
    ("one-hot, shifted", HOT, total(y[k + 1]), 1 - y[1], total(y[k]), 1),
    ("no hypothesis, shifted", PLAIN, total(z[k + 1]), total(z[k]) - z[1], total(z[k + 1]), total(z[k]) - z[1] + z[n + 1]),
    ("signs of shifted members", PLAIN, total(Abs(z[k + 1]), high=d), total(z[k + 1], high=d), total(Abs(exp(z[k]))), S),
    ("an index free in a definition", TIED, a[1], z[1], total(a[k]), z[j]),
]


@pytest.mark.parametrize(("name", "context", "left", "wrong", "twin_left", "twin"), ROWS, ids=[row[0] for row in ROWS])
def test_the_attack_fails_and_its_twin_is_proved(name, context, left, wrong, twin_left, twin):
    assert verdict(left, Integer(wrong) if isinstance(wrong, int) else wrong, context).kind is not Kind.PROVED
    assert verdict(twin_left, Integer(twin) if isinstance(twin, int) else twin, context).kind is Kind.PROVED


def test_a_claim_about_an_index_that_a_definition_leaves_free_is_refuted():
    assert verdict(a[1], z[1], TIED).kind in (Kind.REFUTED, Kind.CONDITIONAL)


DOCUMENTS = [
    (r"Let $h_t = w h_{t-1} + x_t$. Then $$\frac{\partial h_t}{\partial h_{t-1}} = w$$", "unread"),
    (r"Let $h_t = w h_{t-1} + x_t$. Then $$\frac{\partial h_t}{\partial h_{t-1}} = 0$$", "unread"),
    (r"Let $a_1 = 0$ and $a_i = z_i$. Then $$a_1 = z_1$$", "refuted"),
    (r"Let $f(x) = x^2$. Then $$\frac{df}{dx} = 3x$$", "refuted"),
    (r"Let $f(x) = x^2$. Then $$\frac{df}{dx} = 2x$$", "proved"),
    (r"$$\frac{\partial \left(\mathrm{part} \sum_k e^{z_k}\right)}{\partial \sum_k e^{z_k}} = 2 \sum_k e^{z_k}$$", "refuted"),
    (r"$$\frac{\partial \left(\mathrm{part} \sum_k e^{z_k}\right)}{\partial \sum_k e^{z_k}} = \mathrm{part}$$", "proved"),
    (r"$$\frac{\partial \left(\mathrm{part}_j e^{z_j}\right)}{\partial e^{z_j}} = 2 e^{z_j}$$", "refuted"),
    (r"$$\frac{\partial \left(\mathrm{part}_j e^{z_j}\right)}{\partial e^{z_j}} = \mathrm{part}_j$$", "proved"),
    (r"Let $\frac{\partial E}{\partial w_j} = z_j$. Then $$\frac{\partial E_i}{\partial w} + 1 = z_i + 1$$", "unread"),
    (r"Let $\frac{\partial E}{\partial w_j} = z_j$. Then $$\frac{\partial E}{\partial w_i} + 1 = z_i + 1$$", "proved"),
    (r"Let $G(q) = \sum_{k=1}^n q_k$ and $H(p) = G(p) + p_1$. Then $$H(z) = \sum_{k=1}^n p_k + z_1$$", "refuted"),
    (r"Let $G(q) = \sum_{k=1}^n q_k$ and $H(p) = G(p) + p_1$. Then $$H(z) = \sum_{k=1}^n z_k + z_1$$", "proved"),
    (r"Then $$\frac{\partial x_1^2}{\partial x} = 0$$", "unread"),
    (r"Then $$\frac{\partial x_1^2 x}{\partial x} = x_1^2$$", "proved"),
    (r"Then $$x^-1 = -x$$", "unread"),
    (r"Then $$x^{-1} = \frac{1}{x}$$", "proved"),
]


@pytest.mark.parametrize(("text", "expected"), DOCUMENTS)
def test_documents(text, expected):
    assert check(text).claims[-1].verdict == expected
