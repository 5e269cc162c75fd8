"""Rigorous evaluation: every law with a twin that must fail."""

from fractions import Fraction

import pytest
import sympy
from flint import arb
from sympy import Integer, KroneckerDelta, Max, Ne, Rational, cos, exp, log, pi, sin, sqrt

from derive.balls import duals
from derive.balls.evaluation import Evaluator, Point, Undecided, Undefined, Unsupported, evaluate, read
from derive.terms.context import Context, Definition, Range
from derive.terms.terms import Call, Cases, Partial, Vector, family, index, scalar, size, summation

i, j, k, n, t = index("i"), index("j"), index("k"), size("n"), index("t")
z, a, y, h, w = family("z"), family("a"), family("y"), family("h"), family("w")
x, L, S, E = scalar("x"), scalar("L"), scalar("S"), scalar("E")

SOFTMAX = Context().define(
    Definition(S, summation(exp(z[k]), k, 1, n)),
    Definition(a[i], exp(z[i]) / S),
    Definition(L, -summation(y[k] * log(a[k]), k, 1, n)),
)
THREE = Point(
    {"n": 3},
    {i: 1, j: 2},
    {"x": Fraction(1, 2), "E": Fraction(2)},
    {("z", (m,)): Fraction(m, 3) for m in (1, 2, 3)} | {("y", (m,)): Fraction(m, 5) for m in (1, 2, 3)},
)


def at(value):
    return Point({"n": 3}, {}, {"x": Fraction(value)})


def zero(term, context=SOFTMAX, point=THREE):
    """Whether the ball of `term` is a narrow one around 0."""
    ball = evaluate(term, point, context, 128)
    return bool(ball.contains(0)) and bool(abs(ball) < arb("1e-20"))


@pytest.mark.parametrize(
    ("left", "right", "wrong"),
    [
        (Partial(a[j], z[i]), -a[i] * a[j], a[i] * a[j]),
        (Partial(a[i], z[i]), a[i] * (1 - a[i]), -a[i] * (1 - a[i])),
        (Partial(a[j], z[i]), a[i] * (KroneckerDelta(i, j) - a[j]), a[i] * (1 - a[j])),
        (Partial(L, z[i]), a[i] * summation(y[k], k, 1, n) - y[i], a[i] - y[i]),
        (Partial(S, z[i]), exp(z[i]), S),
        (Partial(log(S), z[i]), a[i], Integer(1)),
    ],
)
def test_softmax(left, right, wrong):
    assert zero(left - right)
    assert not zero(left - wrong)


def test_a_defined_family_is_independent_of_what_it_was_defined_from():
    assert zero(Partial(L, a[i]) + y[i] / a[i])
    assert not zero(Partial(L, a[i]) - Partial(L, z[i]))
    chain = summation(Partial(L, a[k]) * Partial(a[k], z[i]), k, 1, n)
    assert zero(chain - Partial(L, z[i]))
    assert zero(Partial(z[i], a[i]) - 0, SOFTMAX.define(Definition(z[i], i * x)))
    assert zero(Partial(a[i], S) + a[i] / S)


def test_second_derivatives():
    assert zero(Partial(Partial(L, z[i]), z[j]) + a[i] * a[j] * summation(y[k], k, 1, n))
    assert not zero(Partial(Partial(L, z[i]), z[j]) - a[i] * a[j] * summation(y[k], k, 1, n))
    assert zero(Partial(Partial(x**5, x), x) - 20 * x**3)
    assert zero(Partial(Partial(Partial(sin(2 * x), x), x), x) + 8 * cos(2 * x))
    assert zero(Partial(x * Partial(x**2, x), x) - 4 * x)


@pytest.mark.parametrize(
    ("function", "derivative"),
    [
        (sympy.tan(x), 1 + sympy.tan(x) ** 2),
        (sympy.cot(x), -1 / sin(x) ** 2),
        (sympy.asin(x), 1 / sqrt(1 - x**2)),
        (sympy.acos(x), -1 / sqrt(1 - x**2)),
        (sympy.atan(x), 1 / (1 + x**2)),
        (sympy.acot(x), -1 / (1 + x**2)),
        (sympy.sinh(x), sympy.cosh(x)),
        (sympy.tanh(x), 1 - sympy.tanh(x) ** 2),
        (sympy.sec(x), sin(x) / cos(x) ** 2),
        (sympy.csc(x), -cos(x) / sin(x) ** 2),
        (sqrt(x), 1 / (2 * sqrt(x))),
        (x ** Rational(1, 3), x ** Rational(-2, 3) / 3),
        (x**x, x**x * (log(x) + 1)),
        (sympy.Abs(x), Integer(1)),
        (Max(x, 0), Integer(1)),
        (Max(-x, 0), Integer(0)),
        (sympy.asinh(x), 1 / sqrt(x**2 + 1)),
        (sympy.atanh(x), 1 / (1 - x**2)),
        (1 / (1 + exp(-x)), exp(x) / (1 + exp(x)) ** 2),
        (Cases((x**2, x > 0), (-x, True)), 2 * x),
    ],
)
def test_derivatives_of_functions(function, derivative):
    assert zero(Partial(function, x) - derivative)
    assert not zero(Partial(function, x) - derivative - Rational(1, 1000))


def test_exact_where_only_rational_operations_occur():
    value = read(Evaluator(Context()), [(x + 1) ** 2 / 3 - 1 / x], at(Fraction(1, 2))).values[0]
    assert str(value) == "-5/4"
    assert str(read(Evaluator(Context()), [sqrt(x)], at(Fraction(4, 9))).values[0]) == "2/3"
    assert isinstance(read(Evaluator(Context()), [exp(x)], at(1)).values[0], arb)


def test_precision_shows_a_small_difference():
    term = exp(x) - exp(x + Rational(1, 10**40))
    assert evaluate(term, at(1), Context(), 64).contains(0)
    assert evaluate(term, at(1), Context(), 256) < 0


@pytest.mark.parametrize(
    "term",
    [
        1 / x,
        log(x),
        log(-x - 1),
        sqrt(x - 1),
        (x - 1) ** Rational(1, 3),
        x * log(x),
        sympy.asin(x + 2),
        Partial(sqrt(x), x),
        Partial(sympy.Abs(x), x),
        (x - 1) ** pi,
        sympy.zoo,
        Partial(Max(x, 0), x),
        x**n / x**n / x**k,
    ],
)
def test_undefined(term):
    with pytest.raises(Undefined):
        evaluate(term, Point({"n": 3}, {k: 1}, {"x": Fraction(0)}), Context())


def test_undecided_is_not_undefined():
    straddling = 1 / (exp(x) - exp(x) * exp(Integer(0)) + sin(x) ** 2 + cos(x) ** 2 - 1)
    with pytest.raises(Undecided):
        evaluate(straddling, at(1), Context())
    tiny = exp(x + Rational(1, 10**40)) - exp(x)
    with pytest.raises(Undecided):
        evaluate(1 / tiny, at(1), Context(), 64)
    assert evaluate(1 / tiny, at(1), Context(), 256) > 0
    with pytest.raises(Undecided):
        evaluate(log(tiny), at(1), Context(), 64)


def test_never_a_ball_that_is_not_finite():
    tower = x
    for _ in range(8):
        tower = exp(tower)
    with pytest.raises(Undecided):
        evaluate(tower, at(3), Context())


def test_sums():
    assert zero(summation(Integer(1), k, 1, -3))
    assert zero(summation(k, k, 1, n) - 6)
    assert zero(summation(z[k], k, 1, n, [i]) - z[2] - z[3])
    assert zero(
        summation(summation(z[k] * y[t], t, 1, k), k, 1, n) - z[1] * y[1] - z[2] * (y[1] + y[2]) - z[3] * (y[1] + y[2] + y[3])
    )
    assert zero(summation(KroneckerDelta(k, i) * z[k], k, 1, n) - z[i])
    assert zero(Partial(summation(z[k] * y[i], k, 1, n), z[j]) - y[i])
    with pytest.raises(Undecided):
        evaluate(summation(Integer(1), k, 1, 10**6), THREE, Context())


def test_cases_on_indices():
    case = Cases((x, Ne(i, j)), (-x, True))
    assert zero(case - x)
    assert zero(case + x, point=Point({"n": 3}, {i: 2, j: 2}, {"x": Fraction(1)}))


def test_one_class():
    one = Point({"n": 1}, {i: 1}, {}, {("z", (1,)): Fraction(2), ("y", (1,)): Fraction(1)})
    assert zero(a[1] - 1, point=one)
    assert zero(Partial(a[i], z[i]), point=one)
    assert zero(L, point=one)


def test_literal_positions_win_and_later_definitions_too():
    context = Context().define(
        Definition(h[i], i * x),
        Definition(h[2], Integer(100)),
        Definition(w[i, i], Integer(1)),
        Definition(w[i, j], Integer(0)),
    )
    assert zero(h[1] + h[2] - x - 100, context)
    assert zero(w[1, 1] - 1 + w[1, 2], context)


def test_recursion_ends_at_its_base():
    context = Context().define(Definition(h[t], x * h[t - 1] + 1)).with_range(t, Range(Integer(1), Integer(5)))
    point = Point({"n": 3}, {}, {"x": Fraction(2)}, {("h", (0,)): Fraction(3)})
    assert zero(h[3] - (8 * 3 + 7), context, point)
    forward = Context().define(Definition(h[t + 1], 2 * h[t]), Definition(h[1], x))
    assert zero(h[4] - 8 * x, forward)
    with pytest.raises(Unsupported):
        evaluate(x, THREE, Context().define(Definition(x, S), Definition(S, x + 1)))


def test_functions():
    p, q = family("p"), family("q")
    context = SOFTMAX.define(
        Definition(Call("g", [x]), x**3), Definition(Call("H", [p, q]), -summation(p[k] * log(q[k]), k, 1, n))
    )
    assert zero(Call("g", [z[1]]) - z[1] ** 3, context)
    assert zero(Call("g", [z[1]], [1]) - 3 * z[1] ** 2, context)
    assert zero(Call("g", [z[1]], [2]) - 6 * z[1], context)
    assert zero(Partial(Call("g", [x**2]), x) - 6 * x**5, context)
    assert zero(Call("H", [y, a]) - L, context)
    assert not zero(Call("H", [a, y]) - L, context)
    assert zero(Partial(Call("H", [y, a]), z[i]) - Partial(L, z[i]), context)


def test_unknown_functions_obey_only_what_holds_for_all():
    f, u = Call("f", [x]), scalar("u")
    point = Point({}, {}, {"x": Fraction(1, 3), "u": Fraction(-2, 5)})
    assert zero(Partial(Call("f", [x**2]), x) - 2 * x * Call("f", [x**2], [1]), point=point)
    assert not zero(Partial(Call("f", [x**2]), x) - Call("f", [x**2], [1]), point=point)
    assert zero(Partial(Call("f", [x], [1]), x) - Call("f", [x], [2]), point=point)
    assert not zero(f - Call("g", [x]), point=point)
    both = Partial(Partial(Call("f", [x, u]), x), u)
    assert zero(both - Call("f", [x, u], [1, 1]), point=point)
    assert not zero(both - Call("f", [x, u], [2, 0]), point=point)
    assert zero(Partial(Call("f", [x, x]), x) - Call("f", [x, x], [1, 0]) - Call("f", [x, x], [0, 1]), point=point)


def test_opaque_derivatives():
    point = Point(
        THREE.sizes, THREE.indices, THREE.scalars, {**THREE.members, **{("∂E/∂a", (m,)): Fraction(m * m, 7) for m in (1, 2, 3)}}
    )
    assert zero(Partial(E, a[2]) - Rational(4, 7), point=point)
    both = Partial(E, z[i]) - summation(Partial(E, a[k]) * Partial(a[k], z[i]), k, 1, n)
    assert zero(both, point=point)
    assert not zero(Partial(E, z[i]) - Partial(E, a[i]) * Partial(a[i], z[i]), point=point)
    defined = SOFTMAX.define(Definition(Partial(E, a[i]), -y[i] / a[i]))
    assert zero(Partial(E, a[j]) + y[j] / a[j], defined)
    assert zero(Partial(E, z[i]) - Partial(L, z[i]), defined)
    with pytest.raises(Unsupported):
        evaluate(Partial(Partial(E, a[i]), a[j]), point, SOFTMAX)


def test_constants_do_not_depend_on_anything():
    point = Point({}, {}, {"E": Fraction(1), "x": Fraction(1), "∂E/∂x": Fraction(5)})
    assert zero(Partial(E, x) - 5, Context(), point)
    assert zero(Partial(E, x), Context(constants=("E",)), point)


@pytest.mark.parametrize("term", [Vector([x]), Partial(x, exp(x)), sympy.gamma(x), x ** (10**9), scalar("nowhere")])
def test_unsupported(term):
    with pytest.raises(Unsupported):
        evaluate(term, at(2), Context())


def test_nested_duals_multiply_in_any_order():
    one, two = duals.Dual(1, 2, 1), duals.Dual(2, 3, 1)
    assert duals.tangent(duals.tangent(one * two, 2), 1) == duals.tangent(duals.tangent(two * one, 2), 1) == 1


def test_exactness_is_given_up_before_it_costs_too_much():
    growing = Definition(h[t], h[t - 1] * (h[t - 1] + 1))
    context = Context().define(growing).with_range(t, Range(Integer(1), Integer(60)))
    assert evaluate(h[40], Point({}, {}, {}, {("h", (0,)): Fraction(1, 3)}), context) > 0
    assert evaluate(summation(1 / k, k, 1, 20_000), Point(), Context()) < 11
