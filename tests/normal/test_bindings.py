"""Products over an index, integrals and limits: their laws, each with a false twin, and what none of them may prove."""

from __future__ import annotations

import pytest
from flint import arb
from sympy import E, Integer, Rational, Sum, cos, exp, log, pi, sin, sqrt

from derive.balls.evaluation import Point, Undecided, Undefined, Unsupported, evaluate
from derive.judge.decide import decide
from derive.judge.kernel import Proof, prove
from derive.judge.verdict import Kind
from derive.normal.calculus import differentiate, limit_of
from derive.normal.functions.elementary import NotDifferentiable
from derive.normal.unfold import renew
from derive.terms.binding import Endless, Integral, Limit, Product, real
from derive.terms.context import Claim, Context, Fact
from derive.terms.terms import Call, Partial, bound, family, index, scalar, size
from derive.writing.writer import latex, text

X, Y = family("x"), family("y")
i, k, n = index("i"), bound("k"), size("n")
a, m, s, x = (scalar(name) for name in "amsx")
t, h = real("t"), real("h")
UP, DOWN = Endless(Integer(1)), Endless(Integer(-1))
ALL = Product(X[k], k, Integer(1), n)
POSITIVE = Context().assume(Fact(X[i], ">", Integer(0), (i,)))
FALLS = Context().assume(Fact(a, ">", Integer(0)))


ZERO, ONE = Integer(0), Integer(1)


def integral(body, low=ZERO, high=ONE, variable=t):
    return Integral(body, variable, low, high)


TRUE = {
    "empty": (Product(X[k], k, Integer(1), Integer(0)), Integer(1), Context()),
    "three": (Product(X[k], k, Integer(1), Integer(3)), X[1] * X[2] * X[3], Context()),
    "logarithm": (log(ALL), Sum(log(X[k]), (k, 1, n)), POSITIVE),
    "square": (Product(X[k] ** 2, k, Integer(1), n), ALL**2, Context()),
    "constant": (Product(a * X[k], k, Integer(1), n), a**n * ALL, Context()),
    "slope": (Partial(ALL, X[i]), ALL / X[i], Context()),
    "linear": (integral(a * t + m), a / 2 + m, Context()),
    "by parts": (integral(t * exp(t)), Integer(1), Context()),
    "reversed": (integral(t, Integer(1), Integer(0)), Rational(-1, 2), Context()),
    "falling": (integral(t * exp(-a * t), Integer(0), UP), 1 / a**2, FALLS),
    "from below": (integral(exp(a * t), DOWN, Integer(0)), 1 / a, FALLS),
    "Gaussian": (integral(exp(-a * t**2), DOWN, UP), sqrt(pi / a), FALLS),
    "half": (integral(t * exp(-a * t**2), Integer(0), UP), 1 / (2 * a), FALLS),
    "unknown": (integral(a * Call("f", [t])), a * integral(Call("f", [t])), Context()),
    "whole": (integral(Call("f", [t], [1]), a, x), Call("f", [x]) - Call("f", [a]), Context()),
    "end": (Partial(integral(Call("f", [t]), Integer(0), x), x), Call("f", [x]), Context()),
    "under": (Partial(integral(exp(t * x)), x), integral(t * exp(t * x)), Context()),
    "quotient": (Limit(sin(x + h) - sin(x), h, h, Integer(0)), cos(x), Context()),
    "value": (Limit(h + x, h, h - 1, Integer(0)), -x, Context()),
}


@pytest.mark.parametrize("name", TRUE)
def test_a_law_is_proved_and_three_times_it_refuted(name):
    left, right, context = TRUE[name]
    assert decide(Claim(left, "=", right), context).kind is Kind.PROVED
    assert decide(Claim(left, "=", 3 * right + 2), context).kind is Kind.REFUTED


def test_no_sign_is_taken_for_granted_in_a_product():
    """``∏ x = e^{Σ ln x}`` holds where all factors are positive, and their logarithms have a value there only."""
    claim = Claim(ALL, "=", exp(Sum(log(X[k]), (k, 1, n))))
    assert not isinstance(prove(claim, Context()), Proof)


def test_an_integral_that_may_diverge_has_no_value():
    claim = Claim(integral(exp(-a * t), Integer(0), UP), "=", 1 / a)
    assert not isinstance(prove(claim, Context()), Proof)
    with pytest.raises(Undefined):
        evaluate(integral(exp(t), Integer(0), UP), Point(), Context())
    with pytest.raises(Undefined):
        evaluate(integral(Integer(1), Integer(0), UP), Point(), Context())


def test_a_pole_inside_an_interval_proves_nothing():
    """``∫_{-1}^1 t^{-2} dt`` is no −2."""
    claim = Claim(integral(t**-2, Integer(-1), Integer(1)), "=", Integer(-2))
    assert decide(claim, Context()).kind is not Kind.PROVED
    with pytest.raises(Undecided):
        evaluate(claim.left, Point(), Context())


def test_a_factor_left_out_is_no_quotient_where_an_equation_is_assumed():
    """With x_i = 0 assumed of a sum, a quotient by x_i would prove anything."""
    context = Context().assume(Fact(X[i] * Y[i], "=", Integer(0)))
    claim = Claim(Partial(ALL, X[i]) * Y[i], "=", Y[i])
    assert not isinstance(prove(claim, context), Proof)


def test_balls_enclose_integrals():
    for term, value in (
        (integral(exp(t)), arb.const_e() - 1),
        (integral(1 / (1 + t**2)), arb.pi() / 4),
        (integral(exp(-(t**2) / 2), DOWN, UP), (2 * arb.pi()).sqrt()),
        (integral(t**2 * exp(-t), Integer(1), UP), 5 / arb.const_e()),
    ):
        found = evaluate(term, Point(), Context())
        assert found.overlaps(value) and found.rad() < 1e-3
    with pytest.raises(Unsupported):
        evaluate(integral(sin(t) * exp(-t), Integer(0), UP), Point(), Context())


def test_limits_by_slopes_only_where_both_parts_vanish():
    assert limit_of(exp(h) - 1, h, h, Integer(0)) == 1
    with pytest.raises(NotDifferentiable):
        limit_of(exp(h), h, h, Integer(0))
    with pytest.raises(Undefined):
        evaluate(Limit(exp(h), h, h, Integer(0)), Point(), Context())


def test_no_bound_symbol_is_captured():
    inner = integral(t * x)
    moved = renew(inner, {t}).xreplace({x: t})
    assert t in moved.free_symbols and moved.variable != t
    assert differentiate(inner, x) == integral(t)


def test_they_are_written_and_read_back_in_two_notations():
    assert latex(ALL) == r"\prod_{k=1}^{n} x_k"
    assert latex(integral(t * exp(t))) == r"\int_{0}^{1} t e^{t} \, dt"
    assert latex(integral(exp(-t), Integer(0), UP)) == r"\int_{0}^{\infty} e^{-t} \, dt"
    assert latex(Limit(sin(h), h, h, Integer(0))) == r"\lim_{h \to 0} \frac{\sin h}{h}"
    assert text(ALL) == "prod_k x_k"
    assert text(integral(E * t)) == "int_(0..1) e t dt"
