"""Sums over products of sums as sums of products: Σ_i a_i Σ_k b_ik as Σ_i Σ_k a_i b_ik, with the indices in one order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, permutations, product

from sympy import Dummy, Expr, Symbol

from derive.certify.script.forms.facts import Facts
from derive.certify.script.forms.polynomials import Monomial
from derive.certify.script.forms.protocols import NormalForms
from derive.certify.statement.syntax import Ref, Sum, Term, at_indices, symbols

MOST_INDICES = 7
MOST_ORDERS = 800

Binder = tuple[Symbol, Expr, Expr]
"""A bound index with its least and its greatest value."""


@dataclass(frozen=True)
class Flat:
    """The sum over `binders` of `body`, a product of `factor` and what stands under `sums`, each taken apart in turn."""

    binders: tuple[Binder, ...]
    factor: Term
    sums: tuple[Sum, ...]
    monomial: Monomial
    body: Term


def nested(binders: Sequence[Binder], body: Term) -> Term:
    """The sum over all the binders, the first one outermost."""
    for symbol, low, high in reversed(binders):
        body = Sum(symbol, low, high, body)
    return body


def ranging(facts: Facts, binders: Sequence[Binder]) -> Facts:
    """The facts where the binders are in their ranges."""
    for binder in binders:
        facts = facts.ranging(*binder)
    return facts


def flattened(normal: NormalForms, inside: Monomial, own: Binder, facts: Facts) -> Flat | None:
    """The sum over `own` of a product, without sums as its factors; None where that cannot be done."""
    sums = tuple(g for g, e in inside if isinstance(g, Sum) and e > 0 for _ in range(e))
    if not sums:
        return None
    factor = normal.ring.monomial_term(tuple((g, e) for g, e in inside if not (isinstance(g, Sum) and e > 0)))
    binders, parts = [own], [factor]
    for each in sums:
        part: Term = each
        while isinstance(part, Sum):
            fresh = Dummy(part.index.name.replace("#", ""), integer=True)
            binders.append((fresh, part.low, part.high))
            part = at_indices(part.body, {part.index: fresh})
        parts.append(part)
    bound = {symbol for symbol, _, _ in binders}
    if len(binders) > MOST_INDICES or any(bound & (low.free_symbols | high.free_symbols) for _, low, high in binders):
        return None
    within = ranging(facts, binders)
    whole = normal.of(parts[0], within)
    for part in parts[1:]:
        whole = normal.ring.product(whole, normal.of(part, within), within)
    if len(whole) != 1 or next(iter(whole.values())) != 1:
        return None
    (monomial,) = whole
    return Flat(tuple(binders), factor, sums, monomial, normal.ring.monomial_term(monomial))


def ordered(normal: NormalForms, flat: Flat, facts: Facts) -> tuple[Sum, tuple[Binder, ...]]:
    """The sum with its binders in the order of the normal form, which does not depend on the order in `flat`, and the order."""
    base = max((int(s.name[2:]) for s in symbols(flat.body) if s.name.startswith("k#")), default=0)
    found: list[tuple[str, Sum, tuple[Binder, ...]]] = []
    for order in _orders(normal, flat.monomial, flat.binders, facts):
        binders = [flat.binders[place] for place in order]
        names = {binder[0]: Symbol(f"k#{base + len(order) - depth}", integer=True) for depth, binder in enumerate(binders)}
        renamed = [(names[symbol], low, high) for symbol, low, high in binders]
        form = normal.ring.term(normal.of(at_indices(flat.body, names), ranging(facts, renamed)))
        first, *others = renamed
        found.append((normal.key(form), Sum(*first, nested(others, form)), tuple(binders)))
    _, result, chosen = min(found, key=lambda each: each[0])
    return result, chosen


def _orders(normal: NormalForms, monomial: Monomial, binders: Sequence[Binder], facts: Facts) -> Iterator[tuple[int, ...]]:
    """The orders of the binders among which the normal form chooses: those that look alike in every order."""
    texts = [_look(normal, monomial, place, binders, facts) for place in range(len(binders))]
    places = sorted(range(len(binders)), key=lambda place: texts[place])
    groups = [list(group) for _, group in groupby(places, key=lambda place: texts[place])]
    count = 0
    for chosen in product(*(permutations(group) for group in groups)):
        count += 1
        if count > MOST_ORDERS:
            return
        yield tuple(place for group in chosen for place in group)


def _look(normal: NormalForms, monomial: Monomial, place: int, binders: Sequence[Binder], facts: Facts) -> str:
    """A text for what a binder stands in, in which no bound index has a name."""
    this, other = Symbol("k#0", integer=True), Symbol("k#00", integer=True)
    symbol, low, high = binders[place]
    values: dict[Symbol, Expr] = {each: other for each, _, _ in binders}
    values[symbol] = this
    found = []
    for g, e in monomial:
        if symbol not in symbols(g):
            continue
        shown = at_indices(g, values)
        texts = [normal.key(shown)]
        if isinstance(shown, Ref) and any(pattern.family == shown.family for pattern in facts.symmetric):
            texts.append(normal.key(Ref(shown.family, shown.positions[::-1])))
        found.append(f"{min(texts)}^{e}")
    return " ".join([f"{low}..{high}", *sorted(found)])
