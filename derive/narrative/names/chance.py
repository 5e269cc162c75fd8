"""What is known where a claim speaks of expectations: laws of probabilities, random variables defined by others."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Dummy, Expr, Indexed, Integer, Symbol

from derive.narrative.doubts.names import names_in
from derive.narrative.roles.sides import reached
from derive.terms import terms
from derive.terms.chance import OUTCOMES, is_probability, laws, values, variable_of
from derive.terms.context import Claim, Context, Definition, Range
from derive.terms.heads import name_of


def speaks_of_chance(claims: Sequence[Claim]) -> bool:
    """Whether an expectation is written in one of the claims."""
    members = {m for claim in claims for side in (claim.left, claim.right) for m in side.atoms(Indexed)}
    return any(is_probability(name_of(member)) for member in members)


def with_chance(context: Context, claims: Sequence[Claim]) -> Context:
    """The context with what claims about random variables may use."""
    names = {name for claim in claims for side in (claim.left, claim.right) for name in reached(side, context)}
    for family in sorted(filter(is_probability, names)):
        facts, ranges = laws(family)
        for symbol, span in ranges.items():
            context = context.with_range(symbol, span)
        context = context.assume(*(fact for fact in facts if fact not in context.assumptions))
    waiting = [variable for name in sorted(names) if (variable := variable_of(name))]
    done: set[str] = set()
    while waiting:
        name = waiting.pop()
        body = _body(name, context)
        if name in done or body is None:
            continue
        done.add(name)
        outcome: Dummy = terms.bound("\\omega")
        others = {s.name for s in body.free_symbols if isinstance(s, Symbol) and _is_random(s.name)}
        moved = body.xreplace({terms.scalar(each): values(each)[outcome] for each in others})
        if not context.known.names(str(values(name).label)):
            context = context.with_range(_INDEX, Range(Integer(1), OUTCOMES))
            context = context.define(Definition(values(name)[_INDEX], moved.xreplace({outcome: _INDEX})))
        waiting += sorted(others)
    return context


def given_law(claim: Claim, context: Context, seen: frozenset[str]) -> str:
    """The random variable of which an equation says how a moment is written, in names that are new; "" for any other claim.

    Nothing may be known of the variable, or the equation would have to follow.
    """
    left, right = ({name_of(m) for m in side.atoms(Indexed)} for side in (claim.left, claim.right))
    variables = {variable for name in left if (variable := variable_of(name))}
    told = {name for each in context.assumptions for name in names_in(each)}
    known = any(context.known.names(name) or {name, str(values(name).label)} & told for name in variables)
    new = {name_of(node) for node in claim.right.atoms(Symbol, Indexed)} - seen
    if claim.relation != "=" or any(map(is_probability, right)) or known or len(variables) != 1 or not new:
        return ""
    return next(iter(variables))


_INDEX = terms.index("\\omega")


def _is_random(name: str) -> bool:
    return len(name) == 1 and name.isupper()


def _body(name: str, context: Context) -> Expr | None:
    """What a scalar is defined as."""
    found = [each.body for each in context.definitions if each.head == terms.scalar(name)]
    return found[-1] if found else None


__all__ = ["given_law", "speaks_of_chance", "with_chance"]
