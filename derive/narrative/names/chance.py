"""What is known where a claim speaks of expectations: laws of probabilities, random variables defined by others."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Dummy, Expr, Symbol

from derive.narrative.roles.sides import reached
from derive.terms import terms
from derive.terms.chance import is_probability, laws, values, variable_of
from derive.terms.context import Claim, Context, Definition


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
            context = context.define(Definition(values(name)[_INDEX], moved.xreplace({outcome: _INDEX})))
        waiting += sorted(others)
    return context


_INDEX = terms.index("\\omega")


def _is_random(name: str) -> bool:
    return len(name) == 1 and name.isupper()


def _body(name: str, context: Context) -> Expr | None:
    """What a scalar is defined as."""
    found = [each.body for each in context.definitions if each.head == terms.scalar(name)]
    return found[-1] if found else None


__all__ = ["with_chance"]
