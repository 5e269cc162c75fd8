"""What is known of the signs of atoms, monomials and polynomials."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import fmpq
from sympy import Integer, exp, log, pi, sqrt

from derive.normal.algebra.knowledge import Hot, Knowledge, Signed
from derive.normal.algebra.polynomial import Poly, monomial
from derive.normal.normaliser import Normaliser
from derive.terms.context import Context, Fact, Range
from derive.terms.terms import Call, family, index, scalar, size, summation

i, j, k, l, m = (index(name) for name in "ijklm")
n, d = size("n"), size("d")
x, u = scalar("x"), scalar("u")
z, p, w = family("z"), family("p"), family("w")
ZERO, ONE, TWO = Integer(0), Integer(1), Integer(2)
e, prime, function = "e", "prime", "function"
BARE = Context()
RANGES = (
    BARE.with_range(j, Range(ZERO, n))
    .with_range(k, Range(TWO, n - 1))
    .with_range(l, Range(i, n))
    .with_range(m, Range(Integer(-2), Integer(5)))
)


# -- signs of atoms ----------------------------------------------------------------------------------------------


def form_of(context, term):
    normaliser = Normaliser(context)
    poly = normaliser(term)
    normaliser.knowledge.used.clear()
    return normaliser.knowledge, poly


def atom_of(context, term):
    known, poly = form_of(context, term)
    ((single, _),) = poly
    ((atom, _),) = single
    return known, atom


P_POSITIVE, P_WEAK = Fact(p[k], ">", ZERO, (k,)), Fact(p[k], ">=", ZERO, (k,))
X_POSITIVE, X_WEAK = Fact(x, ">", ZERO), Fact(x, ">=", ZERO)
FROM_2 = BARE.with_range(k, Range(TWO, n))
W_POSITIVE = Fact(w[k, l], ">", ZERO, (k, l))
TOTAL = summation(p[k], k, ONE, n)
EMPTY_OR_NOT = summation(p[k], k, Integer(3), n)


@pytest.mark.parametrize(
    ("context", "term", "positive", "nonnegative", "used"),
    [
        (BARE, exp(1), True, True, ()),
        (BARE, pi, True, True, ()),
        (BARE, sqrt(2), True, True, ()),
        (BARE, x, False, False, ()),
        (BARE, n, True, True, ()),
        (BARE, Call("f", [x]), False, False, ()),
        (BARE, z[i], False, False, ()),
        (BARE.assume(X_POSITIVE), x, True, True, (X_POSITIVE,)),
        (BARE.assume(X_WEAK), x, False, True, (X_WEAK,)),
        (BARE.assume(X_POSITIVE), u, False, False, ()),
        (BARE.assume(P_POSITIVE), p[i], True, True, (P_POSITIVE,)),
        (BARE.assume(P_WEAK), p[i], False, True, (P_WEAK,)),
        (BARE.assume(P_POSITIVE), z[i], False, False, ()),
        (BARE.assume(P_POSITIVE), p[n + 1], False, False, ()),
        (BARE.assume(P_POSITIVE), p[1], True, True, (P_POSITIVE,)),
        (BARE.assume(P_POSITIVE), p[0], False, False, ()),
        (FROM_2.assume(P_POSITIVE), p[1], False, False, ()),
        (FROM_2.assume(P_POSITIVE), p[k], True, True, (P_POSITIVE,)),
        (BARE.assume(W_POSITIVE), w[i, j], True, True, (W_POSITIVE,)),
        (BARE.assume(W_POSITIVE), w[i, n + 1], False, False, ()),
        (BARE.assume(W_POSITIVE), w[0, i], False, False, ()),
        (BARE.assume(Fact(w[k, k], ">", ZERO, (k,))), w[i, j], False, False, ()),
        (BARE.assume(Fact(w[k, i], ">", ZERO, (k,))), w[k, j], False, False, ()),
        (BARE.assume(P_POSITIVE), TOTAL, True, True, (P_POSITIVE,)),
        (BARE.assume(P_WEAK), TOTAL, False, True, (P_WEAK,)),
        (BARE, TOTAL, False, False, ()),
        (BARE.assume(P_POSITIVE), EMPTY_OR_NOT, False, True, (P_POSITIVE,)),
        (BARE.assume(P_POSITIVE), summation(p[k], k, ONE, d), False, False, ()),
        (BARE, abs(x), False, True, ()),
        (BARE, log(2), False, False, ()),
        (BARE, 1 / (1 + exp(x)), True, True, ()),
        (BARE, 1 / (1 - exp(x)), False, False, ()),
        (BARE, 1 / (1 + u), False, False, ()),
        (BARE, 1 / (u**2 + x**2), False, False, ()),
        (BARE, 1 / (1 + u**2), True, True, ()),
    ],
)
def test_the_sign_of_an_atom(context, term, positive, nonnegative, used):
    known, atom = atom_of(context, term)
    assert known.is_positive(atom) is positive
    assert known.is_nonnegative(atom) is nonnegative
    assert tuple(known.used) == used


def test_indices_and_deltas_are_not_negative():
    known, _ = form_of(RANGES, i)
    ring = Normaliser(RANGES).ring
    for symbol, answer in ((i, True), (j, True), (m, False)):
        known.range_of(symbol)
        assert known.is_nonnegative(ring.intern.atom("scalar", symbol)) is answer
    for kind in ("delta", "other"):
        atom = ring.intern.atom(kind, i, j)
        assert (known.is_positive(atom), known.is_nonnegative(atom)) == (False, True)


def test_a_sign_is_guessed_only_when_asked_and_remembered():
    asked = Normaliser(BARE, assume_positive=True)
    for term, guessed in ((x, True), (z[i], True), (Call("f", [x]), True), (1 / (1 - x), True), (log(x), False)):
        poly = asked(term)
        ((single, _),) = poly
        ((atom, _),) = single
        asked.knowledge.guessed.clear()
        assert asked.knowledge.is_positive(atom) is guessed
        assert asked.knowledge.guessed == ({atom} if guessed else set())


# -- signs of monomials and polynomials ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("powers", "sign"),
    [
        ((), "+"),
        (((x, 1),), "+"),
        (((x, -1),), "+"),
        (((x, Fraction(1, 2)),), "+"),
        (((u, 1),), None),
        (((u, -1),), None),
        (((u, 3),), None),
        (((u, 2),), "0+"),
        (((u, -2),), "+"),
        (((u, Fraction(1, 2)),), "0+"),
        (((u, Fraction(-1, 2)),), "+"),
        (((p, 1),), "0+"),
        (((p, -1),), "+"),
        (((p, 3),), "0+"),
        (((p, Fraction(1, 2)),), "0+"),
        (((x, 1), (u, 2)), "0+"),
        (((x, 1), (u, 1)), None),
        (((u, -2), (p, -1)), "+"),
        (((u, -2), (p, 1)), "0+"),
        (((p, 1), (u, -2)), "0+"),
        (((p, 1), (u, 1)), None),
        (((u, 2), (x, 1)), "0+"),
        (((p, -1), (u, 2)), "0+"),
        (((z, 1),), None),
        (((x, 1), (z, 1)), None),
        (((u, 2), (z, 1)), None),
        (((p, 1), (z, 1)), None),
        (((p, Fraction(1, 2)), (z, 1)), None),
        (((p, Fraction(1, 2)), (z, 2)), "0+"),
        (((e, 1), (prime, 1)), "+"),
        (((e, 1), (x, 1), (prime, 1)), "+"),
        (((u, 2), (function, 1)), None),
        (((x, 1), (function, 1)), None),
        (((u, Fraction(1, 2)), (function, 1)), None),
        (((u, Fraction(-1, 2)), (function, -2)), "+"),
    ],
)
def test_the_sign_of_a_monomial(powers, sign):
    """x > 0, p_1 ≥ 0, and nothing is known of u."""
    context = BARE.assume(X_POSITIVE, Fact(p[1], ">=", ZERO))
    normaliser = Normaliser(context)
    atoms = {
        x: atom_in(normaliser, x),
        u: atom_in(normaliser, u),
        p: atom_in(normaliser, p[1]),
        z: atom_in(normaliser, z[1]),
        e: atom_in(normaliser, exp(1)),
        prime: atom_in(normaliser, sqrt(2)),
        function: atom_in(normaliser, Call("f", [x])),
    }
    powers = monomial({atoms[name]: exponent for name, exponent in powers})
    assert normaliser.knowledge.monomial_sign(powers) == sign


def test_a_symbolic_power_has_a_sign_only_over_a_positive_base():
    normaliser = Normaliser(BARE.assume(X_POSITIVE, Fact(p[1], ">=", ZERO)))
    symbolic = normaliser(n / 2)
    for term, sign in ((x, "+"), (u, None), (p[1], "0+")):
        assert normaliser.knowledge.monomial_sign(((atom_in(normaliser, term), symbolic),)) == sign


def atom_in(normaliser, term):
    ((single, _),) = normaliser(term)
    return single[0][0]


@pytest.mark.parametrize(
    ("term", "sign"),
    [
        (ZERO, "0+"),
        (ONE, "+"),
        (-ONE, None),
        (x, "+"),
        (-x, None),
        (x + u**2, "+"),
        (u**2, "0+"),
        (u**2 + abs(u), "0+"),
        (x - u**2, None),
        (x + u, None),
        (x - 1, None),
        (u**2 + 1, "+"),
        (1 + u, None),
        (2 * x + u**2, "+"),
    ],
)
def test_the_sign_of_a_polynomial(term, sign):
    known, poly = form_of(BARE.assume(X_POSITIVE), term)
    assert known.sign(poly) == sign


def test_the_sign_of_a_polynomial_that_is_stated():
    strict, weak = Fact(x + u, ">", ZERO), Fact(x - u, ">=", ZERO)
    normaliser = Normaliser(BARE.assume(strict, weak))
    for term, sign, why in ((x + u, "+", strict), (x - u, "0+", weak)):
        normaliser.knowledge.used.clear()
        assert normaliser.knowledge.sign(normaliser(term)) == sign
        assert list(normaliser.knowledge.used) == [why]
    assert normaliser.knowledge.sign(normaliser(x + 2 * u)) is None
    assert normaliser.knowledge.sign(normaliser(u - x)) is None


def test_what_is_used_is_remembered_once_and_nothing_is_not():
    known = Knowledge(BARE)
    known.use(None)
    assert known.used == {}
    known.use(X_POSITIVE)
    known.use(X_POSITIVE)
    assert known.used == {X_POSITIVE: None}


def test_a_family_may_have_several_ranges():
    known = Knowledge(RANGES)
    weak, strict = (Range(ONE, n),), (Range(TWO, n - 1),)
    known.families["p"] = [Signed(weak, False, P_WEAK), Signed(strict, True, P_POSITIVE)]
    ring = Normaliser(RANGES).ring
    for position, positive, nonnegative in ((k, True, True), (i, False, True), (j, False, False)):
        atom = ring.intern.atom("member", "p", (position,))
        assert (known.is_positive(atom), known.is_nonnegative(atom)) == (positive, nonnegative)
    pair = ring.intern.atom("member", "p", (k, k))
    assert (known.is_positive(pair), known.is_nonnegative(pair)) == (False, False)


def test_a_place_is_kept_as_it_is_given():
    assert Hot(i, Range(ONE, n), X_POSITIVE).place == i
    assert Poly({(): fmpq(1)}).constant() == 1
