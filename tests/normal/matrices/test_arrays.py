"""Entries of inverses and determinants of whole matrices: what they carry contracts, and nothing else does."""

from __future__ import annotations

import pytest
from sympy import Integer, KroneckerDelta, log

from derive.judge.decide import decide
from derive.judge.verdict import Kind
from derive.normal.forms import OutsideFragment
from derive.normal.normaliser import Normaliser
from derive.terms.arrays import determinant, inverse
from derive.terms.context import Claim, Context, Fact, Obligation, Range
from derive.terms.terms import Partial, family, index, scalar, size, summation

i, j, k, l, m = (index(name) for name in "ijklm")
n, d = size("n"), size("d")
A, B, X, a = (family(name) for name in ("A", "B", "X", "a"))
u, t = scalar("u"), scalar("t")
ONE = Integer(1)
BARE = Context()
DELTA = KroneckerDelta


def total(body, variable=k, high=n):
    return summation(body, variable, ONE, high)


def of(letter):
    return lambda row, column: letter[row, column]


def turned(entry):
    return lambda row, column: entry(column, row)


def product(one, other, high=n):
    return lambda row, column: total(one(row, m) * other(m, column), m, high)


def inv(entry, row=i, column=j, high=n):
    return inverse(entry, ONE, high, row, column)


def det(entry, high=n):
    return determinant(entry, ONE, high)


def whole(entry):
    """The inverse as a matrix."""
    return lambda row, column: inv(entry, row, column)


WIDE = product(turned(of(X)), of(X), d)
"""XᵀX of a matrix with d rows and n columns."""
SHIFTED = lambda row, column: A[row, column] + u * DELTA(row, column)  # noqa: E731

TRUE = {
    "left": (total(inv(of(A), i, k) * A[k, j]), DELTA(i, j)),
    "right": (total(A[i, k] * inv(of(A), k, j)), DELTA(i, j)),
    "of a product": (inv(product(of(A), of(B))), product(whole(of(B)), whole(of(A)))(i, j)),
    "of an inverse": (inv(whole(of(A))), A[i, j]),
    "of a transpose": (inv(turned(of(A))), inv(of(A), j, i)),
    "of a multiple": (inv(lambda row, column: 2 * A[row, column]), inv(of(A)) / 2),
    "of a sum": (total(inv(SHIFTED, i, k) * A[k, j]) + u * inv(SHIFTED), DELTA(i, j)),
    "of a Gram matrix": (total(inv(WIDE, i, k) * WIDE(k, j)), DELTA(i, j)),
    "slope": (Partial(inv(of(A)), A[k, l]), -inv(of(A), i, k) * inv(of(A), l, j)),
    "determinant of a product": (det(product(of(A), of(B))), det(of(A)) * det(of(B))),
    "determinant of a transpose": (det(turned(of(A))), det(of(A))),
    "determinant of an inverse": (det(whole(of(A))), 1 / det(of(A))),
    "determinant of a multiple": (det(lambda row, column: 2 * A[row, column]), 2**n * det(of(A))),
    "determinant of the identity": (det(DELTA), ONE),
    "slope of a determinant": (Partial(det(of(A)), A[i, j]), det(of(A)) * inv(of(A), j, i)),
}
FALSE = {
    "left": (total(inv(of(A), i, k) * A[j, k]), DELTA(i, j)),
    "right": (total(A[k, i] * inv(of(A), k, j)), DELTA(i, j)),
    "of a product": (inv(product(of(A), of(B))), product(whole(of(A)), whole(of(B)))(i, j)),
    "of an inverse": (inv(whole(of(A))), A[j, i]),
    "of a transpose": (inv(turned(of(A))), inv(of(A), i, j)),
    "of a multiple": (inv(lambda row, column: 2 * A[row, column]), 2 * inv(of(A))),
    "of a sum": (total(inv(SHIFTED, i, k) * A[k, j]), DELTA(i, j)),
    "of a Gram matrix": (total(inv(WIDE, i, k) * X[k, j]), DELTA(i, j)),
    "slope": (Partial(inv(of(A)), A[k, l]), -inv(of(A), i, l) * inv(of(A), k, j)),
    "determinant of a product": (det(product(of(A), of(B))), det(of(A)) + det(of(B))),
    "determinant of a transpose": (det(turned(of(A))), -det(of(A))),
    "determinant of an inverse": (det(whole(of(A))), det(of(A))),
    "determinant of a multiple": (det(lambda row, column: 2 * A[row, column]), 2 * det(of(A))),
    "determinant of the identity": (det(DELTA), Integer(0)),
    "slope of a determinant": (Partial(det(of(A)), A[i, j]), det(of(A)) * inv(of(A), i, j)),
}
CLAIMED = tuple(Obligation(det(each), "!=") for each in (of(A), of(B), SHIFTED, WIDE))


@pytest.mark.parametrize("name", TRUE)
def test_what_a_matrix_carries_contracts(name):
    left, right = TRUE[name]
    assert decide(Claim(left, "=", right, CLAIMED), BARE).kind is Kind.PROVED


@pytest.mark.parametrize("name", FALSE)
def test_what_resembles_it_is_refuted(name):
    left, right = FALSE[name]
    assert decide(Claim(left, "=", right, CLAIMED), BARE).kind is Kind.REFUTED


def test_the_second_row_is_there_from_two_on():
    off, on = (Claim(total(inv(of(A), ONE, k) * A[k, at]), "=", value, CLAIMED) for at, value in ((2, Integer(0)), (1, ONE)))
    assert decide(off, BARE).kind is Kind.CONDITIONAL
    assert decide(off, BARE.assume(Fact(n, ">=", Integer(2)))).kind is Kind.PROVED
    assert decide(on, BARE).kind is Kind.PROVED


def test_the_logarithm_of_a_determinant_has_the_inverse_as_its_slope():
    positive = (*CLAIMED, Obligation(det(of(A)), ">"))
    slope = Partial(log(det(of(A))), A[i, j])
    assert decide(Claim(slope, "=", inv(of(A), j, i), positive), BARE).kind is Kind.PROVED
    assert decide(Claim(slope, "=", inv(of(A), i, j), positive), BARE).kind is Kind.REFUTED


@pytest.mark.parametrize("made", [inv, det])
def test_a_matrix_for_each_value_of_an_index_has_no_form(made):
    """The entries of one matrix depend on their places alone; on sizes and on scalars they may."""
    normal = Normaliser(BARE)
    with pytest.raises(OutsideFragment):
        normal.form(made(lambda row, column: A[row, column] + a[k]))
    assert normal.form(made(lambda row, column: A[row, column] + u * n))


def test_a_range_that_is_not_that_of_the_matrix_contracts_nothing():
    spans = BARE.with_range(i, Range(ONE, d)).with_range(j, Range(ONE, d))
    assert decide(Claim(total(inv(of(A), i, k) * A[k, j], k, d), "=", DELTA(i, j), CLAIMED), spans).kind is not Kind.PROVED
    short = total(inv(of(A), i, k) * A[k, j], k, n - 1)
    assert decide(Claim(short, "=", DELTA(i, j), CLAIMED), BARE).kind is not Kind.PROVED


def test_a_derivative_that_a_substitution_made_of_an_index_expression_has_no_form():
    loss = scalar("L")
    normal = Normaliser(BARE)
    assert normal.form(Partial(loss, a[i]))
    for by in (a[i] + 1, i + 1, u * t):
        with pytest.raises(OutsideFragment):
            normal.form(Partial(loss, by))
