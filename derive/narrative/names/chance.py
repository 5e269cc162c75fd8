"""What is known where a claim speaks of expectations: laws of probabilities, random variables defined by others."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Add, Dummy, Expr, Indexed, Integer, Mul, Pow, Sum, Symbol, preorder_traversal

from derive.narrative.doubts.names import names_in
from derive.narrative.roles.sides import reached
from derive.normal.unfold import Unfolder
from derive.terms import terms
from derive.terms.chance import OUTCOMES, is_probability, laws, values, variable_of
from derive.terms.context import Assumption, Claim, Context, Definition, Range
from derive.terms.growth import Growing
from derive.terms.heads import name_of


def speaks_of_chance(claims: Sequence[Claim]) -> bool:
    """Whether an expectation is written in one of the claims."""
    members = {m for claim in claims for side in (claim.left, claim.right) for m in side.atoms(Indexed)}
    return any(is_probability(name_of(member)) for member in members)


def with_chance(context: Context, claims: Sequence[Claim], random: frozenset[str] = frozenset()) -> Context:
    """The context with what claims about random variables may use; `random` are names that the document makes random."""
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
        places, body = _body(name, context)
        if name in done or body is None:
            continue
        done.add(name)
        outcome: Dummy = terms.bound("\\omega")
        vectors = {node for node in body.atoms(Indexed) if name_of(node) in random}
        labels = {node.base.label for node in body.atoms(Indexed)}
        others = {
            s.name
            for s in body.free_symbols - labels
            if isinstance(s, Symbol) and (_is_random(s.name) or s.name in random and not s.is_integer)
        }
        moved = body.xreplace({terms.scalar(each): values(each)[outcome] for each in others})
        moved = moved.xreplace({node: values(name_of(node))[(*node.indices, outcome)] for node in vectors})
        others |= {name_of(node) for node in vectors}
        if not context.known.names(str(values(name).label)):
            context = context.with_range(_INDEX, Range(Integer(1), OUTCOMES))
            head = values(name)[(*places, _INDEX)]
            context = context.define(Definition(head, moved.xreplace({outcome: _INDEX})))
        waiting += sorted(others)
    return context


def beyond_moments(claims: Sequence[Claim], context: Context, normal: frozenset[str], apart: frozenset[str]) -> str:
    """The random variable of which a claim asks more than is known of it, "" if there is none: of one with a normal law more
    than its first two moments, of variables that are independent of others (`apart`) more than products of two of them.

    Of the spaces on which expectations are taken no more is said, so that one of them may refute what holds.
    """
    unfold = Unfolder(context)
    for side in (side for claim in claims for side in (claim.left, claim.right)):
        try:
            whole = unfold(side)
        except ValueError:
            whole = side
        for mean in (node for node in preorder_traversal(whole) if isinstance(node, Sum) and _is_mean(node)):
            degrees = _degrees(mean.function, {*normal, *apart})
            if degrees is None:
                return min({*normal, *apart})
            for each in degrees:
                named = dict(each)
                if any(count > 2 for name, count in named.items() if name in normal):
                    return min(named)
                several = {name: count for name, count in named.items() if name in apart}
                if len(several) > 2 or len(named) > 1 and any(count > 1 for count in several.values()):
                    return min(named)
    return ""


def _is_mean(node: Sum) -> bool:
    return node.limits[0][-1] == OUTCOMES


Degrees = frozenset[tuple[tuple[str, int], ...]]


def _degrees(term: Expr, names: set[str]) -> Degrees | None:
    """How often the values of random variables stand in each product of a polynomial; None for what is none."""
    if isinstance(term, Indexed):
        variable = variable_of(name_of(term))
        return frozenset({((variable, 1),) if variable in names else ()})
    if isinstance(term, Sum):
        return frozenset({()}) if _is_mean(term) else _degrees(term.function, names)
    if isinstance(term, Add):
        parts = [_degrees(each, names) for each in term.args]
        return None if None in parts else frozenset().union(*(each for each in parts if each is not None))
    if isinstance(term, (Mul, Pow)):
        factors = list(term.args) if isinstance(term, Mul) else [term.base] * int(term.exp) if term.exp in (2, 3, 4) else []
        result: Degrees = frozenset({()})
        for each in factors:
            found = _degrees(each, names)
            if found is None:
                return None
            result = frozenset(_joined(one, other) for one in result for other in found)
        if factors:
            return result
    random = {variable_of(name_of(member)) for member in term.atoms(Indexed)} & names
    return None if random else frozenset({()})


def _joined(one: tuple[tuple[str, int], ...], other: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    counts = dict(one)
    for name, count in other:
        counts[name] = counts.get(name, 0) + count
    return tuple(sorted(counts.items()))


def given_law(claim: Claim, context: Context, seen: frozenset[str]) -> str:
    """The random variable of which an equation says how a moment is written, in names that are new; "" for any other claim.

    Nothing may be known of the variable, or the equation would have to follow, and the moment is of nothing else beside it.
    """
    left, right = ({name_of(m) for m in side.atoms(Indexed)} for side in (claim.left, claim.right))
    variables = {variable for name in left if (variable := variable_of(name))}
    told = {name for each in context.assumptions for name in names_in(each)}
    known = any(context.known.names(name) or {name, str(values(name).label)} & told for name in variables)
    new = {name_of(node) for node in claim.right.atoms(Symbol, Indexed)} - seen
    others = any(not is_probability(name) and not variable_of(name) for name in left)
    if claim.relation != "=" or any(map(is_probability, right)) or known or others or len(variables) != 1 or not new:
        return ""
    return next(iter(variables))


_INDEX = terms.index("\\omega")


def _is_random(name: str) -> bool:
    return len(name) == 1 and name.isupper()


def _body(name: str, context: Context) -> tuple[tuple[Expr, ...], Expr | None]:
    """The places at which a scalar or a vector is defined, and what it is defined as."""
    for each in reversed(context.definitions):
        head = each.head
        if head == terms.scalar(name):
            return (), each.body
        if isinstance(head, Indexed) and name_of(head) == name and all(isinstance(place, Symbol) for place in head.indices):
            return tuple(head.indices), each.body
    return (), None


__all__ = ["beyond_moments", "given_law", "speaks_of_chance", "with_chance"]


def beside_chance(claims: Sequence[Claim], context: Context) -> tuple[str, ...]:
    r"""The names without a meaning that stand beside expectations and in none: words may say that they are moments."""
    inside: set[str] = set()
    outside: set[str] = set()
    for side in (side for claim in claims for side in (claim.left, claim.right)):
        taken = {part for part in side.atoms(Sum) if _is_mean(part)}
        inside |= {name for part in taken for name in reached(part, context)}
        outside |= _primitives(side.xreplace({part: Integer(0) for part in taken}), context)
    return tuple(sorted(outside - inside)) if inside else ()


def _primitives(term: Expr, context: Context) -> set[str]:
    """The names in a term that no definition and no assumption says anything of."""
    bases = {node.base.label for node in term.atoms(Indexed)}
    names = {name_of(node) for node in term.atoms(Symbol, Indexed) if node not in bases and not node.is_integer}
    told = _told(context.assumptions)
    return {name for name in names - told if not context.known.names(name)}


def _named(before: frozenset[str], new: tuple[Assumption, ...]) -> frozenset[str]:
    return before | {name for each in new for name in names_in(each)}


_told = Growing(frozenset[str](), _named)
