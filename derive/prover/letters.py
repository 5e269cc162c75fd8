"""Which letter an index gets that a derivation brings in, and over what it runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sympy import Dummy, Expr, Indexed, IndexedBase, Sum, Symbol, preorder_traversal

from derive.algebra import terms
from derive.algebra.context import Context, Range
from derive.algebra.reify import letters_for
from derive.algebra.terms import Call
from derive.algebra.unfold import name_of, positions_of
from derive.prover.dependence import head_of

PREFERRED = ("j", "k", "l", "m", "i")


def spans_of(name: str, count: int, context: Context) -> tuple[Range, ...]:
    """The ranges of the `count` positions of a family: declared, from its definition, or from where it is used."""
    shape = context.shape_of(name)
    if shape is not None and len(shape) == count:
        return shape
    head = head_of(name, context)
    if head is not None and len(positions_of(head)) == count:
        return tuple(context.range_of(p) for p in positions_of(head))
    for definition in context.definitions:
        found = _used_with(definition.body, name, count, context)
        if found is not None:
            return found
    return tuple(context.range_of(Symbol("?")) for _ in range(count))


def _used_with(body: Expr, name: str, count: int, context: Context) -> tuple[Range, ...] | None:
    bound = {variable: Range(low, high) for node in preorder_traversal(body) if isinstance(node, Sum)
             for variable, low, high in node.limits}
    for member in sorted(body.atoms(Indexed), key=str):
        positions = member.indices
        if name_of(member) == name and len(positions) == count and all(isinstance(p, Symbol) for p in positions):
            return tuple(bound.get(p) or context.range_of(p) for p in positions)
    return None


def taken_names(terms_: Iterable[Expr], context: Context) -> set[str]:
    """The names that a new index may not have: those of symbols, families and functions of the terms and the context."""
    found: set[str] = {str(name) for name in context.constants}
    for term in (*terms_, *(d.head for d in context.definitions), *(d.body for d in context.definitions)):
        for node in preorder_traversal(term):
            if isinstance(node, IndexedBase):
                found.add(str(node.label))
            elif isinstance(node, Call):
                found.add(node.name)
            elif isinstance(node, Symbol) and not isinstance(node, Dummy) and not (
                    node.is_integer and not node.is_positive):
                found.add(node.name)
    return found


def free_names_of(term: Expr) -> set[str]:
    """The names of the free symbols of a term, indices included."""
    return {s.name for s in term.free_symbols if not isinstance(s, Dummy)}


def fresh_indices(spans: Sequence[Range], taken: Iterable[str], context: Context) -> tuple[Symbol, ...]:
    """An index for each range, none of them in `taken`."""
    used = set(taken)
    found = []
    for span in spans:
        letter = next(name for name in letters_for(span, context, PREFERRED) if name not in used)
        used.add(letter)
        found.append(terms.index(letter))
    return tuple(found)


def with_ranges(context: Context, letters: Sequence[Symbol], spans: Sequence[Range]) -> Context:
    """The context in which each letter has its range."""
    for letter, span in zip(letters, spans, strict=True):
        if context.range_of(letter) != span:
            context = context.with_range(letter, span)
    return context
