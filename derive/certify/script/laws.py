"""The law for the head of a generator: why it equals its normal form."""

from __future__ import annotations

from typing import Any

from derive.certify.script.assurances import assure_denominators, assure_positive
from derive.certify.script.derivatives import prove_derivative
from derive.certify.script.forms.determinants import by_inverse, determinant
from derive.certify.script.forms.elementary import ABSOLUTE, EXPONENTIALS, by_exponentials
from derive.certify.script.forms.errors import NoProof
from derive.certify.script.forms.exponents import exponentials_of, factors_of
from derive.certify.script.forms.generators import folded
from derive.certify.script.protocols import Place, Scripting
from derive.certify.script.sums import prove_sum
from derive.certify.statement.facts import unfolded
from derive.certify.statement.syntax import (
    Apply,
    Count,
    Defined,
    Delta,
    Determinant,
    IfEqual,
    Inverse,
    Negative,
    Number,
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
)


def prove_generator(script: Scripting, node: Any, target: Term, place: Place) -> None:
    """Closes ``node = target``, where `target` is the normal form of a generator.

    Raises:
        NoProof: where there is no law.
    """
    stated = place.facts.equal.get(alpha(node))
    if stated is not None:
        script.line(f"transitivity {script.text(stated[0])}; [exact {stated[1]} |].")
        script.equal(stated[0], target, place)
    elif isinstance(node, Ref):
        _member(script, node, target, place)
    elif isinstance(node, Count):
        script.line("integers.")
    elif isinstance(node, Delta):
        same = place.facts.coincide(node.left, node.right)
        script.line("apply delta_equal; lia." if same else "apply delta_apart; lia." if same is False else "apply delta_sym.")
    elif isinstance(node, IfEqual):
        _choice(script, node, target, place)
    elif isinstance(node, RealPower):
        power = Apply("exp", Times(node.exponent, Apply("ln", node.base)))
        script.line(f"change ({script.text(power)} = {script.text(target)}).")
        script.equal(power, target, place)
    elif isinstance(node, Apply):
        _apply(script, node, target, place)
    elif isinstance(node, Sum):
        prove_sum(script, node, target, place)
    elif isinstance(node, Determinant):
        _determinant(script, node, target, place)
    elif isinstance(node, Slope):
        script.line("apply is_derive_unique.")
        prove_derivative(script, node, target, place)
    else:
        raise NoProof(f"no law for {type(node).__name__}")


def _member(script: Scripting, node: Ref, target: Term, place: Place) -> None:
    for pattern in place.facts.patterns:
        values = place.facts.member(node, pattern)
        if values is not None:
            body = at_indices(pattern.value, values)
            script.line(f"transitivity {script.text(body)}; [apply {pattern.fact}; lia |].")
            script.equal(body, target, place)
            return
    exchanged = place.facts.exchanged(node)
    if exchanged is not None:
        script.line(f"apply {exchanged[1]}; lia.")
        return
    if not isinstance(node.family, Defined):
        raise NoProof("a member without a law")
    body = unfolded(node, script.normal.definitions)
    script.line(f"change ({script.text(body)} = {script.text(target)}).")
    script.equal(body, target, place)


def _determinant(script: Scripting, node: Determinant, target: Term, place: Place) -> None:
    cofactor = by_inverse(node, place.facts)
    if cofactor is not None:
        value, pair = cofactor
        families = f"{script.writer.family(pair.matrix)} {script.writer.family(pair.inverse)}"
        ends = f"{script.writer.index(node.low)} {script.writer.index(node.high)}"
        script.line(
            f"transitivity {script.text(value)}; [apply (det_cofactor {ends} {families}); [lia | lia | exact {pair.fact}] |]."
        )
        script.equal(value, target, place)
        return
    form = determinant(script.normal, node, place.facts)
    script.line(f"transitivity {script.text(form)}.")
    with script.block():
        row, column = node.index, node.body.index
        labels = f"{script.writer.index(row)} {script.label('H')} {script.writer.index(column)} {script.label('H')}"
        script.line(f"apply det_ext; intros {labels}; cbv beta.")
        inner = place.facts.ranging(row, node.low, node.high).ranging(column, node.low, node.high)
        entry = at_indices(form.body.body, {form.index: row, form.body.index: column})
        script.equal(node.body.body, entry, place.inside(inner))
    script.equal(form, target, place)


def _choice(script: Scripting, node: IfEqual, target: Term, place: Place) -> None:
    chosen = script.normal.chosen(node, place.facts)
    same = place.facts.coincide(node.left, node.right)
    law = "if_equal_delta" if same is None else "if_equal_same; lia" if same else "if_equal_apart; lia"
    script.line(f"transitivity {script.text(chosen)}; [apply {law} |].")
    script.equal(chosen, target, place)


def _apply(script: Scripting, node: Apply, target: Term, place: Place) -> None:
    if node.function == "exp":
        _exponential(script, node, target, place)
    elif node.function == "ln":
        _logarithm(script, node, target, place)
    elif node.function in EXPONENTIALS:
        body = by_exponentials(node)
        script.line(f"transitivity {script.text(body)}; [{EXPONENTIALS[node.function][1]} |].")
        script.equal(body, target, place)
    else:
        inner = Apply(node.function, script.canon(node.term, place))
        inside = script.normal.of(node.term, place.facts)
        if node.function == ABSOLUTE and script.normal.signs.is_nonnegative(inside, place.facts):
            script.line(f"transitivity {script.text(inner)}.")
            with script.block():
                script.line("apply (f_equal Rabs).")
                script.equal(node.term, inner.term, place.inside())
            script.line("apply Rabs_pos_eq; nonnegative.")
            return
        script.line(f"transitivity {script.text(inner)}.")
        with script.block():
            script.line(f"apply (f_equal {node.function}).")
            script.equal(node.term, inner.term, place.inside())
        script.equal(inner, target, place)


def _exponential(script: Scripting, node: Apply, target: Term, place: Place) -> None:
    factors = exponentials_of(script.normal, script.normal.of(node.term, place.facts), place.facts)
    if not factors:
        script.line("transitivity (exp 0); [apply (f_equal exp) | rewrite exp_0; reflexivity].")
        script.equal(node.term, Number(0), place)
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
        if kind == "ln":
            assure_positive(script, unit, place)
        positive = " ltac:(positive)" if kind == "ln" else ""
        laws.append(f"({law} {size} {script.text(unit)} {script.text(part)}{positive} eq_refl)")
    whole = folded(Plus, summands)
    script.line(f"transitivity (exp {script.text(whole)}).")
    with script.block():
        script.line("apply (f_equal exp).")
        script.equal(node.term, whole, place.inside())
    rest = list(summands)
    while len(rest) > 1:
        script.line(f"rewrite (exp_plus {script.text(rest[0])} {script.text(folded(Plus, rest[1:]))}).")
        rest = rest[1:]
    for law in laws:
        script.line(f"rewrite {law}.")
    _from(script, folded(Times, products), target, place)


def _logarithm(script: Scripting, node: Apply, target: Term, place: Place) -> None:
    normal, facts = script.normal, place.facts
    factors = factors_of(normal, normal.of(node.term, facts), facts)
    if not factors:
        script.line("transitivity (ln 1); [apply (f_equal ln) | rewrite ln_1; reflexivity].")
        script.equal(node.term, Number(1), place)
        return
    parts: list[Term] = []
    for factor, exponent in factors:
        power: Term = factor if exponent == 1 else Power(factor, abs(exponent))
        parts.append(Inverse(power) if exponent < 0 else power)
    whole = folded(Times, parts)
    script.line(f"transitivity (ln {script.text(whole)}).")
    with script.block():
        script.line("apply (f_equal ln).")
        script.equal(node.term, whole, place.inside())
    for part in parts:
        assure_positive(script, part, place)
    rest = list(parts)
    while len(rest) > 1:
        script.line(f"rewrite (ln_mult {script.text(rest[0])} {script.text(folded(Times, rest[1:]))}) by positive.")
        rest = rest[1:]
    values: list[Term] = []
    for factor, exponent in factors:
        text, log = script.text(factor), Apply("ln", factor)
        if exponent > 1:
            script.line(f"rewrite (ln_power {exponent} {text}) by positive.")
        elif exponent < 0:
            script.line(f"rewrite (ln_over_power {-exponent} {text}) by positive.")
        value: Term = log
        if isinstance(factor, Apply) and factor.function == "exp":
            script.line(f"rewrite (ln_exp {script.text(factor.term)}).")
            value = factor.term
        if exponent != 1:
            value = Times(Number(abs(exponent)), value)
        values.append(Negative(value) if exponent < 0 else value)
    now = folded(Plus, values)
    script.line(f"change ({script.text(now)} = {script.text(target)}).")
    assure_denominators(script, now, place)
    assure_denominators(script, target, place)
    if normal.of(now, facts) != normal.of(target, facts):
        raise NoProof("a logarithm that does not come apart")
    script.line("rational.")


def _from(script: Scripting, now: Term, target: Term, place: Place) -> None:
    """Closes ``now = target``, where both are made of generators in normal form up to the facts of the place."""
    script.line(f"change ({script.text(now)} = {script.text(target)}).")
    script.equal(now, target, place)
