"""False claims that the judge once proved, or proved and then contradicted: each stays unproved, its twin is proved."""

from __future__ import annotations

import pytest
from sympy import Abs, Eq, Integer, KroneckerDelta, Sum, exp, log, sqrt

from derive.judge.decide import decide
from derive.judge.kernel import Open, Proof, prove
from derive.judge.verdict import Kind
from derive.terms.context import Claim, Context, Definition, Fact, Obligation, OneHot, Range
from derive.terms.terms import Call, Cases, Partial, Vector, bound, family, index, scalar, size, summation
from derive.writing.messages.rendering import rendered

i, j, k, l = (index(name) for name in "ijkl")
n, d = size("n"), size("d")
z, a, h, w, p, A, P = (family(name) for name in ("z", "a", "h", "w", "p", "A", "P"))
x, t, c, L = (scalar(name) for name in ("x", "t", "c", "L"))
ONE, ZERO = Integer(1), Integer(0)
PLAIN = Context()


def total(body, variable=k, low=1, high=n, excluded=()):
    return summation(body, variable, Integer(low) if isinstance(low, int) else low,
                     Integer(high) if isinstance(high, int) else high, excluded)


def verdict(left, relation, right, context=PLAIN, obligations=()):
    return decide(Claim(left, relation, right, tuple(obligations)), context)


POSITIVE = PLAIN.assume(Fact(x, ">", ZERO))
FROM_TWO = PLAIN.with_range(i, Range(Integer(2), n)).assume(Fact(z[i], ">", ZERO, (i,)))
TO_D = PLAIN.with_range(i, Range(ONE, d)).assume(Fact(z[i], ">", ZERO, (i,)))
DIAGONAL = PLAIN.assume(Fact(w[i, i], ">", ZERO, (i,)))
ROWS_TO_ONE = PLAIN.assume(Fact(total(P[i, k]), "=", ONE, (i,)))
RECURRENCE = PLAIN.define(Definition(h[i], t * h[i - 1] + z[i]), Definition(h[0], ZERO))
TWO_LIMITS = PLAIN.define(Definition(a[i], total(KroneckerDelta(k, 1), k, i)))
TIED = PLAIN.assume(Fact(total(A[i, j, k]), "=", ONE, (j,)), Fact(i, "=", j))
FIRST = PLAIN.define(Definition(z[1], t**2))
SPECIAL = PLAIN.define(Definition(a[i], z[i]), Definition(a[1], ZERO))
CLASH = PLAIN.define(Definition(scalar("z"), total(z[k] ** 2)), Definition(L, scalar("z") + total(z[k])))
CAPTURED = PLAIN.define(Definition(Call("f", [x]), c * x), Definition(c, x))
HOT = PLAIN.assume(OneHot(z))
inner = bound("k")
DIAGONAL_LOG = (Obligation(w[inner, inner], ">", ((inner, ONE, n),)),)

ATTACKS = [
    ("symbolic power under a root", PLAIN, (sqrt(x**n), "=", x ** (n / 2)), POSITIVE, (sqrt(x**n), "=", x ** (n / 2)), ()),
    ("root of a symbolic power", PLAIN, ((x**n) ** (1 / n), "=", x), POSITIVE, ((x**n) ** (1 / n), "=", x), ()),
    ("logarithm of a symbolic power", PLAIN, (exp(log(x**n) / 2), "=", x ** (n / 2)),
     POSITIVE, (exp(log(x**n) / 2), "=", x ** (n / 2)), ()),
    ("positive from the second on", FROM_TWO, (z[1], ">", ZERO), FROM_TWO, (z[i], ">", ZERO), ()),
    ("positive up to d", TO_D, (Abs(z[j]), "=", z[j]), TO_D, (Abs(z[i]), "=", z[i]), ()),
    ("positive on the diagonal", DIAGONAL, (w[1, 2], ">", ZERO), DIAGONAL, (w[i, i], ">", ZERO), ()),
    ("obligation on the diagonal", PLAIN, (Abs(w[i, j]), "=", w[i, j]), DIAGONAL, (Abs(w[i, i]), "=", w[i, i]), DIAGONAL_LOG),
    ("a hypothesis outside its range", ROWS_TO_ONE.with_range(j, Range(ONE, d)), (total(P[j, k]), "=", ONE),
     ROWS_TO_ONE, (total(P[j, k]), "=", ONE), ()),
    ("members of a recurrence", RECURRENCE, (Partial(h[2], h[1]), "=", ZERO), RECURRENCE, (h[1], "=", z[1]), ()),
    ("two instances of one sum", TWO_LIMITS, (a[1] - a[2], "=", ZERO), TWO_LIMITS, (a[1] - a[2], "=", ONE), ()),
    ("an index that a hypothesis binds", TIED, (total(A[l, l, k]), "=", ONE), TIED, (total(A[i, l, k]), "=", ONE), ()),
    ("a family of which one member is defined", FIRST, (Partial(total(z[k]), t), "=", ZERO),
     FIRST, (Partial(z[1], t), "=", 2 * t), ()),
    ("a special member", SPECIAL, (a[j], "=", z[j]), SPECIAL, (total(a[k], k, 2), "=", total(z[k], k, 2)), ()),
    ("a scalar and a family of one name", CLASH, (Partial(L, z[i]), "=", ONE),
     CLASH, (Partial(L, z[i]), "=", 1 + 2 * z[i]), ()),
    ("a sum of one term far out", PLAIN, (total(k, k, n**2, n**2), "=", ONE), PLAIN, (total(k, k, 3, 3), "=", Integer(3)), ()),
    ("a parameter that a definition mentions", CAPTURED, (Call("f", [t], [1]), "=", 2 * t),
     CAPTURED, (Call("f", [t], [1]), "=", x), ()),
    ("one-hot outside its range", HOT, (z[n + 1], "=", ZERO), HOT, (total(z[k]), "=", ONE), ()),
    ("a power of a delta", PLAIN, (x ** KroneckerDelta(i, j), "=", x),
     PLAIN, (x ** KroneckerDelta(i, j), "=", 1 + KroneckerDelta(i, j) * (x - 1)), ()),
    ("an index and its range", PLAIN, (i, "<", n), PLAIN, (i, "<=", n), ()),
]


@pytest.mark.parametrize(("name", "context", "false", "twin_context", "twin", "obligations"), ATTACKS,
                         ids=[row[0] for row in ATTACKS])
def test_the_attack_fails_and_its_twin_is_proved(name, context, false, twin_context, twin, obligations):
    assert verdict(*false, context, obligations).kind is not Kind.PROVED
    assert verdict(*twin, twin_context).kind is Kind.PROVED


def test_a_recurrence_is_not_judged_by_members_that_it_ties():
    assert verdict(Partial(h[2], h[1]), "=", t, RECURRENCE).kind in (Kind.UNREAD, Kind.TESTED)


def test_a_condition_is_reported_only_with_a_counterexample_without_it():
    split = total(z[k], k, 1, i) + total(z[k], k, i + 1)
    assert verdict(split, "=", total(z[k])).kind is not Kind.CONDITIONAL
    assert verdict(sqrt(z[i] ** 2), "=", z[i]).conditions[0].what == Fact(z[i], ">=", ZERO, (i,))


FROM_SECOND = PLAIN.with_range(i, Range(Integer(2), n))
TRIANGLE = PLAIN.with_range(j, Range(i + 1, n)).assume(Fact(w[i, j], ">", ZERO, (i, j)))
TRIANGLE_SUMS = PLAIN.with_range(j, Range(i + 1, n)).assume(Fact(total(A[i, j, k]), "=", ONE, (i, j)))
TWO_STEPS = PLAIN.define(Definition(a[i], x * h[i]), Definition(h[i], a[i - 1] + z[i]), Definition(a[0], ZERO))
NO_STEPS = PLAIN.define(Definition(a[i], x * h[i]), Definition(h[i], t + z[i]))
FIRST_ONLY, BOTH, ALL = (Obligation(z[inner], ">", ((inner, ONE, high),)) for high in (ONE, Integer(2), n))
LETTER = Obligation(z[i], ">", ((i, ONE, ONE),))
PARTIAL_SUMS = PLAIN.define(Definition(a[i], Sum(Abs(z[inner]), (inner, ONE, i))))
REST = total(exp(z[k]), k, 2, d)
PERHAPS, ALWAYS = (Obligation(REST, "!=", binders) for binders in (((inner, Integer(2), d),), ()))


def stated(fact, context=FROM_SECOND):
    """`fact` for all i from 2 to n: nothing if n is 1; and for all i from 1 to n, of which there is one."""
    return context.assume(fact), PLAIN.assume(fact)


UNSOUND = [
    ("a sign for all indices of no range", (Abs(x), "=", x), *stated(Fact(x, ">", ZERO, (i,))), (), ()),
    ("an equation for all indices of no range", (x, "=", t), *stated(Fact(x, "=", t, (i,))), (), ()),
    ("a sum for all indices of no range", (total(z[k]), "=", ONE), *stated(Fact(total(z[k]), "=", ONE, (i,))), (), ()),
    ("a product for all indices of no range", (x * t, "=", ONE), *stated(Fact(x * t, "=", ONE, (i,))), (), ()),
    ("an index of no range that cancels", (Abs(x), "=", x), *stated(Fact(x + z[i], ">", z[i], (i,))), (), ()),
    ("an index of no range in a positive factor", (Abs(x), "=", x), *stated(Fact(exp(z[i]) * x, ">", ZERO, (i,))), (), ()),
    ("indices apart for all indices of no range", (KroneckerDelta(j, k), "=", ZERO), *stated(Fact(j, "!=", k, (i,))), (), ()),
    ("a size for all indices of no range", (total(ONE, k, 2), ">", ZERO), *stated(Fact(n, ">=", Integer(2), (i,))), (), ()),
    ("an obligation under the letter of a free index", (i, "<=", ONE),
     PLAIN, PLAIN.assume(Fact(n, "=", ONE)), (LETTER,), (LETTER,)),
    ("an obligation of another instance of a sum", (a[2], "=", z[1] + z[2]),
     PARTIAL_SUMS, PARTIAL_SUMS, (FIRST_ONLY,), (BOTH,)),
    ("an obligation of a shorter sum", (Sum(Abs(z[inner]), (inner, ONE, n)), "=", total(z[k])),
     PLAIN, PLAIN, (FIRST_ONLY,), (ALL,)),
    ("a denominator that no term meets", (total(exp(z[k]) / REST, k, 2, d), "=", ONE), PLAIN, PLAIN, (PERHAPS,), (ALWAYS,)),
]


@pytest.mark.parametrize(("name", "claim", "context", "twin_context", "obligations", "twin_obligations"), UNSOUND,
                         ids=[row[0] for row in UNSOUND])
def test_no_proof_is_found_and_one_where_the_claim_holds(name, claim, context, twin_context, obligations, twin_obligations):
    assert isinstance(prove(Claim(*claim, tuple(obligations)), context), Open)
    assert isinstance(prove(Claim(*claim, tuple(twin_obligations)), twin_context), Proof)


@pytest.mark.parametrize(("false", "twin", "context"), [
    ((w[k, j], ">", ZERO), (w[i, j], ">", ZERO), TRIANGLE),
    ((w[k, j], ">", ZERO), (i, "=", l), TRIANGLE.assume(Fact(i, "=", l))),
    ((w[k, j], ">", ZERO), (i, "=", l), TRIANGLE.assume(Fact(l, "=", i))),
    ((w[2, 2], ">", ZERO), (w[l, l] ** 2, ">=", ZERO), TRIANGLE.assume(Fact(i, "=", ONE), Fact(n, ">=", Integer(3)))),
    ((total(A[l, j, k]), "=", ONE), (total(A[i, j, k]), "=", ONE), TRIANGLE_SUMS),
    ((Partial(a[2], a[1]), "=", ZERO), (a[2], "=", x * (x * z[1] + z[2])), TWO_STEPS),
    ((Partial(h[i], a[i - 2]), "=", ZERO), (a[1], "=", x * z[1]), TWO_STEPS),
    ((Partial(a[2], a[1]), "=", ONE), (Partial(a[2], a[1]), "=", ZERO), NO_STEPS),
], ids=["triangle", "triangle at a free index", "triangle at its own index", "triangle in one row",
        "sums over a triangle", "two steps", "two steps apart", "no recurrence"])
def test_pairs_and_recurrences_of_a_part(false, twin, context):
    assert isinstance(prove(Claim(*false), context), Open)
    assert isinstance(prove(Claim(*twin), context), Proof)


def test_a_derivative_of_a_shifted_index_has_no_form_and_raises_nothing():
    opaque = Cases((Partial(i, x), Eq(i, j - 1)), (ZERO, True))
    assert isinstance(prove(Claim(opaque, "=", ONE), PLAIN), Open)
    named = Cases((Partial(t, x), Eq(i, j - 1)), (ZERO, True))
    assert isinstance(prove(Claim(named, "=", KroneckerDelta(i, j - 1) * Partial(t, x)), PLAIN), Proof)


def test_vectors_that_differ_in_one_entry_are_not_said_to_be_equal():
    assert verdict(Vector(x, t), "!=", Vector(x + 1, t)).kind is Kind.UNREAD
    assert verdict(Vector(x, 1 - x), "!=", Vector(ZERO, ZERO)).kind is Kind.UNREAD
    assert verdict(Vector(ONE, ONE), "!=", Vector(ONE, ONE, ONE)).kind is Kind.UNREAD
    assert verdict(Vector(x, t), "!=", Vector(x + 1, t + 1)).kind is Kind.PROVED
    assert verdict(Vector([x]), "!=", Vector([x])).kind is Kind.REFUTED
    assert verdict(Vector(x, t), "=", Vector(x + 1, t)).kind is Kind.REFUTED
    assert verdict(Vector(ONE, ONE), "=", Vector(ONE, ONE, ONE)).kind is Kind.REFUTED


LAST_FIRST = PLAIN.define(Definition(a[n], ZERO), Definition(a[i], z[i]))
DIAGONAL_FIRST = PLAIN.define(Definition(w[i, i], ZERO), Definition(w[i, j], z[i]))
BOTH_ENDS = PLAIN.define(Definition(a[i], z[i]), Definition(a[2], ZERO), Definition(a[n], ONE))


@pytest.mark.parametrize(("false", "twin", "context"), [
    ((a[n], "=", z[n]), (a[n], "=", ZERO), LAST_FIRST),
    ((total(a[k]), "=", total(z[k])), (total(a[k]), "=", total(z[k]) - z[n]), LAST_FIRST),
    ((w[k, k], "=", z[k]), (w[k, k], "=", ZERO), DIAGONAL_FIRST),
    ((total(w[k, j]), "=", total(z[k])), (total(w[k, j]), "=", total(z[k]) - z[j]), DIAGONAL_FIRST),
    ((a[2], "=", ZERO), (a[2], "=", KroneckerDelta(n, 2)), BOTH_ENDS),
], ids=["last member", "sum with a last member", "diagonal", "sum over a row", "two that may be one"])
def test_a_special_member_comes_before_the_general_one_in_any_order(false, twin, context):
    assert verdict(*false, context).kind is not Kind.PROVED
    assert verdict(*twin, context).kind is Kind.PROVED


@pytest.mark.parametrize("between", [
    (Definition(t, a[i - 1]), Definition(h[i], t + z[i])),
    (Definition(Call("g", [i]), a[i - 1]), Definition(h[i], Call("g", [i]) + z[i]))], ids=["a scalar", "a function"])
def test_a_recurrence_through_a_scalar_or_a_function(between):
    context = PLAIN.define(Definition(a[i], x * h[i]), *between, Definition(a[0], ZERO))
    assert isinstance(prove(Claim(Partial(a[2], a[1]), "=", ZERO), context), Open)


def test_vectors_that_differ_somewhere():
    different = verdict(Vector([x, t]), "!=", Vector([x + 1, t]))
    assert (different.kind, rendered(different.reason)) == (
        Kind.UNREAD, "vectors differ where one of their entries does: which one that is was not judged")
    assert verdict(Vector([x, t]), "!=", Vector([x + 1, t + 1])).kind is Kind.PROVED
