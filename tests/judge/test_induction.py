"""Sums that end at a size are proved by induction, and none of the ways in which an induction goes wrong is open."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Abs, Integer, KroneckerDelta, Max, Ne, Pow, Rational, Sum, Symbol, exp, log, tan

from derive.judge.decide import decide
from derive.judge.induction import inductions
from derive.judge.kernel import Open, Proof, by_induction
from derive.judge.verdict import Kind
from derive.terms.binding import Product, product
from derive.terms.context import Claim, Context, Definition, Fact, Obligation, OneHot, Range
from derive.terms.reasons import Why, because
from derive.terms.terms import Call, Cases, Partial, family, index, scalar, size, summation

i, j, k = (index(name) for name in "ijk")
n, d, N = size("n"), size("d"), size("N")
r, u, v, L = scalar("r"), scalar("u"), scalar("v"), scalar("L")
x, a, y, z = (family(name) for name in "xayz")
BARE = Context()
APART = (Obligation(1 - r, "!="),)
TWO_OR_MORE = Fact(n, ">=", Integer(2))


def total(body, low=1, high=n, variable=k):
    return summation(body, variable, Integer(low) if isinstance(low, int) else low, high)


def parts(left, right, context=BARE, relation="=", obligations=()):
    return [(one.base, one.step) for one in inductions(Claim(left, relation, right, tuple(obligations)), context)]


POWERS = total(Pow(2, k))
"""2 + 4 + … + 2^n, which is 2^{n+1} − 2."""

TRUE = {
    "geometric": (total(r**k, 0), (1 - r ** (n + 1)) / (1 - r)),
    "geometric to n - 1": (total(r**k, 0, n - 1), (1 - r**n) / (1 - r)),
    "weighted geometric": (total(k * r**k), r * (1 - (n + 1) * r**n + n * r ** (n + 1)) / (1 - r) ** 2),
    "powers of two": (total(Pow(2, k), 0), Pow(2, n + 1) - 1),
    "telescoping": (total(1 / (k * (k + 1))), n / (n + 1)),
    "telescoping from 2": (total(1 / (k * (k - 1)), 2), 1 - 1 / n),
    "telescoping in a term": (3 * total(1 / (k * (k - 1)), 2) + 3 / n, Integer(3)),
    "telescoping by two": (total(1 / (k * (k + 2))), Rational(3, 4) - (2 * n + 3) / (2 * (n + 1) * (n + 2))),
    "differences of a family": (total(x[k + 1] - x[k]), x[n + 1] - x[1]),
    "logarithms": (total(log(k + 1) - log(k)), log(n + 1)),
    "triangle": (total(total(x[j], 1, i, j), 1, n, i), total((n - j + 1) * x[j], 1, n, j)),
    "other triangle": (total(total(x[j], i, n, j), 1, n, i), total(j * x[j], 1, n, j)),
    "to 2n": (total(Pow(2, k), 1, 2 * n), Pow(2, 2 * n + 1) - 2),
    "high power": (
        total(k**8),
        n * (n + 1) * (2 * n + 1) * (5 * n**6 + 15 * n**5 + 5 * n**4 - 15 * n**3 - n**2 + 9 * n - 3) / 90,
    ),
}
FALSE = {
    "geometric": (total(r**k, 0), (1 - r**n) / (1 - r)),
    "geometric to n - 1": (total(r**k, 0, n - 1), (1 - r ** (n + 1)) / (1 - r)),
    "weighted geometric": (total(k * r**k), r * (1 - n * r**n + n * r ** (n + 1)) / (1 - r) ** 2),
    "powers of two": (total(Pow(2, k), 0), Pow(2, n + 1) - 2),
    "telescoping": (total(1 / (k * (k + 1))), (n + 1) / (n + 2)),
    "telescoping from 2": (total(1 / (k * (k - 1)), 2), 1 - 1 / (n + 1)),
    "telescoping in a term": (3 * total(1 / (k * (k - 1)), 2) + 3 / (n + 1), Integer(3)),
    "telescoping by two": (total(1 / (k * (k + 2))), Rational(3, 4) - 1 / (n + 1)),
    "differences of a family": (total(x[k + 1] - x[k]), x[n] - x[1]),
    "logarithms": (total(log(k + 1) - log(k)), log(n)),
    "triangle": (total(total(x[j], 1, i, j), 1, n, i), total((n - j) * x[j], 1, n, j)),
    "other triangle": (total(total(x[j], i, n, j), 1, n, i), total((j + 1) * x[j], 1, n, j)),
    "to 2n": (total(Pow(2, k), 1, 2 * n), Pow(2, n + 1) - 2),
    "high power": (total(k**8), n * (n + 1) * (2 * n + 1) / 6),
}


@pytest.mark.parametrize("name", TRUE)
def test_a_closed_form_is_proved_by_induction(name):
    left, right = TRUE[name]
    verdict = decide(Claim(left, "=", right, APART), BARE)
    assert (verdict.kind, verdict.rules[-1]) == (Kind.PROVED, "induction")


@pytest.mark.parametrize("name", FALSE)
def test_a_false_closed_form_is_refuted_at_a_small_size(name):
    left, right = FALSE[name]
    assert isinstance(by_induction(Claim(left, "=", right, APART), BARE), Open)
    verdict = decide(Claim(left, "=", right, APART), BARE)
    assert (verdict.kind, verdict.proof) == (Kind.REFUTED, None)


@pytest.mark.parametrize(("value", "kind"), [(3, Kind.PROVED), (4, Kind.REFUTED)])
def test_the_power_0_in_a_sum_that_is_written_out_is_1(value, kind):
    assert decide(Claim(total(Pow(2, k), 0, Integer(1)), "=", Integer(value)), BARE).kind is kind


# -- what an induction must not do -------------------------------------------------------------------------------


def test_definitions_are_unfolded_before_the_size_is_moved():
    context = BARE.define(Definition(u, n))
    ((_, (step, _)),) = parts(POWERS, u + 1, context)
    assert step.right == 1
    assert isinstance(by_induction(Claim(POWERS, "=", u + 1, ()), context), Open)
    named = BARE.define(Definition(N, n))
    assert parts(total(Pow(2, k), 1, N), POWERS, named) == []
    assert len(parts(total(Pow(2, k), 1, N), POWERS)) == 2


def test_a_sum_that_ends_at_an_equal_size_proves_nothing_about_others():
    assert isinstance(by_induction(Claim(total(Pow(2, k), 1, N), "=", POWERS), BARE), Open)


@pytest.mark.parametrize(
    "fact",
    [
        Fact(x[k], ">", Integer(0), (k,)),
        Fact(x[1], "=", n),
        Fact(u, "=", Integer(3)),
        Fact(x[N], "=", Integer(3)),
        Fact(n, "<=", Integer(5)),
        Fact(n, "!=", Integer(5)),
        Fact(n, ">=", d),
        OneHot(y, Integer(1)),
    ],
)
def test_hypotheses_that_mention_the_size_are_dropped(fact):
    context = BARE.define(Definition(u, total(x[k])), Definition(N, n)).assume(fact)
    for (_, first), (_, second) in parts(POWERS, Pow(2, n + 1) - 2, context):
        assert first.assumptions == second.assumptions == ()
    assert parts(POWERS, Pow(2, n + 1) - 2, context)


@pytest.mark.parametrize("fact", [Fact(x[1], ">", Integer(0)), Fact(r, "!=", Integer(1)), Fact(y[k], ">", Integer(0), (k,))])
def test_other_hypotheses_are_kept(fact):
    context = BARE.with_range(k, Range(Integer(1), d)).assume(fact)
    (((base, first), (step, second)),) = parts(POWERS, Pow(2, n + 1) - 2, context)
    assert first.assumptions == second.assumptions == (fact,)


def test_a_hypothesis_on_members_up_to_the_size_is_not_used_at_the_next():
    """x_k = 2 for all k ≤ n says nothing of x_{n+1}."""
    context = BARE.with_range(k, Range(Integer(1), n)).assume(Fact(x[k], "=", Integer(2), (k,)))
    assert isinstance(by_induction(Claim(total(x[k] * Pow(2, k)), "=", 2 * POWERS), context), Open)


@pytest.mark.parametrize(
    ("fact", "least"),
    [(TWO_OR_MORE, 2), (Fact(n, ">", Integer(2)), 3), (Fact(Integer(4), "<=", n), 4), (Fact(n, ">=", Integer(-3)), 1)],
)
def test_the_least_value_that_a_hypothesis_gives_is_the_first(fact, least):
    (((base, first), _),) = parts(POWERS, Pow(2, n + 1) - 2, BARE.assume(fact))
    assert base.right == Pow(2, least + 1) - 2
    assert first.assumptions == (fact,)


def test_what_holds_from_2_on_is_proved_only_there():
    claim = Claim(total(k**8, 3), "=", TRUE["high power"][1] - 257)
    assert isinstance(by_induction(claim, BARE), Open)
    assert decide(claim, BARE).kind is not Kind.PROVED
    assert isinstance(by_induction(claim, BARE.assume(TWO_OR_MORE)), Proof)
    assert decide(claim, BARE.assume(TWO_OR_MORE)).kind is Kind.PROVED


def test_the_proof_says_what_it_was_given_and_what_it_used():
    claim = Claim(total(k**8, 3), "=", TRUE["high power"][1] - 257)
    proof = by_induction(claim, BARE.assume(TWO_OR_MORE, Fact(r, "!=", Integer(1))))
    assert isinstance(proof, Proof)
    assert proof.assumptions == (TWO_OR_MORE, Fact(r, "!=", Integer(1)))
    assert proof.used == (TWO_OR_MORE,)
    assert proof.rules[-1] == "induction"


def test_it_is_said_why_there_is_no_induction():
    other = by_induction(Claim(POWERS, "=", u), BARE)
    assert isinstance(other, Open)
    assert other.reason == because(Why.DIFFERENT_FORMS)
    circular = BARE.define(Definition(u, v + 1), Definition(v, u))
    none = by_induction(Claim(POWERS, "=", u), circular)
    assert isinstance(none, Open)
    assert none.reason.why is Why.NO_FORM
    assert isinstance(by_induction(Claim(POWERS, "=", Pow(2, n + 1) - 2), circular), Proof)


def test_no_term_is_split_off_where_the_range_may_have_a_negative_length():
    """2^{n+1} − 4 is 0 at n = 1 and gains 2^{n+1}; but the sum from 3 on gains nothing at n = 2."""
    claim = Claim(total(Pow(2, k), 3), "=", Pow(2, n + 1) - 4)
    assert isinstance(by_induction(claim, BARE), Open)
    assert decide(claim, BARE).kind is Kind.REFUTED


@pytest.mark.parametrize("relation", ["<", ">=", "!="])
def test_only_equations_are_proved(relation):
    assert parts(POWERS, Pow(2, n + 1) - 2, relation=relation) == []


def test_a_free_index_that_runs_up_to_the_size_is_no_constant():
    def left(span):
        return parts(total(Pow(2, k)) + x[i], Pow(2, n + 1) - 2 + x[i], BARE.with_range(i, span))

    assert left(Range(Integer(1), n)) == left(Range(n, d)) == []
    assert len(left(Range(Integer(1), d))) == 1


@pytest.mark.parametrize(
    "context",
    [
        BARE.define(Definition(a[1], n)),
        Context(recurrent=(Definition(a[k], a[k - 1] + 1 / n),)),
    ],
)
def test_members_that_may_depend_on_the_size_unseen_are_left(context):
    assert parts(POWERS + a[j], Pow(2, n + 1) - 2 + a[j], context.with_range(j, Range(Integer(1), d))) == []
    assert len(parts(POWERS + x[j], Pow(2, n + 1) - 2 + x[j], context.with_range(j, Range(Integer(1), d)))) == 1


def test_an_unknown_derivative_may_depend_on_the_size():
    assert parts(POWERS + Partial(L, z[1]), Pow(2, n + 1) - 2 + Partial(L, z[1])) == []


def test_an_index_that_is_bound_twice_is_left():
    inner = total(x[k], 1, d)
    ((outer, low, high),) = inner.limits
    twice = type(inner)(inner * Pow(2, outer), (outer, Integer(1), n))
    assert parts(twice, POWERS) == []
    assert len(parts(total(inner * Pow(2, i), 1, n, i), POWERS)) == 2


@pytest.mark.parametrize(
    ("extra", "allowed"),
    [
        (1 / (n - 5), False),
        (1 / (n + 5), True),
        (r ** (3 - n), False),
        (r ** (n - 1), True),
        (Pow(2, 3 - n), True),
        (r**u, True),
        (exp(n) ** u, True),
        ((n - 5) ** 2, True),
        ((n - 5) ** Rational(1, 2), False),
        (n ** Rational(1, 2), True),
        (r ** (n * u), False),
        (log(n - 5), False),
        (log(n), True),
        (log(r), True),
        (tan(n), False),
        (tan(r), True),
        (Abs(n - 5), True),
        (Max(n, r), False),
        (Call("f", [n - 5]), True),
        (total(x[k], n, 2 * n), False),
        (total(x[k], 1, 5 - n), False),
        (total(x[k], 1, n**2), False),
        (total(x[k], 1, d), True),
        (total(1 / (n - k + 1)), True),
        (total(1 / (n - k)), False),
        (Cases((r, Ne(i, n)), (Integer(0), True)), False),
        (Cases((n * r, Ne(i, d)), (Integer(0), True)), True),
        (Cases((1 / (n - 5), Ne(i, d)), (Integer(0), True)), False),
        (KroneckerDelta(n, 5), True),
        (x[n], True),
    ],
)
def test_a_side_has_a_value_at_a_size_if_it_has_one_at_the_next(extra, allowed):
    context = BARE.with_range(i, Range(Integer(1), d))
    assert bool(parts(POWERS + extra, Pow(2, n + 1) - 2, context)) is allowed
    assert bool(parts(POWERS, Pow(2, n + 1) - 2 + extra, context)) is allowed


@pytest.mark.parametrize(
    ("obligation", "kept"),
    [
        (Obligation(1 - r, "!="), True),
        (Obligation(n - 5, "!="), False),
        (Obligation(u, ">"), False),
        (Obligation(x[k], "!=", ((k, Integer(1), n),)), False),
        (Obligation(x[k], "!=", ((k, Integer(1), d),)), True),
    ],
)
def test_what_a_side_relies_on_is_used_where_it_does_not_mention_the_size(obligation, kept):
    context = BARE.define(Definition(u, 1 / n))
    for (base, _), (step, _) in parts(POWERS, Pow(2, n + 1) - 2, context, obligations=[obligation]):
        assert base.obligations == step.obligations == ((obligation,) if kept else ())


def test_a_proof_by_induction_says_what_it_rests_on():
    claim = Claim(total(k**8, 3), "=", TRUE["high power"][1] - 257)
    found = by_induction(claim, BARE.assume(TWO_OR_MORE, Fact(u, ">", Integer(0))))
    assert (found.claim, found.used, found.rules) == (claim, (TWO_OR_MORE,), ("normal form", "induction"))


@pytest.mark.parametrize(
    ("term", "bound", "used"),
    [
        (total(k), TWO_OR_MORE, True),
        (total(k, 1, n - 2), TWO_OR_MORE, True),
        (total(k), Fact(n, ">=", Integer(1)), False),
        (1 / (n + Abs(u)) + total(k), Fact(u, "!=", Integer(0)), False),
        (1 / (n + u) + total(k), Fact(u, ">", Integer(0)), True),
    ],
)
def test_an_induction_rests_on_what_makes_its_two_parts_enough(term, bound, used):
    """The least size, the length of a range, and the sign of what is divided by."""
    (found,) = inductions(Claim(term, "=", Integer(1)), BARE.assume(bound))
    assert (bound in found.rests_on) is used


def test_what_cannot_be_unfolded_has_no_proof():
    context = BARE.define(Definition(u, u + 1))
    assert isinstance(by_induction(Claim(POWERS, "=", u), context), Open)


def test_a_symbol_of_another_kind_is_no_size():
    m = Symbol("m", integer=True)
    assert parts(total(Pow(2, k), 1, m), Pow(2, m + 1) - 2) == []


def test_a_size_that_does_not_serve_leaves_the_next_one():
    spans = replace(BARE, ranges=((i, Range(Integer(1), d)),))
    both = total(x[k], 1, d)
    grown = total(k) * y[i] + both, n * (n + 1) / 2 * y[i] + both
    assert [base.right.has(n) for (base, _), _ in parts(*grown, context=spans)] == [False]
    divided = total(k) + both / (d - 5), n * (n + 1) / 2 + both / (d - 5)
    assert [base.right.has(n) for (base, _), _ in parts(*divided)] == [False]


def test_a_term_is_split_off_where_the_range_has_a_length():
    left, right = total(k, 1, n - 2), (n - 2) * (n - 1) / 2
    ((_, (step, _)),) = parts(left, right, BARE.assume(TWO_OR_MORE))
    assert step.left == n - 1
    (((base, _), _),) = parts(left, right, BARE.assume(Fact(Integer(3), "<", n)))
    assert base.right == 3
    ((_, (step, _)),) = parts(left, right)
    assert step.left.atoms(Sum)


@pytest.mark.parametrize(
    ("inner", "gained"), [(total(x[j], 1, n - i, j), x[n - i + 1]), (total(x[j], 1, n + i - 2, j), x[n + i - 1])]
)
def test_a_range_within_a_range_grows_too(inner, gained):
    ((_, (step, _)),) = parts(total(inner, 1, n, i), Integer(0))
    after = inner.xreplace({n: n + 1}).xreplace({i: n + 1})
    assert str(step.left) == str(total(gained, 1, n, i) + after)


def test_what_is_divided_by_has_no_zero_within_the_range():
    assert parts(total(1 / (n + k - 1)), Integer(1))
    assert not parts(total(1 / (n + k - 1), 0), Integer(1))
    assert parts(total(1 / (n - k + 1)), Integer(1))
    assert not parts(total(1 / (n - k)), Integer(1))


def test_a_power_has_a_value_where_its_base_is_positive_or_its_exponent_whole():
    assert parts(total(k) + Pow(-2, n), Integer(1))
    assert not parts(total(k) + Pow(-2, n / 2), Integer(1))
    assert parts(total(k) + Pow(2, n / 2), Integer(1))


def test_an_end_may_grow_by_three():
    assert parts(total(k, 1, 3 * n), Integer(1))
    assert not parts(total(k, 1, 4 * n), Integer(1))


def test_the_ends_of_products_grow_with_the_size():
    def times(body, low=1, high=n):
        return product(body, k, Integer(low), high)

    rising = times((k + 1) / k)
    assert decide(Claim(rising, "=", n + 1), BARE).kind is Kind.PROVED
    assert decide(Claim(rising, "=", n), BARE).kind is Kind.REFUTED
    steps = [step for _, (step, _) in parts(rising, n + 1)]
    assert any(not step.left.atoms(Product) and not step.right.atoms(Product) for step in steps)
    for odd in (times(k + n), product(k, k, n, 2 * n), times(k, 1, n - 3), times(k, 1, 4 * n)):
        found = [step for _, (step, _) in parts(odd, n + 1)]
        assert all(step.left.atoms(Product) for step in found)
    assert not parts(times(k, 1, 4 * n), n + 1)
    assert not parts(product(k, k, n, 2 * n), n + 1)
