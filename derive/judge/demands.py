"""What a step takes for granted beyond its left side.

A step is read from left to right: wherever its left side (in a chain, the chain's first side) has a value, the right
side must have the same. What the left side relies on is an obligation; what only the right side relies on, and does not
follow, is a condition of the step.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Indexed, Pow, Sum, Symbol, log

from derive.judge.kernel import learn
from derive.judge.obligations import met
from derive.normal.normaliser import NO_FORM, Normaliser
from derive.normal.unfold import Unfolder
from derive.terms.context import Claim, Context, Obligation
from derive.terms.terms import Call, Cases, Partial, peel

_DEFINED = (Symbol, Indexed, Call, Partial)  # the heads that a definition can have
Binders = tuple[tuple[Symbol, Expr, Expr], ...]


def brought(claim: Claim, context: Context) -> tuple[Obligation, ...]:
    """The obligations of the right side alone that follow neither from those of the left side nor from the context.

    What a defined quantity relies on was taken on with its definition, and counts as given wherever it is used.
    """
    open_ = [o for o in dict.fromkeys(claim.obligations) if o.brought]
    if not open_:
        return ()
    given = (*(o for o in claim.obligations if not o.brought), *_of_definitions(claim, context))
    normaliser = Normaliser(context)
    learn(normaliser, given)
    open_ = [o for o in open_ if not met(normaliser, o)]
    for obligation in sorted(open_, key=lambda o: o.term.count_ops(), reverse=True):
        others = Normaliser(context)
        learn(others, (*given, *(o for o in open_ if o is not obligation)))
        if met(others, obligation):
            open_.remove(obligation)
    return tuple(open_)


def relied_on(term: Expr) -> Iterator[Obligation]:
    """The domain facts of `term`: denominators that are not 0, arguments of logarithms that are positive.

    A branch of a case distinction need be defined only in its own case, so that nothing in one counts.
    """
    return _relied_on(term, ())


def _relied_on(node: Expr, binders: Binders) -> Iterator[Obligation]:
    if isinstance(node, Sum):
        body, variable, low, high = peel(node)
        yield from _relied_on(body, ((variable, low, high), *binders))
        return
    if isinstance(node, Cases):
        return
    if isinstance(node, Pow) and node.exp.is_number and not node.exp.is_nonnegative and not node.base.is_number:
        yield _obligation(node.base, "!=" if node.exp.is_Integer else ">", binders)
    if isinstance(node, log) and not node.args[0].is_number:
        yield _obligation(node.args[0], ">", binders)
    for argument in node.args:
        if isinstance(argument, Expr):
            yield from _relied_on(argument, binders)


def _obligation(term: Expr, relation: str, binders: Binders) -> Obligation:
    return Obligation(term, relation, tuple(b for b in binders if b[0] in term.free_symbols))


def _of_definitions(claim: Claim, context: Context) -> tuple[Obligation, ...]:
    """What the left side relies on when it is written out, and what the quantities on the right were defined with."""
    unfold = Unfolder(context)
    found: dict[Obligation, None] = {}
    for part in (claim.left, *sorted(claim.right.atoms(*_DEFINED), key=str)):
        try:
            whole = unfold(part)
        except NO_FORM:
            continue
        if whole != part:
            found.update(dict.fromkeys(relied_on(whole)))
    return tuple(found)
