"""Which letter an index gets that a derivation brings in, and over what it runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sympy import Dummy, Expr, Indexed, IndexedBase, Sum, Symbol, preorder_traversal

from derive.normal.reify import letters_for
from derive.prover.dependence import head_of
from derive.prover.parts import parts, rebuild, with_kept_products
from derive.terms import terms
from derive.terms.context import Context, Range
from derive.terms.heads import name_of, positions_of
from derive.terms.terms import Call

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
    bound = {
        variable: Range(low, high)
        for node in preorder_traversal(body)
        if isinstance(node, Sum)
        for variable, low, high in node.limits
    }
    for member in sorted(body.atoms(Indexed), key=str):
        positions = [place for place in member.indices if isinstance(place, Symbol)]
        if name_of(member) == name and len(member.indices) == len(positions) == count:
            return tuple(bound.get(p) or context.range_of(p) for p in positions)
    return None


def taken_names(terms_: Iterable[Expr], context: Context) -> set[str]:
    """The names that a new index may not have: those of symbols, families and functions of the terms and the context."""
    found: set[str] = {str(name) for name in context.constants}
    spans = (*(span for _, span in context.ranges), *(span for _, shape in context.shapes for span in shape))
    found |= {s.name for span in spans for end in (span.low, span.high) for s in end.free_symbols}
    for term in (*terms_, *(d.head for d in context.definitions), *(d.body for d in context.definitions)):
        for node in preorder_traversal(term):
            if isinstance(node, IndexedBase):
                found.add(str(node.label))
            elif isinstance(node, Call):
                found.add(node.name)
            elif isinstance(node, Symbol) and not isinstance(node, Dummy) and not (node.is_integer and not node.is_positive):
                found.add(node.name)
    return found


def free_names_of(term: Expr) -> set[str]:
    """The names of the free symbols of a term, indices included."""
    return {s.name for s in term.free_symbols if not isinstance(s, Dummy)}


@dataclass
class Letters:
    """The ranges of the letters of one document: one letter never runs over two ranges in what is printed together."""

    ranges: dict[str, Range] = field(default_factory=dict)

    def reserve(self, terms_: Iterable[Expr], context: Context) -> None:
        """The free indices of terms, with the ranges that they have in the context."""
        for symbol in sorted({s for term in terms_ for s in term.free_symbols}, key=str):
            if symbol.is_integer and not symbol.is_positive and not isinstance(symbol, Dummy):
                self.ranges.setdefault(symbol.name, context.range_of(symbol))

    def fresh(self, spans: Sequence[Range], taken: Iterable[str], context: Context) -> tuple[Symbol, ...]:
        """An index for each range, none of them in `taken`."""
        self.reserve((d.head for d in context.definitions), context)
        used = set(taken)
        found = []
        for span in spans:
            letter = next(
                name
                for name in letters_for(span, context, PREFERRED)
                if name not in used and self.ranges.get(name, span) == span
            )
            used.add(letter)
            self.ranges[letter] = span
            found.append(terms.index(letter))
        return tuple(found)


def relettered(term: Expr, context: Context) -> Expr:
    """`term` with another letter for each bound index whose letter means something else in it or in the context."""
    if not term.has(Sum):
        return term
    return _relettered(term, frozenset(taken_names([term], context) | free_names_of(term)), context)


def _relettered(term: Expr, taken: frozenset[str], context: Context) -> Expr:
    if not term.has(Sum):
        return term
    if not isinstance(term, Sum):
        changed = [(part, _relettered(part, taken, context)) for part in parts(term)]
        moved = {old: new for old, new in changed if old is not new}
        return term if not moved else rebuild(term, lambda part: moved.get(part, part))
    body, variable, low, high = terms.peel(term)
    name = variable.name
    if name in taken or _of_another_range(name, Range(low, high), context):
        name = next(letter for letter in letters_for(Range(low, high), context) if letter not in taken)
    inner = _relettered(body, taken | {name}, context)
    if name == variable.name:
        return term if inner is body else Sum(inner, (variable, low, high))
    fresh = terms.bound(name)
    return Sum(with_kept_products(inner, {variable: fresh}), (fresh, low, high))


def _of_another_range(name: str, span: Range, context: Context) -> bool:
    return any(symbol.name == name and known != span for symbol, known in context.ranges)


def with_ranges(context: Context, letters: Sequence[Symbol], spans: Sequence[Range]) -> Context:
    """The context in which each letter has its range."""
    for letter, span in zip(letters, spans, strict=True):
        if context.range_of(letter) != span:
            context = context.with_range(letter, span)
    return context
