"""NormalForms forms of sums: constants and deltas leave a sum, what stays under it is a generator."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sympy import Dummy, Expr, Integer, Symbol

from derive.certify.script.forms.contractions import Contracted, contracted
from derive.certify.script.forms.errors import NoProof
from derive.certify.script.forms.facts import Facts
from derive.certify.script.forms.flat import Binder, Flat, flattened, ordered
from derive.certify.script.forms.fractions import divided
from derive.certify.script.forms.polynomials import Monomial, Poly, added
from derive.certify.script.forms.protocols import NormalForms
from derive.certify.statement.syntax import Delta, Number, Sum, Term, Times, alpha, at_indices, symbols

LONGEST = 24


@dataclass(frozen=True)
class Part:
    """One summand under a sum: ``outside * inside``, where `inside` depends on the index, None for a constant summand.

    With `at`, the summand carries a delta of the index and `at`, and `inside` is what it multiplies. With `flat` there are
    sums in `inside`, and the generator is without, with the indices in the `order` of the normal form. With `contracted` a
    premise replaces the sum, or a part of it.
    """

    outside: Term
    inside: Any
    generator: Any = None
    at: Expr | None = None
    gone: bool = False
    flat: Flat | None = None
    order: tuple[Binder, ...] = ()
    contracted: Contracted | None = None


def written_out(node: Sum) -> list[Term] | None:
    """The summands of a short sum between numbers."""
    if not isinstance(node.low, Integer) or not isinstance(node.high, Integer) or node.high - node.low >= LONGEST:
        return None
    return [at_indices(node.body, {node.index: Integer(k)}) for k in range(int(node.low), int(node.high) + 1)]


def sum_of(normal: NormalForms, node: Sum, facts: Facts) -> Poly:
    """The normal form of a sum.

    Raises:
        NoProof: if nothing says whether a delta is in range, or how many summands there are.
    """
    summands = written_out(node)
    if summands is not None:
        total: Poly = {}
        for summand in summands:
            total = added(total, normal.of(summand, facts))
        return total
    index, parts, inner = taken_apart(normal, node, facts)
    result: Poly = {}
    for part in parts:
        if part.gone:
            continue
        if part.at is not None:
            value = normal.of(at_indices(Times(part.outside, part.inside), {index: part.at}), facts)
        elif part.inside is None:
            value = normal.ring.product(normal.of(part.outside, facts), normal.count(node.high - node.low + 1, facts), facts)
        elif part.contracted is not None:
            value = normal.ring.product(normal.of(part.outside, facts), normal.of(part.contracted.result, facts), facts)
        else:
            known = facts.equal.get(alpha(part.generator))
            sum_ = normal.of(known[0], facts) if known is not None else normal.ring.generator(part.generator)
            value = normal.ring.product(normal.of(part.outside, facts), sum_, facts)
        result = added(result, value)
    return result


def taken_apart(normal: NormalForms, node: Sum, facts: Facts) -> tuple[Symbol, list[Part], Facts]:
    """The summands of a sum's body, under a fresh index, and the facts in force there."""
    index = Dummy(node.index.name.replace("#", ""), integer=True)
    inner = facts.ranging(index, node.low, node.high)
    place = Symbol("k#0", integer=True)
    body = normal.of(at_indices(node.body, {node.index: index}), inner)
    body = divided(body, normal.ring, lambda g: normal.key(at_indices(g, {index: place})), inner)
    parts: list[Part] = []
    for m, c in sorted(body.items(), key=lambda item: normal.ring.order(item[0])):
        parts.append(_summand(normal, m, c, index, node, inner))
    return index, parts, inner


def _summand(normal: NormalForms, m: Monomial, c: Fraction, index: Symbol, node: Sum, facts: Facts) -> Part:
    deltas = [g for g, _ in m if isinstance(g, Delta) and index in symbols(g)]
    if deltas:
        delta = deltas[0]
        rest = normal.ring.term({tuple(power for power in m if power[0] != delta): c})
        for side, other in ((delta.left, delta.right), (delta.right, delta.left)):
            if side == index and index not in other.free_symbols:
                if facts.within(other, node.low, node.high):
                    return Part(Number(1), rest, at=other)
                if facts.at_least_zero(node.low - other - 1) or facts.at_least_zero(other - node.high - 1):
                    return Part(Number(1), rest, at=other, gone=True)
        raise NoProof(f"a delta that is not known to be in range: {normal.key(delta)}")
    inside = tuple((g, e) for g, e in m if index in symbols(g))
    outside = tuple((g, e) for g, e in m if index not in symbols(g))
    factor: Term = normal.ring.term({outside: c})
    if not inside:
        if not facts.at_least_zero(node.high - node.low + 1):
            raise NoProof("the number of summands may be negative")
        return Part(factor, None)
    body = normal.ring.monomial_term(inside)
    own = (index, node.low, node.high)
    flat = flattened(normal, inside, own, facts)
    replaced = contracted(normal, flat.monomial if flat else inside, flat.binders if flat else (own,), facts)
    if replaced is not None:
        return Part(factor, body, flat=flat, contracted=replaced)
    if flat is not None:
        generator, order = ordered(normal, flat, facts)
        return Part(factor, body, generator, flat=flat, order=order)
    level = 1 + max((int(s.name[2:]) for s in symbols(body) if s.name.startswith("k#")), default=0)
    place = Symbol(f"k#{level}", integer=True)
    renamed = normal.of(at_indices(body, {index: place}), facts.ranging(place, node.low, node.high))
    return Part(factor, body, Sum(place, node.low, node.high, normal.ring.term(renamed)))
