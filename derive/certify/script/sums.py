"""Proofs that a sum equals its normal form: it is taken apart, and what does not depend on its index leaves it."""

from __future__ import annotations

from typing import Any

from sympy import Integer, Symbol

from derive.certify.script.flattening import prove_contracted, prove_flat
from derive.certify.script.forms.facts import Facts
from derive.certify.script.forms.generators import folded
from derive.certify.script.forms.summands import taken_apart, written_out
from derive.certify.script.protocols import Place, Scripting
from derive.certify.statement.syntax import Count, Delta, Number, Plus, Sum, Term, Times, alpha, at_indices


def prove_sum(script: Scripting, node: Sum, target: Term, place: Place) -> None:
    """Closes ``node = target``, where `target` is the normal form of the sum."""
    summands = written_out(node)
    if summands is not None:
        _written_out(script, node, summands, target, place)
        return
    index, parts, inner = taken_apart(script.normal, node, place.facts)
    k, low, high = script.writer.index(index), script.writer.index(node.low), script.writer.index(node.high)
    ends = f"{low} {high}"
    if not parts:
        script.line("apply Sum_zero.")
        _summand(script, node, index, Number(0), inner, place)
        return
    terms: list[Term] = []
    laws: list[str] = []
    values: list[Term] = []
    for part in parts:
        if part.at is not None:
            terms.append(Times(Delta(part.at, index), part.inside))
            at, body = script.writer.index(part.at), f"(fun {k} : Z => {script.text(part.inside)})"
            laws.append(f"(Sum_delta{'_out' if part.gone else ''} {ends} {at} {body} ltac:(lia))")
            values.append(Number(0) if part.gone else at_indices(part.inside, {index: part.at}))
        elif part.inside is None:
            terms.append(part.outside)
            count = node.high - node.low + 1
            laws.append(f"(Sum_count {ends} {script.writer.index(count)} {script.text(part.outside)} ltac:(lia) ltac:(lia))")
            values.append(Times(Count(count), part.outside))
        else:
            terms.append(Times(part.outside, part.inside))
            body = f"(fun {k} : Z => {script.text(part.inside)})"
            laws.append(f"(Sum_scal {ends} {script.text(part.outside)} {body})")
            values.append(Times(part.outside, Sum(index, node.low, node.high, part.inside)))
    whole = folded(Plus, terms)
    script.line(f"transitivity (Sum {ends} (fun {k} : Z => {script.text(whole)})).")
    with script.block():
        script.line("apply Sum_ext.")
        _summand(script, node, index, whole, inner, place)
    first, rest = terms[0], terms[1:]
    proof = laws[-1]
    for position in range(len(terms) - 2, -1, -1):
        first, rest = terms[position], terms[position + 1 :]
        one = f"(fun {k} : Z => {script.text(first)})"
        other = f"(fun {k} : Z => {script.text(folded(Plus, rest))})"
        proof = f"(eq_trans (Sum_plus {ends} {one} {other}) (f_equal2 Rplus {laws[position]} {proof}))"
    value = folded(Plus, values)
    script.line(f"transitivity {script.text(value)}.")
    script.line(f"{{ exact {proof}. }}")
    _generators(script, node, parts, index, place)
    script.equal(value, target, place)


def _written_out(script: Scripting, node: Sum, summands: list[Term], target: Term, place: Place) -> None:
    """A sum between numbers is written out."""
    whole = folded(Plus, [*summands, Number(0)])
    script.line(f"transitivity {script.text(whole)}.")
    with script.block():
        high, body = script.writer.index(node.high), script.writer.function(node)
        first = int(node.low)
        for k in range(first, first + len(summands)):
            ends = f"{script.writer.index(Integer(k))} {script.writer.index(Integer(k + 1))} {high}"
            script.line(f"rewrite (Sum_next {ends} {body} eq_refl ltac:(lia)).")
        script.line(f"rewrite (Sum_empty {script.writer.index(Integer(first + len(summands)))} {high} {body} ltac:(lia)).")
        script.line("reflexivity.")
    script.equal(whole, target, place)


def _generators(script: Scripting, node: Sum, parts: list[Any], index: Symbol, place: Place) -> None:
    """The plain sums of the parts are the generators, under another bound name and perhaps in another order."""
    for part in parts:
        plain = Sum(index, node.low, node.high, part.inside)
        if part.contracted is not None:
            target = script.canon(part.contracted.result, place)
            name = script.label("E")
            script.line(f"assert ({name} : {script.text(plain)} = {script.text(target)}).")
            with script.block():
                prove_contracted(script, plain, part.inside, part.flat, part.contracted, target, place.inside())
            place.proved[alpha(plain)] = (target, name)
        if part.generator is None:
            continue
        if alpha(plain) == alpha(part.generator):
            continue
        name = script.label("E")
        script.line(f"assert ({name} : {script.text(plain)} = {script.text(part.generator)}).")
        with script.block():
            if part.flat is not None:
                prove_flat(script, part.inside, part.flat, part.order, part.generator, place.inside())
            else:
                script.line(f"apply Sum_ext; intros {script.writer.index(index)} {script.label('H')}; cbv beta.")
                body = at_indices(part.generator.body, {part.generator.index: index})
                script.equal(part.inside, body, place.inside(place.facts.ranging(index, node.low, node.high)))
        known = place.facts.equal.get(alpha(part.generator))
        place.proved[alpha(plain)] = (part.generator, name)
        if known is not None:
            value = script.canon(part.generator, place)
            whole = script.label("E")
            script.line(f"assert ({whole} : {script.text(plain)} = {script.text(value)}).")
            with script.block():
                script.line(f"transitivity {script.text(part.generator)}; [exact {name} |].")
                script.equal(part.generator, value, place.inside())
            place.proved[alpha(plain)] = (value, whole)


def _summand(script: Scripting, node: Sum, index: Symbol, whole: Term, inner: Facts, place: Place) -> None:
    """Closes ``forall k in range, body = whole``."""
    script.line(f"intros {script.writer.index(index)} {script.label('H')}.")
    script.line("cbv beta.")
    script.equal(at_indices(node.body, {node.index: index}), whole, place.inside(inner))
