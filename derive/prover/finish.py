"""The last steps of a derivation: terms collected, the document's names, its hypotheses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sympy import Add, Dummy, Expr, Mul, Rational, Sum, exp, log

from derive.prover import rules
from derive.prover.deltas import rebuilt
from derive.prover.refold import refolded
from derive.prover.rules import Rule
from derive.prover.shapes import NO_FORM, Shaper, cost, tidied
from derive.terms.context import Context, Fact
from derive.terms.terms import Cases
from derive.writing.writer import claim_latex

Proposal = tuple[Expr, tuple[Rule, ...], tuple[str, ...]]


class Finisher:
    """Short forms of terms with the names of one context kept, and with its hypotheses applied."""

    def __init__(self, context: Context) -> None:
        self._context = context
        equations = tuple(a for a in context.assumptions if isinstance(a, Fact) and a.relation == "=")
        signs = tuple(a for a in context.assumptions if isinstance(a, Fact) and a.relation != "=")
        self._equations = equations
        self._folded = Shaper(replace(context, definitions=(), assumptions=signs))
        self._full = Shaper(context)
        self._definitions = Shaper(replace(context, assumptions=signs))

    def forms(self, term: Expr) -> tuple[Expr, ...]:
        """Forms of `term` in which names stay names, the shortest first."""
        return self._folded.forms(term)

    def shortest(self, term: Expr) -> Expr:
        """The shortest of them."""
        return self._folded.shortest(term)

    def tidied(self, term: Expr) -> Expr:
        """Each summand and each sum's body by itself in its shortest form."""
        return tidied(rebuilt(term), self._folded)

    def is_zero(self, term: Expr) -> bool:
        """Whether the term is 0 by the definitions."""
        try:
            return self._definitions.normaliser.is_zero(self._definitions.normaliser(term))
        except NO_FORM:
            return False

    def entangled(self, term: Expr) -> bool:
        """Whether a delta multiplies something that depends on its indices, so that cases are clearer than the delta."""
        try:
            poly = self._definitions.normaliser(term)
        except NO_FORM:
            return False
        for m, _ in poly:
            deltas = [atom for atom, _ in m if atom.kind == "delta"]
            for delta in deltas:
                for atom, exponent in m:
                    free = (
                        atom.free
                        if isinstance(exponent, (int, Rational))
                        else atom.free | getattr(exponent, "free", frozenset())
                    )
                    if atom is not delta and free & delta.free:
                        return True
        return False

    def named(self, term: Expr, extra: tuple[Expr, ...] = ()) -> Expr:
        """`term` by the names of the document and by `extra`, if that is shorter than what it is."""
        kept = self._folded.shortest(term)
        found = refolded(term, self._definitions, self._folded, (), [*_logarithms(term), *extra], cost(kept))
        return found if found is not None and cost(found) <= cost(kept) else kept

    def proposals(self, term: Expr, extra: tuple[Expr, ...]) -> Iterator[Proposal]:
        """What to go on to from `term`, each to be judged: collected, factored, named (`extra` may be used too)."""
        kept = self._kept(term)
        named = self.named(term, extra)
        if cost(named) >= cost(kept):
            yield kept, (_rule(term, kept),), ()
            return
        if kept.atoms(exp) <= term.atoms(exp):
            yield kept, (_rule(term, kept),), ()
        yield named, (rules.NAMED,), ()

    def _kept(self, term: Expr) -> Expr:
        """The shortest form; a product in the same exponentials also where it is hardly longer than `term`."""
        shortest = next(iter(self._folded.forms(term)), term)
        alike = cost(shortest) <= cost(term) + 1 and isinstance(shortest, Mul) and shortest.atoms(exp) <= term.atoms(exp)
        return shortest if alike or cost(shortest) < cost(term) else term

    def others(self, term: Expr) -> tuple[Expr, ...]:
        """The forms of `term` that are not shorter: multiplied out before factored."""
        return tuple(sorted(self._folded.forms(term), key=lambda form: -len(form.args) * isinstance(form, Add)))

    def facts_of(self, term: Expr) -> tuple[Fact, ...]:
        """The sums in `term` that are a number, by a hypothesis or by the definitions."""
        found = []
        for part in sorted(term.atoms(Sum), key=str):
            if any(isinstance(s, Dummy) for s in part.free_symbols):
                continue
            try:
                value = self._full.normaliser(part).constant()
            except NO_FORM:
                continue
            if value is not None:
                number = Rational(int(value.p), int(value.q))
                found.append(Fact(part, "=", number, latex=claim_latex(part, "=", number, self._context)))
        return tuple(found)

    def by_definition(self, fact: Fact) -> bool:
        """Whether the fact follows from the definitions alone."""
        try:
            return self._definitions.normaliser(fact.left).constant() is not None
        except NO_FORM:
            return False

    def with_fact(self, term: Expr, fact: Fact) -> Expr:
        """The shortest form of `term` with the fact used."""
        return self._folded.shortest(term.xreplace({fact.left: fact.right}))

    def with_equations(self, term: Expr) -> tuple[Expr, ...]:
        """The forms of `term` with the context's equations used, the shortest first."""
        if not self._equations:
            return ()
        known = (*self._folded.context.assumptions, *self._equations)
        return Shaper(replace(self._folded.context, assumptions=known)).forms(term)[:1]


def _rule(before: Expr, after: Expr) -> Rule:
    """What simplified the term: a split sum closed, a sum made a product, or both sides of a fraction."""
    if before.has(Cases) and not after.has(Cases):
        return rules.COMBINED
    return rules.FACTORED if isinstance(before, Add) and isinstance(after, Mul) else rules.SIMPLIFIED


def _logarithms(term: Expr) -> list[Expr]:
    return [node for node in sorted(term.atoms(log), key=str) if not any(isinstance(s, Dummy) for s in node.free_symbols)]
