"""Certificates of claims on entries of matrices: each with a false twin whose proof, written all the same, Coq rejects."""

import re

import pytest
from sympy import Integer, KroneckerDelta, exp, log, sqrt

from derive.certify.certificate import specification, verify
from derive.certify.issue import NoProof, OutsideFragment, certificate_of, scaled
from derive.certify.refutation import refuting
from derive.terms.arrays import determinant, inverse
from derive.terms.context import Claim, Context, Definition, Fact, Range
from derive.terms.terms import Partial, family, index, scalar, size, summation
from tests.certify.mutants import Mutant, attempt, rejected
from tests.certify.test_coq import needs_coq

i, j, k, l, m, n, d = index("i"), index("j"), index("k"), index("l"), index("m"), size("n"), size("d")
A, B, S, Q, P, X = (family(name) for name in "ABSQPX")
x, y, v, z, p = (family(name) for name in "xyvzp")
e, s, t, L = scalar("e"), scalar("s"), scalar("t"), scalar("L")
SQUARE = Range(Integer(1), n)


def total(body, *indices, to=n):
    """The sum over the indices, the first one outermost."""
    for each in reversed(indices):
        body = summation(body, each, Integer(1), to)
    return body


def square(*families):
    context = Context()
    for each in families:
        context = context.with_shape(str(each), (SQUARE, SQUARE))
    return context


def inverted(matrix, row, column):
    return inverse(lambda a, b: matrix[a, b], Integer(1), n, row, column)


def gram(a, b):
    """XᵀX + e I."""
    inner = index("r")
    return summation(X[inner, a] * X[inner, b], inner, Integer(1), d) + e * KroneckerDelta(a, b)


def product(a, b):
    """A B."""
    inner = index("r")
    return total(A[a, inner] * B[inner, b], inner)


def ridge(a, b):
    return inverse(gram, Integer(1), n, a, b)


MEAN = total(x[k], k) / n
DEVIATION = Context().define(Definition(s, sqrt(total((x[l] - MEAN) ** 2, l) / n + e))).assume(Fact(e, ">", Integer(0)))
NORM = sqrt(total(x[k] ** 2, k))
SYMMETRIC = square(S).assume(Fact(S[i, j], "=", S[j, i], (i, j)))
ORTHOGONAL = square(Q).assume(Fact(total(Q[k, i] * Q[k, j], k), "=", KroneckerDelta(i, j), (i, j)))
PROJECTION = square(P).assume(Fact(total(P[i, k] * P[k, j], k), "=", P[i, j], (i, j)))
SHARES = Context().assume(Fact(total(p[k] * exp(-z[k] - t), k), ">", Integer(0)))
RIDGE = Context().with_shape("X", (Range(Integer(1), d), SQUARE))
RIDGE = RIDGE.define(Definition(v[j], total(ridge(j, k) * summation(X[m, k] * y[m], m, Integer(1), d), k)))
DETERMINANT = determinant(lambda a, b: A[a, b], Integer(1), n)
POSITIVE = square(A).assume(Fact(DETERMINANT, ">", Integer(0)))
SPD = POSITIVE.assume(Fact(A[i, j], "=", A[j, i], (i, j)))
QUADRATIC = total(x[k] * S[k, l] * x[l], k, l)
RESIDUAL = summation(X[m, i] * (total(X[m, k] * v[k], k) - y[m]), m, Integer(1), d)

CLAIMS = {
    # a root of what shows that it is positive, though not when it is multiplied out
    "deviation": (
        DEVIATION,
        (Partial(s, x[i]), (x[i] - MEAN) / (n * s)),
        (Partial(s, x[i]), (x[i] + MEAN) / (n * s)),
    ),
    "norm": (Context().assume(Fact(NORM, ">", Integer(0))), (Partial(NORM, x[i]), x[i] / NORM), (Partial(NORM, x[i]), x[i])),
    # factors of what is positive
    "share": (
        SHARES,
        (total(p[k] * exp(-z[k]), k) / total(p[k] * exp(-z[k] - t), k), exp(t)),
        (total(p[k] * exp(-z[k]), k) / total(p[k] * exp(-z[k] - t), k), exp(-t)),
    ),
    # fractions under sums
    "slopes": (
        Context(),
        (
            total(x[k] * exp(z[k]) / (1 + exp(z[k])) ** 2, k),
            total(x[k] * (1 / (1 + exp(-z[k])) - 1 / (1 + exp(-z[k])) ** 2), k),
        ),
        (total(x[k] * exp(z[k]) / (1 + exp(z[k])) ** 2, k), total(x[k] * (1 - 1 / (1 + exp(-z[k])) ** 2), k)),
    ),
    # sums over products of sums
    "trace": (
        square(A, B),
        (total(A[i, k] * B[k, i], i, k), total(B[i, k] * A[k, i], i, k)),
        (total(A[i, k] * B[k, i], i, k), total(B[i, k] * A[i, k], i, k)),
    ),
    "squares": (
        square(A),
        (total(total(A[i, k] * x[k], k) ** 2, i), total(x[k] * total(A[i, k] * total(A[i, l] * x[l], l), i), k)),
        (total(total(A[i, k] * x[k], k) ** 2, i), total(x[k] * total(A[k, i] * total(A[i, l] * x[l], l), i), k)),
    ),
    # equations between entries
    "symmetric": (SYMMETRIC, (Partial(QUADRATIC, x[i]), 2 * total(S[i, k] * x[k], k)), (QUADRATIC, 2 * QUADRATIC)),
    "unsymmetric": (
        square(S),
        (Partial(QUADRATIC, x[i]), total((S[i, k] + S[k, i]) * x[k], k)),
        (Partial(QUADRATIC, x[i]), 2 * total(S[i, k] * x[k], k)),
    ),
    "orthogonal": (
        ORTHOGONAL,
        (total(total(Q[i, k] * x[k], k) * total(Q[i, l] * y[l], l), i), total(x[k] * y[k], k)),
        (total(total(Q[i, k] * x[k], k) * total(Q[l, i] * y[l], l), i), total(x[k] * y[k], k)),
    ),
    "projection": (
        PROJECTION,
        (total(P[i, k] * P[k, l] * P[l, m] * x[m], k, l, m), total(P[i, k] * x[k], k)),
        (total(P[i, k] * P[k, l] * P[l, m] * x[m], k, l, m), x[i]),
    ),
    # inverses
    "inverse": (
        square(A),
        (total(A[i, k] * inverted(A, k, l) * x[l], k, l), x[i]),
        (total(A[i, k] * inverted(A, l, k) * x[l], k, l), x[i]),
    ),
    "ridge": (RIDGE, (RESIDUAL, -e * v[i]), (RESIDUAL, e * v[i])),
    "symmetric_inverse": (SYMMETRIC, (inverted(S, i, j), inverted(S, j, i)), (inverted(S, i, j), -inverted(S, j, i))),
    "product_inverse": (
        square(A, B),
        (inverse(product, Integer(1), n, i, j), total(inverted(B, i, k) * inverted(A, k, j), k)),
        (inverse(product, Integer(1), n, i, j), total(inverted(A, i, k) * inverted(B, k, j), k)),
    ),
    "transposed_inverse": (
        square(A),
        (inverted(A, j, i), inverse(lambda a, b: A[b, a], Integer(1), n, i, j)),
        (inverted(A, i, j), inverse(lambda a, b: A[b, a], Integer(1), n, i, j)),
    ),
    # determinants
    "jacobi": (
        POSITIVE,
        (Partial(log(DETERMINANT), A[i, j]), inverted(A, j, i)),
        (Partial(log(DETERMINANT), A[i, j]), inverted(A, i, j)),
    ),
    "symmetric_jacobi": (
        SPD,
        (Partial(log(DETERMINANT), A[i, j]), inverted(A, i, j)),
        (Partial(log(DETERMINANT), A[i, j]), -inverted(A, i, j)),
    ),
    "constant": (
        POSITIVE,
        (Partial(x[i] * log(DETERMINANT), x[i]), log(DETERMINANT)),
        (Partial(x[i] * log(DETERMINANT), x[i]), x[i]),
    ),
}


def claims(place):
    return {name: (Claim(sides[place][0], "=", sides[place][1]), context) for name, (context, *sides) in CLAIMS.items()}


@pytest.mark.slow
@needs_coq
def test_true_claims_are_accepted():
    outcomes = verify([certificate_of(name, *claim) for name, claim in claims(0).items()])
    assert {name: outcome.reason for name, outcome in outcomes.items() if not outcome.accepted} == {}


@pytest.mark.slow
@needs_coq
def test_false_twins_are_rejected():
    twins = [attempt(name, Mutant("twin", "", *claim, False)) for name, claim in claims(1).items()]
    assert [name for name, message in rejected(twins).items() if not message] == []


@pytest.mark.slow
@needs_coq
def test_refutations_with_inverses_are_theorems():
    false = claims(1)
    outcomes = verify([refuting(name, *false[name]) for name in ("trace", "projection", "ridge", "symmetric_inverse")])
    assert {name: outcome.reason for name, outcome in outcomes.items() if not outcome.accepted} == {}


@pytest.mark.parametrize("name", CLAIMS)
def test_false_twins_have_no_script(name):
    with pytest.raises(NoProof):
        certificate_of(name, *claims(1)[name])


def said(name):
    """The statement without the numbers by which names differ."""
    text = specification("c", scaled(*claims(0)[name], ()))
    return re.sub(r"_(_\d+)?\b", "", " ".join(text.partition("Definition example")[0].split()))


def test_an_inverse_is_any_family_that_is_one_on_both_sides():
    text = said("inverse")
    assert "(inverse : Z -> Z -> R)" in text
    span = "(forall i : Z, (1%Z <= i <= n)%Z -> (forall j : Z, (1%Z <= j <= n)%Z -> "
    for product in ("((A i k) * (inverse k j))", "((inverse i k) * (A k j))"):
        assert f"{span}((Sum 1%Z n (fun k : Z => {product})) = (delta i j)))) -> " in text


def test_a_determinant_is_that_of_the_entries():
    assert "(0 < (det 1%Z n (fun i j : Z => (A i j)))) -> " in said("constant")


def test_a_definition_by_an_inverse_takes_it_as_a_parameter():
    assert "(inverse : Z -> Z -> R)" in said("ridge").partition("Definition statement")[0]


@pytest.mark.parametrize(
    "claim",
    [
        Claim(Partial(inverted(A, i, j), A[k, l]), "=", Integer(0)),
        Claim(Partial(L, A[k, l]), "=", Integer(0)),
        Claim(total(inverse(lambda a, b: A[a, b] * z[k], Integer(1), n, k, k), k), "=", Integer(0)),
    ],
)
def test_inverses_that_vary_are_outside(claim):
    with pytest.raises(OutsideFragment):
        scaled(claim, square(A).define(Definition(L, total(inverted(A, i, i), i))), ())


def test_a_determinant_of_what_depends_on_the_variable_in_another_way_has_no_proof():
    with pytest.raises((OutsideFragment, NoProof)):
        certificate_of("c", Claim(Partial(determinant(lambda a, b: A[a, b] * t, Integer(1), n), t), "=", Integer(0)), square(A))
