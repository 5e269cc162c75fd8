"""Hypotheses on all entries of matrices as rules: places exchanged, products inside longer sums, in their ranges."""

import pytest
from sympy import Integer, KroneckerDelta

from derive.judge.kernel import Proof, prove
from derive.judge.points.refuting import agrees, refute
from derive.terms import terms
from derive.terms.context import Claim, Context, Fact, Range

n, m, N = (terms.size(name) for name in ("n", "m", "N"))
i, j, k, l = (terms.index(name) for name in "ijkl")
a, b = terms.bound("i"), terms.bound("j")
S, K, Q, A, B, P, x, y = (terms.family(name) for name in "SKQABPxy")


def over(body, *indices, high=n):
    for index in indices:
        body = terms.summation(body, index, Integer(1), high)
    return body


def known(left, right, outer=n):
    span = Range(Integer(1), outer)
    context = Context(size=n).with_range(a, span).with_range(b, span)
    return context.assume(Fact(left, "=", right, (a, b)))


SYMMETRIC = known(S[a, b], S[b, a])
ANTISYMMETRIC = known(K[a, b], -K[b, a])
ORTHOGONAL = known(over(Q[k, a] * Q[k, b], k), KroneckerDelta(a, b))
INVERSE = known(over(A[a, k] * B[k, b], k), KroneckerDelta(a, b))
WIDE = known(over(A[a, k] * B[k, b], k), KroneckerDelta(a, b), m).with_range(i, Range(Integer(1), m))
IDEMPOTENT = known(over(P[a, k] * P[k, b], k), P[a, b])
UNIT = Context(size=n).assume(Fact(over(x[k] ** 2, k), "=", Integer(1)))

TRUE = [
    (SYMMETRIC, over(S[k, j] * x[k], k), over(S[j, k] * x[k], k)),
    (SYMMETRIC, terms.Partial(over(S[i, j] * x[i] * x[j], i, j), x[k]), 2 * over(S[k, j] * x[j], j)),
    (ANTISYMMETRIC, over(K[i, j] * x[i] * x[j], i, j), Integer(0)),
    (ANTISYMMETRIC, K[i, i], Integer(0)),
    (ORTHOGONAL, over(over(Q[k, j] * x[j], j) ** 2, k), over(x[j] ** 2, j)),
    (ORTHOGONAL, over(Q[i, k] * Q[j, k], k), KroneckerDelta(i, j)),
    (ORTHOGONAL, over(Q[k, i] ** 2, k, i), n),
    (INVERSE, over(A[i, j] * over(B[j, k] * y[k], k), j), y[i]),
    (INVERSE, over(B[i, k] * A[k, j], k), KroneckerDelta(i, j)),
    (WIDE, over(A[i, j] * over(B[j, k] * y[k], k, high=m), j), y[i]),
    (IDEMPOTENT, over(over(P[i, k] * P[k, l], k) * P[l, j], l), P[i, j]),
    (UNIT, over(x[k] ** 2 * y[j] ** 2, k, j), over(y[j] ** 2, j)),
]
FALSE = [
    (SYMMETRIC, over(S[k, j] * x[k], k), over(S[j, j] * x[k], k)),
    (ANTISYMMETRIC, over(K[i, j] * x[i] * y[j], i, j), Integer(0)),
    (ORTHOGONAL, over(over(Q[k, j] * x[j], j) ** 2, k), 2 * over(x[j] ** 2, j)),
    (ORTHOGONAL, over(Q[i, k] * Q[k, j], k), KroneckerDelta(i, j)),
    (INVERSE, over(A[i, j] * over(B[j, k] * y[k], k), j), over(y[k], k)),
    (INVERSE, over(A[k, i] * B[k, j], k), KroneckerDelta(i, j)),
    (IDEMPOTENT, over(P[i, k] * P[j, k], k), P[i, j]),
    (UNIT, over(x[k] ** 2 * y[k] ** 2, k), over(y[j] ** 2, j)),
]


def proved(context, left, right):
    return isinstance(prove(Claim(left, "=", right), context), Proof)


@pytest.mark.parametrize(("context", "left", "right"), TRUE)
def test_a_hypothesis_is_found_inside_longer_sums(context, left, right):
    assert proved(context, left, right)
    tried = agrees(Claim(left, "=", right), context)
    assert tried.failure is None
    assert tried.points > 0
    assert not proved(Context(size=n), left, right)


@pytest.mark.parametrize(("context", "left", "right"), FALSE)
def test_what_does_not_follow_has_a_witness_that_keeps_the_hypothesis(context, left, right):
    assert not proved(context, left, right)
    assert refute(Claim(left, "=", right), context) is not None


def test_a_rule_over_n_is_not_applied_to_a_sum_over_another_size():
    assert not proved(ORTHOGONAL, over(over(Q[k, j] * x[j], j) ** 2, k, high=N), over(x[j] ** 2, j))
    assert not proved(ORTHOGONAL, over(over(Q[k, j] * x[j], j, high=N) ** 2, k), over(x[j] ** 2, j, high=N))
    assert not proved(SYMMETRIC, over(S[k, j] * x[k], k, high=N), over(S[j, k] * x[k], k, high=N))
    assert not proved(UNIT, over(x[k] ** 2, k, high=N), Integer(1))


def test_a_hypothesis_is_not_instantiated_outside_of_its_range():
    assert not proved(ORTHOGONAL, over(Q[k, n] * Q[k, n + 1], k), Integer(0))
    assert proved(ORTHOGONAL, over(Q[k, 1] ** 2, k), Integer(1))
    assert not proved(ORTHOGONAL, over(Q[k, 0] ** 2, k), Integer(1))
    assert not proved(SYMMETRIC, S[n, n + 1], S[n + 1, n])
    assert proved(SYMMETRIC, S[1, n], S[n, 1])


def test_a_one_sided_inverse_of_a_rectangular_matrix_is_none_on_the_other_side():
    span = Range(Integer(1), n)
    wide = WIDE.with_range(i, span).with_range(j, span)
    claim = Claim(over(B[i, k] * A[k, j], k, high=m), "=", KroneckerDelta(i, j))
    assert not isinstance(prove(claim, wide), Proof)
    assert refute(claim, wide) is not None


def test_a_factor_that_shares_the_summed_index_stops_the_rule():
    assert not proved(ORTHOGONAL, over(Q[k, i] * Q[k, j] * y[k], k), KroneckerDelta(i, j) * y[i])
    assert not proved(ORTHOGONAL, over(Q[k, i] ** 2 * Q[k, j] ** 2, k), KroneckerDelta(i, j))
