"""What a proof script makes of a statement's premises: ranges, signs, and equations solved for a generator."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from typing import Any

from sympy import Expr, Integer, Symbol

from derive.certify.script.domain import holds
from derive.certify.script.factors import Shown, bring, shown_by
from derive.certify.script.forms.contractions import opened as sum_opened
from derive.certify.script.forms.errors import NoProof
from derive.certify.script.forms.facts import Contraction, Facts, LeftInverse, Members, is_variable
from derive.certify.script.forms.flat import ranging
from derive.certify.script.forms.polynomials import Poly, added
from derive.certify.script.protocols import Place
from derive.certify.script.scripts import Script
from derive.certify.statement.facts import ForAll, Integers, Reals, Within
from derive.certify.statement.syntax import (
    Base,
    Delta,
    Minus,
    Number,
    Over,
    Ref,
    Sum,
    Term,
    Times,
    alpha,
    at_indices,
    symbols,
    walk,
)
from derive.terms.relations import RelationKey, upward


def named(premises: Sequence[Any]) -> list[tuple[str, Any]]:
    """The premises with the names that they get in a proof."""
    return [(f"P_{number}", premise) for number, premise in enumerate(premises, 1)]


def ranges_of(premises: Sequence[Any], facts: Facts) -> Facts:
    """The facts that premises on indices state."""
    for premise in premises:
        if isinstance(premise, Within) and isinstance(premise.index, Symbol):
            facts = facts.ranging(premise.index, premise.low, premise.high)
        elif isinstance(premise, Integers):
            facts = _of_integers(premise, facts)
    return facts


def _of_integers(premise: Integers, facts: Facts) -> Facts:
    left, relation, right = premise.left, premise.relation, premise.right
    if relation == "!=":
        return replace(facts, apart=facts.apart | {frozenset((left, right))})
    left, relation, right = upward(left, relation, right)
    if relation in (">", ">=") and isinstance(left, Symbol) and isinstance(right, Integer) and left not in facts.ranges:
        least = int(right) + (relation == ">")
        return replace(facts, least={**facts.least, left: max(least, facts.least.get(left, least))})
    return facts


def signs_of(premises: Sequence[Any], facts: Facts, script: Script) -> Facts:
    """The facts that premises on the signs of terms state, without any proof."""
    facts = _symmetries([("", premise) for premise in premises], facts)
    for _, binders, body in _signs([("", premise) for premise in premises]):
        members = _members(binders, body) if binders else None
        if members is not None and body.relation in (">", ">=") and body.right == Number(0):
            facts = replace(facts, signed=(*facts.signed, (members, body.relation == ">")))
        elif _instance("", binders, body, facts, script) is not None:
            with suppress(NoProof):
                for shown in _shown(body, facts, script):
                    facts = shown.added_to(facts)
    return facts


def _symmetries(pairs: Sequence[tuple[str, Any]], facts: Facts) -> Facts:
    """With the families that premises say to be symmetric."""
    found = []
    for name, premise in pairs:
        binders, body = opened(premise)
        symmetric = _symmetric(binders, body) if isinstance(body, Reals) and body.relation == "=" else None
        if symmetric is not None:
            found.append(replace(symmetric, fact=name))
    return replace(facts, symmetric=tuple(found))


def _signs(pairs: Sequence[tuple[str, Any]]) -> list[tuple[str, list[ForAll], Reals]]:
    """The premises on signs; those that only say that something is not 0 come last, for it may follow from the others."""
    found = [(name, *opened(premise)) for name, premise in pairs]
    signs = [(name, binders, body) for name, binders, body in found if isinstance(body, Reals) and body.relation != "="]
    return sorted(signs, key=lambda sign: sign[2].relation == "!=")


def _shown(body: Reals, facts: Facts, script: Script) -> tuple[Shown, ...]:
    term, relation = _difference(body)
    return shown_by(script.normal.of(term, facts), relation, script.normal, facts)


def _difference(body: Reals) -> tuple[Term, RelationKey]:
    """``left relation right`` as ``term relation 0`` with >, >= or !=."""
    left, relation, right = upward(body.left, body.relation, body.right)
    return (left if right == Number(0) else Minus(left, right)), relation


def _instance(name: str, binders: list[ForAll], body: Reals, facts: Facts, script: Script) -> str | None:
    """The proof of `body` by a premise `name` on all values of indices that do not occur in it; None where they do."""
    if not binders:
        return name
    spans = [(binder.low, binder.high) for binder in binders]
    bound = {binder.index for binder in binders}
    if bound & symbols(body) or any(bound & (low.free_symbols | high.free_symbols) for low, high in spans):
        return None
    if not all(facts.at_least_zero(high - low) for low, high in spans):
        return None
    return f"({name}{''.join(f' {script.writer.index(low)} ltac:(lia)' for low, _ in spans)})"


def stated(pairs: Sequence[tuple[str, Any]], place: Place, script: Script) -> Place:
    """The premises made available in a proof: what they say of normal forms is proved from them."""
    none: frozenset[Any] = frozenset()
    so_far = replace(_symmetries(pairs, place.facts), positive=none, nonnegative=none, nonzero=none)
    for name, premise in pairs:
        so_far = _inverse(name, *opened(premise), replace(place, facts=so_far), script)
    for name, binders, body in _signs(pairs):
        proof = _instance(name, binders, body, so_far, script)
        if proof is not None:
            with script.attempt():
                shown = _shown(body, so_far, script)
                bring(script, proof, body, _difference(body)[0], shown, replace(place, facts=so_far))
                for each in shown:
                    so_far = each.added_to(so_far)
    facts = so_far
    for name, premise in pairs:
        binders, body = opened(premise)
        if isinstance(body, Reals) and body.relation == "=":
            facts = _equation(name, binders, body, replace(place, facts=facts), script)
    return replace(place, facts=facts)


def learned(name: str, fact: Any, place: Place, script: Script) -> Place:
    """The place with what a domain fact that was proved says of normal forms."""
    binders, body = opened(fact)
    if not isinstance(body, Reals) or body.relation == "=":
        return place
    facts = place.facts
    proof = _instance(name, binders, body, facts, script)
    with script.attempt():
        shown = [each for each in _shown(body, facts, script) if not _is_known(each, facts, script)] if proof else []
        if proof and shown:
            bring(script, proof, body, _difference(body)[0], shown, place)
        for each in shown:
            facts = each.added_to(facts)
        return replace(place, facts=facts)
    return place


def _is_known(shown: Shown, facts: Facts, script: Script) -> bool:
    return holds(script.normal, Reals(shown.node, shown.relation, Number(0)), facts)


def _equation(name: str, binders: list[ForAll], body: Reals, place: Place, script: Script) -> Facts:
    facts = place.facts
    if binders:
        if _symmetric(binders, body) is not None:
            return facts
        members = _members(binders, body)
        if members is not None and not any(part == members.family for part in walk(body.right)):
            return replace(facts, patterns=(*facts.patterns, replace(members, value=body.right, fact=name)))
        return _contraction(name, binders, body, place, script)
    normal = script.normal
    try:
        p, _ = normal.ring.cleared(added(normal.of(body.left, facts), normal.of(body.right, facts), -1), facts)
    except NoProof:
        return facts
    solved = _solved(p)
    if solved is None:
        return facts
    generator, factor, rest = solved
    value = normal.ring.term(rest)
    label = script.label("F")
    script.line(f"assert ({label} : {script.text(generator)} = {script.text(value)}).")
    with script.block():
        _by_premise(script, name, body, generator, value, factor, place.inside())
    return replace(facts, equal={**facts.equal, alpha(generator): (value, label)})


def _by_premise(script: Script, proof: str, body: Reals, generator: Term, value: Term, factor: Fraction, place: Place) -> None:
    """Closes ``generator = value`` by the proof of an equation of which the sides differ by `factor` times as much."""
    number: Term = Number(abs(factor).numerator)
    number = number if factor.denominator == 1 else Over(number, Number(factor.denominator))
    sides = (generator, value) if factor > 0 else (value, generator)
    script.line(
        f"{'' if factor > 0 else 'symmetry; '}apply (solved_by {script.text(number)} {script.text(body.left)} "
        f"{script.text(body.right)} {script.text(sides[0])} {script.text(sides[1])})."
    )
    script.line("{ lra. }")
    script.line(f"{{ exact {proof}. }}")
    script.equal(Minus(body.left, body.right), Times(number, Minus(*sides)), place)


def _contraction(name: str, binders: list[ForAll], body: Reals, place: Place, script: Script) -> Facts:
    """An equation for all values of indices solved for the longest sum in it."""
    facts, normal = place.facts, script.normal
    spans = [(binder.index, binder.low, binder.high) for binder in binders]
    within = ranging(facts, spans)
    try:
        p, _ = normal.ring.cleared(added(normal.of(body.left, within), normal.of(body.right, within), -1), within)
    except NoProof:
        return facts
    lengths = {g: len(sum_opened(g)[0]) for m in p for g, _ in m if isinstance(g, Sum)}
    candidates = [(m[0][0], c) for m, c in p.items() if len(m) == 1 and m[0][1] == 1 and isinstance(m[0][0], Sum)]
    longest = max(lengths.values(), default=0)
    if len(candidates) == 0 or sum(length == longest for length in lengths.values()) != 1:
        return facts
    generator, factor = max(candidates, key=lambda candidate: lengths[candidate[0]])
    indices = {symbol for symbol, _, _ in spans}
    if lengths[generator] != longest or not indices <= symbols(generator):
        return facts
    value = normal.ring.term({m: -c / factor for m, c in p.items() if m != ((generator, 1),)})
    label = script.label("F")
    quantified: Any = Reals(generator, "=", value)
    for binder in reversed(binders):
        quantified = ForAll(binder.index, binder.low, binder.high, quantified)
    script.line(f"assert ({label} : {script.writer.fact(quantified)}).")
    with script.block():
        proof = name
        for binder in binders:
            index, held = script.writer.index(binder.index), script.label("H")
            script.line(f"intros {index} {held}.")
            proof += f" {index} {held}"
        _by_premise(script, f"({proof})", body, generator, value, factor, place.inside(within))
    return replace(facts, contractions=(*facts.contractions, Contraction(generator, tuple(spans), value, label)))


def _solved(p: Poly) -> tuple[Any, Fraction, Poly] | None:
    """A generator that the equation p = 0 gives: a sum before a member before a scalar."""
    rank: list[tuple[int, Any, Fraction, Poly]] = []
    for m, c in p.items():
        if len(m) != 1 or m[0][1] != 1:
            continue
        g = m[0][0]
        rest = {n: -d / c for n, d in p.items() if n != m}
        if any(_occurs(g, h) for n in rest for h, _ in n):
            continue
        if isinstance(g, Sum):
            rank.append((0, g, c, rest))
        elif is_variable(g) and (g.positions or len(p) <= 2):
            rank.append((1 if g.positions else 2, g, c, rest))
    if not rank:
        return None
    _, g, c, rest = min(rank, key=lambda item: item[0])
    return g, c, rest


def _occurs(generator: Any, inside: Any) -> bool:
    """Whether the generator, or for a member its family, occurs."""
    target = generator.family if isinstance(generator, Ref) else generator
    return any(part == target for part in walk(inside))


def opened(premise: Any) -> tuple[list[ForAll], Any]:
    """The quantifiers of a premise, and what stands behind them."""
    binders = []
    while isinstance(premise, ForAll):
        binders.append(premise)
        premise = premise.body
    return binders, premise


def _inverse(name: str, binders: list[ForAll], body: Any, place: Place, script: Script) -> Facts:
    """What is known of a family where a premise says that a matrix times it is the identity."""
    facts = place.facts
    if len(binders) != 2 or not isinstance(body, Reals) or body.relation != "=" or not isinstance(body.left, Sum):
        return facts
    (i, j), total, right = (binder.index for binder in binders), body.left, body.right
    spans = {(total.low, total.high), *((binder.low, binder.high) for binder in binders)}
    if right not in (Delta(i, j), Delta(j, i)) or len(spans) != 1 or not isinstance(total.body, Times):
        return facts
    k, low, high = total.index, total.low, total.high
    one, other = total.body.left, total.body.right
    if isinstance(one, Ref) and isinstance(one.family, Base) and one.positions == (i, k) and i not in symbols(other):
        facts = replace(facts, inverses=(*facts.inverses, LeftInverse(one.family, other, k, j, low, high, name)))
    if not (isinstance(other, Ref) and isinstance(other.family, Base) and other.positions == (k, j)):
        return facts
    within = ranging(facts, [(i, low, high), (k, low, high)])
    transposed = at_indices(one, {i: k, k: i})
    if j in symbols(one) or script.normal.of(one, within) != script.normal.of(transposed, within):
        return facts
    writer, label = script.writer, script.label("F")
    exchanged = Reals(Ref(other.family, (i, j)), "=", Ref(other.family, (j, i)))
    script.line(f"assert ({label} : {writer.fact(ForAll(i, low, high, ForAll(j, low, high, exchanged)))}).")
    with script.block():
        matrix = f"(fun {writer.index(i)} {writer.index(k)} : Z => {script.text(one)})"
        script.line(
            f"apply (inverse_symmetric {writer.index(low)} {writer.index(high)} {matrix} {writer.family(other.family)})."
        )
        with script.block():
            labels = f"{writer.index(i)} {script.label('H')} {writer.index(k)} {script.label('H')}"
            script.line(f"intros {labels}; cbv beta.")
            script.equal(one, transposed, place.inside(within))
        script.line(f"exact {name}.")
    members = Members(other.family, (i, j), ((low, high), (low, high)), fact=label)
    return replace(facts, symmetric=(*facts.symmetric, members))


def _symmetric(binders: list[ForAll], body: Reals) -> Members | None:
    """The members that a premise says to be the same with their two indices exchanged."""
    left, right = body.left, body.right
    if not (isinstance(left, Ref) and isinstance(right, Ref) and isinstance(left.family, Base) and len(binders) == 2):
        return None
    indices = tuple(binder.index for binder in binders)
    if left.family != right.family or {left.positions, right.positions} != {indices, indices[::-1]}:
        return None
    spans = [(binder.low, binder.high) for binder in binders]
    if spans[0] != spans[1]:
        return None
    return Members(left.family, indices, tuple(spans))


def _members(binders: list[ForAll], body: Reals) -> Members | None:
    """The members of which a premise on a whole family speaks."""
    left = body.left
    if not isinstance(left, Ref) or not isinstance(left.family, Base):
        return None
    indices: tuple[Expr, ...] = tuple(b.index for b in binders)
    if left.positions != indices:
        return None
    return Members(left.family, tuple(b.index for b in binders), tuple((b.low, b.high) for b in binders))
