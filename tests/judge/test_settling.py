"""Assumed equations of indices are substituted without capture, case splits cover both cases, and no more is used than said."""

from __future__ import annotations

import pytest
from sympy import Dummy, Integer, KroneckerDelta, Max, Symbol, exp, log, sqrt

from derive.judge.kernel import Open, Proof, learn, prove
from derive.judge.settling import in_claim, index_equation, settled
from derive.normal.normaliser import Normaliser
from derive.terms.context import Claim, Context, Definition, Fact, HeldFixed, Obligation, OneHot, Range
from derive.terms.origins import Origin
from derive.terms.terms import Partial, bound, family, index, scalar, size, summation
from derive.writing.messages.rendering import rendered

i, j, k, l, m = (index(name) for name in "ijklm")
n, d = size("n"), size("d")
x, u, L = scalar("x"), scalar("u"), scalar("L")
z, a, p, w, y = (family(name) for name in ("z", "a", "p", "w", "y"))
ZERO, ONE, TWO, THREE = Integer(0), Integer(1), Integer(2), Integer(3)
BARE = Context()
SAME = Fact(i, "=", j)


def total(body, variable=k, high=n, low=ONE):
    return summation(body, variable, low, high)


def proved(left, right, context=BARE, relation="=", obligations=()):
    return isinstance(prove(Claim(left, relation, right, tuple(obligations)), context), Proof)


# -- which equations name an index -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fact", "found"),
    [
        (SAME, (i, j)),
        (Fact(i, "=", ONE), (i, ONE)),
        (Fact(ONE, "=", i), (i, ONE)),
        (Fact(n, "=", THREE), (n, THREE)),
        (Fact(THREE, "=", n), (n, THREE)),
        (Fact(n, "=", d), (n, d)),
        (Fact(i, "=", n), (i, n)),
        (Fact(n, "=", i), (i, n)),
        (Fact(i, "!=", j), None),
        (Fact(x, "=", ONE), None),
        (Fact(x, "=", u), None),
        (Fact(i, "=", j + 1), None),
        (Fact(z[i], "=", ONE), None),
        (Fact(i, "=", x), None),
        (Fact(x, "=", i), None),
        (Fact(i, "=", i), None),
        (Fact(i, "=", j, (i,)), (j, i)),
        (Fact(i, "=", j, (i, j)), None),
        (Fact(i, "=", ONE, (i,)), None),
        (Fact(i, "=", Integer(1) / 2), None),
        (OneHot(y, i), None),
        (HeldFixed(x), None),
        (Fact(ONE, "=", TWO), None),
    ],
)
def test_an_equation_of_indices_is_a_substitution(fact, found):
    assert index_equation(fact) == found


def test_it_is_substituted_everywhere():
    part = total(z[k], high=i)
    context = (
        BARE.with_range(k, Range(i, n))
        .define(Definition(L, z[i] + part))
        .assume(SAME, Fact(p[i], ">", z[i]), OneHot(y, i), OneHot(w), HeldFixed(x), Fact(z[i], "=", z[k], (i,)))
    )
    claim = Claim(z[i], "=", z[j] + u, (Obligation(z[i], "!="),))
    after, around = settled(claim, context)
    assert after == Claim(z[j], "=", z[j] + u, (Obligation(z[j], "!="),))
    assert dict(around.ranges)[k] == Range(j, n)
    assert around.definitions == (Definition(L, z[j] + part.xreplace({i: j})),)
    place = OneHot(w).place
    assert around.assumptions == (
        Fact(p[j], ">", z[j]),
        OneHot(y, j),
        OneHot(w, place, origin=Origin.UNNAMED),
        HeldFixed(x),
        Fact(z[i], "=", z[k], (i,)),
    )


def test_a_size_is_substituted_everywhere():
    left, given = total(z[k]), total(p[k])
    context = BARE.with_range(k, Range(ONE, n)).assume(Fact(n, "=", THREE), Fact(given, "=", ONE))
    after, around = settled(Claim(left, "=", n * x), context)
    assert (after.left, after.right) == (left.xreplace({n: THREE}), 3 * x)
    assert around.size == 3
    assert dict(around.ranges)[k] == Range(ONE, THREE)
    assert around.assumptions == (Fact(given.xreplace({n: THREE}), "=", ONE),)


def test_several_equations_are_substituted_one_after_the_other():
    context = BARE.assume(Fact(i, "=", j), Fact(j, "=", k), Fact(k, "=", TWO))
    after, around = settled(Claim(z[i] + z[j] + z[k], "=", u), context)
    assert (after.left, around.assumptions) == (3 * z[2], ())
    letters = [index(f"i_{count}") for count in range(11)]
    chain = BARE.assume(*(Fact(one, "=", other) for one, other in zip(letters, letters[1:], strict=False)))
    left, rest = settled(Claim(z[letters[0]], "=", u), chain)
    assert left.left == z[letters[8]]
    assert len(rest.assumptions) == 2


def test_what_a_hypothesis_says_of_all_values_is_not_captured():
    row = total(w[j, k])
    rows = Fact(row, "=", z[j], (j,))
    _, around = settled(Claim(x, "=", x), BARE.with_range(j, Range(ONE, d)).assume(rows, Fact(i, "=", j)))
    (renamed,) = around.assumptions
    (own,) = renamed.forall
    assert own != j
    assert isinstance(own, Dummy)
    assert own.is_integer
    assert own.name == "j"
    assert (renamed.left, renamed.right) == (row.xreplace({j: own}), z[own])
    assert around.range_of(own) == Range(ONE, d)
    two = Fact(w[j, k] + w[k, l], "=", ONE, (k, j))
    _, around = settled(Claim(x, "=", x), BARE.assume(two, Fact(i, "=", j), Fact(u, "=", x)))
    assert around.assumptions[0].forall[0] == k
    assert around.assumptions[0].left == w[around.assumptions[0].forall[1], k] + w[k, l]
    assert around.assumptions[1] == Fact(u, "=", x)


def test_a_definitions_own_parameters_are_not_free():
    own = Definition(a[i], z[i] * z[j])
    _, around = settled(Claim(x, "=", x), BARE.define(own).assume(Fact(i, "=", TWO)))
    assert around.definitions == (own,)
    free = Definition(a[k], z[k] * z[i])
    _, around = settled(Claim(x, "=", x), BARE.define(free).assume(Fact(i, "=", k)))
    (found,) = around.definitions
    (parameter,) = found.head.indices
    assert parameter != k
    assert (parameter.name, parameter.is_integer) == ("k", True)
    assert found.body == z[parameter] * z[k]
    sized = Definition(a[n], z[i] * n)
    _, around = settled(Claim(x, "=", x), BARE.define(sized).assume(Fact(i, "=", n)))
    assert around.definitions == (Definition(a[n], z[n] * n),)


def test_a_claim_with_indices_replaced():
    claim = Claim(z[i], "=", p[i], (Obligation(z[i], ">", ((bound("k"), ONE, n),)), Obligation(p[j], "!=")))
    after = in_claim(claim, {i: TWO})
    assert (after.left, after.right) == (z[2], p[2])
    assert [o.term for o in after.obligations] == [z[2], p[j]]
    assert [o.relation for o in after.obligations] == [">", "!="]


def test_a_place_without_a_name_gets_one_in_the_range_of_its_family():
    context = BARE.with_shape("y", [Range(ONE, d)]).assume(OneHot(y), OneHot(w), OneHot(p, i))
    _, around = settled(Claim(x, "=", x), context)
    assert around.range_of(OneHot(y).place) == Range(ONE, d)
    assert around.range_of(OneHot(w).place) == Range(ONE, n)
    assert [hot.at for hot in around.assumptions] == [OneHot(y).place, OneHot(w).place, i]
    assert around.assumptions[2] == OneHot(p, i)
    used = prove(Claim(total(y[k] ** 2), "=", ONE), BARE.assume(OneHot(y), OneHot(p, i)))
    assert used.used == (OneHot(y),)
    named = prove(Claim(total(p[k] ** 2), "=", ONE), BARE.assume(OneHot(y), OneHot(p, i, text="p one-hot")))
    assert named.used == (OneHot(p, i, text="p one-hot"),)


PAIRS = [
    ("i = j", BARE.assume(SAME), (z[i], z[j]), (z[i], z[k])),
    ("i = 1", BARE.assume(Fact(i, "=", ONE)), (z[i], z[1]), (z[i], z[2])),
    ("n = 2", BARE.assume(Fact(n, "=", TWO)), (total(z[k]), z[1] + z[2]), (total(z[k]), z[1] + z[3])),
    ("a hypothesis at i", BARE.assume(SAME, Fact(z[i], "=", ONE)), (z[j], ONE), (z[k], ONE)),
    (
        "a hypothesis for all i",
        BARE.assume(SAME, Fact(total(w[i, k]), "=", ONE, (i,))),
        (total(w[m, k]), ONE),
        (total(w[k, m]), ONE),
    ),
    ("one-hot at i", BARE.assume(SAME, OneHot(y, i)), (y[j], ONE), (y[k], ONE)),
    ("one-hot somewhere", BARE.assume(OneHot(y)), (total(y[k]), ONE), (y[i], ONE)),
    (
        "a definition with a free index",
        BARE.define(Definition(a[k], z[k] * z[i])).assume(Fact(i, "=", k)),
        (a[m], z[m] * z[k]),
        (a[m], z[m] ** 2),
    ),
    (
        "both cases of i and j",
        BARE,
        (w[i, j] * KroneckerDelta(i, j), w[i, i] * KroneckerDelta(i, j)),
        (w[i, j] * KroneckerDelta(i, j), w[i, j]),
    ),
    (
        "both cases in a sum",
        BARE,
        (total(z[k] * KroneckerDelta(i, k) * KroneckerDelta(j, k)), z[i] * KroneckerDelta(i, j)),
        (total(z[k] * KroneckerDelta(i, k) * KroneckerDelta(j, k)), z[i]),
    ),
    (
        "in an exponent",
        BARE,
        (exp(x * KroneckerDelta(i, j)), 1 + KroneckerDelta(i, j) * (exp(x) - 1)),
        (exp(x * KroneckerDelta(i, j)), KroneckerDelta(i, j) * exp(x)),
    ),
    (
        "in a logarithm",
        BARE,
        (log(1 + KroneckerDelta(i, j)), KroneckerDelta(i, j) * log(2)),
        (log(1 + KroneckerDelta(i, j)), KroneckerDelta(i, j)),
    ),
    (
        "in a denominator",
        BARE,
        (1 / (1 + KroneckerDelta(i, j)), 1 - KroneckerDelta(i, j) / 2),
        (1 / (1 + KroneckerDelta(i, j)), 1 - KroneckerDelta(i, j)),
    ),
    (
        "two pairs",
        BARE,
        (
            exp(x * KroneckerDelta(i, j) + u * KroneckerDelta(k, l)),
            (1 + KroneckerDelta(i, j) * (exp(x) - 1)) * (1 + KroneckerDelta(k, l) * (exp(u) - 1)),
        ),
        (
            exp(x * KroneckerDelta(i, j) + u * KroneckerDelta(k, l)),
            1 + KroneckerDelta(i, j) * (exp(x) - 1) + KroneckerDelta(k, l) * (exp(u) - 1),
        ),
    ),
]


@pytest.mark.parametrize(("name", "context", "true", "false"), PAIRS, ids=[row[0] for row in PAIRS])
def test_the_equation_is_proved_and_its_neighbour_is_not(name, context, true, false):
    assert proved(*true, context)
    assert not proved(*false, context)


# -- case splits ---------------------------------------------------------------------------------------------------


def test_a_case_split_is_named_and_leaves_no_trace_among_the_hypotheses():
    claim = Claim(exp(x * KroneckerDelta(i, j)), "=", 1 + KroneckerDelta(i, j) * (exp(x) - 1))
    found = prove(claim, BARE.assume(Fact(x, ">", ZERO)))
    assert (found.rules, found.used, found.assumptions) == (("normal form", "case split"), (), (Fact(x, ">", ZERO),))
    assert isinstance(prove(claim, BARE, 0), Open)
    assert isinstance(prove(claim, BARE, 1), Proof)
    two = PAIRS[-1][2]
    assert isinstance(prove(Claim(two[0], "=", two[1]), BARE, 1), Open)
    assert isinstance(prove(Claim(two[0], "=", two[1]), BARE, 2), Proof)


def test_what_either_case_uses_is_used():
    positive, same = Fact(x, ">", ZERO), Fact(u, ">", ZERO)
    left = sqrt(x**2) * (1 - KroneckerDelta(i, j)) / (1 + KroneckerDelta(i, j)) + sqrt(u**2) * KroneckerDelta(i, j)
    right = x * (1 - KroneckerDelta(i, j)) + u * KroneckerDelta(i, j)
    found = prove(Claim(left, "=", right), BARE.assume(positive, same))
    assert set(found.used) == {positive, same}
    for fact in (positive, same):
        assert isinstance(prove(Claim(left, "=", right), BARE.assume(fact)), Open)


def test_a_relation_is_proved_in_each_case():
    delta = KroneckerDelta(i, j)
    assert proved(1 / (1 + delta), ZERO, BARE, ">")
    assert prove(Claim(2 - delta, ">", ZERO), BARE).rules == ("sign", "case split")
    assert not proved(1 - delta, ZERO, BARE, ">")
    assert proved(1 - delta, ZERO, BARE, ">=")


# -- what may be used of obligations -------------------------------------------------------------------------------


def test_an_obligation_teaches_its_sign_and_is_not_named_as_a_hypothesis():
    for relation, holds in ((">", True), (">=", True), ("!=", False)):
        found = prove(Claim(sqrt(x**2), "=", x, (Obligation(x, relation),)), BARE)
        assert isinstance(found, Proof) is holds
        if holds:
            assert found.used == ()
    assert not proved(sqrt(x**2), -x, obligations=[Obligation(x, ">")])
    stated = Fact(x, ">", ZERO)
    assert prove(Claim(sqrt(x**2), "=", x), BARE.assume(stated)).used == (stated,)


def test_an_obligation_without_a_normal_form_teaches_nothing_and_the_next_does():
    normaliser = Normaliser(BARE)
    learn(normaliser, (Obligation(Max(x, 1), ">"), Obligation(u, "!="), Obligation(u, ">")))
    (known,) = [fact for fact in normaliser.knowledge.positive.values()][:1]
    assert (known.left, known.relation, known.origin) == (u, ">", Origin.OBLIGATION)
    assert normaliser.knowledge.sign(normaliser(u)) == "+"


def test_an_obligation_under_a_sum_holds_for_all_of_its_range():
    inner = bound("k")
    whole, part = (Obligation(p[inner], ">", ((inner, ONE, high),)) for high in (n, d))
    claim = (total(log(p[k])) + sqrt(p[i] ** 2), total(log(p[k])) + p[i])
    assert proved(*claim, obligations=[whole])
    assert not proved(*claim, obligations=[part])
    assert not proved(*claim, obligations=[Obligation(p[inner], ">", ((inner, TWO, n),))])
    assert not proved(*claim, obligations=[Obligation(p[inner], ">")])


# -- what is not proved says why ---------------------------------------------------------------------------------------


def test_an_open_claim_says_why():
    apart = prove(Claim(x, "=", u), BARE)
    assert rendered(apart.reason) == "the two sides have different normal forms"
    assert apart.residue == apart.normaliser(x - u)
    nested = prove(Claim(1 / (1 + x), "=", u), BARE)
    assert nested.residue == nested.normaliser(1 - u - x * u)
    outside = prove(Claim(Max(x, 1), "=", u), BARE)
    assert (outside.residue, outside.normaliser, rendered(outside.reason)) == (None, None, "Max has no normal form")
    assert rendered(prove(Claim(log(Integer(-2), evaluate=False), "=", u), BARE).reason) == "the logarithm of -2"
    with pytest.raises(ValueError, match="a relation was expected"):
        prove(Claim(x, "==", x), BARE)


def test_short_sums_are_written_out_only_where_that_is_needed():
    assert proved(total(z[k], high=THREE), z[1] + z[2] + z[3])
    assert proved(total(z[k], high=Integer(24)), sum(z[count] for count in range(1, 25)))
    assert not proved(total(z[k], high=Integer(25)), sum(z[count] for count in range(1, 26)))
    assert prove(Claim(total(z[k], high=THREE), "=", u), BARE).residue is not None


def test_the_letters_of_a_bound_index_are_not_split():
    assert Origin.CASE is not Origin.OBLIGATION
    claim = Claim(total(z[k] * KroneckerDelta(k, l), k) * Symbol("x", real=True), "=", x * z[l])
    assert isinstance(prove(claim, BARE), Proof)
    assert not proved(total(exp(KroneckerDelta(k, i) * z[k])), total(exp(z[k])))
    assert proved(Partial(total(exp(z[k])), z[i]), exp(z[i]))
