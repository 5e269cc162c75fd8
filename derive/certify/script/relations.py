"""Proofs of signs and of relations between terms."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Expr

from derive.certify.script.domain import is_nonnegative, is_plain, is_visible, sign_of
from derive.certify.script.forms.facts import Facts
from derive.certify.script.forms.generators import folded
from derive.certify.script.forms.polynomials import Poly, added
from derive.certify.script.protocols import Place, Scripting
from derive.certify.statement.facts import Reals
from derive.certify.statement.syntax import Minus, Negative, Number, Over, Plus, Sum, Term, Times, alpha, at_indices, symbols


def prove_relation(script: Scripting, fact: Reals, place: Place) -> None:
    """Closes a relation between terms."""
    left, relation, right = fact.left, fact.relation, fact.right
    if relation == "=":
        script.equal(left, right, place)
        return
    if relation in (">", ">=") and right == Number(0):
        _prove_sign(script, left, relation == ">", place)
        return
    if relation == "!=" and right == Number(0):
        _prove_nonzero(script, left, place)
        return
    if relation in (">", ">="):
        left, right = right, left
    difference = Minus(right, left)
    target = _signed_form(script, difference, place)
    law = {"<": "less_by", ">": "less_by", "<=": "at_most_by", ">=": "at_most_by", "!=": "unequal_by"}[relation]
    head = "red; " if relation in (">", ">=") else ""
    script.line(f"{head}apply ({law} {script.text(left)} {script.text(right)} {script.text(target)}).")
    with script.block():
        script.equal(difference, target, place.inside())
    if relation == "!=":
        _prove_nonzero(script, target, place)
    else:
        _prove_sign(script, target, relation in ("<", ">"), place)


def _prove_sign(script: Scripting, node: Any, strict: bool, place: Place) -> None:
    """Closes ``0 < node`` or ``0 <= node``."""
    tactic = "positive." if strict else "nonnegative."
    shows = sign_of(script.normal, node, place.facts) == 1 if strict else is_nonnegative(script.normal, node, place.facts)
    if not shows and is_visible(script.normal, node, place.facts, strict):
        expanded = script.normal.conditions.expanded(node)
        script.line(f"change (0 {'<' if strict else '<='} {script.text(expanded)}); {tactic}")
        return
    target = _signed_form(script, node, place)
    facts = place.facts
    if alpha(node) == alpha(target) or (strict and is_plain(script.normal, node, facts)):
        script.line(tactic)
        return
    name = script.label("E")
    script.line(f"assert ({name} : {script.text(node)} = {script.text(target)}).")
    with script.block():
        script.equal(node, target, place.inside())
    script.line(f"rewrite {name}; {tactic}")


def _prove_nonzero(script: Scripting, node: Any, place: Place) -> None:
    sign = sign_of(script.normal, node, place.facts)
    if sign == 1 or (sign is None and is_visible(script.normal, node, place.facts, True)):
        script.line("apply Rgt_not_eq; red.")
        _prove_sign(script, node, True, place)
    elif sign == -1:
        name = script.label("S")
        script.line(f"assert ({name} : 0 < {script.text(Negative(node))}).")
        with script.block():
            _prove_sign(script, Negative(node), True, place.inside())
        script.line(f"apply Rlt_not_eq; apply Ropp_lt_cancel; rewrite Ropp_0; exact {name}.")
    else:
        target = script.canon(node, place)
        above, below = script.normal.ring.cleared(script.normal.of(node, place.facts), place.facts)
        factor, content, primitive = script.normal.ring.content(above)
        if below == {(): Fraction(1)} and content and len(primitive) > 1:
            target = Times(script.normal.ring.term({content: factor}), script.normal.ring.term(primitive))
        if alpha(target) != alpha(node):
            name = script.label("E")
            script.line(f"assert ({name} : {script.text(node)} = {script.text(target)}).")
            with script.block():
                script.equal(node, target, place.inside())
            script.line(f"rewrite {name}.")
        script.line("nonzero.")


def _signed_form(script: Scripting, node: Any, place: Place) -> Term:
    """The term in the form in which its sign shows."""
    normal, facts = script.normal, place.facts
    p = normal.of(node, facts)
    if normal.signs.is_nonnegative(p, facts):
        return normal.ring.term(p)
    quotient = normal.signs.over_positive(p, facts)
    if quotient is None:
        return normal.ring.term(p)
    above, below = quotient
    top = normal.ring.term(above)
    if not normal.signs.is_nonnegative(above, facts):
        excess = _excess(script, above, place)
        if excess is None:
            return normal.ring.term(p)
        top = excess
    return top if below == {(): Fraction(1)} else Over(top, normal.ring.term(below))


def _excess(script: Scripting, p: Poly, place: Place) -> Term | None:
    """Σ_k f_k − f_i for f >= 0, plus what else is not negative; the fact is proved."""
    normal, facts = script.normal, place.facts
    negative = [(m, -c) for m, c in p.items() if c < 0]
    rest: Poly = {m: c for m, c in p.items() if c > 0}
    pieces: list[Term] = []
    for m, c in negative:
        found = _partner(script, m, c, rest, facts)
        if found is None:
            return None
        total, place_index, remaining, n = found
        rest = added(rest, {n: -c})
        member = normal.ring.term(normal.of(at_indices(total.body, {total.index: place_index}), facts))
        difference = Minus(total, member)
        name = script.label("S")
        inner = facts.ranging(total.index, total.low, total.high)
        is_long = facts.at_least_zero(total.high - total.low - 1)
        strict = is_long and normal.signs.is_positive(normal.of(total.body, inner), inner)
        script.line(f"assert ({name} : (0 {'<' if strict else '<='} {script.text(difference)})).")
        with script.block():
            ends = f"{script.writer.index(total.low)} {script.writer.index(total.high)} {script.writer.index(place_index)}"
            body = script.writer.function(total)
            if strict:
                script.line(f"apply (Sum_gt_term {ends} {body}); [lia | lia | intros; positive].")
            else:
                script.line(f"apply (Sum_ge_term {ends} {body}); [lia | intros; nonnegative].")
        pieces.append(Times(normal.ring.monomial_term(remaining, c), difference))
    if not normal.signs.is_nonnegative(rest, facts):
        return None
    return folded(Plus, ([normal.ring.term(rest)] if rest else []) + pieces)


def _partner(script: Scripting, m: Any, c: Fraction, rest: Poly, facts: Facts) -> tuple[Sum, Expr, Any, Any] | None:
    """A sum in `rest` of which c m is a member, with the member's index and what both are multiplied by."""
    normal = script.normal
    for n, d in rest.items():
        for g, e in n:
            if not isinstance(g, Sum) or e != 1 or d < c:
                continue
            remaining = tuple(power for power in n if power[0] != g)
            for symbol in sorted({s for power in m for s in symbols(power[0])}, key=script.writer.index):
                if not facts.within(symbol, g.low, g.high):
                    continue
                member = normal.of(at_indices(g.body, {g.index: symbol}), facts)
                if normal.ring.product(member, {remaining: Fraction(1)}, facts) == {m: Fraction(1)}:
                    return g, symbol, remaining, n
    return None
