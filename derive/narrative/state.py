"""What is known of a document while it is walked from its first formula to its last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Indexed, Symbol

from derive.documents import Declaration, Document, Formula, Heading
from derive.judge.verdict import Kind, Verdict
from derive.latex.reading import read_formula
from derive.latex.readings import Reading, ReadRelation, ReadStatement
from derive.latex.symbols.observe import observe
from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.cut import Cut
from derive.latex.tokens.errors import UnreadPart
from derive.latex.tokens.parts import heads
from derive.latex.vectors.bold import base_name
from derive.latex.vectors.inference import inferred, plain_names
from derive.latex.vectors.names import introducing
from derive.latex.vectors.opened import opened
from derive.latex.vectors.uses import used
from derive.narrative.continued import continued
from derive.narrative.cutting import Cutting
from derive.narrative.doubts.choices import Choices
from derive.narrative.doubts.names import names_in
from derive.narrative.entries import Entry, has_hole
from derive.narrative.explanation import explained_as
from derive.narrative.implied import Listed
from derive.narrative.known import Known
from derive.narrative.layouts import with_layout
from derive.narrative.names.customary import described
from derive.narrative.names.declarations import Stated, declared
from derive.narrative.names.depending import dependences, through
from derive.narrative.names.described import columns, squares
from derive.narrative.names.functions import speaks_of_entries, spoken_letters
from derive.narrative.names.homes import homes, kept_for, parts, without
from derive.narrative.names.learnt import Learnt, learnt
from derive.narrative.names.macros import expanded
from derive.narrative.names.places import places_shown
from derive.narrative.names.random import normal_laws, random_names
from derive.narrative.names.ranges import declared_ranges, main_size, ranges_shown, with_ranges
from derive.narrative.names.shaped import Space, samples_in, with_spaces, with_these
from derive.narrative.names.shorthands import names_of, shorthands
from derive.narrative.names.spaces import Spaces, vectors_in
from derive.narrative.names.steps import places_below, steps_shown
from derive.narrative.names.values import numbers_by_definition
from derive.narrative.roles.given import given_by
from derive.narrative.roles.heads import is_head
from derive.narrative.roles.readings import Role
from derive.narrative.words.grammar import RESULTS
from derive.narrative.words.paragraphs import Placed
from derive.normal.unfold import Unfolder
from derive.terms.context import Range
from derive.terms.heads import name_of
from derive.terms.reasons import Reason, Why, because
from derive.terms.terms import Call, Partial


class State(Cutting):
    """What is known of a document while it is walked: its names, what holds, and the entries so far."""

    def __init__(self, document: Document, given: tuple[str, ...]) -> None:
        super().__init__()
        usual = shorthands(document.formulas, (macro.name for macro in document.macros))
        self.shorthands = names_of(usual)
        macros = (*document.macros, *usual)
        blocks = tuple(expanded(b, macros) if isinstance(b, Formula) else b for b in document.blocks)
        self.document = document = replace(document, blocks=continued(blocks, self._cut_of))
        texts = [self._cut(f.latex) for f in document.formulas if f.kind != "plain"]
        texts = self._settle(texts)
        plain = [self._cut(f.latex, True) for f in document.formulas if f.kind == "plain"]
        self.declared = said = declared(tuple(b for b in document.blocks if isinstance(b, Declaration)), SymbolTable())
        formulas = [*texts, *(self._cut(s.latex) for s in said.stated if isinstance(s, Stated)), *map(self._cut, given)]
        self.given = said.table.declared
        self.shapes_said = homes(document, self._cut_of)
        self.table = observe(with_spaces(said.table, formulas, (space for _, space in self.shapes_said.told)), formulas)
        self.table = observe(self.table, plain) if plain else self.table
        self.laws = normal_laws(texts)
        random = random_names(document, texts, self._cut_of)
        self.table = replace(self.table, entrywise=speaks_of_entries(document), random=random)
        formulas = self._with_laws(formulas)
        letters = spoken_letters(document)
        self.table = replace(self.table, pointwise=self.table.pointwise | (letters - self.table.declared))
        self._open(formulas)
        shaped = introducing(self.table, formulas)
        self.customary = frozenset(n for n in described(formulas + plain, self.table) if shaped.space_of(n) is None)
        for name in sorted(self.customary):
            self.table = self.table.with_scalar(name)
        main = main_size(formulas, self.table)
        shown = {name: span for name, span in ranges_shown(formulas, self.table).items() if span != (1, main)}
        self.table = replace(with_ranges(self.table, shown).with_size(main), default_size=main)
        self.table = introducing(used(self.table, formulas), formulas)
        for name in sorted(numbers_by_definition(formulas, self.table.declared)):
            self.table = self.table if self.table.is_family(name) else self.table.with_scalar(name)
        written = [self._cut_of(f) for f in document.formulas]
        self.choices = Choices.of(written, self.table)
        self.table = replace(self.table, steps=steps_shown(written, self.table, self.choices.used, self.choices.sequences))
        self.table = replace(self.table, stepped=places_below(written, self.table, self.table.steps))
        self.table = replace(self.table, factors=self.choices.factors)
        self.choices = replace(self.choices, counted=self.table.steps)
        told = frozenset(name for name, _ in said.table.ranges)
        places = places_shown(formulas, self.table) | {
            (name, at): Range(*said.table.range_of(letter))
            for name, letters in said.families
            for at, letter in enumerate(letters)
            if letter in told
        }
        places |= {(name, at): span for name, spans in self.table.spaces for at, span in enumerate(spans)}
        places = {**dict(self.table.places), **places}
        self.table = replace(self.table, told=told, places=tuple(sorted(places.items(), key=lambda item: item[0])))
        self._infer()
        self.known = Known(declared_ranges(self.table, said.families, main))
        given_through = through(dependences(document, self._cut_of), self.table)
        for each in given_through:
            if each.spans:
                self.known.context = self.known.context.with_shape(each.inner, each.spans)
        self.known.context = replace(self.known.context, through=given_through)
        self.entries: list[Entry] = []
        self.inferred = [
            because(Why.RUNS_OVER, name=name, low=str(low), high=str(high)) for name, (low, high) in sorted(shown.items())
        ]
        if main != "n":
            self.inferred.append(because(Why.MAIN_RANGE, size=main))
        self.problems = [(p.line, because(Why.BAD_DECLARATION, problem=p.text)) for p in said.problems]
        self.seen: set[str] = set()
        self.unread_heads: dict[str, int] = {}
        self.unread_in: dict[str, frozenset[str]] = {}
        self.narrowed: dict[str, tuple[int, frozenset[str]]] = {}
        self.homes: dict[str, tuple[frozenset[str], int]] = {}
        self.labels: set[str] = set()
        self.independent: set[str] = set()
        self.sentence = self.reading = self.begun = 0
        self.shares: set[str] = set()
        self.numbers: tuple[int, Listed | None] = -1, None
        self.conventions: frozenset[str] = frozenset()
        self.led = self.restricted = -1
        self.granted = Role.DEFINITION
        self.chance = False
        self.pieces: dict[str, int] = {}
        self.stepped: set[str] = set()
        self.talked: set[str] = set()
        self.before: frozenset[str] = frozenset()
        self.taken: frozenset[str] = frozenset()
        self.declared_families = frozenset(name for name, _ in said.families)
        self.shown: dict[tuple[int, frozenset[str]], SymbolTable] = {}
        self.away: tuple[int, tuple[tuple[str, tuple[Range, ...]], ...]] = -1, ()
        self.apart: tuple[frozenset[str], SymbolTable] = frozenset(), self.table
        self.called = vectors_in(document, self._cut_of).without(self.table.scalars)

    def _with_laws(self, formulas: Sequence[Cut]) -> list[Cut]:
        """The formulas with what the normal laws say of moments; a random vector has the length of its mean."""
        for law in self.laws:
            mean, spread = (self.table.space_of(base_name(each)[0]) for each in (law.mean, law.spread))
            span = mean or (spread[:1] if spread else None)
            if span is not None and self.table.space_of(base_name(law.name)[0]) is None:
                self.table = self.table.with_space(base_name(law.name)[0], span)
        heads_ = {row[0].text for one in formulas if len(row := one.tokens) > 1 and row[1].text in ("=", ":=")}
        self.moments = tuple(
            latex
            for law in self.laws
            for latex in law.equations(self.table.space_of(base_name(law.name)[0]) is not None, frozenset(heads_))
        )
        return [*formulas, *map(self._cut, self.moments)]

    def _open(self, formulas: Sequence[Cut]) -> None:
        """The vectors and matrices of which words or transposes tell no more than that they are such."""
        called = vectors_in(self.document, self._cut_of)
        found: list[tuple[int, Space]] = []
        known = introducing(self.table, formulas)
        for section, blocks in enumerate(parts(self.document)):
            cuts = [self._cut_of(block) for block in blocks if isinstance(block, Formula)]
            names = frozenset(name for name, count in called.at(section) if count == 0)
            part = replace(self.document, blocks=tuple(blocks))
            words = squares(part, self._cut_of)
            single = columns(part, self._cut_of)
            found += ((section, Space(name, spans)) for name, spans in opened(known, cuts, names | words, words, single))
        if found:
            self.shapes_said = self.shapes_said.with_told(found)
            self.table = observe(with_spaces(self.table, (), (space for _, space in found)), formulas)
            self.table = replace(self.table, guessed=frozenset(space.name for _, space in found))

    def _infer(self) -> None:
        """The shapes of bold names that nothing declares, section by section."""
        sections: dict[int, list[Cut]] = {}
        section = 0
        self.section_of: dict[int, int] = {}
        self.sections = sections
        for block in self.document.blocks:
            section += isinstance(block, Heading)
            if isinstance(block, Formula):
                self.section_of[block.paragraph] = section
                sections.setdefault(section, []).append(self._cut_of(block))
        plain = plain_names(one for cuts in sections.values() for one in cuts)
        self.plain_letters, self.called_bold = plain.letters, plain.called
        self.samples = samples = tuple(samples_in(cut for cuts in sections.values() for cut in cuts).items())
        self.table = replace(self.table, inferred=samples)
        if samples:
            self.table = introducing(self.table, [cut for cuts in sections.values() for cut in cuts])
        self.learnt = {number: learnt(self.table, cuts, plain.called, samples) for number, cuts in sections.items()}

    def _in_spaces(self, formula: Formula) -> None:
        """Take up the spaces that a formula puts its names into."""
        self._together()
        before = self.table
        section = self.section_of.get(formula.paragraph, -1)
        if self.away[0] != section:
            back = [(name, spans) for name, spans in self.away[1] if self.table.space_of(name) is None]
            for name, spans in back:
                self.table = self.table.with_space(name, spans)
            self.away = section, ()
            for space in self.shapes_said.told_in(section):
                if space.name not in self.given and self.table.space_of(space.name) != space.spans:
                    self.table = self.table.with_space(space.name, space.spans)
        self.table = with_these(self.table, self._cut_of(formula), self.given)
        self.table = with_layout(self.table, self.conventions)
        here = self.learnt.get(section, Learnt()).within(self.table)
        if here != self.table:
            self.table = here
        if self.table is not before:
            places = dict(self.table.places)
            places |= {(name, at): span for name, spans in self.table.spaces for at, span in enumerate(spans)}
            self.table = replace(self.table, places=tuple(sorted(places.items(), key=lambda item: item[0])))
            for name, spans in self.table.spaces:
                self.known.context = self.known.context.with_shape(name, spans)

    def _in_place(self, formula: Formula, reading: Reading) -> Reading:
        """Read again without the shapes that only other sections say, where more of it is read so, or they do not fit here."""
        section = self.section_of.get(formula.paragraph, -1)
        unread = _unread_in(reading)
        if not unread:
            return reading
        row = self._cut_of(formula)
        names = self.shapes_said.away(self.table, section) | self._defined_by_equations()
        names -= self.given
        written = {base_name(name)[0] for name, _ in heads(row.tokens, self.table.names).values()}
        for gone in (names & written, names) if names & written else ():  # what one of them is may rest on another
            table = self._without(gone, section)
            again = read_formula(row, table, taken=self.taken)
            if any(part.misfit for part in unread) or len(_unread_in(again)) < len(unread):
                self.away = section, (*self.away[1], *(pair for pair in self.table.spaces if pair[0] in gone))
                self.table = table
                self.learnt[section] = replace(self.learnt.get(section, Learnt()), inferred=table.inferred)
                shapes = tuple(pair for pair in self.known.context.shapes if pair[0] not in gone)
                self.known.context = replace(self.known.context, shapes=shapes)
                return again
        several = self._of_several_ranks() - self.given
        if several & written:
            table = self._without(several, section)
            again = read_formula(row, table, taken=self.taken)
            if len(_unread_in(again)) < len(unread):
                self.apart, self.table = (several, self.table), table
                return again
        return reading

    def _together(self) -> None:
        """Behind a formula that was read with the indices of its section, families have again all that the document shows."""
        names, table = self.apart
        if not names:
            return
        now = self.table
        self.apart = frozenset(), now
        self.table = replace(
            now,
            families=kept_for(now.families, table.families, names),
            spaces=kept_for(now.spaces, table.spaces, names),
            places=tuple(p for p in now.places if p[0][0] not in names) + tuple(p for p in table.places if p[0][0] in names),
            members=now.members | table.members,
            declared=now.declared | (table.declared & names),
        )

    def _defined_by_equations(self) -> frozenset[str]:
        """The names that only an equation makes vectors or matrices: one of another section may be about another name."""
        spaces = {name for name, _ in self.table.spaces}
        lawful = {base_name(name)[0] for law in self.laws for name in (law.name, law.mean, law.spread)}
        return frozenset((spaces | self.table.shaped) - self.shapes_said.said.keys() - lawful)

    def _of_several_ranks(self) -> frozenset[str]:
        """The families that the document writes with different numbers of indices, or indices of different ranges: a section
        may know one of these only."""
        names = [name for name, _ in self.table.families]
        unlike = {name for name, count in self.table.families if None in {self.table.span_at(name, at) for at in range(count)}}
        return frozenset(name for name in names if names.count(name) > 1 or name in unlike)

    def _without(self, names: frozenset[str], section: int) -> SymbolTable:
        """The table where `names` have the shapes only that a section shows."""
        cuts = self.sections.get(section, [])
        if (known := self.shown.get((section, names))) is None:
            opened_ = self.shapes_said.open[section] if 0 <= section < len(self.shapes_said.open) else frozenset()
            known = replace(without(self.table, names, cuts), inferred=self.samples)
            known = introducing(known, [cut for at in sorted(opened_) for cut in self.sections.get(at, [])])
            known = replace(known, inferred=(*self.samples, *inferred(known, cuts, self.called_bold)))
            self.shown[section, names] = known
        gone = without(self.table, names, [])
        return replace(
            gone,
            families=gone.families + tuple(pair for pair in known.families if pair[0] in names),
            spaces=gone.spaces + tuple(pair for pair in known.spaces if pair[0] in names),
            places=gone.places + tuple(pair for pair in known.places if pair[0][0] in names),
            members=gone.members | {pair for pair in known.members if pair[0] in names},
            shaped=gone.shaped | (known.shaped & names),
            literal=gone.literal | (known.literal & names),
            inferred=known.inferred,
        )

    def _spaces_at(self, formula: Formula) -> Spaces:
        """The names that are no numbers in the section of a formula."""
        return self.called.at(self.section_of.get(formula.paragraph, 0))

    def _claimed(self, statement: ReadStatement, position: int) -> bool:
        """Whether the left side of a relation is the derivative of an expression, or of a known quantity."""
        left = statement.sides[position]
        if not isinstance(left, Partial):
            return False
        named = isinstance(left.expr, (Symbol, Indexed, Call, Partial))
        if not named or isinstance(left.expr, Partial):
            return not named
        name, context = name_of(left.expr), self.known.context
        return context.known.names(name) or any(each.name == name for each in context.through)

    def _unread(
        self,
        formula: Formula,
        start: int,
        end: int,
        latex: str,
        reason: Reason,
        at: UnreadPart | None = None,
        relation: str | None = "",
    ) -> None:
        verdict = Verdict(Kind.UNREAD, reason)
        hole = relation is not None and has_hole(self._cut_of(formula).tokens)
        self._add(Entry(formula, start, end, latex, relation, self.known.context, settled=verdict, at=at, hole=hole))

    def _add(self, entry: Entry) -> None:
        if entry.relation is not None and entry.statement is not None:
            known = self.known
            told = explained_as(entry.settled, entry.claims, entry.position, entry.context, known.lines.now(), known.said)
            if told is not None:
                told = replace(told, spaces=self.table.spaces, inferred=self.table.inferred)
            entry = replace(entry, explanation=told, spaces=frozenset(name for name, _ in self.table.spaces))
        self.entries.append(entry)
        self.sentence = self.reading

    def _unread_head(self, placed: Placed, statement: ReadStatement, relation: ReadRelation, position: int) -> None:
        """Remember the name that an equation would define, or a relation would narrow, if its right side were read."""
        head = statement.sides[position] if position < len(statement.sides) else None
        first = self._cut_of(placed.formula).between(*relation.left_span)
        if relation.relation == "\\sim" and "".join(t.text for t in first) in {law.name for law in self.laws}:
            return
        if head is None and relation.relation == "=" and position == 0:
            first = self._cut_of(placed.formula).between(*relation.left_span)[:1]
            if first and first[0].kind in ("letter", "command", "roman"):
                self._not_read(first[0].text, placed, relation.left_span[0])
        if head is None or not is_head(head) or isinstance(head, Partial):
            return
        line = placed.formula.position(relation.left_span[0])[0]
        if relation.relation == "=" and not Unfolder(self.known.context).defines(head):
            self._not_read(name_of(head), placed, relation.left_span[0])
        elif relation.relation == "=" and isinstance(head, Call):  # it may say anew what the function is
            self.narrowed.setdefault(name_of(head), (line, placed.within))
        elif relation.relation != "=" and not placed.lead.effect == "conclude":
            self.narrowed.setdefault(name_of(head), (line, placed.within))

    def _not_read(self, name: str, placed: Placed, start: int) -> None:
        """What the name is was said in a place of the document, and not read."""
        self.unread_heads.setdefault(name, placed.formula.position(start)[0])
        self.unread_in.setdefault(name, placed.within)

    def _unread_here(self, open_parts: frozenset[str]) -> dict[str, int]:
        """The names of which it was not read what they are in a part that is open: in another one they may be said anew."""
        return {name: line for name, line in self.unread_heads.items() if self.unread_in.get(name, open_parts) <= open_parts}

    def _given(self, placed: Placed, statement: ReadStatement, relation: ReadRelation, position: int) -> Verdict | None:
        """How a relation that was not read is taken up all the same, None if it is not."""
        cut_ = self._cut_of(placed.formula)
        left = statement.sides[position]
        free = placed.lead.effect not in RESULTS
        if free and left is not None and is_head(left):
            context = self.known.context.assume(*self.known.local)
            said = (*context.assumptions, *self.known.said)
            free = not Unfolder(context).defines(left) and not any(name_of(left) in names_in(each) for each in said)
        sides = statement.sides[position], statement.sides[position + 1]
        written = cut_.between(*relation.left_span), cut_.between(*relation.right_span)
        named = next(iter(heads(written[0], self.table.names).values()), ("", 0))[0]
        return given_by(
            relation.relation, sides, written, free, self.table.space_of(base_name(named)[0]), bool(placed.lead.effect)
        )

    def _begun(self, entry: Entry) -> Kind | None:
        """What the first relation of the chain was taken for in which the entry is a later link."""
        begun = (e for e in self.entries[-entry.position :] if e.statement is entry.statement and e.position == 0)
        first = next(begun, None) if entry.position else None
        return first.settled.kind if first is not None and first.settled is not None else None


def _unread_in(reading: Reading) -> list[UnreadPart]:
    """What of the relations of a formula was not read."""
    return [r.unread for each in reading.statements for r in each.relations if r.unread is not None]
