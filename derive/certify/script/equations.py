"""Proofs of equations: both sides in normal form by congruence, then an identity of rational functions, for ``field``."""

from __future__ import annotations

from typing import Any

from derive.certify.script.assurances import assure_denominators
from derive.certify.script.forms.errors import NoProof
from derive.certify.script.forms.generators import GENERATORS, has_fraction, outside_binders
from derive.certify.script.forms.polynomials import added
from derive.certify.script.laws import prove_generator
from derive.certify.script.protocols import Place, Scripting
from derive.certify.statement.syntax import Apply, Inverse, Minus, Negative, Over, Plus, Power, Term, Times, alpha

OPERATORS = {Plus: "Rplus", Minus: "Rminus", Times: "Rmult", Over: "Rdiv"}


def prove_equal(script: Scripting, left: Any, right: Any, place: Place) -> None:
    """Closes the goal ``left = right``.

    Raises:
        NoProof: if the normal forms differ.
    """
    if left == right or alpha(left) == alpha(right):
        script.line("reflexivity.")
        return
    facts = place.facts
    difference = added(script.normal.of(left, facts), script.normal.of(right, facts), -1)
    if script.certain and not script.normal.ring.is_zero(difference, facts):
        raise NoProof("the two sides have different normal forms")
    one, by_one = _reduced(script, left, place)
    other, by_other = _reduced(script, right, place)
    if by_one:
        script.line(f"transitivity {script.text(one)}.")
        script.line(f"{{ exact {by_one}. }}")
    if by_other:
        script.line(f"transitivity {script.text(other)}.")
        script.line(f"2: {{ symmetry; exact {by_other}. }}")
    if one == other or alpha(one) == alpha(other):
        script.line("reflexivity.")
        return
    assure_denominators(script, one, place)
    assure_denominators(script, other, place)
    _rational(script, place, one, other)


def _rational(script: Scripting, place: Place, *terms: Any) -> None:
    """Closes an identity of rational functions; roots of what is not negative bring their own equations."""
    normal, facts = script.normal, place.facts
    roots: dict[Any, None] = {}
    for term in terms:
        for node in outside_binders(term):
            if isinstance(node, Apply) and node.function == "sqrt" and node not in roots:
                if normal.signs.is_nonnegative(normal.of(node.term, facts), facts):
                    roots[node] = None
    if not roots:
        script.line("rational.")
        return
    names, asserted = [], ""
    for root in roots:
        name = script.label("root")
        text = script.text(root)
        asserted += f"assert ({name} : ({text} * {text}) = {script.text(root.term)}) by (apply sqrt_square; nonnegative); "
        names.append(name)
    script.line(f"first [plainly | {asserted}first [ring [{' '.join(names)}] | field [{' '.join(names)}]; side]].")


def _reduced(script: Scripting, node: Any, place: Place) -> tuple[Any, str]:
    """The term with each generator in normal form, and a proof that it is the same; empty if nothing changes."""
    if isinstance(node, GENERATORS):
        known = place.proved.get(alpha(node))
        if known is not None:
            return known
        target = script.canon(node, place)
        if target == node or alpha(target) == alpha(node):
            return target, ""
        name = _fact(script, node, target, place)
        place.proved[alpha(node)] = (target, name)
        return target, name
    if type(node) in OPERATORS:
        left, by_left = _reduced(script, node.left, place)
        right, by_right = _reduced(script, node.right, place)
        if isinstance(node, Over):
            right, by_right = _unnested(script, right, by_right, place)
        if not (by_left or by_right):
            return type(node)(left, right), ""
        return type(node)(left, right), f"(f_equal2 {OPERATORS[type(node)]} {by_left or 'eq_refl'} {by_right or 'eq_refl'})"
    if isinstance(node, (Negative, Inverse)):
        inner, by = _reduced(script, node.term, place)
        if isinstance(node, Inverse):
            inner, by = _unnested(script, inner, by, place)
        head = "Ropp" if isinstance(node, Negative) else "Rinv"
        return type(node)(inner), f"(f_equal {head} {by})" if by else ""
    if isinstance(node, Power):
        inner, by = _reduced(script, node.base, place)
        return Power(inner, node.exponent), f"(f_equal (fun u : R => u ^ {node.exponent}) {by})" if by else ""
    return node, ""


def _unnested(script: Scripting, node: Any, by: str, place: Place) -> tuple[Any, str]:
    """A denominator that is a sum with fractions in it, over one denominator: ``field`` would ask for more."""
    if not has_fraction(node):
        return node, by
    target = script.normal.together(node, place.facts)
    if target == node:
        return node, by
    name = script.label("E")
    script.line(f"assert ({name} : {script.text(node)} = {script.text(target)}).")
    with script.block():
        assure_denominators(script, node, place)
        assure_denominators(script, target, place)
        _rational(script, place, node, target)
    return target, f"(eq_trans {by} {name})" if by else name


def _fact(script: Scripting, node: Any, target: Term, place: Place) -> str:
    """Proves ``node = target`` for a generator that is not in normal form; the name of the fact."""
    stated = place.facts.equal.get(alpha(node))
    if stated is not None and stated[0] == target:
        return stated[1]
    name = script.label("E")
    script.line(f"assert ({name} : {script.text(node)} = {script.text(target)}).")
    with script.block():
        prove_generator(script, node, target, place.inside())
    return name
