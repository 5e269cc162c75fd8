"""How a result is shown: the forms of one value, the shortest of which a person would write."""

from __future__ import annotations

from fractions import Fraction

from sympy import Add, Expr, Indexed, IndexedBase, Integer, KroneckerDelta, Mul, Pow, Sum

from derive.normal.algebra.polynomial import Atom, Poly
from derive.normal.normaliser import NO_FORM as NO_NORMAL_FORM
from derive.normal.normaliser import Normaliser
from derive.normal.reify import NotReifiable, Reifier, opaque_heads
from derive.prover.parts import parts
from derive.prover.rational import Power, ratio
from derive.terms.context import Context
from derive.terms.terms import Call, Cases, peel

NO_FORM = (*NO_NORMAL_FORM, NotReifiable)

GROUPED = 8


def cost(term: Expr) -> int:
    """How long `term` is to read: its symbols and operations; a sum counts more than a product.

    >>> from sympy import Symbol
    >>> x = Symbol("x")
    >>> cost((x - 1) * (x + 1)) > cost(x**2 - 1)
    True
    """
    if isinstance(term, Mul):
        shown = [factor for factor in term.args if factor != -1]
        return sum(map(cost, shown)) + len(shown) - 1
    if isinstance(term, Add):
        return sum(map(cost, term.args)) + len(term.args) - 1
    if isinstance(term, Pow):
        return cost(term.base) + (1 if term.exp == -1 else 1 + cost(term.exp))
    if isinstance(term, Call):
        return 1 + sum(cost(argument) for argument in term.arguments if not isinstance(argument, IndexedBase))
    if isinstance(term, (Indexed, KroneckerDelta)) or not term.args:
        return 1
    return (3 if isinstance(term, Sum) else 1) + sum(map(cost, parts(term)))


class Shaper:
    """Short forms of terms in one context."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.normaliser = Normaliser(context)

    def forms(self, term: Expr) -> tuple[Expr, ...]:
        """Forms of `term`, the shortest first: factored, multiplied out."""
        try:
            poly = self.normaliser(term)
            return self.forms_of(poly, term)
        except NO_FORM:
            return ()

    def forms_of(self, poly: Poly, origin: Expr) -> tuple[Expr, ...]:
        """The forms of a normal form; `origin` shows what its opaque derivatives are."""
        if not poly:
            return (Integer(0),)
        reifier = Reifier(self.context, opaque_heads(origin))
        taken = frozenset(symbol.name for symbol in poly.free) | frozenset(s.name for s in origin.free_symbols)

        def power(atom: Atom, exponent: int | Fraction | Poly) -> Expr:
            return reifier.power(atom, exponent, taken, {})

        found = []
        try:
            fraction = ratio(poly, power)
            found += [fraction.factored(), fraction.expanded()]
        except NO_FORM:
            pass  # too large to factor: shown multiplied out
        if not found or len(poly) > 1:
            found.append(reifier.term(poly, taken, {}))
        found += _grouped(poly, power)
        return tuple(sorted(dict.fromkeys(found), key=cost))

    def shortest(self, term: Expr) -> Expr:
        """The shortest form, `term` itself if none is shorter."""
        return min((term, *self.forms(term)), key=cost)


def _grouped(poly: Poly, power: Power) -> list[Expr]:
    """``u p + q`` for each power u that some terms have and others have not: ``x_j (a_k - y_k) + λ w_{kj}``."""
    if not 3 <= len(poly) <= GROUPED:
        return []
    found = []
    for atom in sorted(poly.atoms, key=lambda a: a.key):
        inside = {m: c for m, c in poly if any(a is atom for a, _ in m)}
        powers = {e for m in inside for a, e in m if a is atom}
        if 2 <= len(inside) < len(poly) and len(powers) == 1:
            others = Poly({m: c for m, c in poly if m not in inside})
            try:
                found.append(ratio(Poly(inside), power).factored() + ratio(others, power).factored())
            except NO_FORM:
                continue  # too large to factor: the other forms remain
    return found


def tidied(term: Expr, shaper: Shaper) -> Expr:
    """`term` with each of its summands, and the body of each of its sums, in its shortest form; sums stay apart."""
    parts = []
    for part in Add.make_args(term):
        if isinstance(part, Sum):
            parts.append(_tidy_sum(part, shaper))
        elif part.has(Sum):
            parts.append(part)
        else:
            parts.append(shaper.shortest(part))
    return Add(*parts)


def _tidy_sum(term: Sum, shaper: Shaper) -> Expr:
    body, variable, low, high = peel(term)
    if isinstance(body, Cases):
        first, *others = body.args
        body = Cases((shaper.shortest(first.expr), first.cond), *others)
    else:
        body = shaper.shortest(body)
    return Sum(body, (variable, low, high))
