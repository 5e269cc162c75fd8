"""What the sign of a term says of its factors, and how a proof comes by it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from derive.certify.script.forms.facts import Facts
from derive.certify.script.forms.polynomials import Monomial, Poly, constant
from derive.certify.script.forms.protocols import NormalForms
from derive.certify.script.protocols import Place, Scripting
from derive.certify.statement.facts import Reals
from derive.certify.statement.syntax import Apply, Number, Term, Times
from derive.terms.relations import RelationKey


@dataclass(frozen=True)
class Shown:
    """That ``node relation 0``, since it is so of ``node * rest``, where `rest` is positive or `relation` is !=.

    `inside` is what the sign of a root says of the term under it.
    """

    node: Term
    relation: RelationKey
    rest: Term
    inside: tuple[Shown, ...] = ()

    def added_to(self, facts: Facts) -> Facts:
        if self.relation == ">":
            facts = replace(facts, positive=facts.positive | {self.node}, nonzero=facts.nonzero | {self.node})
        elif self.relation == ">=":
            facts = replace(facts, nonnegative=facts.nonnegative | {self.node})
        else:
            facts = replace(facts, nonzero=facts.nonzero | {self.node})
        for shown in self.inside:
            facts = shown.added_to(facts)
        return facts


def shown_by(p: Poly, relation: RelationKey, normal: NormalForms, facts: Facts) -> tuple[Shown, ...]:
    """What a relation of the polynomial with 0 says of it and of its factors."""
    return tuple(_shown_by(p, relation, normal, facts)) if p else ()


def _shown_by(p: Poly, relation: RelationKey, normal: NormalForms, facts: Facts) -> Iterator[Shown]:
    ring = normal.ring
    if relation != "!=":
        whole = ring.term(p)
        yield Shown(whole, relation, Number(1), _under_root(whole, relation, normal, facts))
    above, below = ring.cleared(p, facts)
    factor, content, primitive = ring.content(above)
    powers = [*content, *([(ring.term(primitive), 1)] if len(primitive) > 1 else [])]
    if relation == "!=":
        chosen = [power for power in powers if power[1] > 0]
    elif factor > 0 and normal.signs.is_positive(below, facts):
        chosen = [(g, e) for g, e in powers if not normal.signs.is_positive_generator(g, facts)]
    else:
        return
    if relation != "!=" and (len(chosen) != 1 or chosen[0][1] != 1):
        return
    for node, exponent in chosen:
        if relation != "!=" and node == ring.term(p):
            continue
        rest = _cofactor(node, exponent, factor, content, primitive, normal)
        whole = rest if below == constant(1) else Times(rest, ring.term(ring.inverse(below, facts)))
        yield Shown(node, relation, whole, _under_root(node, relation, normal, facts))


def _under_root(node: Term, relation: RelationKey, normal: NormalForms, facts: Facts) -> tuple[Shown, ...]:
    """A root that is not 0 is one of something positive."""
    if relation == ">=" or not isinstance(node, Apply) or node.function != "sqrt":
        return ()
    return shown_by(normal.of(node.term, facts), ">", normal, facts)


def _cofactor(node: Term, exponent: int, factor: Fraction, content: Monomial, primitive: Poly, normal: NormalForms) -> Term:
    """What `node`, a factor of ``factor content primitive``, has to be multiplied by."""
    left = normal.ring.monomial({**dict(content), node: exponent - 1})
    if len(primitive) == 1 or normal.ring.term(primitive) == node:
        return normal.ring.term({left: factor})
    return Times(normal.ring.term({left: factor}), normal.ring.term(primitive))


def bring(script: Scripting, proof: str, body: Reals, term: Term, shown: Sequence[Shown], place: Place) -> None:
    """A fact for each of `shown`, out of the `proof` of `body`, which says the same as ``term relation 0``."""
    for each in shown:
        label = proof
        if each.node != body.left or body.right != Number(0) or not proof.isidentifier():
            label = script.label("S")
            script.line(f"assert ({label} : {script.writer.fact(Reals(each.node, each.relation, Number(0)))}).")
            with script.block():
                _fact(script, proof, body, term, each, place.inside())
        if not each.inside or not isinstance(each.node, Apply):
            continue
        under = Reals(each.node.term, ">", Number(0))
        name = script.label("S")
        not_zero = "apply Rgt_not_eq; red; " if each.relation == ">" else ""
        script.line(f"assert ({name} : {script.writer.fact(under)}) by (apply sqrt_nonzero; {not_zero}exact {label}).")
        bring(script, name, under, under.left, each.inside, place)


def _fact(script: Scripting, proof: str, body: Reals, term: Term, shown: Shown, place: Place) -> None:
    """Closes ``node relation 0``."""
    if shown.node == body.left and body.right == Number(0):
        script.line(f"exact {proof}.")
        return
    if shown.relation == "!=":
        equation = script.label("Z")
        script.line(f"intros {equation}; apply {proof}.")
        if body.right != Number(0):
            script.line("apply Rminus_diag_uniq.")
        _product(script, term, shown, place)
        script.line(f"rewrite {equation}; ring.")
        return
    name = script.label("W")
    script.line(f"assert ({name} := {proof}).")
    if shown.rest == Number(1):
        equation = script.label("E")
        script.line(f"assert ({equation} : {script.text(term)} = {script.text(shown.node)}).")
        with script.block():
            script.equal(term, shown.node, place.inside())
        script.line(f"clear - {equation} {name}; lra.")
        return
    law = "positive_factor" if shown.relation == ">" else "nonnegative_factor"
    script.line(f"apply ({law} {script.text(shown.node)} {script.text(shown.rest)}).")
    script.line("2: { positive. }")
    equation = script.label("E")
    script.line(f"assert ({equation} : {script.text(term)} = {script.text(Times(shown.node, shown.rest))}).")
    with script.block():
        script.equal(term, Times(shown.node, shown.rest), place.inside())
    script.line(f"clear - {equation} {name}; lra.")


def _product(script: Scripting, term: Any, shown: Shown, place: Place) -> None:
    script.line(f"transitivity {script.text(Times(shown.node, shown.rest))}.")
    with script.block():
        script.equal(term, Times(shown.node, shown.rest), place.inside())
