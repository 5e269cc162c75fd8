"""From a normal form back to a term: the round trip gives the same normal form, and nothing else does."""

import pytest
from sympy import Abs, E, Expr, Integer, KroneckerDelta, Rational, exp, log, pi, sin, sqrt, tanh

from derive.normal.algebra.polynomial import UNIT
from derive.normal.normaliser import Normaliser
from derive.normal.reify import NotReifiable, letters_for, opaque_heads, term_of
from derive.terms.context import Context, Range
from derive.terms.terms import Call, Partial, family, index, scalar, size, summation

i, j, k, l = (index(name) for name in "ijkl")
n, d = size("n"), size("d")
a, w, x, y, z = (family(name) for name in "awxyz")
t, L = scalar("t"), scalar("L")
CONTEXT = Context().with_range(j, Range(Integer(1), d))

TERMS: dict[str, Expr] = {
    "a number": Rational(-2, 3) + t - t,
    "constants": pi / E + sqrt(2),
    "a rational function": (t - 1) / (t**2 + 2),
    "nested fractions": 1 / (1 / (1 + t) + 1),
    "fractional powers": sqrt(2) * t ** Rational(1, 3),
    "a symbolic power": t**n,
    "exponentials of a quotient": exp(z[i]) / summation(exp(z[k]), k, 1, n),
    "a power of a sum": summation(exp(z[k]), k, 1, n) ** -2,
    "tanh": tanh(t),
    "a logarithm of a sum": log(summation(exp(z[k]), k, 1, n)),
    "a sum in an exponent": summation(exp(summation(w[k, j], j, 1, d)), k, 1, n),
    "a double sum": summation(summation(w[k, j] * x[j], j, 1, d) * exp(z[k]), k, 1, n),
    "inner limits that depend on the outer index": summation(summation(x[k] * y[l], l, 1, k), k, 1, n),
    "a restricted sum": summation(y[k] * log(a[k]), k, 1, n, [i]),
    "a restricted sum that is not defined at the gap": summation(1 / (x[k] - x[i]), k, 1, n, [i]),
    "deltas": KroneckerDelta(i, k) * Abs(t - 1),
    "sines": sin(t) ** 3,
    "an opaque derivative": Partial(L, a[i]) * x[j],
    "an opaque second derivative": Partial(Partial(L, a[i]), a[k]),
    "a function's derivative": Call("f", [t * z[i]], [1]),
}


@pytest.mark.parametrize("name", TERMS)
def test_round_trip(name: str) -> None:
    normaliser = Normaliser(CONTEXT)
    poly = normaliser(TERMS[name])
    assert normaliser(term_of(poly, CONTEXT, opaque_heads(TERMS[name]))) == poly


@pytest.mark.parametrize("name", TERMS)
def test_another_form_gives_another_term(name: str) -> None:
    normaliser = Normaliser(CONTEXT)
    poly = normaliser(TERMS[name])
    assert normaliser(term_of(poly + UNIT, CONTEXT, opaque_heads(TERMS[name]))) != poly


def test_an_opaque_derivative_needs_to_be_known() -> None:
    poly = Normaliser(Context())(Partial(L, a[i]))
    with pytest.raises(NotReifiable, match="∂L/∂a"):
        term_of(poly)


def test_a_bound_index_does_not_take_a_letter_that_is_free() -> None:
    poly = Normaliser(Context())(x[k] * summation(y[l], l, 1, n))
    ((bound, _, _),) = term_of(poly).atoms(type(summation(y[l], l, 1, n))).pop().limits
    assert bound.name != "k"


def test_letters_have_the_range_or_none_and_are_no_sizes() -> None:
    context = CONTEXT.with_range(k, Range(Integer(1), size("m")))
    found = letters_for(Range(Integer(1), d), context)
    assert next(found) == "j"
    later = [next(found) for _ in range(8)]
    assert "k" not in later and "m" not in later
