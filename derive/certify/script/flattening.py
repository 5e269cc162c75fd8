"""Proofs that a sum over a product of sums is the sum of the products: factors move in, sums change places."""

from __future__ import annotations

from collections.abc import Sequence

from derive.certify.script.forms.contractions import Contracted, opened
from derive.certify.script.forms.flat import Binder, Flat, nested, ranging
from derive.certify.script.forms.generators import folded
from derive.certify.script.protocols import Place, Scripting
from derive.certify.statement.syntax import Sum, Term, Times, alpha, at_indices


def prove_flat(script: Scripting, inside: Term, flat: Flat, order: Sequence[Binder], generator: Sum, place: Place) -> None:
    """Closes ``Σ inside = generator`` for the sum that `flat` takes apart, where the generator's indices are in the order."""
    _flat(script, inside, flat, place)
    exchange(script, flat.binders, order, flat.body)
    if alpha(nested(order, flat.body)) == alpha(generator):
        script.line("reflexivity.")
        return
    within = _under(script, order, place)
    own, body = opened(generator)
    script.equal(flat.body, at_indices(body, {b[0]: o[0] for b, o in zip(own, order, strict=True)}), within)


def prove_contracted(
    script: Scripting, plain: Sum, inside: Term, flat: Flat | None, found: Contracted, target: Term, place: Place
) -> None:
    """Closes ``plain = target``, where a premise applies to the sum, which is that of `inside`."""
    binders: Sequence[Binder] = [(plain.index, plain.low, plain.high)]
    body = inside
    if flat is not None:
        _flat(script, inside, flat, place)
        binders, body = flat.binders, flat.body
    exchange(script, binders, [*found.kept, *found.gone], body)
    script.line(f"transitivity {script.text(found.result)}.")
    with script.block():
        within = _under(script, found.kept, place)
        script.line(f"transitivity {script.text(nested(found.gone, Times(found.rest, found.pattern)))}.")
        with script.block():
            script.equal(body, Times(found.rest, found.pattern), _under(script, found.gone, within))
        script.line(f"transitivity {script.text(Times(found.rest, nested(found.gone, found.pattern)))}.")
        with script.block():
            _moved_out(script, found.rest, found.gone, found.pattern)
        ends = "".join(f" {script.writer.index(at)} ltac:(lia)" for at in found.places)
        script.line(f"apply (f_equal (Rmult {script.text(found.rest)})); exact ({found.rule.fact}{ends}).")
    script.equal(found.result, target, place)


def _moved_out(script: Scripting, factor: Term, binders: Sequence[Binder], body: Term) -> None:
    """Closes ``Σ (factor body) = factor Σ body``."""
    symbol, low, high = binders[0]
    inner = nested(binders[1:], body)
    function = f"(fun {script.writer.index(symbol)} : Z => {script.text(inner)})"
    law = f"exact (Sum_scal {script.writer.index(low)} {script.writer.index(high)} {script.text(factor)} {function})."
    if len(binders) > 1:
        script.line(f"transitivity {script.text(Sum(symbol, low, high, Times(factor, inner)))}.")
        with script.block():
            script.line(f"apply Sum_ext; intros {script.writer.index(symbol)} {script.label('H')}; cbv beta.")
            _moved_out(script, factor, binders[1:], body)
    script.line(law)


def _flat(script: Scripting, inside: Term, flat: Flat, place: Place) -> None:
    """Turns the left side, the sum of `inside`, into the sum of products."""
    first = flat.binders[0]
    script.line(f"transitivity {script.text(nested(flat.binders, flat.body))}.")
    with script.block():
        within = _under(script, [first], place)
        _moved_in(script, inside, flat.factor, flat.sums, flat.binders[1:], flat.body, within)


def exchange(script: Scripting, before: Sequence[Binder], after: Sequence[Binder], body: Term) -> None:
    """Turns the left side, the sum over the binders in the order `before`, into that in the order `after`."""
    now = list(before)
    for depth, wanted in enumerate(after):
        for place in range(now.index(wanted), depth, -1):
            one, other = now[place - 1], now[place]
            inner = script.text(nested(now[place + 1 :], body))
            ends = " ".join(script.writer.index(end) for end in (*one[1:], *other[1:]))
            names = f"{script.writer.index(one[0])} {script.writer.index(other[0])}"
            law = f"(Sum_swap {ends} (fun {names} : Z => {inner}))"
            now[place - 1], now[place] = other, one
            outside = [script.writer.index(symbol) for symbol, _, _ in now[: place - 1]]
            under = "".join(f"apply Sum_ext; intros {name} {script.label('H')}; cbv beta; " for name in outside)
            script.line(f"transitivity {script.text(nested(now, body))}; [{under}exact {law} |].")


def _under(script: Scripting, binders: Sequence[Binder], place: Place) -> Place:
    """Turns to what stands under sums over the same indices on both sides."""
    for symbol, _, _ in binders:
        script.line(f"apply Sum_ext; intros {script.writer.index(symbol)} {script.label('H')}; cbv beta.")
    return place.inside(ranging(place.facts, binders))


def _moved_in(
    script: Scripting, now: Term, factor: Term, sums: Sequence[Sum], binders: Sequence[Binder], body: Term, place: Place
) -> None:
    """Closes ``now = Σ body``, where `now` is `factor` times all the sums."""
    if not sums:
        script.equal(now, body, place)
        return
    first, *rest = sums
    outer = folded(Times, [factor, *rest])
    symbol, low, high = binders[0]
    under = at_indices(first.body, {first.index: symbol})
    ends = f"{script.writer.index(low)} {script.writer.index(high)}"
    function = f"(fun {script.writer.index(symbol)} : Z => {script.text(under)})"
    script.line(f"transitivity {script.text(Times(outer, first))}; [rational |].")
    script.line(f"transitivity {script.text(Sum(symbol, low, high, Times(outer, under)))}.")
    script.line(f"{{ symmetry; exact (Sum_scal {ends} {script.text(outer)} {function}). }}")
    within = _under(script, [binders[0]], place)
    if isinstance(under, Sum):
        _moved_in(script, Times(outer, under), factor, [under, *rest], binders[1:], body, within)
    else:
        _moved_in(script, Times(outer, under), Times(factor, under), rest, binders[1:], body, within)
