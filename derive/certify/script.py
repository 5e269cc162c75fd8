"""Proof scripts: equations by normal forms, signs, derivatives. What is wrong here, Coq rejects.

Every equation of generators becomes a fact of its own (``assert``), proved by the law for its head; a term is then
rewritten by congruence, and what remains is an identity of rational functions, for ``field``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from sympy import Expr, Integer, Symbol

from derive.certify.facts import Facts
from derive.certify.normal import NoProof, Normal, Poly, added, by_definition, by_exponentials
from derive.certify.statement import ForAll, HasSlope, If, Integers, Reals, StatementWriter, unfolded
from derive.certify.syntax import (
    Apply,
    Constant,
    Count,
    Defined,
    Delta,
    IfEqual,
    Inverse,
    Minus,
    Negative,
    Node,
    Number,
    Over,
    Plus,
    Power,
    RealPower,
    Ref,
    Slope,
    Sum,
    Term,
    Times,
    alpha,
    at_indices,
    mentions,
    symbols,
    walk,
)
from derive.certify.writer import OutsideFragment

GENERATORS = (Ref, Count, Delta, IfEqual, Apply, RealPower, Sum, Slope, Constant)
OPERATORS = {Plus: "Rplus", Minus: "Rminus", Times: "Rmult", Over: "Rdiv"}


@dataclass(frozen=True)
class Place:
    """What is known where a line of the script stands: `facts`, and the names of equations that were proved."""

    facts: Facts
    proved: dict[Any, tuple[Term, str]] = field(default_factory=dict)
    assured: set[Any] = field(default_factory=set)

    def inside(self, facts: Facts | None = None) -> Place:
        """A place inside: what is proved there is forgotten behind it."""
        return Place(facts or self.facts, dict(self.proved), set(self.assured))


class Script:
    """Collects the lines of one proof; one that is not `certain` leaves it to Coq to find that two sides differ."""

    def __init__(self, normal: Normal, writer: StatementWriter) -> None:
        self.certain = True
        self.normal = normal
        self.writer = writer
        self.lines: list[str] = []
        self._depth = 1

    def line(self, text: str) -> None:
        self.lines.append("  " * self._depth + text)

    @contextmanager
    def block(self, opening: str = "{") -> Iterator[None]:
        """A part of the proof in braces."""
        self.line(opening)
        self._depth += 1
        yield
        self._depth -= 1
        self.line("}")

    def label(self, letter: str) -> str:
        return self.writer.names.label(letter)

    def text(self, node: Any) -> str:
        return self.writer.term(node)

    def canon(self, node: Any, place: Place) -> Term:
        return self.normal.term(self.normal.of(node, place.facts))

    # -- equations -------------------------------------------------------------------------------------------------

    def equal(self, left: Any, right: Any, place: Place) -> None:
        """Closes the goal ``left = right``.

        Raises:
            NoProof: if the normal forms differ.
        """
        if left == right or alpha(left) == alpha(right):
            self.line("reflexivity.")
            return
        facts = place.facts
        difference = added(self.normal.of(left, facts), self.normal.of(right, facts), -1)
        if self.certain and not self.normal.is_zero(difference, facts):
            raise NoProof("the two sides have different normal forms")
        one, by_one = self._reduced(left, place)
        other, by_other = self._reduced(right, place)
        if by_one:
            self.line(f"transitivity {self.text(one)}.")
            self.line(f"{{ exact {by_one}. }}")
        if by_other:
            self.line(f"transitivity {self.text(other)}.")
            self.line(f"2: {{ symmetry; exact {by_other}. }}")
        if one == other or alpha(one) == alpha(other):
            self.line("reflexivity.")
            return
        self._denominators(one, place)
        self._denominators(other, place)
        self._rational(place, one, other)

    def _rational(self, place: Place, *terms: Any) -> None:
        """Closes an identity of rational functions; roots bring their own equations."""
        roots: dict[Any, None] = {}
        for term in terms:
            for node in _outside_binders(term):
                if isinstance(node, Apply) and node.function == "sqrt":
                    roots[node] = None
        if not roots:
            self.line("rational.")
            return
        names = []
        for root in roots:
            name = self.label("root")
            text = self.text(root)
            self.line(f"assert ({name} : ({text} * {text}) = {self.text(root.term)}) by (apply sqrt_square; nonnegative).")
            names.append(name)
        self.line(f"first [ring [{' '.join(names)}] | field [{' '.join(names)}]; side].")

    def _reduced(self, node: Any, place: Place) -> tuple[Any, str]:
        """The term with each generator in normal form, and a proof that it is the same; empty if nothing changes."""
        if isinstance(node, GENERATORS):
            known = place.proved.get(alpha(node))
            if known is not None:
                return known
            target = self.canon(node, place)
            if target == node or alpha(target) == alpha(node):
                return target, ""
            name = self._fact(node, target, place)
            place.proved[alpha(node)] = (target, name)
            return target, name
        if type(node) in OPERATORS:
            left, by_left = self._reduced(node.left, place)
            right, by_right = self._reduced(node.right, place)
            if isinstance(node, Over):
                right, by_right = self._unnested(right, by_right, place)
            if not (by_left or by_right):
                return type(node)(left, right), ""
            return type(node)(left, right), f"(f_equal2 {OPERATORS[type(node)]} {by_left or 'eq_refl'} {by_right or 'eq_refl'})"
        if isinstance(node, (Negative, Inverse)):
            inner, by = self._reduced(node.term, place)
            if isinstance(node, Inverse):
                inner, by = self._unnested(inner, by, place)
            head = "Ropp" if isinstance(node, Negative) else "Rinv"
            return type(node)(inner), f"(f_equal {head} {by})" if by else ""
        if isinstance(node, Power):
            inner, by = self._reduced(node.base, place)
            return Power(inner, node.exponent), f"(f_equal (fun u : R => u ^ {node.exponent}) {by})" if by else ""
        return node, ""

    def _unnested(self, node: Any, by: str, place: Place) -> tuple[Any, str]:
        """A denominator that is a sum with fractions in it, over one denominator: ``field`` would ask for more."""
        if not _has_fraction(node):
            return node, by
        target = self.normal.together(node, place.facts)
        if target == node:
            return node, by
        name = self.label("E")
        self.line(f"assert ({name} : {self.text(node)} = {self.text(target)}).")
        with self.block():
            self._denominators(node, place)
            self._denominators(target, place)
            self._rational(place, node, target)
        return target, f"(eq_trans {by} {name})" if by else name

    def _fact(self, node: Any, target: Term, place: Place) -> str:
        """Proves ``node = target`` for a generator that is not in normal form; the name of the fact."""
        stated = place.facts.equal.get(alpha(node))
        if stated is not None and stated[0] == target:
            return stated[1]
        name = self.label("E")
        self.line(f"assert ({name} : {self.text(node)} = {self.text(target)}).")
        with self.block():
            self._prove_generator(node, target, place.inside())
        return name

    def _prove_generator(self, node: Any, target: Term, place: Place) -> None:
        stated = place.facts.equal.get(alpha(node))
        if stated is not None:
            self.line(f"transitivity {self.text(stated[0])}; [exact {stated[1]} |].")
            self.equal(stated[0], target, place)
        elif isinstance(node, Ref):
            self._prove_member(node, target, place)
        elif isinstance(node, Count):
            self.line("integers.")
        elif isinstance(node, Delta):
            same = place.facts.coincide(node.left, node.right)
            self.line("apply delta_equal; lia." if same else "apply delta_apart; lia." if same is False else "apply delta_sym.")
        elif isinstance(node, IfEqual):
            self._prove_choice(node, target, place)
        elif isinstance(node, RealPower):
            power = Apply("exp", Times(node.exponent, Apply("ln", node.base)))
            self.line(f"change ({self.text(power)} = {self.text(target)}).")
            self.equal(power, target, place)
        elif isinstance(node, Apply):
            self._prove_apply(node, target, place)
        elif isinstance(node, Sum):
            self._prove_sum(node, target, place)
        elif isinstance(node, Slope):
            self.line("apply is_derive_unique.")
            self.derivative(node, target, place)
        else:
            raise NoProof(f"no law for {type(node).__name__}")

    def _prove_member(self, node: Ref, target: Term, place: Place) -> None:
        for pattern in place.facts.patterns:
            values = place.facts.member(node, pattern)
            if values is not None:
                body = at_indices(pattern.value, values)
                self.line(f"transitivity {self.text(body)}; [apply {pattern.fact}; lia |].")
                self.equal(body, target, place)
                return
        if not isinstance(node.family, Defined):
            raise NoProof("a member without a law")
        body = unfolded(node, self.normal.definitions)
        self.line(f"change ({self.text(body)} = {self.text(target)}).")
        self.equal(body, target, place)

    def _prove_choice(self, node: IfEqual, target: Term, place: Place) -> None:
        chosen = self.normal.chosen(node, place.facts)
        same = place.facts.coincide(node.left, node.right)
        law = "if_equal_delta" if same is None else "if_equal_same; lia" if same else "if_equal_apart; lia"
        self.line(f"transitivity {self.text(chosen)}; [apply {law} |].")
        self.equal(chosen, target, place)

    # -- functions -------------------------------------------------------------------------------------------------

    def _prove_apply(self, node: Apply, target: Term, place: Place) -> None:
        if node.function == "exp":
            self._prove_exponential(node, target, place)
        elif node.function == "ln":
            self._prove_logarithm(node, target, place)
        elif node.function in ("sinh", "cosh", "tanh"):
            body = by_exponentials(node)
            law = "apply tanh_exp" if node.function == "tanh" else "reflexivity"
            self.line(f"transitivity {self.text(body)}; [{law} |].")
            self.equal(body, target, place)
        else:
            inner = Apply(node.function, self.canon(node.term, place))
            if node.function == "Rabs" and self.normal.is_nonnegative(self.normal.of(node.term, place.facts), place.facts):
                self.line(f"transitivity {self.text(inner)}.")
                with self.block():
                    self.line("apply (f_equal Rabs).")
                    self.equal(node.term, inner.term, place.inside())
                self.line("apply Rabs_pos_eq; nonnegative.")
                return
            self.line(f"transitivity {self.text(inner)}.")
            with self.block():
                self.line(f"apply (f_equal {node.function}).")
                self.equal(node.term, inner.term, place.inside())
            self.equal(inner, target, place)

    def _prove_exponential(self, node: Apply, target: Term, place: Place) -> None:
        factors = self.normal.exponentials(self.normal.of(node.term, place.facts), place.facts)
        if not factors:
            self.line("transitivity (exp 0); [apply (f_equal exp) | rewrite exp_0; reflexivity].")
            self.equal(node.term, Number(0), place)
            return
        summands: list[Term] = []
        laws: list[str] = []
        products: list[Term] = []
        for _, (kind, count, unit, _) in factors:
            size = abs(count)
            base: Term = Apply("ln", unit) if kind == "ln" else unit
            part: Term = Times(Number(size), base)
            part = Negative(part) if count < 0 else part
            summands.append(part)
            power: Term = Power(unit if kind == "ln" else Apply("exp", unit), size)
            products.append(Inverse(power) if count < 0 else power)
            law = ("exp_ln_" if kind == "ln" else "exp_") + ("down" if count < 0 else "up")
            positive = f" ltac:({self._positively(unit, place)})" if kind == "ln" else ""
            laws.append(f"({law} {size} {self.text(unit)} {self.text(part)}{positive} eq_refl)")
        whole = _folded(Plus, summands)
        self.line(f"transitivity (exp {self.text(whole)}).")
        with self.block():
            self.line("apply (f_equal exp).")
            self.equal(node.term, whole, place.inside())
        rest = list(summands)
        while len(rest) > 1:
            self.line(f"rewrite (exp_plus {self.text(rest[0])} {self.text(_folded(Plus, rest[1:]))}).")
            rest = rest[1:]
        for law in laws:
            self.line(f"rewrite {law}.")
        self._from(_folded(Times, products), target, place)

    def _from(self, now: Term, target: Term, place: Place) -> None:
        """Closes ``now = target``, where both are made of generators in normal form up to the facts of the place."""
        self.line(f"change ({self.text(now)} = {self.text(target)}).")
        self.equal(now, target, place)

    def _prove_logarithm(self, node: Apply, target: Term, place: Place) -> None:
        normal, facts = self.normal, place.facts
        factors = normal.factors(normal.of(node.term, facts), facts)
        if not factors:
            self.line("transitivity (ln 1); [apply (f_equal ln) | rewrite ln_1; reflexivity].")
            self.equal(node.term, Number(1), place)
            return
        parts: list[Term] = []
        for factor, exponent in factors:
            power: Term = factor if exponent == 1 else Power(factor, abs(exponent))
            parts.append(Inverse(power) if exponent < 0 else power)
        whole = _folded(Times, parts)
        self.line(f"transitivity (ln {self.text(whole)}).")
        with self.block():
            self.line("apply (f_equal ln).")
            self.equal(node.term, whole, place.inside())
        for part in parts:
            self._assure_positive(part, place)
        rest = list(parts)
        while len(rest) > 1:
            self.line(f"rewrite (ln_mult {self.text(rest[0])} {self.text(_folded(Times, rest[1:]))}) by positive.")
            rest = rest[1:]
        values: list[Term] = []
        for factor, exponent in factors:
            text, log = self.text(factor), Apply("ln", factor)
            if exponent > 1:
                self.line(f"rewrite (ln_power {exponent} {text}) by positive.")
            elif exponent < 0:
                self.line(f"rewrite (ln_over_power {-exponent} {text}) by positive.")
            value: Term = log
            if isinstance(factor, Apply) and factor.function == "exp":
                self.line(f"rewrite (ln_exp {self.text(factor.term)}).")
                value = factor.term
            if exponent != 1:
                value = Times(Number(abs(exponent)), value)
            values.append(Negative(value) if exponent < 0 else value)
        now = _folded(Plus, values)
        self.line(f"change ({self.text(now)} = {self.text(target)}).")
        self._denominators(now, place)
        self._denominators(target, place)
        if any(self.normal.of(v, facts) != self.normal.of(w, facts) for v, w in ((now, target),)):
            raise NoProof("a logarithm that does not come apart")
        self.line("rational.")

    # -- sums ------------------------------------------------------------------------------------------------------

    def _prove_short_sum(self, node: Sum, summands: list[Term], target: Term, place: Place) -> None:
        """A sum between numbers is written out."""
        whole = _folded(Plus, [*summands, Number(0)])
        self.line(f"transitivity {self.text(whole)}.")
        with self.block():
            high, body = self.writer.index(node.high), self.writer.function(node)
            first = int(node.low)
            for k in range(first, first + len(summands)):
                ends = f"{self.writer.index(Integer(k))} {self.writer.index(Integer(k + 1))} {high}"
                self.line(f"rewrite (Sum_next {ends} {body} eq_refl ltac:(lia)).")
            self.line(f"rewrite (Sum_empty {self.writer.index(Integer(first + len(summands)))} {high} {body} ltac:(lia)).")
            self.line("reflexivity.")
        self.equal(whole, target, place)

    def _prove_sum(self, node: Sum, target: Term, place: Place) -> None:
        summands = self.normal.written_out(node)
        if summands is not None:
            self._prove_short_sum(node, summands, target, place)
            return
        index, parts, inner = self.normal.summands(node, place.facts)
        k, low, high = self.writer.index(index), self.writer.index(node.low), self.writer.index(node.high)
        ends = f"{low} {high}"
        if not parts:
            self.line("apply Sum_zero.")
            self._summand(node, index, Number(0), inner, place)
            return
        terms: list[Term] = []
        laws: list[str] = []
        values: list[Term] = []
        for part in parts:
            if part.at is not None:
                terms.append(Times(Delta(part.at, index), part.inside))
                at, body = self.writer.index(part.at), f"(fun {k} : Z => {self.text(part.inside)})"
                laws.append(f"(Sum_delta{'_out' if part.gone else ''} {ends} {at} {body} ltac:(lia))")
                values.append(Number(0) if part.gone else at_indices(part.inside, {index: part.at}))
            elif part.inside is None:
                terms.append(part.outside)
                count = node.high - node.low + 1
                laws.append(f"(Sum_count {ends} {self.writer.index(count)} {self.text(part.outside)} ltac:(lia) ltac:(lia))")
                values.append(Times(Count(count), part.outside))
            else:
                terms.append(Times(part.outside, part.inside))
                body = f"(fun {k} : Z => {self.text(part.inside)})"
                laws.append(f"(Sum_scal {ends} {self.text(part.outside)} {body})")
                values.append(Times(part.outside, Sum(index, node.low, node.high, part.inside)))
        whole = _folded(Plus, terms)
        self.line(f"transitivity (Sum {ends} (fun {k} : Z => {self.text(whole)})).")
        with self.block():
            self.line("apply Sum_ext.")
            self._summand(node, index, whole, inner, place)
        first, rest = terms[0], terms[1:]
        proof = laws[-1]
        for position in range(len(terms) - 2, -1, -1):
            first, rest = terms[position], terms[position + 1:]
            one = f"(fun {k} : Z => {self.text(first)})"
            other = f"(fun {k} : Z => {self.text(_folded(Plus, rest))})"
            proof = f"(eq_trans (Sum_plus {ends} {one} {other}) (f_equal2 Rplus {laws[position]} {proof}))"
        value = _folded(Plus, values)
        self.line(f"transitivity {self.text(value)}.")
        self.line(f"{{ exact {proof}. }}")
        self._generators(node, parts, index, inner, place)
        self.equal(value, target, place)

    def _generators(self, node: Sum, parts: list[Any], index: Symbol, inner: Facts, place: Place) -> None:
        """The plain sums of the parts are the generators, under another bound name and perhaps in another order."""
        for part in parts:
            if part.generator is None:
                continue
            plain = Sum(index, node.low, node.high, part.inside)
            if part.swapped is not None:
                self._exchange(plain, part.swapped, place)
                continue
            if alpha(plain) == alpha(part.generator):
                continue
            name = self.label("E")
            self.line(f"assert ({name} : {self.text(plain)} = {self.text(part.generator)}).")
            with self.block():
                self.line(f"apply Sum_ext; intros {self.writer.index(index)} {self.label('H')}; cbv beta; rational.")
            known = place.facts.equal.get(alpha(part.generator))
            place.proved[alpha(plain)] = (part.generator, name)
            if known is not None:
                value = self.canon(part.generator, place)
                whole = self.label("E")
                self.line(f"assert ({whole} : {self.text(plain)} = {self.text(value)}).")
                with self.block():
                    self.line(f"transitivity {self.text(part.generator)}; [exact {name} |].")
                    self.equal(part.generator, value, place.inside())
                place.proved[alpha(plain)] = (value, whole)

    def _exchange(self, plain: Sum, swapped: tuple[Term, Sum, Sum], place: Place) -> None:
        """A fact: the sum of sums with the two sums exchanged, in normal form."""
        factor, inner, both = swapped
        with self.normal.as_they_stand():
            target = self.canon(both, place)
            name = self.label("E")
            self.line(f"assert ({name} : {self.text(plain)} = {self.text(target)}).")
            with self.block():
                product = Sum(inner.index, inner.low, inner.high, Times(factor, inner.body))
                middle = Sum(plain.index, plain.low, plain.high, product)
                self.line(f"transitivity {self.text(middle)}.")
                with self.block():
                    self.line(f"apply Sum_ext; intros {self.writer.index(plain.index)} {self.label('H')}; cbv beta.")
                    self.line(f"transitivity {self.text(Times(factor, inner))}; [rational |].")
                    ends = f"{self.writer.index(inner.low)} {self.writer.index(inner.high)}"
                    self.line(f"symmetry; exact (Sum_scal {ends} {self.text(factor)} {self.writer.function(inner)}).")
                self.line(f"transitivity {self.text(both)}; [apply Sum_swap |].")
                self.equal(both, target, place.inside())
        place.proved[alpha(plain)] = (target, name)

    def _summand(self, node: Sum, index: Symbol, whole: Term, inner: Facts, place: Place) -> None:
        """Closes ``forall k in range, body = whole``."""
        self.line(f"intros {self.writer.index(index)} {self.label('H')}.")
        self.line("cbv beta.")
        self.equal(at_indices(node.body, {node.index: index}), whole, place.inside(inner))

    # -- derivatives -----------------------------------------------------------------------------------------------

    def derivative(self, node: Slope, target: Term, place: Place) -> None:
        """Closes ``is_derive body point target``."""
        raw = self._prepared(node, place, f" {self.text(target)}", "is_derive")
        self.line("differentiate.")
        self.line(f"change ({self.text(raw)} = {self.text(target)}).")
        self.equal(raw, target, place)

    def _prepared(self, node: Slope, place: Place, target: str, predicate: str) -> Term:
        """Brings the goal to a body without definitions and derivatives; what the laws make of it."""
        normal = self.normal
        expanded = by_definition(normal.conditions.expanded(node.body))
        flat = normal.flat(node, place.facts)
        point = self.text(node.point)
        self.line(f"change ({predicate} (fun {node.variable} : R => {self.text(expanded)}) {point}{target}).")
        if predicate == "ex_derive":
            self.line("eapply ex_of.")
        inner = [part for part in walk(expanded) if isinstance(part, Slope)]
        if inner:
            signs = self._signs_near(inner, node.variable, node.point, place)
            self.line(f"apply ({'D_near' if signs else 'D_ext'} (fun {node.variable} : R => {self.text(flat.body)})).")
            with self.block():
                self.equal(flat.body, expanded, self._near(node.variable, node.point, signs, place))
        raw = normal.slope(node, place.facts)
        self._assure_conditions(flat, place)
        return raw

    def _signs_near(self, inner: list[Slope], variable: str, point: Term, place: Place) -> list[Term]:
        """The terms that have to be positive near a point for derivatives inside to exist, as they do at the point itself."""
        from derive.certify.statement import at_point

        found: dict[Term, None] = {}
        for part in inner:
            flat = self.normal.flat(part, place.facts)
            for fact in self.normal.conditions.of([at_point(flat)]):
                if isinstance(fact, Reals) and mentions(fact, variable) and not self._shows(fact.left, place.facts):
                    found[fact.left] = None
        here = [term for term in found if self.sign(at_point(Slope(variable, term, point)), place.facts) == 1]
        return here if len(here) == len(found) else []

    def _near(self, variable: str, point: Term, signs: list[Term], place: Place) -> Place:
        """Turns to a point near `point`, at which the terms are still positive."""
        if not signs:
            self.line(f"intros {variable}.")
            return place.inside()
        names = []
        for term in signs:
            name = self.label("N")
            self.line(f"assert ({name} : locally {self.text(point)} (fun {variable} : R => 0 < {self.text(term)})).")
            with self.block():
                self.line(f"eapply (positive_near (fun {variable} : R => {self.text(term)})); "
                          "[cbv beta; slope | cbv beta; rewrite ?upd_id, ?upd2_id; positive].")
            names.append(name)
        whole = names[-1]
        for name in reversed(names[:-1]):
            whole = f"(near_and _ _ _ {name} {whole})"
        held = [self.label("S") for _ in names]
        pattern = held[-1]
        for name in reversed(held[:-1]):
            pattern = f"[{name} {pattern}]"
        self.line(f"refine (near_by _ _ _ {whole} _); intros {variable} {pattern}.")
        facts = place.facts
        known = {self.normal.term(self.normal.of(term, facts)) for term in signs}
        return place.inside(replace(facts, positive=facts.positive | known, nonzero=facts.nonzero | known))

    def _assure_conditions(self, flat: Slope, place: Place) -> None:
        """The signs that the laws of differentiation ask for, where syntax alone does not show them."""
        from derive.certify.statement import at_point

        for fact in self.normal.conditions.of([at_point(flat)]):
            body, facts = fact, place.facts
            while isinstance(body, ForAll):
                facts = facts.ranging(body.index, body.low, body.high)
                body = body.body
            if isinstance(body, Reals) and isinstance(body.left, (Plus, Minus, Times, Over)):
                if alpha(fact) in place.assured or self._shows(body.left, facts):
                    continue
                stronger = Reals(body.left, ">", body.right) if body.relation == "!=" and self.sign(
                    body.left, facts) == 1 else body
                self.assure(_with_body(fact, stronger), place)

    def _shows(self, node: Term, facts: Facts) -> bool:
        """Whether the tactic for signs sees that the term is positive."""
        if isinstance(node, (Plus, Times, Over)):
            return self._shows(node.left, facts) and self._shows(node.right, facts)
        if isinstance(node, (Inverse, Power)):
            return self._shows(node.parts[0], facts)
        if isinstance(node, Sum):
            return self._shows(node.body, facts.ranging(node.index, node.low, node.high))
        return isinstance(node, GENERATORS + (Number,)) and not isinstance(node, (IfEqual, Slope)) and (
            self.normal.is_positive_generator(node, facts))

    # -- domain facts ------------------------------------------------------------------------------------------------

    def assure(self, fact: Any, place: Place) -> str:
        """Proves a domain fact and keeps it; its name."""
        name = self.label("C")
        self.line(f"assert ({name} : {self.writer.fact(fact)}).")
        with self.block():
            self._prove_fact(fact, place.inside())
        place.assured.add(alpha(fact))
        return name

    def _prove_fact(self, fact: Any, place: Place) -> None:
        if isinstance(fact, ForAll):
            self.line(f"intros {self.writer.index(fact.index)} {self.label('H')}.")
            self._prove_fact(fact.body, place.inside(place.facts.ranging(fact.index, fact.low, fact.high)))
        elif isinstance(fact, If):
            self.line(f"intros {self.label('N')}.")
            facts = place.facts
            if fact.relation == "!=":
                facts = replace(facts, apart=facts.apart | {frozenset((fact.left, fact.right))})
            self._prove_fact(fact.body, place.inside(facts))
        elif isinstance(fact, HasSlope):
            for name, point in fact.near:
                if not self._signs_near([fact.slope], name, point, place):
                    self.line("apply near_all.")
                place = self._near(name, point, self._signs_near([fact.slope], name, point, place), place)
            self._prepared(fact.slope, place, "", "ex_derive")
            self.line("cbv beta; slope.")
        elif isinstance(fact, Integers):
            self.line("lia.")
        elif isinstance(fact, Reals):
            self.relation(fact, place)
        else:
            raise NoProof(f"no proof of {type(fact).__name__}")

    # -- relations -------------------------------------------------------------------------------------------------

    def relation(self, fact: Reals, place: Place) -> None:
        """Closes a relation between terms."""
        left, relation, right = fact.left, fact.relation, fact.right
        if relation == "=":
            self.equal(left, right, place)
            return
        if relation in (">", ">=") and right == Number(0):
            self._sign_goal(left, relation == ">", place)
            return
        if relation == "!=" and right == Number(0):
            self._nonzero_goal(left, place)
            return
        if relation in (">", ">="):
            left, right = right, left
        difference = Minus(right, left)
        target = self._signed_form(difference, place)
        law = {"<": "less_by", ">": "less_by", "<=": "at_most_by", ">=": "at_most_by", "!=": "unequal_by"}[relation]
        head = "red; " if relation in (">", ">=") else ""
        self.line(f"{head}apply ({law} {self.text(left)} {self.text(right)} {self.text(target)}).")
        with self.block():
            self.equal(difference, target, place.inside())
        if relation == "!=":
            self._nonzero_goal(target, place)
        else:
            self._sign_goal(target, relation in ("<", ">"), place)

    def sign(self, node: Any, facts: Facts) -> int | None:
        """1 for certainly positive, −1 for negative, None for neither."""
        p = self.normal.of(node, facts)
        for sign in (1, -1):
            q = added({}, p, sign)
            if self.normal.is_positive(q, facts):
                return sign
            quotient = self.normal.over_positive(q, facts)
            if quotient is not None and self.normal.is_positive(quotient[0], facts):
                return sign
        return None

    def holds(self, fact: Any, facts: Facts) -> bool:
        """Whether a domain fact is one that this module can prove."""
        try:
            return self._holds(fact, facts)
        except NoProof:
            return False

    def _holds(self, fact: Any, facts: Facts) -> bool:
        if isinstance(fact, ForAll):
            return self._holds(fact.body, facts.ranging(fact.index, fact.low, fact.high))
        if isinstance(fact, If):
            return self._holds(fact.body, facts)
        if isinstance(fact, HasSlope):
            return True
        if not isinstance(fact, Reals):
            return False
        if fact.relation == "!=":
            return self.sign(fact.left, facts) is not None or self._is_nonzero(fact.left, facts)
        if fact.relation == ">":
            return self.sign(fact.left, facts) == 1
        if fact.relation == ">=":
            return self._is_nonnegative(fact.left, facts)
        return False

    def _is_nonnegative(self, node: Any, facts: Facts) -> bool:
        p = self.normal.of(node, facts)
        if self.normal.is_nonnegative(p, facts):
            return True
        quotient = self.normal.over_positive(p, facts)
        return quotient is not None and self.normal.is_nonnegative(quotient[0], facts)

    def _is_nonzero(self, node: Any, facts: Facts) -> bool:
        normal = self.normal
        p = normal.of(node, facts)
        if not p:
            return False
        above, _ = normal.cleared(p, facts)
        _, content, primitive = normal.content(above)
        return all(g in facts.nonzero or normal.is_positive_generator(g, facts) for g, _ in content) and (
            len(primitive) == 1 or normal.term(primitive) in facts.nonzero)

    def _signed_form(self, node: Any, place: Place) -> Term:
        """The term in the form in which its sign shows."""
        normal, facts = self.normal, place.facts
        p = normal.of(node, facts)
        if normal.is_nonnegative(p, facts):
            return normal.term(p)
        quotient = normal.over_positive(p, facts)
        if quotient is None:
            return normal.term(p)
        above, below = quotient
        top = normal.term(above)
        if not normal.is_nonnegative(above, facts):
            excess = self._excess(above, place)
            if excess is None:
                return normal.term(p)
            top = excess
        return top if below == {(): Fraction(1)} else Over(top, normal.term(below))

    def _excess(self, p: Poly, place: Place) -> Term | None:
        """Σ_k f_k − f_i for f >= 0, plus what else is not negative; the fact is proved."""
        normal, facts = self.normal, place.facts
        negative = [(m, -c) for m, c in p.items() if c < 0]
        rest: Poly = {m: c for m, c in p.items() if c > 0}
        pieces: list[Term] = []
        for m, c in negative:
            found = self._partner(m, c, rest, facts)
            if found is None:
                return None
            total, place_index, remaining, n = found
            rest = added(rest, {n: -c})
            member = normal.term(normal.of(at_indices(total.body, {total.index: place_index}), facts))
            difference = Minus(total, member)
            name = self.label("S")
            inner = facts.ranging(total.index, total.low, total.high)
            strict = facts.at_least_zero(total.high - total.low - 1) and normal.is_positive(normal.of(total.body, inner), inner)
            self.line(f"assert ({name} : (0 {'<' if strict else '<='} {self.text(difference)})).")
            with self.block():
                ends = f"{self.writer.index(total.low)} {self.writer.index(total.high)} {self.writer.index(place_index)}"
                body = self.writer.function(total)
                if strict:
                    self.line(f"apply (Sum_gt_term {ends} {body}); [lia | lia | intros; positive].")
                else:
                    self.line(f"apply (Sum_ge_term {ends} {body}); [lia | intros; nonnegative].")
            pieces.append(Times(normal.monomial_term(remaining, c), difference))
        if not normal.is_nonnegative(rest, facts):
            return None
        return _folded(Plus, ([normal.term(rest)] if rest else []) + pieces)

    def _partner(self, m: Any, c: Fraction, rest: Poly, facts: Facts) -> tuple[Sum, Expr, Any, Any] | None:
        normal = self.normal
        for n, d in rest.items():
            for g, e in n:
                if not isinstance(g, Sum) or e != 1 or d < c:
                    continue
                remaining = tuple(power for power in n if power[0] != g)
                for symbol in sorted({s for power in m for s in symbols(power[0])}, key=self.writer.index):
                    if not facts.within(symbol, g.low, g.high):
                        continue
                    member = normal.of(at_indices(g.body, {g.index: symbol}), facts)
                    if normal.product(member, {remaining: Fraction(1)}, facts) == {m: Fraction(1)}:
                        return g, symbol, remaining, n
        return None

    def _sign_goal(self, node: Any, strict: bool, place: Place) -> None:
        """Closes ``0 < node`` or ``0 <= node``."""
        tactic = "positive." if strict else "nonnegative."
        target = self._signed_form(node, place)
        facts = place.facts
        if node == target or (strict and self._shows(node, facts)):
            self.line(tactic)
            return
        name = self.label("E")
        self.line(f"assert ({name} : {self.text(node)} = {self.text(target)}).")
        with self.block():
            self.equal(node, target, place.inside())
        self.line(f"rewrite {name}; {tactic}")

    def _nonzero_goal(self, node: Any, place: Place) -> None:
        sign = self.sign(node, place.facts)
        if sign == 1:
            self.line("apply Rgt_not_eq; red.")
            self._sign_goal(node, True, place)
        elif sign == -1:
            name = self.label("S")
            self.line(f"assert ({name} : 0 < {self.text(Negative(node))}).")
            with self.block():
                self._sign_goal(Negative(node), True, place.inside())
            self.line(f"apply Rlt_not_eq; apply Ropp_lt_cancel; rewrite Ropp_0; exact {name}.")
        else:
            target = self.canon(node, place)
            above, below = self.normal.cleared(self.normal.of(node, place.facts), place.facts)
            factor, content, primitive = self.normal.content(above)
            if below == {(): Fraction(1)} and content and len(primitive) > 1:
                target = Times(self.normal.term({content: factor}), self.normal.term(primitive))
            if target != node:
                name = self.label("E")
                self.line(f"assert ({name} : {self.text(node)} = {self.text(target)}).")
                with self.block():
                    self.equal(node, target, place.inside())
                self.line(f"rewrite {name}.")
            self.line("nonzero.")

    def _positively(self, node: Any, place: Place) -> str:
        """A tactic for ``0 < node``."""
        self._assure_positive(node, place)
        return "positive"

    def _assure_positive(self, node: Any, place: Place) -> None:
        """A fact ``0 < node`` where syntax alone does not show it."""
        if not self._shows(node, place.facts):
            self.assure(Reals(node, ">", Number(0)), place)

    def _denominators(self, term: Any, place: Place) -> None:
        """Facts for the denominators in a term of generators that are polynomials with a sign that does not show."""
        normal, facts = self.normal, place.facts
        for node in _outside_binders(term):
            if not isinstance(node, (Over, Inverse)):
                continue
            below = node.right if isinstance(node, Over) else node.term
            above, _ = normal.cleared(normal.of(below, facts), facts)
            _, _, primitive = normal.content(above)
            if len(primitive) == 1 or normal.is_positive(primitive, facts):
                continue
            fact = Reals(normal.term(primitive), "!=", Number(0))
            if alpha(fact) in place.assured or fact.left in facts.nonzero:
                continue
            sign = self.sign(fact.left, facts)
            if sign is not None or self._is_nonzero(fact.left, facts):
                self.assure(fact, place)


def _outside_binders(node: Any) -> Iterator[Any]:
    """The term and what is inside, but not inside generators."""
    yield node
    if isinstance(node, GENERATORS):
        return
    for part in node.parts:
        if not isinstance(part, (int, str, Expr, tuple)):
            yield from _outside_binders(part)


def _has_fraction(node: Any, inside: bool = False) -> bool:
    """Whether a quotient stands inside of a sum."""
    if isinstance(node, GENERATORS):
        return False
    if isinstance(node, (Over, Inverse)) and inside and not isinstance(node.parts[-1], Number):
        return True
    inside = inside or isinstance(node, (Plus, Minus))
    return any(_has_fraction(part, inside) for part in node.parts if isinstance(part, Node))


def _folded(operator: Any, terms: list[Term]) -> Term:
    """a + (b + (c + …))."""
    result = terms[-1]
    for term in reversed(terms[:-1]):
        result = operator(term, result)
    return result


def _with_body(fact: Any, body: Any) -> Any:
    if isinstance(fact, ForAll):
        return ForAll(fact.index, fact.low, fact.high, _with_body(fact.body, body))
    return body


__all__ = ["OutsideFragment", "Place", "Script"]
