"""Definitions that a document applies, or that say nothing new: a function by its bare name, a circle, a slope said twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import sympy
from sympy import Expr, Indexed, IndexedBase, Symbol

from derive.narrative.roles.heads import is_head, mentions, says_value
from derive.narrative.roles.members import elsewhere, shortened, unsettled
from derive.normal.unfold import Circular, Unfolder, instantiate
from derive.terms import terms
from derive.terms.context import Claim, Context, Definition
from derive.terms.heads import name_of
from derive.terms.terms import Call, Partial


def ambiguous(claims: Sequence[Claim], context: Context) -> tuple[str, ...]:
    """The names that several functions have, or one that has entries, and that stand alone in the claims."""
    bare = {s.name for claim in claims for term in _terms_of(claim) for s in term.free_symbols if isinstance(s, Symbol)}
    several = (name for name in bare if len({frozenset(_parameters(h)) for h in _heads(name, context)}) > 1)
    return tuple(sorted({*several, *unsettled(claims, context)}))


def applied(claims: Sequence[Claim], context: Context) -> tuple[tuple[Claim, ...], Context]:
    """The claims with the bare name of a function, ``f`` after ``f(x) = x^2``, read as its value ``f(x)``.

    Where a claim differentiates by such a name, or differentiates one that another function is applied to, the names
    stand: that each has its function's value is what is known of them then.
    """
    found = []
    members = shortened(claims, context)
    for claim in claims:
        head = claim.left.base if isinstance(claim.left, Indexed) else None
        claim = _instance(claim, {base: value for base, value in members.items() if base != head})
        claim = _instance(claim, _at_numbers(claim, context))
        names = {s.name for term in _terms_of(claim) for s in term.free_symbols if isinstance(s, Symbol)}
        own = _parameters(claim.left) if isinstance(claim.left, Call) else set()  # f(u) = u^2 speaks of any u
        values = {bare: value for bare, value in _values(names, claim, context).items() if bare not in own}
        kept = _without_own_arguments(values, claim)
        if _chained(values, kept, claim):
            context = context.define(*_through(names, claim, context))
            kept = {}
        found.append(_instance(claim, kept))
    return tuple(found), context.define(*elsewhere(found, context))


def _parameters(head: Call) -> set[Expr]:
    """The arguments of a call, a family by its bare name."""
    return {a.label if isinstance(a, IndexedBase) else a for a in head.arguments}


def _terms_of(claim: Claim) -> tuple[Expr, ...]:
    return claim.left, claim.right, *(o.term for o in claim.obligations)


def _instance(claim: Claim, values: dict[Expr, Expr]) -> Claim:
    if not values:
        return claim
    return replace(
        claim,
        left=instantiate(claim.left, values),
        right=instantiate(claim.right, values),
        obligations=tuple(replace(o, term=instantiate(o.term, values)) for o in claim.obligations),
    )


def _at_numbers(claim: Claim, context: Context) -> dict[Expr, Expr]:
    """The calls that take a family whole where the function is defined for a number, with the number of the family's name."""
    found: dict[Expr, Expr] = {}
    for call in {node for term in _terms_of(claim) for node in term.atoms(Call)}:
        heads = [d.head for d in context.known.get((Call, call.name))]
        places = [h.arguments for h in heads if isinstance(h, Call) and len(h.arguments) == len(call.arguments)]
        numbers = [
            isinstance(a, IndexedBase) and bool(places) and all(isinstance(each[at], Symbol) for each in places)
            for at, a in enumerate(call.arguments)
        ]
        if any(numbers):
            arguments = [terms.scalar(name_of(a)) if n else a for a, n in zip(call.arguments, numbers, strict=True)]
            found[call] = Call(call.name, arguments, call.orders)
    return found


def _values(names: Iterable[str], claim: Claim, context: Context) -> dict[Expr, Expr]:
    """The names that functions have, each with the value that it stands for.

    Of several functions of one name it is the one that leads to the most of the variables by which the claim differentiates.
    """
    slopes = [p for side in (claim.left, claim.right) for p in side.atoms(Partial)]
    found: dict[Expr, Expr] = {}
    for name in sorted(names):
        bare = terms.scalar(name)
        if bare in (d.head for d in context.known.get((Symbol, name))):
            continue
        heads = _heads(name, context)
        by = {p.variable for p in slopes if p.expr == bare} if len(heads) > 1 else set()
        if heads:
            found[bare] = max(reversed(heads), key=lambda head: len(by & _led_to(head, context)))
    return found


def _heads(name: str, context: Context) -> list[Call]:
    heads = (d.head for d in context.known.get((Call, name)))
    return [
        head for head in heads if isinstance(head, Call) and all(isinstance(a, (Symbol, IndexedBase)) for a in head.arguments)
    ]


def _led_to(head: Call, context: Context) -> set[Expr]:
    """The arguments of a function, and of the functions by whose names these go."""
    found: set[Expr] = set()
    waiting = [head]
    while waiting:
        new = _parameters(waiting.pop()) - found
        found |= new
        waiting += [inner for each in new if isinstance(each, Symbol) for inner in _heads(each.name, context)]
    return found


def _chained(values: dict[Expr, Expr], kept: dict[Expr, Expr], claim: Claim) -> bool:
    """Whether the claim differentiates by a name that stands for a value, or differentiates what a function is applied to."""
    inner = {argument for head in values.values() if isinstance(head, Call) for argument in _parameters(head)}
    slopes = {p for side in (claim.left, claim.right) for p in side.atoms(Partial)}
    return any(p.variable in kept or p.expr in inner and p.expr in values for p in slopes)


def _through(names: Iterable[str], claim: Claim, context: Context) -> list[Definition]:
    """What the names stand for, and those that their functions are applied to."""
    found: dict[Expr, Expr] = {}
    waiting = set(names)
    while waiting:
        new = {bare: head for bare, head in _values(waiting, claim, context).items() if bare not in found}
        found |= new
        heads = (head for head in new.values() if isinstance(head, Call))
        waiting = {a.name for head in heads for a in _parameters(head) if isinstance(a, Symbol)}
    return [Definition(bare, head) for bare, head in found.items()]


def _without_own_arguments(values: dict[Expr, Expr], claim: Claim) -> dict[Expr, Expr]:
    """Without the arguments of another function: u in ``∂f/∂u`` of f(u, v), where nothing is said of what u is made of."""
    free = claim.left.free_symbols | claim.right.free_symbols
    inner = {argument for head in values.values() if isinstance(head, Call) for argument in head.arguments}
    below = {argument for bare in inner if isinstance(head := values.get(bare), Call) for argument in head.arguments}
    return values if below & free else {bare: value for bare, value in values.items() if bare not in inner}


def circular(claim: Claim, context: Context) -> bool:
    """Whether the equation, taken as a definition, would lead back to itself: ``b = a`` where a is b."""
    if claim.relation != "=" or not is_head(claim.left):
        return False
    try:
        Unfolder(context.define(Definition(claim.left, claim.right)))(claim.right)
    except Circular:
        return True
    except ValueError:
        return False
    return False


def explained(context: Context) -> Context:
    """The context without definitions of derivatives that its other definitions say already.

    ``∂E/∂w = δ x`` is a definition as long as nothing says what E is; it was a claim if the text says so further down.
    """
    slopes = [d for d in context.definitions if isinstance(d.head, Partial)]
    others = replace(context, definitions=tuple(d for d in context.definitions if not isinstance(d.head, Partial)))
    unfold = Unfolder(others)
    gone = {d.head for d in slopes if isinstance(d.head, Partial) and says_value(d.head, unfold)}
    return replace(context, definitions=tuple(d for d in context.definitions if d.head not in gone))


def by_logarithm(claim: Claim, context: Context) -> Claim:
    r"""``\ln p(x) = ..`` of a function without a meaning says what p is: the exponential of the right side."""
    left = claim.left
    head = left.args[0] if isinstance(left, sympy.log) and len(left.args) == 1 else None
    if (
        not isinstance(head, Call)
        or claim.relation != "="
        or context.known.names(head.name)
        or mentions(claim.right, head.name)
    ):
        return claim
    if any(head.orders) or not all(isinstance(each, (Symbol, IndexedBase)) for each in head.arguments):
        return claim
    obligations = tuple(each for each in claim.obligations if each.term != head)
    return replace(claim, left=head, right=sympy.exp(claim.right), obligations=obligations)
