"""Proofs that an inverse is what the matrix gives the identity with."""

from __future__ import annotations

from sympy import Dummy, Symbol

from derive.certify.script.forms.errors import NoProof
from derive.certify.script.forms.facts import LeftInverse
from derive.certify.script.forms.polynomials import added
from derive.certify.script.protocols import Place
from derive.certify.script.scripts import Script
from derive.certify.statement.facts import Reals
from derive.certify.statement.syntax import Base, Delta, Ref, Sum, Term, Times, at_indices


def proved_by_uniqueness(script: Script, goal: Reals, place: Place) -> bool:
    """Closes an equation whose sides have different normal forms, where one of them is an entry of an inverse."""
    facts, normal = place.facts, script.normal
    if not facts.inverses:
        return False
    difference = added(normal.of(goal.left, facts), normal.of(goal.right, facts), -1)
    if normal.ring.is_zero(difference, facts):
        return False
    for entry, value in ((goal.left, goal.right), (goal.right, goal.left)):
        if not (isinstance(entry, Ref) and isinstance(entry.family, Base) and len(set(entry.positions)) == 2):
            continue
        for pair in facts.inverses:
            if pair.inverse != entry.family or not all(facts.within(p, pair.low, pair.high) for p in entry.positions):
                continue
            try:
                with script.attempt(again=True):
                    if entry is goal.right:
                        script.line("symmetry.")
                    _unique(script, pair, entry, value, place)
                return True
            except NoProof:
                continue
    return False


def _unique(script: Script, pair: LeftInverse, entry: Ref, value: Term, place: Place) -> None:
    """Closes ``entry = value``: the matrix times the family of the values is the identity too."""
    i, j = entry.positions
    if not (isinstance(i, Symbol) and isinstance(j, Symbol)):
        raise NoProof("an entry of an inverse at a place that is no index")
    write, text = script.writer.index, script.text
    matrix = f"(fun {write(pair.row)} {write(pair.column)} : Z => {text(pair.entry)})"
    values = f"(fun {write(i)} {write(j)} : Z => {text(value)})"
    ends = f"{write(pair.low)} {write(pair.high)}"
    law = f"inverse_unique {ends} {matrix} {script.writer.family(pair.inverse)} {values} {pair.fact} _"
    script.line(f"refine ({law} {write(i)} ltac:(lia) {write(j)} ltac:(lia)).")
    row, column, k = (Dummy(name, integer=True) for name in "ijk")
    script.line(f"intros {write(row)} {script.label('H')} {write(column)} {script.label('H')}; cbv beta.")
    facts = place.facts.ranging(row, pair.low, pair.high).ranging(column, pair.low, pair.high)
    factors = at_indices(pair.entry, {pair.row: row, pair.column: k}), at_indices(value, {i: k, j: column})
    script.equal(Sum(k, pair.low, pair.high, Times(*factors)), Delta(row, column), place.inside(facts))
