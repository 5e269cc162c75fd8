"""Normal forms of determinants: the entries in normal form, and what a row with a single 1 leaves by the inverse."""

from __future__ import annotations

from sympy import Dummy, Symbol

from derive.certify.script.forms.facts import Facts, LeftInverse
from derive.certify.script.forms.protocols import NormalForms
from derive.certify.statement.syntax import Delta, Determinant, IfEqual, Line, Ref, Term, Times, at_indices, symbols


def determinant(normal: NormalForms, node: Determinant, facts: Facts) -> Determinant:
    """The determinant with its entries in normal form."""
    row, column = Dummy("i", integer=True), Dummy("j", integer=True)
    inner = facts.ranging(row, node.low, node.high).ranging(column, node.low, node.high)
    entry = normal.ring.term(normal.of(at_indices(node.body.body, {node.index: row, node.body.index: column}), inner))
    base = max((int(s.name[2:]) for s in symbols(entry) if s.name.startswith("k#")), default=0)
    first, second = (Symbol(f"k#{base + depth}", integer=True) for depth in (2, 1))
    inner = facts.ranging(first, node.low, node.high).ranging(second, node.low, node.high)
    renamed = normal.ring.term(normal.of(at_indices(entry, {row: first, column: second}), inner))
    return Determinant(first, node.low, node.high, Line(second, renamed))


def by_inverse(node: Determinant, facts: Facts) -> tuple[Term, LeftInverse] | None:
    """Of a matrix in which the row k is 1 at l and 0 elsewhere: the determinant of the matrix times the inverse at (l, k)."""
    row, column, entry = node.index, node.body.index, node.body.body
    if not isinstance(entry, IfEqual) or entry.left != row or not isinstance(entry.this, Delta) or entry.this.right != column:
        return None
    k, l = entry.right, entry.this.left
    if not isinstance(entry.that, Ref) or entry.that.positions != (row, column):
        return None
    if not (facts.within(k, node.low, node.high) and facts.within(l, node.low, node.high)):
        return None
    for pair in facts.inverses:
        if pair.matrix == entry.that.family and (pair.low, pair.high) == (node.low, node.high):
            whole = Determinant(row, node.low, node.high, Line(column, entry.that))
            return Times(whole, Ref(pair.inverse, (l, k))), pair
    return None
