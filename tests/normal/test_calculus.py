"""Each rule of differentiation by its law, with a right side that a wrong rule would give."""

from __future__ import annotations

import pytest
from sympy import (
    Abs,
    Dummy,
    E,
    Function,
    Heaviside,
    Integer,
    KroneckerDelta,
    Max,
    Pow,
    Sum,
    acos,
    asin,
    atan,
    ceiling,
    cos,
    cosh,
    exp,
    floor,
    log,
    pi,
    sign,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
)

from derive.normal.calculus import differentiate
from derive.normal.functions.elementary import NotDifferentiable
from derive.terms.terms import Call, Cases, Partial, Vector, bound, family, index, scalar, size, summation

i, j, k, l = (index(name) for name in "ijkl")
n = size("n")
x, u, L = scalar("x"), scalar("u"), scalar("L")
z, w, a = family("z"), family("w"), family("a")
ONE, ZERO = Integer(1), Integer(0)


@pytest.mark.parametrize(
    ("term", "slope"),
    [
        (Integer(3), ZERO),
        (pi, ZERO),
        (exp(2), ZERO),
        (x, ONE),
        (u, ZERO),
        (i, ZERO),
        (n, ZERO),
        (Dummy("x"), ZERO),
        (z[i], ZERO),
        (x + u, ONE),
        (x + x**2 + 3, 1 + 2 * x),
        (x * u, u),
        (x * u * exp(x), u * exp(x) + x * u * exp(x)),
        (u**2 * z[i], ZERO),
        (x**3, 3 * x**2),
        (x**u, u * x ** (u - 1)),
        (u**x, u**x * log(u)),
        (2**x, 2**x * log(2)),
        (u**2, ZERO),
        (x**x, x**x * (log(x) + 1)),
        ((2 * x) ** (3 * x), (2 * x) ** (3 * x) * (3 * log(2 * x) + 3)),
        (1 / x, -1 / x**2),
        (sqrt(x), 1 / (2 * sqrt(x))),
        (sqrt(u), ZERO),
        (exp(x**2), 2 * x * exp(x**2)),
        (exp(u), ZERO),
        (log(x**2 + u), 2 * x / (x**2 + u)),
        (sin(2 * x), 2 * cos(2 * x)),
        (cos(x), -sin(x)),
        (tan(x), 1 + tan(x) ** 2),
        (tanh(x), 1 - tanh(x) ** 2),
        (sinh(x), cosh(x)),
        (atan(x), 1 / (1 + x**2)),
        (asin(x), 1 / sqrt(1 - x**2)),
        (acos(x), -1 / sqrt(1 - x**2)),
        (sin(u), ZERO),
        (KroneckerDelta(i, j), ZERO),
        (Abs(u), ZERO),
        (sign(u), ZERO),
        (floor(u), ZERO),
        (Call("f", [x]), Call("f", [x], [1])),
        (Call("f", [x**2]), 2 * x * Call("f", [x**2], [1])),
        (Call("f", [u]), ZERO),
        (Call("f", [x], [1]), Call("f", [x], [2])),
        (Call("f", [x, 3 * x]), Call("f", [x, 3 * x], [1, 0]) + 3 * Call("f", [x, 3 * x], [0, 1])),
        (Call("f", [u, x], [2, 1]), Call("f", [u, x], [2, 2])),
        (Partial(L, u), Partial(Partial(L, u), x)),
        (Cases((x**2, True)), Cases((2 * x, True))),
    ],
)
def test_the_derivative_by_a_scalar(term, slope):
    assert differentiate(term, x).expand() == slope.expand()


@pytest.mark.parametrize(
    ("term", "variable", "slope"),
    [
        (z[i], z[j], KroneckerDelta(i, j)),
        (z[i], z[i], ONE),
        (z[i], z[i + 1], ZERO),
        (a[i], z[j], ZERO),
        (x, z[j], ZERO),
        (z[i] ** 2, z[j], 2 * z[i] * KroneckerDelta(i, j)),
        (w[i, j], w[k, l], KroneckerDelta(i, k) * KroneckerDelta(j, l)),
        (w[i, j], w[k, j], KroneckerDelta(i, k)),
        (w[i, j], w[j, i], KroneckerDelta(i, j) ** 2),
        (w[i, j], w[k], ZERO),
        (z[i] * z[j], z[k], z[i] * KroneckerDelta(j, k) + z[j] * KroneckerDelta(i, k)),
    ],
)
def test_the_derivative_by_a_member(term, variable, slope):
    assert differentiate(term, variable) == slope


def test_a_power_of_e_as_it_is_written():
    written = Pow(E, x * u, evaluate=False)
    assert differentiate(written, x) == u * exp(x * u)
    assert differentiate(written, L) == 0


def test_a_sum_is_differentiated_under_its_sign():
    body = bound("k")
    term = Sum(z[body] ** 2 * x, (body, ONE, n))
    assert differentiate(term, z[i]) == Sum(2 * z[body] * KroneckerDelta(body, i) * x, (body, ONE, n))
    assert differentiate(term, x) == Sum(z[body] ** 2, (body, ONE, n))
    assert differentiate(term, u) == 0
    assert differentiate(summation(ONE, k, ONE, n), x) == 0


def test_a_case_split_is_differentiated_case_by_case():
    from sympy import Eq

    term = Cases((x**2, Eq(i, j)), (3 * x, True))
    assert differentiate(term, x) == Cases((2 * x, Eq(i, j)), (Integer(3), True))


def test_the_derivative_of_an_absolute_value_has_no_value_at_the_kink():
    assert differentiate(Abs(x), x) == x / Abs(x)
    assert differentiate(Abs(x - u), u) == -(x - u) / Abs(x - u)


@pytest.mark.parametrize("term", [sign(x), floor(x), ceiling(x), Heaviside(x), sign(x - u) + x])
def test_a_kink_has_no_derivative(term):
    head = next(type(node).__name__ for node in (term, *term.args) if not node.is_Add and node.args)
    with pytest.raises(NotDifferentiable, match=f"^{head} has a kink$"):
        differentiate(term, x)
    assert differentiate(term.xreplace({x: L}), x) == 0


def test_what_has_no_rule_is_refused():
    with pytest.raises(NotDifferentiable, match="^no rule for the derivative of Vector$"):
        differentiate(Vector([x, u]), x)
    with pytest.raises(NotDifferentiable, match="^no rule for the derivative of Max$"):
        differentiate(Max(x, u), x)
    with pytest.raises(NotDifferentiable, match="^H takes a family and is not defined$"):
        differentiate(Call("H", [z]), x)
    with pytest.raises(NotDifferentiable, match="^H takes a family and is not defined$"):
        differentiate(Call("H", [x, z]), x)
    assert differentiate(Function("g")(u), x) == 0


def test_a_quantity_of_unknown_dependence_keeps_its_derivative():
    assert differentiate(x * L, x, ["L"]) == L + x * Partial(L, x)
    assert differentiate(x * L, x, ["x"]) == L
    assert differentiate(a[i] * x, x, ["a"]) == a[i] + x * Partial(a[i], x)
    assert differentiate(a[i] * z[i], z[j], ["a"]) == z[i] * Partial(a[i], z[j]) + a[i] * KroneckerDelta(i, j)
    assert differentiate(z[i], z[j], ["z"]) == Partial(z[i], z[j])
    assert differentiate(z[i], z[i], ["z"]) == 1
    assert differentiate(a[i] * x, x, ["b"]) == a[i]
    assert differentiate(Dummy("L") * x, x, ["L"]).is_Dummy
