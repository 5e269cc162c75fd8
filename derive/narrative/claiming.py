"""What a relation claims: it as it is met on the way through a document, and what is judged of it and with what doubts."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sympy import Indexed, Symbol

from derive.judge.verdict import Cause, Doubt, Kind, Verdict
from derive.latex.grammar.arguments import letter_of
from derive.latex.reading import ReadRelation, ReadStatement
from derive.latex.tokens.vocabulary import EXTREMES
from derive.narrative.defining import Defining
from derive.narrative.doubted import also_doubted
from derive.narrative.doubts.names import read_as_two, unexplained
from derive.narrative.entries import Entry
from derive.narrative.layouts import in_layouts
from derive.narrative.names.customary import powers_of
from derive.narrative.roles.applying import applied
from derive.narrative.roles.heads import name_of_head
from derive.narrative.roles.hypotheses import fact_of
from derive.narrative.rows import matrix_rows
from derive.narrative.words.grammar import RESULTS, Lead
from derive.narrative.words.paragraphs import Placed
from derive.terms.context import Claim, Context
from derive.terms.heads import name_of
from derive.terms.reasons import Why, because
from derive.terms.terms import Call


@dataclass(frozen=True)
class Met:
    """A relation that was read, as it is met.

    Attributes:
        placed: where its formula stands, and what the words around it say.
        relation: what it claims, the functions applied that the document explains.
        lead: what the words before it say of it.
        here: what is known where it stands.
        step: the letter that counts the steps of an update, empty where it is none.
    """

    placed: Placed
    statement: ReadStatement
    relation: ReadRelation
    entry: Entry
    lead: Lead
    here: Context
    step: str

    @property
    def claim(self) -> Claim:
        return self.relation.claims[0]

    @property
    def head(self) -> str:
        """The name of what stands alone on its left side, empty if there is none."""
        return name_of(self.claim.left) if isinstance(self.claim.left, (Symbol, Indexed, Call)) else ""

    @property
    def parts(self) -> frozenset[str]:
        """The parts of the document that it stands in, its paragraph among them."""
        return self.placed.scope | {f"paragraph {self.placed.formula.paragraph}"}


class Claiming(Defining):
    """The state of a walk, to which claims are added.

    Attributes:
        foreign: the words of the document belong to no language that is known.
    """

    foreign = False

    def _choices(self, met: Met) -> tuple[Doubt, ...]:
        """The choices by which a claim was read."""
        tokens = self._cut_of(met.placed.formula).tokens
        choices = self.choices.open(self._cut_of(met.placed.formula), met.statement)
        choices += tuple(
            Doubt(Cause.CHOICE, name, taken=Why.TAKEN_QUANTITY) for name in sorted(self.customary) if powers_of(name, tokens)
        )
        if "log-base" in self.conventions and any(token.text == "\\log" for token in tokens):
            choices += (Doubt(Cause.CHOICE, "log", taken=Why.TAKEN_NATURAL),)
        return choices + read_as_two(met.relation.claims)

    def _ends(self, met: Met, entry: Entry) -> Entry | None:
        """The claim that the first side of a chain of equations is the right side of a later link; None if it is none."""
        chain = met.statement.relations[: entry.position + 1]
        claims = [each.claims[0] for each in chain if len(each.claims) == 1 and each.relation == "="]
        first = entry.claims[0].chain
        rounded = any(claim.rounding is not None for claim in claims)
        known = self._begun(entry) is Kind.DEFINITION or rounded or met.statement.layouts
        if not entry.position or first is None or len(claims) < len(chain) or known:
            return None
        claims_, here = applied([replace(entry.claims[0], left=first, obligations=(), chain=None)], entry.context)
        return self._doubted(replace(entry, claims=claims_, context=here), met.parts, met.lead, unclear=False)

    def _says_value(self, met: Met) -> bool:
        """Whether it is the first to say what a function without a meaning is at the arguments on its left side."""
        left, right = met.claim.left, met.claim.right
        if (
            not isinstance(left, Call)
            or left.name in EXTREMES
            or any(left.orders)
            or met.relation.relation != "="
            or met.entry.position
        ):
            return False
        laws = {letter_of(call.name) for call in right.atoms(Call)}
        known = met.here.known.names(left.name) or left.name in {name for name, _ in self.table.defined}
        new = not any(entry.claims and entry.claims[0].left == left for entry in self.entries)
        return new and not known and letter_of(left.name) not in laws and met.lead.effect not in RESULTS

    def _claim(self, met: Met, unclear: bool) -> None:
        """What is judged, with what makes it doubtful if it does not hold."""
        entry = replace(met.entry, context=met.here, choices=self._choices(met))
        relation, formula = met.relation, met.placed.formula
        self._said_anew(met.placed, relation.claims, entry)
        begun = met.statement.relations[0].claims if entry.position else ()
        if name := unexplained(relation.claims, begun, met.here, self._narrowed()):
            self._add(replace(entry, settled=Verdict(Kind.UNREAD, because(Why.UNEXPLAINED_FUNCTION, name=name))))
            return
        ends = self._ends(met, entry)
        named = any(side.free_symbols for claim in relation.claims for side in (claim.left, claim.right))
        entry = self._doubted(entry, met.parts, met.lead, unclear or (self.foreign and named))
        entry = replace(entry, ends=ends and also_doubted(ends, entry.doubts))
        entry = in_layouts(entry, self._cut_of(formula), self.table, self.taken, self.conventions)
        entry = replace(entry, said=tuple(self.known.said.items()), first=self._says_value(met))
        self._add(entry)
        if not met.lead.closed:
            self._may_tie(relation, entry, met.placed)
        if met.lead.effect == "solve":
            self.known.assume_here([fact_of(claim) for claim in relation.claims], formula.line, "sentence")
        if unclear and relation.relation == "=" and (name := name_of_head(relation.claims[0])) and name not in self.homes:
            self.unread_heads.setdefault(name, formula.position(entry.start)[0])
        for start, end, latex, row in matrix_rows(self._cut_of(formula), relation):
            self._add(replace(entry, start=start, end=end, latex=latex, claims=(row,), statement=None))
