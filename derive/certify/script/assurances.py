"""Proofs of domain facts, which stand as facts of their own in front of what rests on them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from derive.certify.script.derivatives import prepare, signs_near, turn_near
from derive.certify.script.domain import is_nonzero, is_plain, sign_of
from derive.certify.script.forms.errors import NoProof
from derive.certify.script.forms.generators import outside_binders
from derive.certify.script.protocols import Place, Scripting
from derive.certify.statement.facts import ForAll, HasSlope, If, Integers, Reals
from derive.certify.statement.syntax import Inverse, Number, Over, alpha


def assure_fact(script: Scripting, fact: Any, place: Place) -> str:
    """Proves a domain fact and keeps it; its name."""
    name = script.label("C")
    script.line(f"assert ({name} : {script.writer.fact(fact)}).")
    with script.block():
        _prove(script, fact, place.inside())
    place.assured.add(alpha(fact))
    return name


def assure_positive(script: Scripting, node: Any, place: Place) -> None:
    """A fact ``0 < node`` where syntax alone does not show it."""
    if not is_plain(script.normal, node, place.facts):
        assure_fact(script, Reals(node, ">", Number(0)), place)


def assure_denominators(script: Scripting, term: Any, place: Place) -> None:
    """Facts for the denominators in a term of generators that are polynomials with a sign that does not show."""
    normal, facts = script.normal, place.facts
    for node in outside_binders(term):
        if not isinstance(node, (Over, Inverse)):
            continue
        below = node.right if isinstance(node, Over) else node.term
        above, _ = normal.ring.cleared(normal.of(below, facts), facts)
        _, _, primitive = normal.ring.content(above)
        if len(primitive) == 1 or normal.signs.is_positive(primitive, facts):
            continue
        fact = Reals(normal.ring.term(primitive), "!=", Number(0))
        if alpha(fact) in place.assured or fact.left in facts.nonzero:
            continue
        sign = sign_of(normal, fact.left, facts)
        if sign is not None or is_nonzero(normal, fact.left, facts):
            assure_fact(script, fact, place)


def _prove(script: Scripting, fact: Any, place: Place) -> None:
    if isinstance(fact, ForAll):
        script.line(f"intros {script.writer.index(fact.index)} {script.label('H')}.")
        _prove(script, fact.body, place.inside(place.facts.ranging(fact.index, fact.low, fact.high)))
    elif isinstance(fact, If):
        script.line(f"intros {script.label('N')}.")
        facts = place.facts
        if fact.relation == "!=":
            facts = replace(facts, apart=facts.apart | {frozenset((fact.left, fact.right))})
        _prove(script, fact.body, place.inside(facts))
    elif isinstance(fact, HasSlope):
        for name, point in fact.near:
            if not signs_near(script, [fact.slope], name, point, place):
                script.line("apply near_all.")
            place = turn_near(script, name, point, signs_near(script, [fact.slope], name, point, place), place)
        prepare(script, fact.slope, place, "", "ex_derive")
        script.line("cbv beta; slope.")
    elif isinstance(fact, Integers):
        script.line("lia.")
    elif isinstance(fact, Reals):
        script.relation(fact, place)
    else:
        raise NoProof(f"no proof of {type(fact).__name__}")
