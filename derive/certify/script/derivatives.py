"""Proofs of derivatives: the law for each head, after what stands inside was made plain."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from derive.certify.script.domain import is_plain, sign_of
from derive.certify.script.forms.exponents import by_definition
from derive.certify.script.protocols import Place, Scripting
from derive.certify.statement.facts import ForAll, Reals, at_point
from derive.certify.statement.syntax import Minus, Over, Plus, Slope, Term, Times, alpha, mentions, walk


def prove_derivative(script: Scripting, node: Slope, target: Term, place: Place) -> None:
    """Closes ``is_derive body point target``."""
    raw = prepare(script, node, place, f" {script.text(target)}", "is_derive")
    script.line("differentiate.")
    script.line(f"change ({script.text(raw)} = {script.text(target)}).")
    script.equal(raw, target, place)


def prepare(script: Scripting, node: Slope, place: Place, target: str, predicate: str) -> Term:
    """Brings the goal to a body without definitions and derivatives; what the laws make of it."""
    normal = script.normal
    expanded = by_definition(normal.conditions.expanded(node.body))
    flat = normal.flat(node, place.facts)
    point = script.text(node.point)
    script.line(f"change ({predicate} (fun {node.variable} : R => {script.text(expanded)}) {point}{target}).")
    if predicate == "ex_derive":
        script.line("eapply ex_of.")
    inner = [part for part in walk(expanded) if isinstance(part, Slope)]
    if inner:
        signs = signs_near(script, inner, node.variable, node.point, place)
        script.line(f"apply ({'D_near' if signs else 'D_ext'} (fun {node.variable} : R => {script.text(flat.body)})).")
        with script.block():
            script.equal(flat.body, expanded, turn_near(script, node.variable, node.point, signs, place))
    raw = normal.slope(node, place.facts)
    _assure_conditions(script, flat, place)
    return raw


def signs_near(script: Scripting, inner: list[Slope], variable: str, point: Term, place: Place) -> list[Term]:
    """The terms that have to be positive near a point for derivatives inside to exist, as they do at the point itself."""
    found: dict[Term, None] = {}
    for part in inner:
        flat = script.normal.flat(part, place.facts)
        for fact in script.normal.conditions.of([at_point(flat)]):
            if isinstance(fact, Reals) and mentions(fact, variable) and not is_plain(script.normal, fact.left, place.facts):
                found[fact.left] = None
    here = [term for term in found if sign_of(script.normal, at_point(Slope(variable, term, point)), place.facts) == 1]
    return here if len(here) == len(found) else []


def turn_near(script: Scripting, variable: str, point: Term, signs: list[Term], place: Place) -> Place:
    """Turns to a point near `point`, at which the terms are still positive."""
    if not signs:
        script.line(f"intros {variable}.")
        return place.inside()
    names = []
    for term in signs:
        name = script.label("N")
        script.line(f"assert ({name} : locally {script.text(point)} (fun {variable} : R => 0 < {script.text(term)})).")
        with script.block():
            script.line(
                f"eapply (positive_near (fun {variable} : R => {script.text(term)})); "
                "[cbv beta; slope | cbv beta; rewrite ?upd_id, ?upd2_id; positive]."
            )
        names.append(name)
    whole = names[-1]
    for name in reversed(names[:-1]):
        whole = f"(near_and _ _ _ {name} {whole})"
    held = [script.label("S") for _ in names]
    pattern = held[-1]
    for name in reversed(held[:-1]):
        pattern = f"[{name} {pattern}]"
    script.line(f"refine (near_by _ _ _ {whole} _); intros {variable} {pattern}.")
    facts = place.facts
    known = {script.normal.ring.term(script.normal.of(term, facts)) for term in signs}
    return place.inside(replace(facts, positive=facts.positive | known, nonzero=facts.nonzero | known))


def _assure_conditions(script: Scripting, flat: Slope, place: Place) -> None:
    """The signs that the laws of differentiation ask for, where syntax alone does not show them."""
    for fact in script.normal.conditions.of([at_point(flat)]):
        body, facts = fact, place.facts
        while isinstance(body, ForAll):
            facts = facts.ranging(body.index, body.low, body.high)
            body = body.body
        if isinstance(body, Reals) and isinstance(body.left, (Plus, Minus, Times, Over)):
            if alpha(fact) in place.assured or is_plain(script.normal, body.left, facts):
                continue
            is_stronger = body.relation != ">" and sign_of(script.normal, body.left, facts) == 1
            stronger = Reals(body.left, ">", body.right) if is_stronger else body
            script.assure(_with_body(fact, stronger), place)


def _with_body(fact: Any, body: Any) -> Any:
    if isinstance(fact, ForAll):
        return ForAll(fact.index, fact.low, fact.high, _with_body(fact.body, body))
    return body
