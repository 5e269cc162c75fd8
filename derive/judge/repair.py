"""Did you mean: one edit of the right side after which the claim is proved.

Edits, in the order in which they are offered: the sign of the side, the sign of a summand, two indices exchanged,
one index replaced, a factor 2 or 1/2, an exponent, a summand or a factor left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations

from sympy import Add, Expr, Indexed, Integer, Mul, Pow, Rational, Symbol, log

from derive.judge.kernel import Proof, prove
from derive.judge.screening import Screen
from derive.terms.context import Claim, Context
from derive.terms.terms import Partial, Vector, free_indices

ATTEMPTS = 80


def mended(claim: Claim, context: Context) -> Claim | None:
    """The claim with one edit of its right side, proved without further conditions; None if no edit helps."""
    if claim.relation != "=" or isinstance(claim.right, Vector) or claim.right.is_number or claim.right.has(Partial):
        return None
    seen, screen = {claim.right}, Screen(claim, context)
    for attempt, right in enumerate(_edits(claim.right, free_indices(claim.left))):
        if attempt >= ATTEMPTS:
            return None
        if right in seen or right == claim.left:
            continue
        seen.add(right)
        candidate = _with_right_side(claim, right)
        if screen.excludes_side(candidate):
            continue
        if isinstance(prove(candidate, context), Proof):
            vanishes = prove(replace(candidate, left=Integer(0)), context)
            return None if isinstance(vanishes, Proof) else candidate
    return None


def _with_right_side(claim: Claim, right: Expr) -> Claim:
    """The claim with another right side, and without the obligations that only the old one brought."""
    partial = {argument for side in (claim.left, right) for argument in _arguments_with_a_domain(side)}
    return replace(claim, right=right, latex="", obligations=tuple(o for o in claim.obligations if o.term in partial))


def _arguments_with_a_domain(term: Expr) -> Iterator[Expr]:
    """What stands in a denominator, under a root, in a power or in a logarithm."""
    for node in term.atoms(Pow, log):
        if isinstance(node, log) or not (node.exp.is_Integer and node.exp.is_nonnegative):
            yield node.args[0]


def _edits(term: Expr, indices: tuple[Symbol, ...]) -> Iterator[Expr]:
    yield -term
    yield from _everywhere(term, _sign_of_a_summand)
    yield from _exchanged(term, indices)
    yield from _everywhere(term, lambda node: _index_replaced(node, indices))
    yield 2 * term
    yield term / 2
    yield from _everywhere(term, _exponent)
    yield from _everywhere(term, _left_out)


def _everywhere(term: Expr, edit: Callable[[Expr], Iterator[Expr]]) -> Iterator[Expr]:
    """Each result of an edit of one subterm, put back in its place."""
    yield from edit(term)
    if isinstance(term, (Indexed, Partial)):
        return
    for position, argument in enumerate(term.args):
        if isinstance(argument, Expr):
            for changed in _everywhere(argument, edit):
                yield term.func(*term.args[:position], changed, *term.args[position + 1 :])


def _sign_of_a_summand(term: Expr) -> Iterator[Expr]:
    if isinstance(term, Add):
        for part in term.args:
            yield term - 2 * part


def _exchanged(term: Expr, indices: tuple[Symbol, ...]) -> Iterator[Expr]:
    for a, b in combinations(indices, 2):
        yield term.xreplace({a: b, b: a})


def _index_replaced(term: Expr, indices: tuple[Symbol, ...]) -> Iterator[Expr]:
    if isinstance(term, Indexed):
        for position, present in enumerate(term.indices):
            for other in indices:
                if other != present:
                    yield term.base[(*term.indices[:position], other, *term.indices[position + 1 :])]


def _exponent(term: Expr) -> Iterator[Expr]:
    if isinstance(term, Pow) and term.exp.is_Integer and abs(term.exp) <= 4:
        yield Pow(term.base, term.exp + 1)
        yield Pow(term.base, term.exp - 1)
    elif isinstance(term, Indexed) or (isinstance(term, Symbol) and not term.is_integer):
        yield Pow(term, Integer(2))


def _left_out(term: Expr) -> Iterator[Expr]:
    if isinstance(term, Add):
        for part in term.args:
            yield term - part
    elif isinstance(term, Mul):
        for factor in term.args:
            if factor != -1 and not isinstance(factor, Rational):
                yield term / factor
