"""What is known at a place of a document, and how far it reaches: over a paragraph, a theorem, or until it is taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from sympy import Expr, Integer, Symbol

from derive.judge.points.satisfying import satisfiable
from derive.latex.readings import Remark
from derive.narrative.doubts.names import names_in
from derive.narrative.lines import Lines
from derive.narrative.roles.hypotheses import fact_of
from derive.narrative.words.cases import IndexCase
from derive.terms import terms
from derive.terms.context import Assumption, Claim, Context, Fact, OneHot
from derive.terms.growth import Growing
from derive.terms.terms import Partial

CONSTANT_LETTERS = ("C", "c")
Relation = tuple[Expr, str, Expr]


@dataclass
class Known:
    """The context so far, and which of its assumptions end.

    `taken` are in force until a word that is in no table, or the end of what `within` gives for each; `local` for their
    sentence and what hangs on it, or for their paragraph. What is over, or was never in force, is in `said` with its line.
    `lines` are those of definitions, by their heads, and of assumptions.
    """

    context: Context
    local: dict[Assumption, str] = field(default_factory=dict)
    taken: list[Assumption] = field(default_factory=list)
    within: dict[Assumption, frozenset[str]] = field(default_factory=dict)
    lines: Lines = field(default_factory=Lines)
    said: dict[Assumption, int] = field(default_factory=dict)

    def assume(self, facts: Sequence[Assumption], line: int, within: frozenset[str] = frozenset()) -> None:
        """Take assumptions up from here on."""
        self.context = self.context.assume(*facts)
        self.taken += facts
        self.within |= dict.fromkeys(facts, within)
        self.lines.write(facts, line)

    def assume_here(self, facts: Sequence[Assumption], line: int, reach: str) -> None:
        """Take assumptions up for their sentence or their paragraph."""
        self.local |= dict.fromkeys(facts, reach)
        self.lines.write(facts, line)

    def hear(self, facts: Iterable[Assumption], line: int) -> None:
        """Remember what was said, but is not in force."""
        for fact in facts:
            self.said.setdefault(fact, line)

    def is_contradicted_by(self, facts: Iterable[Assumption]) -> bool:
        """Whether no point satisfies what is assumed and the new facts."""
        return satisfiable(self.context.assume(*self.local, *facts)) is False

    def repeats(self, facts: Iterable[Assumption]) -> bool:
        """Whether all of it is assumed from before on."""
        known = _relations(self.context.assumptions)
        return all(isinstance(f, Fact) and (f.left, f.relation, f.right) in known for f in facts)

    def is_one_hot(self, family: Expr) -> bool:
        """Whether this is assumed of the family, here or from before on."""
        return any(isinstance(a, OneHot) and a.family == family for a in (*self.context.assumptions, *self.local))

    def withdraw(self, names: Collection[str] | None = None) -> None:
        """End what the text assumed, all of it or what it assumed of `names`; declarations stay."""
        self._end([a for a in (*self.taken, *self.local) if names is None or names_in(a) & set(names)])

    def pass_on(self, reaches: Collection[str]) -> None:
        """The sentence or the paragraph is over."""
        self._end([a for a, reach in self.local.items() if reach in reaches])

    def forget(self, index: Symbol) -> None:
        """An index gets another range: what was said of its values for a while is over."""
        self._end([a for a in self.local if isinstance(a, Fact) and index in (a.left, a.right)])

    def enter(self, scope: frozenset[str]) -> None:
        """These parts of the document are open now: the hypotheses of others are over."""
        self._end([a for a in self.taken if not self.within[a] <= scope])

    def end(self, facts: Collection[Assumption], line: int) -> None:
        """These assumptions are not in force: what they were said in does not hold without more."""
        self.hear(facts, line)
        self._end(facts)

    def exchange(self, old: Assumption, new: Assumption) -> None:
        """An assumption says something else than it seemed to say, as far and as long as it did."""
        self.context = replace(self.context, assumptions=tuple(new if a is old else a for a in self.context.assumptions))
        self.taken = [new if a is old else a for a in self.taken]
        self.local = {new if a is old else a: reach for a, reach in self.local.items()}
        self.within = {new if a is old else a: parts for a, parts in self.within.items()}
        self.lines.write([new], self.lines.now().get(old) or 0)

    def _end(self, gone: Collection[Assumption]) -> None:
        if not gone:
            return
        self.hear(gone, 0)
        lines = self.lines.now()
        self.said |= {a: lines.get(a) or 0 for a in gone}
        self.local = {a: reach for a, reach in self.local.items() if a not in gone}
        if any(a in self.taken for a in gone):
            self.taken = [a for a in self.taken if a not in gone]
            self.context = replace(self.context, assumptions=tuple(a for a in self.context.assumptions if a not in gone))

    def here(self, case: IndexCase | None, remarks: Iterable[Remark]) -> Context:
        """What is known at a statement: the context so far, its case, and the conditions written beside it."""
        context = self.context.assume(*self.local)
        for remark in remarks:
            for claim in remark.conditions:
                of_indices = claim.relation == "!=" or (isinstance(claim.left, Symbol) and claim.left.is_integer)
                fact = Fact(claim.left, claim.relation, claim.right) if of_indices else fact_of(claim)
                context = context.assume(fact)
            context = replace(context, constants=(*context.constants, *remark.constants))
        return context if case is None else context.assume(_case_fact(case))


def _related(before: frozenset[Relation], new: tuple[Assumption, ...]) -> frozenset[Relation]:
    return before | {(each.left, each.relation, each.right) for each in new if isinstance(each, Fact)}


_relations = Growing(frozenset[Relation](), _related)


def case_claim(case: IndexCase) -> Claim:
    """What a case says of its indices."""
    other: Expr = Integer(case.right) if case.right.isdigit() else terms.index(case.right)
    return Claim(terms.index(case.left), case.relation, other)


def _case_fact(case: IndexCase) -> Fact:
    claim = case_claim(case)
    return Fact(claim.left, claim.relation, claim.right)


def with_constants(context: Context, claims: tuple[Claim, ...]) -> Context:
    """By custom C is a constant where nothing defines it and it is differentiated by a scalar: (C)' = 0."""
    names = {
        p.expr.name
        for c in claims
        for side in (c.left, c.right)
        for p in side.atoms(Partial)
        if isinstance(p.expr, Symbol) and isinstance(p.variable, Symbol) and p.expr.name in CONSTANT_LETTERS
    }
    new = sorted(name for name in names if not context.known.names(name))
    return replace(context, constants=(*context.constants, *new)) if new else context
