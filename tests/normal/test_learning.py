"""What is learned from hypotheses: signs, least sizes, values of atoms, one-hot families."""

from __future__ import annotations

import pytest
from sympy import (
    Integer,
    exp,
)

from derive.normal.algebra.knowledge import Hot
from derive.normal.clearing import cleared
from derive.normal.normaliser import Normaliser, _solved_for
from derive.terms.context import Context, Fact, HeldFixed, OneHot, Range
from derive.terms.terms import family, index, scalar, size, summation

i, j, k, l = (index(name) for name in "ijkl")
n, d = size("n"), size("d")
x, u, v = (scalar(name) for name in ("x", "u", "v"))
z, p, w, y = (family(name) for name in ("z", "p", "w", "y"))
ZERO, ONE, TWO = Integer(0), Integer(1), Integer(2)
BARE = Context()


def total(body, low=1, high=n, variable=k):
    return summation(body, variable, Integer(low), high)


def equal(left, right, context=BARE):
    normal = Normaliser(context)
    return normal.is_zero(normal(left) - normal(right))


def knowing(*assumptions, context=BARE):
    return Normaliser(context.assume(*assumptions))


def test_a_difference_is_learned():
    fact = Fact(i, "!=", j)
    assert knowing(fact).knowledge.distinct == {frozenset((i, j)): fact}
    assert knowing(HeldFixed(x)).knowledge.distinct == {}


@pytest.mark.parametrize(
    ("relation", "left", "right", "least"),
    [
        (">=", n, ONE, 1),
        (">=", n, Integer(3), 3),
        (">", n, TWO, 3),
        ("<=", Integer(3), n, 3),
        ("<", TWO, n, 3),
        (">=", n, Integer(-2), 1),
        (">", n, ZERO, 1),
        ("<=", n, Integer(3), None),
        ("<", n, Integer(3), None),
        (">=", n, d, None),
        (">=", i, Integer(2), None),
        (">=", x, Integer(2), None),
    ],
)
def test_the_least_size(relation, left, right, least):
    fact = Fact(left, relation, right)
    known = knowing(fact).knowledge
    assert known.minimum == ({} if least is None else {n: (least, fact)})


@pytest.mark.parametrize(
    ("fact", "term", "sign"),
    [
        (Fact(x, ">", ZERO), x, "+"),
        (Fact(x, ">=", ZERO), x, "0+"),
        (Fact(x, "<", ZERO), -x, "+"),
        (Fact(x, "<", ZERO), x, None),
        (Fact(ZERO, "<", x), x, "+"),
        (Fact(ZERO, "<=", x), x, "0+"),
        (Fact(x, ">", u), x - u, "+"),
        (Fact(x, ">", u), u - x, None),
        (Fact(x, ">=", u), x - u, "0+"),
        (Fact(x, "<", u), u - x, "+"),
        (Fact(x, ">", u), x, None),
        (Fact(2 * x, ">", ZERO), x, "+"),
        (Fact(-2 * x, ">", ZERO), x, None),
        (Fact(x**3, ">", ZERO), x, "+"),
        (Fact(x**2, ">", ZERO), x, None),
        (Fact(1 / x, ">", ZERO), x, "+"),
        (Fact(x * u**2, ">", ZERO), x, None),
        (Fact(x * exp(u), ">", ZERO), x, "+"),
        (Fact(x * u, ">", ZERO), x, None),
        (Fact(x, ">", ONE), x, None),
        (Fact(x, ">", ONE), x - 1, "+"),
        (Fact(x * u, ">", ZERO), x * u, "+"),
        (Fact(3 * x * exp(u), ">=", ZERO), x, "0+"),
    ],
)
def test_a_sign_is_learned(fact, term, sign):
    normal = knowing(fact)
    assert normal.knowledge.sign(normal(term)) == sign


@pytest.mark.parametrize(
    ("fact", "context", "spans"),
    [
        (Fact(p[k], ">", ZERO, (k,)), BARE, (Range(ONE, n),)),
        (Fact(p[k], ">", ZERO), BARE, None),
        (Fact(p[1], ">", ZERO, (k,)), BARE, None),
        (Fact(p[k + 1], ">", ZERO, (k,)), BARE, None),
        (Fact(p[k], ">", ZERO, (k,)), BARE.with_range(k, Range(TWO, d)), (Range(TWO, d),)),
        (Fact(w[k, l], ">", ZERO, (k, l)), BARE, (Range(ONE, n), Range(ONE, n))),
        (Fact(w[k, k], ">", ZERO, (k,)), BARE, None),
        (Fact(w[k, l], ">", ZERO, (k,)), BARE, None),
        (Fact(2 * p[k], ">", ZERO, (k,)), BARE, (Range(ONE, n),)),
        (Fact(p[k] ** 2, ">", ZERO, (k,)), BARE, None),
        (Fact(-p[k], ">", ZERO, (k,)), BARE, None),
        (Fact(p[k], ">", ONE, (k,)), BARE, None),
    ],
)
def test_a_sign_of_all_members_is_learned(fact, context, spans):
    known = knowing(fact, context=context).knowledge
    found = [one for signed in known.families.values() for one in signed]
    assert [(one.spans, one.strict, one.assumption) for one in found] == ([] if spans is None else [(spans, True, fact)])
    assert list(known.families) == ([] if spans is None else [str(next(iter(fact.left.atoms(type(p[1])))).base.label)])
    weak = knowing(Fact(fact.left, ">=", fact.right, fact.forall), context=context).knowledge
    assert [one.strict for signed in weak.families.values() for one in signed] == ([] if spans is None else [False])


def test_a_one_hot_family_is_learned():
    hot, named = OneHot(y), OneHot(p, i)
    context = BARE.with_shape("y", [Range(ZERO, d)])
    known = knowing(hot, named, context=context).knowledge
    assert known.one_hot == {"y": Hot(hot.place, Range(ZERO, d), hot), "p": Hot(i, Range(ONE, n), named)}
    assert known.ranges[hot.place] == Range(ZERO, d)
    assert i not in known.ranges
    assert (hot.place.is_integer, named.place) == (True, i)


def test_the_place_of_a_one_hot_family_is_no_index_of_another_name():
    total = summation(y[k] * z[k], k, ONE, n)
    for at, place in ((None, index("c_y")), (index("c_y"), i)):
        known = BARE.assume(OneHot(y, at))
        normal = Normaliser(known)
        assert not normal.is_zero(normal(total) - normal(z[place]))
        assert normal.is_zero(normal(total) - normal(z[OneHot(y, at).place]))


@pytest.mark.parametrize(
    ("fact", "atom", "value"),
    [
        (Fact(total(p[k]), "=", ONE), total(p[k]), ONE),
        (Fact(2 * total(p[k]), "=", x), total(p[k]), x / 2),
        (Fact(z[1], "=", x + u), z[1], x + u),
        (Fact(z[1] + total(p[k]), "=", ZERO), total(p[k]), -z[1]),
        (Fact(x, "=", TWO), x, TWO),
        (Fact(x, "=", u), u, x),
        (Fact(x, "=", u + v), None, None),
        (Fact(x**2, "=", TWO), None, None),
        (Fact(x * u, "=", TWO), None, None),
        (Fact(i, "=", j + 1), None, None),
        (Fact(z[1], "=", exp(z[1])), None, None),
        (Fact(z[1], "=", exp(z[2])), None, None),
        (Fact(z[1], "=", exp(x)), z[1], exp(x)),
        (Fact(total(p[k]), "=", exp(total(p[k]))), None, None),
    ],
)
def test_an_equation_is_solved_for_an_atom(fact, atom, value):
    normal = Normaliser(BARE)
    poly = cleared(normal.ring, normal(fact.left) - normal(fact.right))
    found = _solved_for(poly)
    if atom is None:
        assert found is None
        assert [why for _, why in knowing(fact).knowledge.vanishing] == [fact]
    else:
        assert normal.ring.of(found[0]) == normal(atom)
        assert found[1] == normal(value)
        assert [why for _, why in knowing(fact).knowledge.equal.values()] == [fact]


def test_an_equation_for_all_values_is_a_pattern():
    rows = Fact(total(w[i, k]), "=", z[i], (i,))
    ((atom, wild, value, why),) = knowing(rows).knowledge.patterns
    assert (atom.kind, wild, why) == ("sum", (i,), rows)
    assert [a.kind for a in value.atoms] == ["member"]
    assert knowing(rows).knowledge.equal == {}
    assert knowing(Fact(total(w[i, k]), "=", ONE)).knowledge.patterns == []
    assert knowing(Fact(x, "=", x)).knowledge.vanishing == []


def test_an_equation_that_rests_on_a_sum_which_may_be_empty_is_not_used():
    """Σ_{k=3}^{n} e^{z_k}/S = x with S = Σ_{k=3}^{n} e^{z_k} says x = 1 where n > 2, and x = 0 elsewhere."""
    for low, high, used in ((3, n, False), (1, n, True), (1, n - 3, False)):
        fact = Fact(total(exp(z[k]) / total(exp(z[l]), low, high, l), low, high), "=", x)
        assert equal(x, ONE, BARE.assume(fact)) is used
        assert not equal(x, ZERO, BARE.assume(fact))
        turned = Fact(fact.right, "=", fact.left)
        assert equal(x, ONE, BARE.assume(turned)) is used
