"""One formula's text to claims: the reader from end to end.

Each side of a chain is parsed by itself: what is not understood makes unread the relations beside it, and no others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

import sympy
from sympy import Expr

from derive.latex.built import Built
from derive.latex.grammar import brackets, choices, syntax
from derive.latex.grammar.expressions import Parser
from derive.latex.grammar.valued import body_of
from derive.latex.implications import FORWARD, grouped, implication
from derive.latex.meaning.scope import Scope
from derive.latex.meaning.sums import free_names, outer_names
from derive.latex.meaning.terms import Elaborator
from derive.latex.readings import Declaration, Reading, ReadRange, ReadRelation, ReadStatement, Remark
from derive.latex.sides import Parsed, Term, choosing, is_list, open_sum, plain_numbers, unbracketed, unique, without_commas
from derive.latex.symbols.observe import observe
from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.cut import Cut, cut
from derive.latex.tokens.errors import Unread, UnreadPart
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.pieces import Side
from derive.latex.tokens.remarks import constants_in, joins_statements
from derive.latex.tokens.rows import rows
from derive.latex.tokens.statements import OR, RawRemark, RawStatement, statements
from derive.latex.vectors import frames
from derive.latex.vectors.names import introducing, speaks_of_vectors
from derive.latex.vectors.valued import defined_at
from derive.terms import terms
from derive.terms.context import Claim
from derive.terms.reasons import Why, because
from derive.terms.relations import IMPLICATIONS

__all__ = ["Declaration", "ReadRange", "ReadRelation", "ReadStatement", "Reading", "Remark", "read_formula"]

_MAX_SIDES = 400
_T = TypeVar("_T")


def read_formula(
    formula: str | Cut,
    table: SymbolTable | None = None,
    plain: bool = False,
    free: frozenset[str] = frozenset(),
    taken: frozenset[str] = frozenset(),
) -> Reading:
    r"""The statements of one formula (without its dollar signs); never raises for what is written in it.

    The formula may be cut into tokens already. `table` is what is known of the document's names, `free` the names
    of indices known to be free here; entries of
    vectors are read at none of the indices `taken`.

    >>> read_formula(r"a_i(1 - a_i) > 0").claims[0].relation
    '>'
    """
    one = cut(formula, plain) if isinstance(formula, str) else formula
    known = observe(table or SymbolTable(), [one])
    known = known if one.plain else introducing(known, [one])
    text = one.text
    try:
        raw = statements(text, rows(one.named(known.names)))
    except Unread as error:
        return Reading(text, (), (error.part,))
    reader = _Reader(text, known, one.plain, free, taken)
    found = tuple(each for group in grouped(raw) for each in reader.group(group))
    found = tuple(_chosen(statement, found[at + 1 :]) for at, statement in enumerate(found))
    unread = tuple(part for statement in found for part in statement.unread)
    return Reading(text, found, unread)


def _chosen(statement: ReadStatement, after: Sequence[ReadStatement]) -> ReadStatement:
    """The statement, unread where something beside it takes some terms of its sum alone."""
    part = choosing(statement, after)
    if part is None:
        return statement
    relations = tuple(replace(r, claims=(), unread=r.unread or part) for r in statement.relations)
    return replace(statement, relations=relations, unread=(*statement.unread, part))


class _Reader:
    def __init__(self, text: str, table: SymbolTable, plain: bool, free: frozenset[str], taken: frozenset[str]) -> None:
        self.text = text
        self.table = table
        self.plain = plain
        self.free = free
        self.taken = taken

    def group(self, group: list[RawStatement]) -> list[ReadStatement]:
        """The statements of a group, together where they are an implication."""
        found = None if self.plain else implication(group, self.statement, lambda start, end: self.text[start:end])
        if found is None:
            return [self.statement(raw) for raw in group]
        leads = len(group) > 1 and all(relation.relation in FORWARD for relation in found.relations)
        return [replace(found, apart=tuple(self.statement(raw) for raw in group)) if leads else found]

    def statement(self, raw: RawStatement) -> ReadStatement:
        remarks = tuple(self.remark(remark) for remark in raw.remarks)
        blocked = self.blocked(raw)
        vector = not self.plain and speaks_of_vectors(raw, self.table)
        parsed = [self.parse(side, raw.relations, p, blocked, vector) for p, side in enumerate(raw.sides)]
        free = self.free.union(*(free_names(one.node) for one in parsed if one.node is not None)) if parsed else self.free
        outer = self.taken.union(*(outer_names(one.node) for one in parsed if one.node is not None))
        parsed = [open_sum(one, outer) for one in parsed]
        against_vector = any(isinstance(one.node, syntax.VectorLit) for one in parsed)
        if not vector and (numbers := plain_numbers(one.node for one in parsed) - self.table.vectors):
            self.table = replace(self.table, scalars=self.table.scalars | numbers)
        frame = frames.frame(self.text, raw, [one.node for one in parsed], self.table, self.taken) if vector else None
        terms_ = [self.elaborate(one, free, against_vector, frame.side(p) if frame else None) for p, one in enumerate(parsed)]
        found = Built(self, raw, parsed, terms_)
        relations = tuple(found.relation(p) for p in range(len(raw.relations)))
        if frame is not None:
            relations = tuple(
                replace(r, claims=tuple(replace(c, entries=frame.indices, held=frame.held) for c in r.claims))
                for r in relations
            )
        valued = self.valued(raw) if frame is not None and not any(r.unread for r in relations) else ()
        if valued:
            relations = tuple(replace(r, claims=()) for r in relations)
        notes = unique(
            note
            for source in (raw.notes, *(o.notes for o in parsed), *(t.notes for t in terms_), frame.notes if frame else ())
            for note in source
        )
        unread = unique(term.unread for term in terms_ if term.unread is not None)
        unread += tuple(r.unread for r in relations if r.unread is not None and r.unread not in unread)
        return ReadStatement(
            sides=tuple(term.values[0] if term.values else None for term in terms_),
            spans=tuple((one.side.start, one.side.end) for one in parsed),
            relations=relations,
            row_start=raw.row_start,
            lead=raw.lead,
            implies=raw.implies is not None,
            remarks=remarks,
            notes=notes,
            holes=tuple(p for p, side in enumerate(raw.sides) if side.hole),
            choices=(*self.left_open(parsed, terms_), *(frame.choices if frame else ())),
            declares=valued or found.declares(),
            ranges=found.ranges(),
            bare=len(raw.sides) == 1,
            unread=unread,
            entries=tuple(ReadRange(s, r.low, r.high) for s, r in zip(frame.indices, frame.spans, strict=True))
            if frame
            else (),
            layouts=frame.layouts if frame else (),
            vectors=vector,
            obligations=terms_[0].obligations[0] if len(raw.sides) == 1 and terms_[0].obligations else (),
        )

    def valued(self, raw: RawStatement) -> tuple[Declaration, ...]:
        """The function that a statement gives by an expression between vectors, which stands for its values everywhere."""
        name, parameters = defined_at(raw, self.table)
        body = body_of(name, self.table)
        given = body is not None and body.value is not None and body.shaped
        return (Declaration("function", name, parameters),) if given else ()

    def left_open(self, parsed: Iterable[Parsed], terms_: Iterable[Term]) -> tuple[choices.Choice, ...]:
        """The parser's choices but for exponents by which the statement differentiates: those are numbers, and no indices."""
        varied = {str(p.variable) for term in terms_ for value in term.values for p in value.atoms(terms.Partial)}
        return unique(
            choice
            for one in parsed
            for choice in one.choices
            if choice.open is not choices.Open.POWER or self.text[choice.start : choice.end] not in varied
        )

    def blocked(self, raw: RawStatement) -> UnreadPart | None:
        """An implication makes the whole statement unread: its two halves are no claims by themselves."""
        for relation in raw.relations:
            if relation.text in IMPLICATIONS:
                return UnreadPart(because(Why.IMPLICATION), relation.start, relation.end, "one claim a formula")
        if raw.blocked is not None and raw.sides:
            return UnreadPart(raw.blocked, raw.sides[0].start, raw.sides[-1].end)
        if len(raw.sides) > _MAX_SIDES:
            return UnreadPart(because(Why.CHAIN_TOO_LONG, most=_MAX_SIDES), raw.sides[0].start, raw.sides[-1].end)
        return None

    def parse(
        self, side: Side, relations: tuple[Token, ...], position: int, blocked: UnreadPart | None, vector: bool
    ) -> Parsed:
        if blocked is not None:
            return Parsed(side, None, unread=blocked)
        if side.hole and len(side.tokens) == 1 and side.tokens[0].text == "?":
            return Parsed(side, syntax.Hole(side.start, side.end))
        if not side.tokens:
            beside = relations[max(position - 1, 0)]
            part = UnreadPart(because(Why.MISSING_SIDE), beside.start, beside.end, "a formula")
            return Parsed(side, None, unread=part)
        side = replace(side, tokens=without_commas(side.tokens)) if position else side
        parser = Parser(side.tokens, self.text, self.table, self.plain, vector)
        try:
            node = self.parse_side(parser, side, relations[position - 1].text if position else "")
        except Unread as error:
            return Parsed(side, None, unread=error.part)
        return Parsed(side, node, tuple(parser.notes), choices=tuple(parser.choices))

    def parse_side(self, parser: Parser, side: Side, relation: str) -> syntax.Node:
        if relation == "in":
            node = brackets.membership(parser)
        elif relation == "=" and is_list(side.tokens):
            node = brackets.listed(parser)
        else:
            return parser.whole()
        if parser.peek().kind != "stop":
            raise parser.surprise("the end")
        return node

    def elaborate(self, one: Parsed, free: frozenset[str], against_vector: bool, entry: frames.Entry | None = None) -> Term:
        if one.node is None:
            return Term(unread=one.unread)
        if entry is not None and entry.problem is not None:
            return Term(unread=entry.problem)
        if isinstance(one.node, (syntax.Hole, syntax.Interval, syntax.IndexRange, syntax.NumberSet, syntax.Space, syntax.Pair)):
            return Term()
        if (
            against_vector
            and not (entry is not None and entry.places)
            and isinstance(one.node, syntax.Name)
            and self.table.is_family(one.node.text)
            and one.node.text not in self.table.scalars
        ):
            return Term((terms.family(one.node.text),), ((),))
        signs = (1, -1) if any(isinstance(part, syntax.PlusMinus) for part in syntax.walk(one.node)) else (1,)
        values, obligations, notes = [], [], []
        for sign in signs:
            elaborator = entry.elaborator(free) if entry else Elaborator(self.text, self.table, free)
            scope = Scope(sign=sign, row=entry.row, column=entry.column) if entry else Scope(sign=sign)
            try:
                if entry is not None and entry.places:
                    places = (replace(scope, row=row, column=column) for row, column in entry.places)
                    value: Expr = terms.Vector(elaborator.term(one.node, place) for place in places)
                else:
                    value = elaborator.term(one.node, scope)
                if value.has(sympy.I, sympy.zoo, sympy.nan, sympy.oo, -sympy.oo):
                    raise Unread(because(Why.NO_REAL_VALUE), one.node.start, one.node.end)
            except Unread as error:
                return Term(unread=error.part)
            values.append(value)
            obligations.append(tuple(elaborator.obligations))
            notes.extend(elaborator.notes)
        return Term(tuple(values), tuple(obligations), unique(notes))

    def remark(self, raw: RawRemark) -> Remark:
        """A remark with what of it can be read as conditions."""
        written = self.text[raw.start : raw.end].strip()
        inside = tuple(token for token in raw.tokens if token.text != "\\forall")
        plain = Remark(written, raw.start, raw.end, word=raw.words, constants=constants_in(inside))
        words = [token.text for token in inside if token.kind in ("words", "text")]
        related = any(token.kind == "relation" for token in inside)
        if not related or raw.words == OR or not all(joins_statements(word) for word in words):
            return plain
        try:
            found = statements(self.text, rows(unbracketed(inside)))
        except Unread:
            return plain
        conditions: list[Claim] = []
        ranges: list[ReadRange] = []
        for statement in found:
            read = self.statement(statement)
            if read.unread or read.bare:
                return plain
            conditions.extend(claim for relation in read.relations for claim in relation.claims)
            conditions.extend(claim for remark in read.remarks for claim in remark.conditions)
            ranges.extend(read.ranges)
            ranges.extend(span for remark in read.remarks for span in remark.ranges)
        return replace(plain, conditions=tuple(conditions), ranges=tuple(ranges))

    def written(self, side: Side) -> str:
        """A side as it was written, without row breaks and alignment marks."""
        pieces, last = [], None
        for token in sorted(side.tokens, key=lambda token: token.start):
            if last is not None:
                between = self.text[last.end : token.start]
                clean = between if not any(mark in between for mark in ("\\\\", "&", "%")) else " "
                pieces.append(clean)
            pieces.append(self.text[token.start : token.end])
            last = token
        return "".join(pieces).strip()

    def index_bound(self, node: syntax.Node) -> Expr:
        return Elaborator(self.text, self.table).index(node, Scope())
