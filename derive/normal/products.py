"""Normal forms of products over an index.

``∏_k f_k`` is ``e^{Σ_k ln f_k}`` where all factors are certain to be positive, else an atom for each factor of its monomial;
one over few consecutive numbers is multiplied out.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from flint import fmpq
from sympy import And, Dummy, Expr, Integer, Mul, Ne, Pow, Sum, Symbol, exp, log

from derive.normal.algebra.polynomial import (
    ONE,
    UNIT,
    Poly,
    exponent_of,
    exponent_poly,
    monomial_free,
)
from derive.normal.forms import Forming, OutsideFragment
from derive.normal.series.sums import substitute, sum_over
from derive.terms.binding import Product
from derive.terms.context import Range
from derive.terms.terms import Cases, unrestricted

WRITTEN_OUT = 12
"""The most factors of a product that are multiplied out."""
PRODUCT, INDEX = "product over an index", "index of a product"
Signed = Callable[[Poly], str | None]
"""The sign of a normal form, where it is certain."""


def product_form(normal: Forming, term: Product, sign: Signed) -> Poly:
    """The normal form of a product over an index.

    Raises:
        OutsideFragment: for a factor that is not certain to be positive.
    """
    low, high = term.span
    if (high - low).is_Integer and high - low < WRITTEN_OUT:
        result = UNIT
        for step in range(int(high - low) + 1):
            result = normal.ring.product(result, normal.form(term.body.xreplace({term.variable: low + step})))
        return result
    own = normal.own_index(term.variable, Range(low, high))
    body, excluded = unrestricted(term.body.xreplace({term.variable: own}), own, 1)
    if isinstance(body, Cases):
        raise OutsideFragment("a product of a case split")
    apart = And(*(Ne(own, value) for value in excluded)) if excluded else None
    if isinstance(body, Mul):
        result = UNIT
        for part in body.args:
            each = part if apart is None else Cases((part, apart), (Integer(1), True))
            result = normal.ring.product(result, product_form(normal, Product(each, own, low, high), sign))
        return result
    if (logarithm := _logarithm(normal, body, sign)) is not None:
        if apart is not None:
            logarithm = Cases((logarithm, apart), (Integer(0), True))
        return normal.form(exp(Sum(logarithm, (own, low, high)), evaluate=False))
    factor = normal.form(body)
    result = _over(normal, factor, own, low, high, sign)
    return result if not excluded else _without(normal, result, body, own, excluded, (low, high))


def _logarithm(normal: Forming, factor: Expr, sign: Signed) -> Expr | None:
    """The logarithm of a factor that is certain to be positive; None for any other."""
    if isinstance(factor, exp):
        return factor.exp
    if isinstance(factor, Pow) and not factor.args[1].is_Integer:
        base, exponent = factor.args
        return exponent * log(base) if sign(normal.form(base)) == "+" else None
    return log(factor) if sign(normal.form(factor)) == "+" else None


def _over(normal: Forming, factor: Poly, own: Symbol, low: Expr, high: Expr, sign: Signed) -> Poly:
    """``∏_k c a_k b_k^2 = c^n ∏_k a_k (∏_k b_k)^2``, whatever the signs are."""
    ring = normal.ring
    if not normal.knowledge.at_least_zero(high - low + 1):
        raise OutsideFragment("a product over a range that may end before it begins")
    if len(factor) > 1:
        return _opaque(normal, factor, own, low, high)
    ((m, c),) = factor if factor else ((ONE, fmpq(0)),)
    if not c:
        raise OutsideFragment("a product of zeros")
    count = exponent_of(normal.form(high - low + 1))
    outside = Poly({tuple((a, e) for a, e in m if own not in monomial_free(((a, e),))): c})
    result = UNIT if outside == UNIT else ring.power(outside, count)
    for atom, exponent in m:
        if own not in monomial_free(((atom, exponent),)):
            continue
        if sign(ring.of(atom)) == "+":
            logarithm = ring.product(exponent_poly(exponent), ring.log(ring.of(atom)))
            part = ring.exp(sum_over(ring, logarithm, own, low, high))
        elif isinstance(exponent, int):
            part = ring.power(_opaque(normal, ring.of(atom), own, low, high), exponent)
        else:
            raise OutsideFragment("a product of powers of what may not be positive")
        result = ring.product(result, part)
    return result


def _opaque(normal: Forming, factor: Poly, own: Symbol, low: Expr, high: Expr) -> Poly:
    """An atom of the factor, with a name of its own for the index, and of the ends."""
    if any(atom.kind in ("delta", "other") for atom in factor.atoms):
        raise OutsideFragment("a product with a case split in it")
    ring, (beyond, end) = normal.ring, high.as_coeff_Add()
    if beyond.is_Integer and 0 < beyond <= WRITTEN_OUT and normal.knowledge.at_least_zero(end - low + 1):
        result = _opaque(normal, factor, own, low, end)
        for step in range(1, int(beyond) + 1):
            result = ring.product(result, substitute(ring, factor, {own: end + step}))
        return result
    place = _place(sum(s.name == INDEX for s in factor.free), low, high)
    normal.knowledge.ranges[place] = Range(low, high)
    inner = substitute(ring, factor, {own: place})
    ends = tuple(normal.form(end) for end in (low, high))
    return ring.of(ring.intern.atom("function", PRODUCT, (), (inner, *ends)))


@lru_cache(maxsize=256)
def _place(depth: int, low: Expr, high: Expr) -> Dummy:
    """The index that all products over a range have in their normal form, by how many others stand in it."""
    return Dummy(INDEX, integer=True)


def _without(
    normal: Forming, whole: Poly, body: Expr, own: Symbol, excluded: tuple[Expr, ...], span: tuple[Expr, Expr]
) -> Poly:
    """The product without one of its factors, as a quotient: both sides of a claim are continuous where that factor is 0.

    That holds for all values of the factors only, so that nothing may be assumed in an equation.
    """
    known = normal.knowledge
    if len(excluded) != 1 or known.equal or known.patterns or known.vanishing or not known.within(excluded[0], *span):
        raise OutsideFragment("a product that leaves factors out")
    return normal.ring.product(whole, normal.ring.inverse(normal.form(body.xreplace({own: excluded[0]}))))
