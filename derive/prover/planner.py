"""From a goal to a derivation, in the order in which a person would write it.

A quantity that depends on the variable only through one defined quantity is differentiated by the chain rule, with both
factors as lemmas; any other by its definition and the laws of differentiation, first the outermost one, then what is
inside; a delta that remains between two free indices is resolved in two cases; what comes out is written with the
document's names. The planner only proposes: every step goes through the judge, and one that is not proved is left out.
"""

from __future__ import annotations

from sympy import Dummy, Expr, Indexed, Integer, KroneckerDelta, Mul, Symbol

from derive.judge.decide import decide
from derive.normal.functions.elementary import NotDifferentiable
from derive.normal.unfold import Circular, Unfolder, instantiate, is_nameable
from derive.prover import rules
from derive.prover.deltas import as_written, at_equal, free_pairs, off_equal, partner, rebuilt, sifted, split, sum_of
from derive.prover.dependence import Dependence, body_of, head_of
from derive.prover.derivation import Chain, Derivation, Judge, goal_latex, judged
from derive.prover.finish import Finisher
from derive.prover.lemmas import derivatives_in, instance_of
from derive.prover.letters import Letters, free_names_of, spans_of, taken_names, with_ranges
from derive.prover.rules import Rule
from derive.prover.shapes import cost
from derive.prover.slopes import Slopes
from derive.terms.context import Context, Fact, Range
from derive.terms.heads import name_of, positions_of
from derive.terms.reasons import Reason, Why, because
from derive.terms.terms import Call, Cases, Partial, summation
from derive.writing.writer import claim_latex, claim_text

DEPTH = 12


class Prover:
    """Derives goals in one context; what was derived once is a lemma for what follows."""

    def __init__(self, context: Context, judge: Judge = decide, letters: Letters | None = None) -> None:
        self.context = context
        self.judge = judge
        self.letters = letters or Letters()
        self.dependence = Dependence(context)
        self.finisher = Finisher(context)
        self._lemmas: list[Derivation] = []
        self._depth = 0

    def derive(self, goal: Expr) -> Derivation:
        """A derivation of ``goal = …``; without a result, and with a reason, where none was found."""
        if self._depth > DEPTH:
            return Derivation(goal, self.context, None, reason=because(Why.DEFINITIONS_TOO_DEEP))
        self._depth += 1
        try:
            found = self._known(goal) if self._depth == 1 else None
            if found is None:
                found = self._derive(goal)
                if self._depth == 1:
                    self._keep(found)
            return found
        except (NotDifferentiable, Circular) as problem:
            return Derivation(goal, self.context, None, reason=because(Why.NO_DERIVATIVE, problem=str(problem)))
        finally:
            self._depth -= 1

    def _known(self, goal: Expr) -> Derivation | None:
        """The goal by what was derived before, for other letters, so that nothing is derived twice."""
        if not isinstance(goal, (Partial, Call)):
            return None
        chain = Chain(goal, self.context, self.judge)
        for known in self._lemmas:
            values = instance_of(known.goal, goal)
            if values is not None and known.result is not None:
                chain.uses(known)
                return chain.done() if chain.to(instantiate(known.result, values), rules.LEMMAS) and chain.steps else None
        return None

    def _keep(self, found: Derivation) -> None:
        """What was derived for all values of its indices is a lemma for the goals that follow."""
        if not isinstance(found.goal, (Partial, Call)) or found.result is None or not (found.steps or found.cases):
            return
        if isinstance(found.goal, Partial) and not is_nameable(found.goal):
            return
        free = {s for s in found.goal.free_symbols if s.is_integer}
        told = {s for a in self.context.assumptions if isinstance(a, Fact) for s in a.left.free_symbols | a.right.free_symbols}
        if not free & told:
            self._lemmas.append(found)

    def _derive(self, goal: Expr) -> Derivation:
        if isinstance(goal, Partial):
            if not isinstance(goal.variable, (Symbol, Indexed)):
                return Derivation(goal, self.context, None, reason=because(Why.COMPOUND_VARIABLE))
            found = self._derivative(goal)
        elif isinstance(goal, Call) and any(goal.orders):
            found = self._of_function(goal)
        else:
            found = self._expression(goal)
        if found.result is not None and (found.result == goal or found.result.has(Partial) and isinstance(goal, Partial)):
            return Derivation(goal, found.context, None, lemmas=found.lemmas, reason=self._unknown(found.result))
        return found

    def _unknown(self, result: Expr) -> Reason:
        for partial in sorted(result.atoms(Partial), key=str):
            if is_nameable(partial) and not self.dependence.defined(name_of(partial.expr)):
                return because(Why.UNKNOWN_DEPENDENCE, name=name_of(partial.expr), variable=name_of(partial.variable))
        return because(Why.NO_RULE)

    # -- derivatives ------------------------------------------------------------------------------------------------

    def _derivative(self, goal: Partial) -> Derivation:
        inner, variable = goal.expr, goal.variable
        chain = Chain(goal, self.context, self.judge)
        if isinstance(inner, Partial):
            inner = self._inserted(chain, inner)
            chain.to(Partial(inner, variable), rules.LEMMAS)
        if isinstance(inner, (Symbol, Indexed)) and self.dependence.defined(name_of(inner)):
            middle = self.dependence.gateway(name_of(inner), name_of(variable))
            head = None if middle is None else head_of(middle, self.context)
            if head is not None:
                found = self._by_chain_rule(goal, head)
                if found is not None:
                    return found
        body = body_of(inner, self.context) if name_or_call(inner) else None
        if body is not None and inner != variable:
            chain.to(Partial(body, variable), rules.DEFINITION)
            inner = body
        return self._by_rules(chain, inner, variable)

    def _by_chain_rule(self, goal: Partial, head: Expr) -> Derivation | None:
        """∂X/∂v = Σ_j ∂X/∂a_j ∂a_j/∂v, where X depends on v only through the family a."""
        outer_term, variable = goal.expr, goal.variable
        spans = spans_of(name_of(head), len(positions_of(head)), self.context)
        taken = taken_names([goal], self.context) | free_names_of(goal)
        letters = self.letters.fresh(spans, taken, self.context)
        context = with_ranges(self.context, letters, spans)
        middle = instantiate(head, dict(zip(positions_of(head), letters, strict=True)))
        links = Partial(outer_term, middle), Partial(middle, variable)
        chain = Chain(goal, context, self.judge)
        prover = self._at(context)
        inner = prover._lemma(links[1], chain)
        outer = prover._lemma(links[0], chain)
        if inner is None or outer is None or not chain.to(self._summed(links, letters, spans), rules.CHAIN_RULE):
            return None
        factors = (*Mul.make_args(outer), *Mul.make_args(inner))
        chain.to(self._summed(factors, letters, spans), rules.LEMMAS)
        chain.to(sifted(chain.current), rules.SIFTING)
        target = partner(Mul(*factors), letters[0]) if len(letters) == 1 and chain.current.has(KroneckerDelta) else None
        whole = chain.mark()
        if target is not None and chain.current.has(Dummy):
            one, others = split(factors, letters[0], target, spans[0].low, spans[0].high)
            if others != 0:
                chain.to(one + others, rules.SPLIT)
                chain.to(self.finisher.tidied(chain.current), rules.SIMPLIFIED)
        self._finish(chain)
        if chain.current.has(Cases):
            chain.back(whole)
            self._finish(chain)
        return chain.done()

    def _summed(self, factors: tuple[Expr, ...], letters: tuple[Symbol, ...], spans: tuple[Range, ...]) -> Expr:
        """The sum over all letters of the product, the factors still apart."""
        if not letters:
            return as_written(*factors)
        result = sum_of(factors, letters[-1], spans[-1].low, spans[-1].high)
        for letter, span in reversed(list(zip(letters[:-1], spans[:-1], strict=True))):
            result = summation(result, letter, span.low, span.high)
        return result

    def _by_rules(self, chain: Chain, body: Expr, variable: Expr) -> Derivation:
        """∂ body/∂v by the laws of differentiation: the outermost first, then all the others."""

        def depends(term: Expr) -> bool:
            return self.dependence.depends(term, variable)

        outermost = Slopes(variable, depends)
        shown = outermost.one_level(body)
        chain.to(shown, *outermost.used)
        inner = Slopes(variable, depends)
        chain.to(inner.finished(shown), *_without(inner.used, outermost.used))
        chain.to(sifted(chain.current), rules.SIFTING)
        lemmas = len(chain.lemmas)
        inserted = self._inserted(chain, chain.current)
        chain.to(inserted, rules.LEMMAS)
        chain.to(sifted(chain.current), rules.SIFTING)
        if len(chain.lemmas) == lemmas:
            return self._resolved(chain)
        self._finish(chain)
        return chain.done()

    # -- cases ------------------------------------------------------------------------------------------------------

    def _resolved(self, chain: Chain) -> Derivation:
        """What the laws gave, in primitives: by cases where two indices decide, then with the document's names."""
        pairs = set(free_pairs(chain.current))
        if len(pairs) == 1:
            ((symbol, value),) = pairs
            apart = off_equal(chain.current, symbol, value)
            if self.finisher.is_zero(apart):
                delta = KroneckerDelta(symbol, value)
                rest = chain.current.xreplace({delta: Integer(1)})
                chain.to(Mul(delta, self.finisher.named(rest)), rules.NAMED)
                return chain.done()
            if self.finisher.entangled(chain.current):
                symbol, value = self._oriented(chain.goal, symbol, value)
                found = self._by_cases(chain, symbol, value)
                if found is not None:
                    return found
        self._finish(chain)
        return chain.done()

    def _oriented(self, goal: Expr, symbol: Symbol, value: Expr) -> tuple[Symbol, Expr]:
        """The index of what is differentiated is replaced by that of the variable, not the other way round."""
        if isinstance(goal, Partial) and isinstance(value, Symbol) and symbol in goal.variable.free_symbols:
            return value, symbol
        return symbol, value

    def _by_cases(self, chain: Chain, symbol: Symbol, value: Expr) -> Derivation | None:
        first, second = (value, symbol) if isinstance(value, Symbol) else (symbol, value)
        equal, unequal = (
            Fact(
                symbol,
                relation,
                value,
                latex=claim_latex(first, relation, second, chain.context),
                text=claim_text(first, relation, second, chain.context),
            )
            for relation in ("=", "!=")
        )
        raw = chain.current
        together = self._case(chain, equal, at_equal(chain.goal, symbol, value), at_equal(raw, symbol, value))
        apart = self._case(chain, unequal, chain.goal, off_equal(raw, symbol, value))
        if together.result is None or apart.result is None:
            return None
        for merged in self._merged(together.result, apart.result, symbol, value):
            closing = judged(chain.goal, merged, (rules.CASES,), (), chain.context, self.judge)
            if closing is not None:
                return chain.done(result=merged, cases=(together, apart), closing=(closing,))
        return None

    def _case(self, chain: Chain, fact: Fact, goal: Expr, start: Expr) -> Derivation:
        case = Chain(goal, chain.context.assume(fact), self.judge)
        if not case.to(start, rules.CASE):
            return Derivation(goal, case.context, None)
        self._finish(case)
        return case.done(case=fact)

    def _merged(self, equal: Expr, apart: Expr, symbol: Symbol, value: Expr) -> list[Expr]:
        """g + δ (f − g), the shortest first, with f − g written by either index."""
        delta = KroneckerDelta(symbol, value)
        gaps = [equal - at_equal(apart, symbol, value)]
        if isinstance(value, Symbol):
            gaps.append(at_equal(equal, value, symbol) - at_equal(apart, value, symbol))
        forms = [form for gap in reversed(gaps) for form in self.finisher.forms(apart + delta * gap)]
        return sorted(forms, key=cost)

    # -- lemmas -----------------------------------------------------------------------------------------------------

    def _inserted(self, chain: Chain, term: Expr) -> Expr:
        """`term` with each derivative that it shows replaced by what a lemma says of it."""
        found: dict[Expr, Expr] = {}
        for node in sorted(derivatives_in(term), key=str):
            value = self._lemma(node, chain)
            if value is not None:
                found[node] = value
        return term.xreplace(found)

    def _lemma(self, head: Expr, chain: Chain) -> Expr | None:
        """The value of a derivative, by a lemma that is derived once and for all indices."""
        for known in self._lemmas:
            values = instance_of(known.goal, head)
            if values is not None and known.result is not None:
                chain.uses(known)
                return instantiate(known.result, values)
        goal, letters, spans = self._general(head, chain.goal)
        derivation = self._at(with_ranges(self.context, letters, spans)).derive(goal)
        if derivation.result is None or not derivation.steps:
            return None
        self._lemmas.append(derivation)
        chain.uses(derivation)
        return self._lemma(head, chain)

    def _at(self, context: Context) -> Prover:
        """The same prover in a context in which more letters have a range."""
        if context == self.context:
            return self
        other = Prover(context, self.judge, self.letters)
        other._lemmas, other._depth = self._lemmas, self._depth
        return other

    def _general(self, head: Expr, within: Expr) -> tuple[Expr, tuple[Symbol, ...], tuple[Range, ...]]:
        """The head with letters in place of bound indices, and a function's parameters in place of its arguments."""
        if isinstance(head, Call):
            for definition in self.context.definitions:
                if isinstance(definition.head, Call) and definition.head.name == head.name:
                    return Call(head.args[0], definition.head.arguments, head.orders), (), ()
            return head, (), ()
        dummies = sorted((s for s in head.free_symbols if isinstance(s, Dummy)), key=lambda s: s.name)
        members = sorted(head.atoms(Indexed), key=str)
        spans = []
        for dummy in dummies:
            member = next((m for m in members if dummy in m.indices), None)
            span = self.context.range_of(Symbol("?"))
            if member is not None:
                span = spans_of(name_of(member), len(member.indices), self.context)[list(member.indices).index(dummy)]
            spans.append(span)
        taken = taken_names([head, within], self.context) | free_names_of(head) | free_names_of(within)
        letters = self.letters.fresh(spans, taken, self.context)
        return head.xreplace(dict(zip(dummies, letters, strict=True))), letters, tuple(spans)

    def _of_function(self, goal: Call) -> Derivation:
        """f'(x) of a defined function, as ∂f(x)/∂x."""
        place = next(p for p, order in enumerate(goal.orders) if order)
        lower = Call(goal.args[0], goal.arguments, [o - (p == place) for p, o in enumerate(goal.orders)])
        argument = goal.arguments[place]
        chain = Chain(goal, self.context, self.judge)
        if not isinstance(argument, Symbol):
            chain.to(self._inserted(chain, goal), rules.LEMMAS)
            self._finish(chain)
            return chain.done()
        if any(lower.orders):
            inner = self._lemma(lower, chain)
            if inner is None:
                return Derivation(goal, self.context, None, reason=because(Why.NOT_DEFINED, name=goal.name))
            chain.to(Partial(inner, argument), rules.LEMMAS)
            return self._by_rules(chain, inner, argument)
        body = body_of(lower, self.context)
        if body is None:
            return Derivation(goal, self.context, None, reason=because(Why.NOT_DEFINED, name=goal.name))
        chain.to(Partial(body, argument), rules.DEFINITION)
        return self._by_rules(chain, body, argument)

    # -- other goals and the last steps -------------------------------------------------------------------------------

    def _expression(self, goal: Expr) -> Derivation:
        """A term without a derivative outside: what it contains is derived, then it is simplified."""
        chain = Chain(goal, self.context, self.judge)
        chain.to(sifted(self._inserted(chain, goal)), rules.LEMMAS)
        body = body_of(goal, self.context) if name_or_call(goal) else None
        if body is not None:
            chain.to(body, rules.DEFINITION)
        if not goal.has(Partial) and body is None:
            kept = self.finisher.shortest(chain.current)
            unfolded = Unfolder(self.context)(chain.current)
            if cost(self.finisher.named(unfolded)) < cost(kept):
                chain.to(unfolded, rules.DEFINITION)
        self._finish(chain)
        for other in () if chain.steps else self.finisher.others(chain.current):
            if not chain.steps:
                chain.to(other, rules.SIMPLIFIED)
        return chain.done()

    def _finish(self, chain: Chain) -> None:
        """Collected, with the names of the document, and with its hypotheses."""
        for proposal, names, reasons in self.finisher.proposals(rebuilt(chain.current), _calls(chain.goal)):
            chain.to(proposal, *names, reasons=reasons)
        for fact in self.finisher.facts_of(chain.current):
            value = self.finisher.with_fact(chain.current, fact)
            if value != chain.current and cost(value) < cost(chain.current):
                lemma = self._sum_lemma(fact, chain)
                chain.to(value, rules.HYPOTHESIS if lemma is None else rules.LEMMAS, reasons=(fact.latex,))
        for supposed in self.finisher.with_equations(chain.current):
            if cost(supposed) < cost(chain.current):
                chain.to(supposed, rules.HYPOTHESIS)

    def _sum_lemma(self, fact: Fact, chain: Chain) -> Derivation | None:
        """A sum that the definitions fix, such as Σ_k a_k = 1, as a lemma; None if a hypothesis of the context says so."""
        if fact.left == chain.goal or not self.finisher.by_definition(fact):
            return None
        for known in self._lemmas:
            if known.result is not None and goal_latex(known) == fact.latex:
                chain.uses(known)
                return known
        lemma = self.derive(fact.left)
        if lemma.result != fact.right:
            return None
        self._lemmas.append(lemma)
        chain.uses(lemma)
        return lemma


def _calls(goal: Expr) -> tuple[Expr, ...]:
    """The values of functions of which the goal speaks."""
    return tuple(sorted((c for c in goal.atoms(Call) if not any(c.orders)), key=str))


def name_or_call(term: Expr) -> bool:
    """Whether a definition could apply to the term as it stands."""
    return isinstance(term, (Symbol, Indexed)) or isinstance(term, Call) and not any(term.orders)


def _without(later: dict[Rule, None], earlier: dict[Rule, None]) -> tuple[Rule, ...]:
    kept = tuple(rule for rule in later if rule not in earlier and rule is not rules.COORDINATES)
    return kept[:3] or (rules.INNER,)
