"""Heads, hypotheses and case splits: each rule by what it makes equal, and by what it must not."""

from __future__ import annotations

import pytest
from sympy import (
    And,
    Eq,
    Function,
    Integer,
    KroneckerDelta,
    Max,
    Ne,
    Or,
    Pow,
    Rational,
    acos,
    asin,
    cos,
    cosh,
    cot,
    coth,
    csc,
    exp,
    log,
    pi,
    sec,
    sin,
    sinh,
    tan,
    tanh,
)

from derive.normal.forms import OutsideFragment
from derive.normal.normaliser import Normaliser, _mentions, _solved_for
from derive.terms.context import Context, Definition, Fact, Range
from derive.terms.terms import Call, Cases, Partial, Vector, family, index, scalar, size, summation

i, j, k, l = (index(name) for name in "ijkl")
n, d = size("n"), size("d")
x, u, v, E = (scalar(name) for name in ("x", "u", "v", "E"))
z, p, y = (family(name) for name in ("z", "p", "y"))
ZERO, ONE, TWO = Integer(0), Integer(1), Integer(2)
BARE = Context()
DELTA = KroneckerDelta(i, j)


def total(body, low=1, high=n, variable=k):
    return summation(body, variable, Integer(low), high)


def equal(left, right, context=BARE):
    normal = Normaliser(context)
    return normal.is_zero(normal(left) - normal(right))


PAIRS = [
    # heads
    ("tan", tan(x) * cos(x), sin(x), cos(x)),
    ("cot", cot(x) * sin(x), cos(x), sin(x)),
    ("sec", sec(x) * cos(x), ONE, cos(x)),
    ("csc", csc(x) * sin(x), ONE, sin(x)),
    ("sinh", sinh(x), (exp(x) - exp(-x)) / 2, (exp(x) + exp(-x)) / 2),
    ("cosh", cosh(x), (exp(x) + exp(-x)) / 2, (exp(x) - exp(-x)) / 2),
    ("tanh", tanh(x) * cosh(x), sinh(x), cosh(x)),
    ("coth", coth(x) * sinh(x), cosh(x), sinh(x)),
    ("cosh² − sinh²", cosh(x) ** 2 - sinh(x) ** 2, ONE, ZERO),
    ("acos", acos(x) + asin(x), pi / 2, pi),
    ("log base", log(x, 2) * log(TWO), log(x), log(x, 2)),
    ("log base, as written", log(x, 2, evaluate=False) * log(TWO), log(x), log(x, 2, evaluate=False)),
    ("a power of e, as written", Pow(exp(1), x, evaluate=False), exp(x), exp(u)),
    ("a power of e with a logarithm, as written", Pow(exp(1), log(x), evaluate=False), x, 1 / x),
    ("a rational", Rational(2, 3) * x, 2 * x / 3, 3 * x / 2),
    ("an opaque derivative", Partial(E, z[i]), Partial(E, z[i]), Partial(E, z[j])),
    ("of another quantity", Partial(E, z[i]) * 2, Partial(E, z[i]) + Partial(E, z[i]), Partial(E, z[i]) + Partial(v, z[i])),
    ("by another quantity", Partial(E, z[i]) * 2, Partial(E, z[i]) + Partial(E, z[i]), Partial(E, z[i]) + Partial(E, p[i])),
    (
        "of a member and by a member",
        Partial(y[i], x) * 2,
        Partial(y[i], x) + Partial(y[i], x),
        Partial(y[i], x) + Partial(scalar("y"), family("x")[i]),
    ),
    ("sin of a sum", sin(-x + 2 * x), sin(x), -sin(x)),
    # case splits
    ("cases by an equation", Cases((x, Eq(i, j)), (u, True)), DELTA * x + (1 - DELTA) * u, DELTA * u + (1 - DELTA) * x),
    ("cases by a difference", Cases((x, Ne(i, j)), (u, True)), DELTA * u + (1 - DELTA) * x, DELTA * x + (1 - DELTA) * u),
    (
        "cases by several",
        Cases((x, Eq(i, j)), (u, Eq(i, k)), (v, True)),
        DELTA * x + (1 - DELTA) * (KroneckerDelta(i, k) * u + (1 - KroneckerDelta(i, k)) * v),
        DELTA * x + KroneckerDelta(i, k) * u + (1 - DELTA - KroneckerDelta(i, k)) * v,
    ),
    ("cases by both", Cases((x, And(Eq(i, j), Eq(k, l))), (ZERO, True)), DELTA * KroneckerDelta(k, l) * x, DELTA * x),
    (
        "cases by neither",
        Cases((x, And(Ne(i, j), Ne(k, l))), (ZERO, True)),
        (1 - DELTA) * (1 - KroneckerDelta(k, l)) * x,
        (1 - DELTA) * x,
    ),
    (
        "cases by one of each",
        Cases((x, And(Eq(i, j), Ne(k, l))), (ZERO, True)),
        DELTA * (1 - KroneckerDelta(k, l)) * x,
        DELTA * KroneckerDelta(k, l) * x,
    ),
    (
        "a branch that need be defined only there",
        Cases((1 / (2 - KroneckerDelta(i, j)), Eq(i, j)), (ZERO, True)),
        DELTA,
        DELTA / 2,
    ),
    (
        "a sum in a branch at a fixed place",
        Cases((total(z[k]), Eq(1, j)), (ZERO, True)),
        KroneckerDelta(1, j) * total(z[k]),
        KroneckerDelta(1, j) * z[1],
    ),
    (
        "a sum in a branch at a fixed place, turned",
        Cases((total(z[k]), Eq(j, 1)), (ZERO, True)),
        KroneckerDelta(1, j) * total(z[k]),
        KroneckerDelta(1, j) * z[1],
    ),
    (
        "a quotient without a fixed pole",
        Cases((1 / (z[i] - z[1]), Ne(i, 1)), (ZERO, True)),
        Cases((1 / (z[i] - z[1]), Ne(1, i)), (ZERO, True)),
        Cases((1 / (z[i] - z[2]), Ne(1, i)), (ZERO, True)),
    ),
    ("a branch in terms of the other index", Cases((z[i], Eq(i, j)), (ZERO, True)), DELTA * z[j], (1 - DELTA) * z[j]),
    ("a branch that never applies", Cases((x, Eq(i, i + 1)), (u, True)), u, x),
    ("a branch that never applies need not be defined", Cases((1 / (z[i] - z[n + 1]), Eq(i, n + 1)), (u, True)), u, x),
    ("nor by a difference", Cases((1 / (x * (u + 1) - x * u - x), Ne(i, i, evaluate=False)), (u, True)), u, x),
    ("a branch that always applies", Cases((x, Ne(i, i + 1)), (u, True)), x, u),
    (
        "a quotient without its pole",
        Cases((1 / (z[i] - z[j]), Ne(i, j)), (ZERO, True)) * 2,
        Cases((2 / (z[i] - z[j]), Ne(i, j)), (ZERO, True)),
        Cases((1 / (z[i] - z[j]), Ne(i, j)), (ZERO, True)),
    ),
]


@pytest.mark.parametrize(("name", "term", "right", "wrong"), PAIRS, ids=[row[0] for row in PAIRS])
def test_the_rule_and_its_neighbour(name, term, right, wrong):
    assert equal(term, right)
    assert not equal(term, wrong)


@pytest.mark.parametrize(
    ("term", "message"),
    [
        (Max(x, 1), "Max has no normal form"),
        (Vector([x]), "Vector has no normal form"),
        (Function("g")(x), "g has no normal form"),
        (Cases((x, Eq(i, j))), "a case split that does not cover every case"),
        (Cases((x, Or(Eq(i, j), Eq(k, l))), (u, True)), "a case split on "),
        (Call("H", [z]), "H takes a family and is not defined"),
    ],
)
def test_what_is_outside_the_fragment_is_refused(term, message):
    with pytest.raises(OutsideFragment, match=f"^{message}"):
        Normaliser(BARE)(term)


def test_a_member_is_mentioned_by_its_family():
    normal = Normaliser(BARE)
    inside = next(iter(normal(log(2 + z[1] ** 2)).atoms))
    member, other, single = (next(iter(normal(t).atoms)) for t in (z[2], p[1], x))
    assert _mentions(inside, member) is True
    assert _mentions(inside, other) is False
    assert _mentions(inside, inside) is False
    assert _mentions(next(iter(normal(log(2 + x**2)).atoms)), single) is True


@pytest.mark.parametrize("pole", [Ne(i, 1), Ne(1, i)])
def test_a_quotient_is_not_taken_apart_from_its_pole(pole):
    normal = Normaliser(BARE)
    apart = normal(Cases((1 / (z[i] - z[1]), pole), (ZERO, True)))
    assert {"other", "poly"} <= {atom.kind for atom in apart.atoms}
    whole = normal(Cases((1 / (z[i] + z[1]), pole), (ZERO, True)))
    assert "other" not in {atom.kind for atom in whole.atoms}


def test_a_sum_is_written_out_only_where_that_is_asked_for():
    for expanded, same in ((0, False), (1, True)):
        for normal in (Normaliser(BARE, expanded=expanded), *([] if expanded else [Normaliser(BARE)])):
            assert normal.is_zero(normal(total(z[k], 1, ONE)) - normal(z[1])) is same


def test_the_terms_beside_it_tell_what_a_quantity_depends_on():
    product, slope = Partial(E * x, x), Partial(E, x)
    for related, value, wrong in (((slope,), E + x * slope, E), ((), E, E + x * slope)):
        normal = Normaliser(BARE, related=related)
        assert normal.is_zero(normal(product) - normal(value))
        assert not normal.is_zero(normal(product) - normal(wrong))


def test_an_equation_is_solved_for_a_member_before_a_scalar_and_for_a_sum_before_a_member():
    normal = Normaliser(BARE)
    for term, kind, value in (
        (z[1] - x, "member", x),
        (x - z[1], "member", x),
        (total(z[k]) - p[1], "sum", p[1]),
        (p[1] - total(z[k]), "sum", p[1]),
        (x - u, "scalar", None),
    ):
        atom, found = _solved_for(normal(term))
        assert atom.kind == kind
        assert value is None or found == normal(value)


@pytest.mark.parametrize(
    ("body", "sums"),
    [
        (KroneckerDelta(k, j) * z[k], {n: z[j]}),
        (abs(k) * x, {n: n * (n + 1) * x / 2, d: d * (d + 1) * x / 2}),
    ],
)
def test_the_bound_index_stays_an_index_where_it_is_renamed(body, sums):
    defined = BARE.define(Definition(Call("S", [x]), total(body, 1, n)))
    inner = total(body, 1, d)
    ((variable, _, _),) = inner.limits
    other = inner.func(inner.args[0], (variable, ONE, n))
    for first, second, size_ in ((inner, other, n), (other, inner, d)):
        normal = Normaliser(defined)
        normal(first)
        if size_ in sums:
            assert normal.is_zero(normal(second) - normal(sums[size_]))
            assert not normal.is_zero(normal(second) - normal(sums[size_] + 1))


def test_what_is_learned_later_counts_from_then_on():
    normal = Normaliser(BARE)
    assert not normal.is_zero(normal(abs(x)) - normal(x))
    normal.learn(Fact(x, ">", ZERO))
    assert normal.is_zero(normal(abs(x)) - normal(x))
    normal.learn(Fact(z[1], "=", u))
    assert normal(z[1]) == normal(u)


def test_a_member_that_is_defined_alone():
    context = BARE.define(Definition(z[1], x**2), Definition(p[i], u))
    normal = Normaliser(context)
    assert normal._literal("z", (ONE,)) == normal(x**2)
    assert normal._literal("z", (TWO,)) is None
    assert normal._literal("p", (ONE,)) is None
    assert not equal(total(z[k]), total(x**2), context)


def test_one_definition_at_two_limits_has_two_sums():
    inner = total(z[k] * KroneckerDelta(k, 2), 1, d)
    normal = Normaliser(BARE)
    variable = inner.args[1].args[0]
    other = inner.func(inner.args[0], (variable, ONE, n))
    first, second = normal(inner), normal(other)
    assert first != second
    assert normal(inner) == first
    assert normal.knowledge.ranges[variable] == Range(ONE, d)
