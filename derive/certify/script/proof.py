"""The proof script of a statement: its domain facts one after the other, then the claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sympy import Expr, Symbol

from derive.certify.script.forms.errors import NoProof
from derive.certify.script.forms.facts import Facts
from derive.certify.script.forms.polynomials import added
from derive.certify.script.premises import learned, named, ranges_of, signs_of, stated
from derive.certify.script.protocols import Place
from derive.certify.script.scripts import Script
from derive.certify.script.uniqueness import proved_by_uniqueness
from derive.certify.statement.facts import Integers, Reals, Statement
from derive.certify.statement.syntax import Delta, at_indices, walk

SPLITS = 6


def write_proof(statement: Statement, script: Script) -> None:
    """The lines between ``Proof.`` and ``Qed.``.

    Raises:
        NoProof, OutsideFragment: if none is found.
    """
    pairs = named(statement.premises)
    names = [name for name, _ in statement.variables] + [name for name, _ in pairs]
    if names:
        script.line(f"intros {' '.join(names)}.")
    goals, pairs = _substituted(statement.goals, pairs, script)
    place = _place(pairs, Facts(), script)
    for goal in goals[:-1]:
        name = script.assure(goal, place)
        script.line(f"split; [exact {name} |].")
        place = learned(name, goal, place, script)
    _claim(goals[-1], pairs, place, script, SPLITS)


def facts_of(premises: tuple[Any, ...], script: Script) -> Facts:
    """What the premises say, for the signs of terms."""
    return signs_of(premises, ranges_of(premises, Facts()), script)


def _place(pairs: list[tuple[str, Any]], facts: Facts, script: Script) -> Place:
    premises = [premise for _, premise in pairs]
    facts = signs_of(premises, ranges_of(premises, facts), script)
    return stated(pairs, Place(facts), script)


def _substituted(
    goals: tuple[Any, ...], pairs: list[tuple[str, Any]], script: Script
) -> tuple[tuple[Any, ...], list[tuple[str, Any]]]:
    """Premises that equate indices are substituted."""
    for _ in range(8):
        found = next(((name, s) for name, p in pairs if (s := _equation(p)) is not None), None)
        if found is None:
            break
        name, (symbol, value) = found
        script.line(f"subst {script.writer.index(symbol)}.")
        values = {symbol: value}
        pairs = [(n, at_indices(p, values)) for n, p in pairs if n != name]
        goals = tuple(at_indices(goal, values) for goal in goals)
    return goals, pairs


def has_index_equation(statement: Statement) -> bool:
    """Whether a premise makes two indices one, so that the proof substitutes."""
    return any(_equation(premise) is not None for premise in statement.premises)


def _equation(premise: Any) -> tuple[Symbol, Expr] | None:
    if not isinstance(premise, Integers) or premise.relation != "=":
        return None
    # Coq's `subst x` takes either direction
    for symbol, value in ((premise.right, premise.left), (premise.left, premise.right)):
        if isinstance(symbol, Symbol) and symbol not in value.free_symbols:
            return symbol, value
    return None


def _claim(goal: Any, pairs: list[tuple[str, Any]], place: Place, script: Script, splits: int) -> None:
    """The claim itself; where it matters whether two indices coincide, both cases."""
    if isinstance(goal, Reals) and goal.relation == "=" and proved_by_uniqueness(script, goal, place):
        return
    pair = _undecided(goal, place, script)
    if pair is None:
        if isinstance(goal, Reals):
            script.relation(goal, place)
        else:
            script.line("lia.")
        return
    if splits == 0:
        raise NoProof("too many cases of coinciding indices")
    a, b = pair
    symbol, value = (b, a) if isinstance(b, Symbol) and b not in a.free_symbols else (a, b)
    if not isinstance(symbol, Symbol):
        raise NoProof("index expressions that may or may not coincide")
    same, apart = script.label("Q"), script.label("N")
    writer = script.writer
    script.line(f"destruct (Z.eq_dec {writer.index(value)} {writer.index(symbol)}) as [{same}|{apart}].")
    with script.block():
        script.line(f"subst {writer.index(symbol)}.")
        values: Mapping[Symbol, Expr] = {symbol: value}
        inner = [(name, at_indices(premise, values)) for name, premise in pairs]
        _claim(at_indices(goal, values), inner, _place(inner, _moved(place.facts, values), script), script, splits - 1)
    with script.block():
        facts = replace(place.facts, apart=place.facts.apart | {frozenset((a, b))})
        _claim(goal, pairs, replace(place.inside(), facts=facts), script, splits - 1)


def _moved(facts: Facts, values: Mapping[Symbol, Expr]) -> Facts:
    """What is kept of the facts when two indices are one: pairs that differ."""
    pairs = frozenset(frozenset(e.xreplace(dict(values)) for e in pair) for pair in facts.apart)
    return Facts(apart=frozenset(pair for pair in pairs if len(pair) == 2))


def _undecided(goal: Any, place: Place, script: Script) -> tuple[Expr, Expr] | None:
    """Two indices of which it matters whether they coincide."""
    if not isinstance(goal, Reals):
        return None
    normal, facts = script.normal, place.facts
    difference = added(normal.of(goal.left, facts), normal.of(goal.right, facts), -1)
    if goal.relation == "=" and normal.ring.is_zero(difference, facts):
        return None
    deltas = {part for m in difference for g, _ in m for part in walk(g) if isinstance(part, Delta)}
    if not deltas:
        return None
    delta = min(deltas, key=normal.key)
    return delta.left, delta.right
