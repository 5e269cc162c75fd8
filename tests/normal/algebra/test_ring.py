"""Arithmetic of normal forms: each law by a true equation, and by one that holds if its guard is left out."""

from __future__ import annotations

import pytest
from flint import fmpq
from sympy import Abs, Integer, KroneckerDelta, Mul, Pow, Rational, cos, exp, log, pi, sin, sqrt

from derive.normal import clearing
from derive.normal.algebra.polynomial import UNIT, TooLarge
from derive.normal.clearing import cleared
from derive.normal.normaliser import Normaliser
from derive.terms.context import Context, Definition, Fact, OneHot, Range
from derive.terms.terms import Call, family, index, scalar, size, summation

i, j, k, l = (index(name) for name in "ijkl")
n, d = size("n"), size("d")
x, u, v, t = (scalar(name) for name in ("x", "u", "v", "t"))
z, p, y = family("z"), family("p"), family("y")
ZERO, ONE, TWO, THREE = (Integer(value) for value in range(4))
BARE = Context()
POSITIVE = BARE.assume(Fact(x, ">", ZERO), Fact(u, ">", ZERO))
X_ONLY = BARE.assume(Fact(x, ">", ZERO))
X_WEAK = BARE.assume(Fact(x, ">=", ZERO))
DELTA = KroneckerDelta(i, j)
S = summation(exp(z[k]), k, ONE, n)


def equal(left, right, context=BARE):
    normal = Normaliser(context)
    return normal.is_zero(normal(left) - normal(right))


def power(base, exponent):
    return Pow(base, exponent, evaluate=False)


PAIRS = [
    # rational functions
    ("distributed", BARE, x * (u + v), x * u + x * v, x * u + v),
    ("a square", BARE, (x + u) ** 2, x**2 + 2 * x * u + u**2, x**2 + u**2),
    ("a fifth power", BARE, (x + 1) ** 5, x**5 + 5 * x**4 + 10 * x**3 + 10 * x**2 + 5 * x + 1, x**5 + 1),
    ("a sixth power", BARE, (x + u) ** 6, (x + u) ** 3 * (x + u) ** 3, (x + u) ** 5),
    ("a seventh power", BARE, (x + u) ** 7, (x + u) ** 3 * (x + u) ** 4, (x + u) ** 6),
    ("over a sum", BARE, 1 / (x + u) + 1 / (x - u), 2 * x / (x**2 - u**2), 2 * u / (x**2 - u**2)),
    ("over a square", BARE, 1 / (x + u) ** 2, 1 / (x**2 + 2 * x * u + u**2), 1 / (x**2 + u**2)),
    ("a fraction in a fraction", BARE, 1 / (1 + 1 / (1 + x)), (1 + x) / (2 + x), 1 / (2 + x)),
    ("four deep", BARE, 1 / (1 + 1 / (1 + 1 / (1 + 1 / x))), (2 * x + 1) / (3 * x + 2), (2 * x + 1) / (3 * x + 1)),
    ("a common factor", BARE, 1 / (2 * x * u + 4 * x * v), 1 / (2 * x) / (u + 2 * v), 1 / x / (u + 2 * v)),
    ("a negative common factor", BARE, 1 / (-x - u), -1 / (x + u), 1 / (x + u)),
    ("a broken factor", BARE, 1 / (x / 2 + u / 3), 6 / (3 * x + 2 * u), 1 / (3 * x + 2 * u)),
    ("negative powers in a denominator", BARE, 1 / (1 / x + 1 / u), x * u / (x + u), x + u),
    ("a number", BARE, Rational(2, 3) * x + Rational(1, 3) * x, x, 2 * x),
    ("to the power 0", BARE, (x + u) ** 2 / (x + u) ** 2, ONE, ZERO),
    # deltas
    ("δ² = δ", BARE, DELTA**2 * x, DELTA * x, DELTA**2 * x**2),
    ("δ³ = δ", BARE, DELTA**3, DELTA, ONE),
    ("(1 − δ)² = 1 − δ", BARE, (1 - DELTA) ** 2, 1 - DELTA, 1 + DELTA),
    ("δ(1 − δ) = 0", BARE, DELTA * (1 - DELTA), ZERO, DELTA),
    ("δ_{ij} = δ_{ji}", BARE, KroneckerDelta(i, j), KroneckerDelta(j, i), KroneckerDelta(i, k)),
    ("δ_{i,i+1} = 0", BARE, KroneckerDelta(i, i + 1), ZERO, ONE),
    ("δ where they differ", BARE.assume(Fact(i, "!=", j)), DELTA, ZERO, KroneckerDelta(i, k)),
    # absolute values
    ("|x|² = x²", BARE, Abs(x) ** 2, x**2, Abs(x)),
    ("|x|³ = x²|x|", BARE, Abs(x) ** 3, x**2 * Abs(x), x**3),
    ("|x|⁴", BARE, Abs(x) ** 4, x**4, x**2),
    ("1/|x|²", BARE, 1 / Abs(x) ** 2, 1 / x**2, 1 / Abs(x)),
    ("1/|x|³", BARE, 1 / Abs(x) ** 3, 1 / (x**2 * Abs(x)), 1 / x**3),
    ("|−x| = |x|", BARE, Abs(-x + u), Abs(x - u), Abs(x + u)),
    ("|x| where x > 0", X_ONLY, Abs(x), x, -x),
    ("|−x| where x > 0", X_ONLY, Abs(-x), x, -x),
    ("|x| where x ≥ 0", X_WEAK, Abs(x), x, -x),
    ("|u| where x > 0", X_ONLY, Abs(u) ** 2, u**2, Abs(u)),
    ("|x² + 1|", BARE, Abs(x**2 + 1), x**2 + 1, x**2),
    ("|x||x|, as written", BARE, Mul(Abs(x), Abs(x), evaluate=False), x**2, Abs(x)),
    ("|x|³, as written", BARE, power(Abs(x), 3), x**2 * Abs(x), x**3),
    ("|x|⁻³, as written", BARE, power(Abs(x), -3), Abs(x) / x**4, 1 / x**3),
    ("|x| times √|x|, as written", BARE, Mul(Abs(x), sqrt(Abs(x)), evaluate=False), power(Abs(x), Rational(3, 2)), Abs(x)),
    ("|−3|", BARE, Abs(Integer(-3), evaluate=False) * x, 3 * x, -3 * x),
    # roots
    ("√x²", BARE, sqrt(x**2), Abs(x), x),
    ("√x⁴", BARE, sqrt(x**4), x**2, x),
    ("√x⁶", BARE, sqrt(x**6), Abs(x) ** 3, x**3),
    ("√x · √x", BARE, sqrt(x) * sqrt(x), x, sqrt(x)),
    ("x/√x", BARE, x / sqrt(x), sqrt(x), 1 / sqrt(x)),
    ("√(x + u)²", BARE, sqrt(x + u) ** 2, x + u, x - u),
    ("√(x + u)³", BARE, sqrt(x + u) ** 3, (x + u) * sqrt(x + u), x + u),
    ("√(4x + 4u)", BARE, sqrt(4 * x + 4 * u), 2 * sqrt(x + u), 4 * sqrt(x + u)),
    ("√12", BARE, sqrt(Integer(12)) * x, 2 * sqrt(Integer(3)) * x, 3 * sqrt(Integer(2)) * x),
    ("√(3/4)", BARE, sqrt(Rational(3, 4)) * x, sqrt(Integer(3)) * x / 2, sqrt(Integer(3)) * x / 4),
    ("2^{1/2} 2^{1/2}", BARE, power(TWO, Rational(1, 2)) * power(TWO, Rational(1, 2)) * x, 2 * x, 4 * x),
    ("2^{3/2}", BARE, TWO ** Rational(3, 2) * x, 2 * sqrt(TWO) * x, sqrt(TWO) * x),
    ("2^{−1/2}", BARE, x / sqrt(TWO), x * sqrt(TWO) / 2, x * sqrt(TWO)),
    ("√(xu) where both are positive", POSITIVE, sqrt(x * u), sqrt(x) * sqrt(u), sqrt(x) * u),
    ("√(x³u) where x > 0", X_ONLY, sqrt(x**3 * u**2), x * sqrt(x) * Abs(u), x * sqrt(x) * u),
    ("√(x² u²)", BARE, sqrt(x**2 * u**2), Abs(x) * Abs(u), x * u),
    ("√(x/u²)", BARE, sqrt(x) / u, sqrt(x) * u / u**2, sqrt(x / u**2)),
    ("(x³)^{1/2} is x^{3/2}", BARE, power(x**3, Rational(1, 2)), x * sqrt(x), x**2),
    ("(8x³)^{1/3}", BARE, power(8 * x**3, Rational(1, 3)), 2 * x, 8 * x),
    ("√(xu)³", BARE, sqrt(x * u) ** 3, x * u * sqrt(x * u), x * u),
    ("0^{1/2}", BARE, power(x - x, Rational(1, 2)) + x, x, x + 1),
    ("√e^{2x}", BARE, sqrt(exp(2 * x)), exp(x), exp(2 * x)),
    ("√S", BARE, sqrt(S * exp(x)), sqrt(S) * exp(x / 2), sqrt(S) * exp(x)),
    # symbolic powers
    ("x^a x^b", X_ONLY, x**t * x**v, x ** (t + v), x ** (t * v)),
    ("(x^a)^b", X_ONLY, power(x**t, v), x ** (t * v), x ** (t + v)),
    ("(xu)^a", POSITIVE, power(x * u, t), x**t * u**t, x**t * u),
    ("2^x 3^x", BARE, TWO**x * Integer(3) ** x, power(Integer(6), x), power(Integer(5), x)),
    ("(1/2)^x", BARE, power(Rational(1, 2), x), TWO ** (-x), TWO**x),
    ("2^{x + 1}", BARE, TWO ** (x + 1), 2 * TWO**x, TWO**x),
    ("2^{x + 1/2}", BARE, TWO ** (x + Rational(1, 2)), sqrt(TWO) * TWO**x, TWO**x),
    ("x^{t+1}", X_ONLY, x ** (t + 1), x * x**t, x**t),
    ("(x + u)^{t + 1}", POSITIVE, (x + u) ** (t + 1), (x + u) * (x + u) ** t, (x + u) ** t),
    ("(2x + 2u)^t", POSITIVE, (2 * x + 2 * u) ** t, TWO**t * (x + u) ** t, (x + u) ** t),
    # exponentials and logarithms
    ("e^{x+u}", BARE, exp(x + u), exp(x) * exp(u), exp(x) + exp(u)),
    ("e^{ln x}", BARE, exp(log(x)), x, 1 / x),
    ("e^{−ln x}", BARE, exp(-log(x)), 1 / x, x),
    ("e^{2 ln x}", BARE, exp(2 * log(x)), x**2, 2 * x),
    ("e^{t ln x}", X_ONLY, exp(t * log(x)), x**t, t * x),
    ("e^{x ln 2}", BARE, exp(x * log(TWO)), TWO**x, 2 * x),
    ("e^{x ln 12}", BARE, exp(x * log(Integer(12))), power(Integer(12), x), power(Integer(6), x)),
    ("e^{ln x + u}", BARE, exp(log(x) + u), x * exp(u), x + exp(u)),
    ("e^{ln x ln u}", BARE, exp(log(x) * log(u)), exp(log(u) * log(x)), x * u),
    ("e^{ln(x + u)}", BARE, exp(log(x + u)), x + u, x * u),
    ("e^0", BARE, exp(x - x), ONE, ZERO),
    ("ln e^x", BARE, log(exp(x)), x, exp(x)),
    ("ln(e^x e^u)", BARE, log(exp(x) * exp(u)), x + u, x * u),
    ("ln(xu) where both are positive", POSITIVE, log(x * u), log(x) + log(u), log(x) - log(u)),
    ("ln(x/u) where both are positive", POSITIVE, log(x / u), log(x) - log(u), log(x) + log(u)),
    ("ln(xu) where x > 0", X_ONLY, log(x * u), log(x) + log(u), log(x * u) + log(x)),
    ("ln x²", BARE, log(x**2), 2 * log(Abs(x)), 2 * log(x)),
    ("ln x³", BARE, log(x**3), 3 * log(x), 3 * log(Abs(x)) + 1),
    ("ln 1/x", BARE, log(1 / x), -log(x), log(x)),
    ("ln √x", BARE, log(sqrt(x)), log(x) / 2, 2 * log(x)),
    ("ln 12", BARE, log(Integer(12)) * x, (2 * log(TWO) + log(Integer(3))) * x, (log(TWO) + log(Integer(3))) * x),
    ("ln 3/4", BARE, log(Rational(3, 4)), log(Integer(3)) - 2 * log(TWO), log(Integer(3)) + 2 * log(TWO)),
    ("ln 1", BARE, log(x / x) + x, x, x + 1),
    ("ln(2x)", X_ONLY, log(2 * x), log(TWO) + log(x), log(x)),
    ("ln(2x + 2u)", BARE, log(2 * x + 2 * u), log(TWO) + log(x + u), log(x + u)),
    ("ln(−2x − 2u)", BARE, log(-2 * x - 2 * u), log(TWO) + log(-x - u), log(TWO) + log(x + u)),
    ("ln(e^x + e^{x+u})", BARE, log(exp(x) + exp(x + u)), x + log(1 + exp(u)), x + log(exp(u))),
    ("ln(x t + x v) where x > 0", X_ONLY, log(x * t + x * v), log(x) + log(t + v), log(t + v)),
    ("ln(t x + t u), t of unknown sign", POSITIVE, log(t * x + t * u), log(t * (x + u)), log(t) + log(x + u)),
    ("ln S", BARE, log(exp(z[i]) / S), z[i] - log(S), z[i] + log(S)),
    ("ln of a positive power", POSITIVE, log(x**t), t * log(x), t + log(x)),
    ("ln (x + u)^t", POSITIVE, log((x + u) ** t), t * log(x + u), t * log(x)),
    ("ln(−x) is not ln x", BARE, log(-x), log(-x), log(x)),
    # sine and cosine
    ("sin² + cos²", BARE, sin(x) ** 2 + cos(x) ** 2, ONE, ZERO),
    ("sin³", BARE, sin(x) ** 3, sin(x) * (1 - cos(x) ** 2), sin(x) ** 2),
    ("sin⁴", BARE, sin(x) ** 4, (1 - cos(x) ** 2) ** 2, 1 - cos(x) ** 4),
    ("sin² of another", BARE, sin(x) ** 2 + cos(u) ** 2, 1 - cos(x) ** 2 + cos(u) ** 2, ONE),
    ("f²", BARE, Call("f", [x]) ** 2, Call("f", [x]) * Call("f", [x]), 1 - Call("g", [x]) ** 2),
    # constants
    ("π", BARE, pi * x + pi * x, 2 * pi * x, pi**2 * x),
    ("e", BARE, exp(1) * exp(x), exp(x + 1), exp(x)),
    ("√π", BARE, sqrt(pi) * sqrt(pi), pi, pi**2),
    # members
    ("one-hot", BARE.assume(OneHot(y, i)), y[j], DELTA, ONE),
    ("one-hot in range", BARE.assume(OneHot(y, i)), y[1], KroneckerDelta(i, 1), ZERO),
    ("an equation", BARE.assume(Fact(x, "=", u)), x**2, u**2, u),
    ("an equation of a member", BARE.assume(Fact(z[1], "=", u)), z[1] * 2, 2 * u, u),
    ("an equation of a square", BARE.assume(Fact(x**2 + u**2, "=", ONE)), x**2 * v, v - u**2 * v, v),
    ("a circle, to the fourth", BARE.assume(Fact(x**2 + u**2, "=", ONE)), (x**2 + u**2) ** 2, ONE, x**4 + u**4),
    ("two circles", BARE.assume(Fact(x**2, "=", TWO), Fact(u**2, "=", Integer(3))), x**2 * u**2, Integer(6), Integer(5)),
    ("twice a product", BARE.assume(Fact(2 * x * u, "=", Integer(4))), x * u * v, 2 * v, 4 * v),
    ("an index as a number", BARE, (i + 1) * z[i], i * z[i] + z[i], i * z[i]),
]


@pytest.mark.parametrize(("name", "context", "term", "right", "wrong"), PAIRS, ids=[row[0] for row in PAIRS])
def test_the_law_and_its_neighbour(name, context, term, right, wrong):
    assert equal(term, right, context)
    assert not equal(term, wrong, context)


FALSE = [
    ("√(xu)", BARE, sqrt(x * u), sqrt(x) * sqrt(u)),
    ("√(xu) where x > 0 is enough, and not where x ≥ 0", X_WEAK, sqrt(x * u * v), sqrt(x) * sqrt(u) * sqrt(v)),
    ("√(−x)", BARE, sqrt(-x), sqrt(x)),
    ("√(−xu)", BARE, sqrt(-x * u), sqrt(x * u)),
    ("√(−x²u)", BARE, sqrt(-(x**2) * u), Abs(x) * sqrt(u)),
    ("(x²)^t", BARE, power(x**2, t), x ** (2 * t)),
    ("(xu)^t", BARE, power(x * u, t), x**t * u**t),
    ("(x^t)^v", BARE, power(x**t, v), x ** (t * v)),
    ("ln(xu)", BARE, log(x * u), log(x) + log(u)),
    ("ln(−xu)", POSITIVE, log(-x * u), log(x) + log(u)),
    ("ln(x² u)", BARE, log(x**2 * u), 2 * log(x) + log(u)),
    ("ln x^t", BARE, log(x**t), t * log(x)),
    ("ln(t (x + u))", BARE, log(t * x + t * u), log(t) + log(x + u)),
    ("ln(−(x + u))", BARE, log(-x - u), log(x + u)),
    ("|x + u|", BARE, Abs(x + u), Abs(x) + Abs(u)),
    ("|x − u| where both are positive", POSITIVE, Abs(x - u), x - u),
    ("e^{ln x ln u} is no product", POSITIVE, exp(log(x) * log(u)), x * u),
    ("x^t x", BARE, power(x * x, t), power(x, t) * power(x, t)),
    ("one-hot out of range", BARE.assume(OneHot(y, i)), y[n + 1], ZERO),
    ("another one-hot", BARE.assume(OneHot(y, i)), p[j], DELTA),
]


@pytest.mark.parametrize(("name", "context", "left", "right"), FALSE, ids=[row[0] for row in FALSE])
def test_what_does_not_hold_everywhere_is_not_equal(name, context, left, right):
    assert not equal(left, right, context)
    assert equal(left, left, context)


def test_what_was_used_is_remembered():
    for context, term, expected in (
        (BARE.assume(Fact(x, "=", u), Fact(v, ">", ZERO)), u + 1, [Fact(x, "=", u)]),
        (BARE.assume(OneHot(y, i), Fact(v, ">", ZERO)), y[j] * t, [OneHot(y, i)]),
        (BARE.assume(Fact(x**2 + u**2, "=", ONE)), x**2 + u**2 + v, [Fact(x**2 + u**2, "=", ONE)]),
        (BARE.assume(Fact(x**2 + u**2, "=", ONE)), v + 1, []),
        (BARE.assume(Fact(i, "!=", j)), DELTA * x, [Fact(i, "!=", j)]),
    ):
        normal = Normaliser(context)
        normal.knowledge.used.clear()
        cleared(normal.ring, normal(term))
        assert list(normal.knowledge.used) == expected


def test_a_member_defined_by_itself_stands_for_its_definition():
    literal = BARE.define(Definition(z[1], x**2))
    assert equal(z[1], x**2, literal)
    assert not equal(z[2], x**2, literal)
    shifted = Normaliser(literal)
    assert shifted.ring.member("z", (ONE,)) == shifted(x**2)
    assert shifted.ring.member("z", (i,)) != shifted(x**2)
    assert shifted.ring.member("p", (ONE,)) != shifted(x**2)


@pytest.mark.parametrize("exponent", [-5, -3, -2, -1, 1, 2, 3, 5])
@pytest.mark.parametrize(
    ("root", "whole"),
    [
        (sqrt(3), THREE),
        (sqrt(12), 12 * ONE),
        (sqrt(-x), -x),
        (sqrt(-3 * x), -3 * x),
        (sqrt(x * u), x * u),
        (sqrt(x + u), x + u),
        (Abs(x), x**2),
        (Abs(x + u), (x + u) ** 2),
    ],
)
def test_powers_of_roots(root, whole, exponent):
    """(√u)^{2q + r} = u^q (√u)^r, and |u| is the root of u²."""
    normal = Normaliser(BARE)
    form, even, odd = normal.ring.power(normal(root), exponent), exponent // 2, exponent % 2
    expected = normal.ring.product(normal(whole**even), normal(root) if odd else UNIT)
    assert normal.is_zero(form - expected)
    assert not normal.is_zero(form - expected.scaled(fmpq(2)))


@pytest.mark.parametrize(
    "inside",
    [
        x,
        x * u,
        -x * u,
        3 * x * u,
        -3 * x,
        x / 2 + u / 2,
        -x - u,
        -2 * x - 2 * u,
        x * u - x,
        Rational(5, 7),
        exp(x) * u * v,
        x**2 * u,
        1 / x / u,
        x**3,
    ],
)
def test_the_exponential_of_a_logarithm(inside):
    normal = Normaliser(BARE)
    logarithm = normal.ring.log(normal(inside))
    for factor in (ONE, -ONE, TWO):
        assert normal.is_zero(normal.ring.exp(logarithm.scaled(fmpq(int(factor)))) - normal(inside**factor))
        assert not normal.is_zero(normal.ring.exp(logarithm.scaled(fmpq(int(factor)))) - normal(-(inside**factor)))


def test_coefficients_of_special_factors_are_multiplied():
    normal = Normaliser(BARE)
    for a, b in ((2 * DELTA, 3 * DELTA), (DELTA / 2, 3 * DELTA + x), (2 * DELTA + x, 3 * DELTA + u)):
        product = normal.ring.product(normal(a), normal(b))
        assert product == normal((a * b).expand())
        assert product != normal((a * b / 9).expand())
    ((m, _),) = normal(x * u)
    assert not normal.ring.make(m, fmpq(0))
    assert normal.ring.make(m, fmpq(2)) == normal(2 * x * u)


def test_an_index_expression_as_a_number():
    normal = Normaliser(BARE)
    for position in (i / 2 + 1, Rational(2, 3) * i * n, 3 * n**2 - i, ZERO, Integer(7)):
        assert normal.ring.index_value(position) == normal(position)
        assert normal.ring.index_value(position) != normal(position + Rational(1, 3))


def test_the_rounds_of_clearing_come_to_an_end(monkeypatch):
    once = 1 / (1 + x) - 1
    inner = sqrt(1 + 1 / sqrt(1 + x))
    twice = inner + 1 / inner
    numerators = [cleared(Normaliser(BARE).ring, Normaliser(BARE)(term)) for term in (once, twice)]
    assert all(numerators)
    monkeypatch.setattr(clearing, "ROUNDS", 2)
    assert cleared(Normaliser(BARE).ring, Normaliser(BARE)(once))
    with pytest.raises(TooLarge, match="^nested fractions that do not clear$"):
        cleared(Normaliser(BARE).ring, Normaliser(BARE)(twice))


def test_an_absolute_value_is_that_of_the_negative():
    normal = Normaliser(BARE)
    for term in (u / 2 - x / 3, x - u, 2 * x - 3 * u, x / 3 + u / 2, x * u - Rational(1, 2)):
        assert normal.ring.absolute(normal(term)) == normal.ring.absolute(normal(-term))
        assert normal.ring.absolute(normal(term)) != normal.ring.absolute(normal(term + 1))


def test_the_content_is_one_for_all_multiples():
    ring = Normaliser(BARE)
    for term in (
        2 * x * u + 4 * x * v,
        -x - u,
        exp(x) * u + exp(x) * v,
        1 / x + 1 / u,
        x * exp(u) + x * exp(u + v),
        sqrt(x) * u + sqrt(x),
    ):
        poly = ring(term)
        unit, primitive = ring.ring.content(poly)
        assert len(unit) == 1
        assert ring.ring.product(unit, primitive) == poly
        for factor in (-x, 3 * exp(v), 1 / u, Rational(1, 7) * t):
            again = ring.ring.content(ring.ring.product(poly, ring(factor)))
            assert again[1] == primitive


def test_the_residue_is_the_numerator():
    normal = Normaliser(BARE.assume(Fact(v**2, "=", TWO)))
    assert cleared(normal.ring, normal(x / (1 + u) - 1)) == normal(x - 1 - u)
    assert cleared(normal.ring, normal(1 / (1 + u) ** 2 + 1 / (1 + u))) == normal(2 + u)
    assert cleared(normal.ring, normal(v**2 * x + v)) == normal(2 * x + v)
    assert cleared(normal.ring, normal(v**5)) == normal(4 * v)
    assert cleared(normal.ring, normal(x / Call("f", [u]) - 1)) == normal(x - Call("f", [u]))
    assert normal.is_zero(normal(x / cos(u) * cos(u) - x))
    assert normal.ring.index_value(2 * n * i + 3) == normal(2 * n * i + 3)
    for bad in (1 / n, n**d, 2**n):
        with pytest.raises(TooLarge, match="^an index that is no polynomial"):
            normal.ring.index_value(bad)


def test_a_range_decides_which_members_are_one_hot():
    shaped = BARE.with_shape("y", [Range(ONE, d)]).assume(OneHot(y, k))
    assert equal(summation(y[l], l, ONE, d), summation(KroneckerDelta(l, k), l, ONE, d), shaped)
    assert not equal(y[i], KroneckerDelta(i, k), shaped)
