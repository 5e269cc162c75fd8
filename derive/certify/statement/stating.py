"""A claim of the judge as a statement for Coq.

Premises are the ranges of indices, the assumptions of the context that have to do with the claim, the conditions that the
verdict names, and those domain facts that do not follow (the claim is about the points at which both sides have a value).
Every other domain fact is a goal. Whether one follows is asked of whoever proves: an answer that is wrong makes a goal that
Coq does not accept, or a premise that is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sympy import Dummy, Expr, Integer, KroneckerDelta, Symbol

from derive.certify.statement.facts import Conditions, ForAll, Integers, Reals, Statement, Within
from derive.certify.statement.inverses import Inverted
from derive.certify.statement.inverses import premises as inverse_premises
from derive.certify.statement.names import Names
from derive.certify.statement.reading import Reading
from derive.certify.statement.scope import CoqDefinition, Key, Scope, name_of
from derive.certify.statement.syntax import Base, Defined, Number, alpha, walk
from derive.certify.statement.writer import OutsideFragment
from derive.terms import terms
from derive.terms.context import Assumption, Claim, Context, Fact, Obligation, OneHot, Range
from derive.terms.relations import RelationKey


@dataclass(frozen=True)
class Stated:
    """A statement, and what is needed to prove it; `keys` are the quantities behind its variables."""

    statement: Statement
    names: Names
    definitions: dict[str, CoqDefinition]
    keys: tuple[Key, ...] = ()
    inverses: Mapping[Key, Inverted] = field(default_factory=dict)


# Whether a domain fact follows from premises, in a statement that has neither yet.
Follows: TypeAlias = Callable[[Stated, tuple[Any, ...], Any], bool]


def state(claim: Claim, context: Context, follows: Follows, conditions: Iterable[Assumption | Obligation] = ()) -> Stated:
    """The statement of a claim in its context, under `conditions` that the context does not state.

    Domain facts that do not follow are premises.

    Raises:
        OutsideFragment: for what cannot be said.
    """
    if claim.rounding is not None:
        raise OutsideFragment("rounded numbers")
    names = Names()
    reading = Reading(context, names)
    goal = _relation(reading, claim.left, claim.relation, claim.right)
    extra = tuple(conditions)
    assumed = [premise for condition in extra for premise in _premises(reading, condition, context)]
    demanded = [
        fact for obligation in claim.obligations if obligation not in extra for fact in _read_or_none(reading, obligation)
    ]
    known = list(_inverses(reading))
    assumed = [*known, *_relevant(reading, context, extra), *assumed]
    assumed = [*(premise for premise in _inverses(reading) if alpha(premise) not in {alpha(p) for p in known}), *assumed]
    sides = [goal.left, goal.right] if isinstance(goal, Reals) else []
    facts_about = Conditions(reading.definitions)
    needed = list(facts_about.of(sides)) if sides else []
    needed += [fact for premise in assumed for fact in _conditions_of(facts_about, premise)]
    needed += demanded
    ranges = list(_ranges(reading, context))
    empty = Stated(Statement((), (), (), ()), names, reading.definitions)
    premises = list(dict.fromkeys([*ranges, *assumed]))
    goals: list[Any] = []
    seen = {alpha(premise) for premise in premises}
    for fact in needed:
        if alpha(fact) in seen:
            continue
        seen.add(alpha(fact))
        if follows(empty, tuple(premises), fact):
            goals.append(fact)
        else:
            premises.append(fact)
    return Stated(
        Statement(_ordered(reading, (*premises, *goals, goal)), _variables(reading), tuple(premises), (*goals, goal)),
        names,
        reading.definitions,
        _keys(reading),
        reading.inverses,
    )


def _inverses(reading: Reading) -> Iterator[Any]:
    """That the families that were read as inverses are inverses; what the matrices mention is read with that."""
    done: set[Key] = set()
    while True:
        fresh = [key for key in reading.used if key in reading.inverses and key not in done]
        if not fresh:
            return
        for key in fresh:
            done.add(key)
            reading.used.update(dict.fromkeys(reading.inverses[key].needs))
            yield from inverse_premises(Base(reading.parameter(key), 2), reading.inverses[key])


def _relation(reading: Reading, left: Expr, relation: RelationKey, right: Expr) -> Any:
    """A relation: of index expressions in Z, of anything else in R."""
    if _is_index(left) and _is_index(right):
        scope = Scope()
        return Integers(reading.index(left, scope), relation, reading.index(right, scope))
    return Reals(reading.term(left), relation, reading.term(right))


def _is_index(term: Expr) -> bool:
    return (
        bool(term.is_integer)
        and all(s.is_integer for s in term.free_symbols)
        and term.is_polynomial()
        and not term.has(terms.Call, terms.Partial, terms.Cases, KroneckerDelta, *(() if not term.atoms() else ()))
        and not any(type(node).__name__ in ("Sum", "Indexed") for node in (term, *term.args))
    )


def _bound(reading: Reading, context: Context, general: Iterable[Symbol]) -> tuple[Scope, list[tuple[Symbol, Expr, Expr]]]:
    """The variables of a general fact, renewed, with their ranges."""
    indices: dict[Symbol, Expr] = {}
    binders: list[tuple[Symbol, Expr, Expr]] = []
    for symbol in general:
        span = context.range_of(symbol)
        fresh = Dummy(symbol.name, integer=True)
        scope = Scope(indices=dict(indices))
        binders.append((fresh, reading.index(span.low, scope), reading.index(span.high, scope)))
        indices[symbol] = fresh
    return Scope(indices=indices), binders


def _general(fact: Any, binders: list[tuple[Symbol, Expr, Expr]]) -> Any:
    for symbol, low, high in reversed(binders):
        fact = ForAll(symbol, low, high, fact)
    return fact


def _premises(reading: Reading, condition: Assumption | Obligation, context: Context) -> Iterator[Any]:
    """What a hypothesis says."""
    if isinstance(condition, Fact):
        scope, binders = _bound(reading, context, condition.forall)
        if _is_index(condition.left) and _is_index(condition.right):
            left, right = (reading.index(side, scope) for side in (condition.left, condition.right))
            fact: Any = Integers(left, condition.relation, right)
        else:
            fact = Reals(reading.term(condition.left, scope), condition.relation, reading.term(condition.right, scope))
        yield _general(fact, binders)
    elif isinstance(condition, OneHot):
        yield from _one_hot(reading, condition, context)
    elif isinstance(condition, Obligation):
        yield _obligation(reading, condition)
    else:
        raise OutsideFragment("a derivative with other parts held fixed")


def _one_hot(reading: Reading, condition: OneHot, context: Context) -> Iterator[Any]:
    """y_k = δ_kc for all k; without a named place, for some c in the range, which becomes a variable."""
    name = str(condition.family.label)
    shape = context.shape_of(name)
    span = shape[0] if shape else Range(Integer(1), context.size)
    low, high = reading.index(span.low, Scope()), reading.index(span.high, Scope())
    if condition.at is None:
        chosen = terms.index(f"c of {name}")
        reading.used[("index", chosen)] = None
        yield Within(low, chosen, high)
        place: Expr = chosen
    else:
        place = condition.at
    k = Dummy("k", integer=True)
    scope = Scope(indices={k: k})
    member = reading.term(condition.family[k], scope)
    yield ForAll(k, low, high, Reals(member, "=", reading.term(KroneckerDelta(k, place), scope)))


def _obligation(reading: Reading, obligation: Obligation) -> Any:
    indices: dict[Symbol, Expr] = {}
    binders: list[tuple[Symbol, Expr, Expr]] = []
    for symbol, low, high in obligation.binders:
        scope = Scope(indices=dict(indices))
        fresh = Dummy(symbol.name, integer=True)
        binders.append((fresh, reading.index(low, scope), reading.index(high, scope)))
        indices[symbol] = fresh
    fact = Reals(reading.term(obligation.term, Scope(indices=indices)), obligation.relation, Number(0))
    return _general(fact, binders)


def _read_or_none(reading: Reading, obligation: Obligation) -> list[Any]:
    """What the author of a claim relied on; nothing where it cannot be said, for it is not needed then."""
    try:
        return [_obligation(reading, obligation)]
    except OutsideFragment:
        return []


def _conditions_of(conditions: Conditions, premise: Any) -> Iterator[Any]:
    """The domain facts of the terms in a premise."""
    if isinstance(premise, ForAll):
        for fact in _conditions_of(conditions, premise.body):
            yield ForAll(premise.index, premise.low, premise.high, fact)
    elif isinstance(premise, Reals):
        yield from conditions.of([premise.left, premise.right])


def _relevant(reading: Reading, context: Context, extra: tuple[Any, ...]) -> list[Any]:
    """The assumptions of the context that share a quantity with what was read so far, directly or not.

    Leaving a hypothesis out makes a statement stronger; one that cannot be said is left out too.
    """
    found: list[Any] = []
    waiting = [a for a in context.assumptions if a not in extra and isinstance(a, (Fact, OneHot))]
    changed = True
    while changed:
        changed = False
        known = _topics(reading)
        for assumption in list(waiting):
            if not _mentioned(assumption) & known:
                continue
            waiting.remove(assumption)
            before = dict(reading.used)
            try:
                found += list(_premises(reading, assumption, context))
                changed = True
            except OutsideFragment:
                reading.used = before
    return found


def _topics(reading: Reading) -> set[str]:
    """The names of the quantities that were read, and of the free indices."""
    names = {name_of(key) for key in reading.used if key[0] != "size"}
    return (
        names
        | {f"size {key[1]}" for key in reading.used if key[0] == "size"}
        | {str(need[1]) for d in reading.definitions.values() for need in d.needs if need[0] not in ("size", "index")}
        | {str(key[1]) for key in reading.arities}
    )


def _mentioned(assumption: Assumption) -> set[str]:
    if isinstance(assumption, OneHot):
        return {str(assumption.family.label)}
    if not isinstance(assumption, Fact):
        return set()
    found: set[str] = set()
    sizes: set[str] = set()
    for side in (assumption.left, assumption.right):
        found |= {
            str(s)
            for s in side.free_symbols
            if s not in assumption.forall and not isinstance(s, Dummy) and not (s.is_integer and s.is_positive)
        }
        found |= {str(node.base.label) for node in side.atoms(_indexed())}
        sizes |= {f"size {s}" for s in side.free_symbols if s.is_integer and s.is_positive}
    return found or sizes


def _indexed() -> Any:
    from sympy import Indexed

    return Indexed


def _ranges(reading: Reading, context: Context) -> Iterator[Any]:
    """The ranges of the sizes and the free indices; those of ranges that depend on indices come after them."""
    done: set[Key] = set()
    places: list[Any] = []
    while True:
        fresh = [key for key in reading.used if key[0] == "index" and key not in done]
        if not fresh:
            break
        for key in fresh:
            done.add(key)
            symbol = key[1]
            if not isinstance(symbol, Symbol) or symbol.name.startswith("c of "):
                continue
            span = context.range_of(symbol)
            places.append(Within(reading.index(span.low, Scope()), symbol, reading.index(span.high, Scope())))
    for key in reading.used:
        if key[0] == "size" and isinstance(key[1], Symbol):
            yield Integers(Integer(1), "<=", key[1])
    yield from places


def _keys(reading: Reading) -> tuple[Key, ...]:
    """The quantities that are variables: sizes, indices, numbers and families."""
    order = {"size": 0, "index": 1}
    return tuple(sorted(reading.used, key=lambda key: order.get(key[0], 2)))


def _variables(reading: Reading) -> tuple[tuple[str, str], ...]:
    return tuple((reading.parameter(key), reading.kind(key)) for key in _keys(reading))


def _ordered(reading: Reading, parts: tuple[Any, ...]) -> tuple[CoqDefinition, ...]:
    """The definitions that are used, each behind those it uses."""
    wanted = [node.name for part in parts for node in walk(part) if isinstance(node, Defined)]
    result: dict[str, CoqDefinition] = {}

    def add(name: str) -> None:
        definition = reading.definitions[name]
        if name in result:
            return
        for node in walk(definition.body):
            if isinstance(node, Defined):
                add(node.name)
        result[name] = definition

    for name in wanted:
        add(name)
    return tuple(result.values())
