"""Finite sums with symbolic limits in normal form.

Laws: linearity; what does not depend on the bound index is taken out; Σ_k δ_{kt} f(k) = f(t) for t in range;
Σ_k 1 counts the range; Σ_{k=1}^{n} k^p by Faulhaber's formula; limits are moved to 1..n by adding and
subtracting single terms; sums over independent indices commute and factor. A sum atom is one monomial under
bound placeholders ``#0, #1, …``, numbered from the inside, in the arrangement that comes first by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import permutations, product

from flint import fmpq
from sympy import Dummy, Expr, Integer, Symbol

from derive.normal.algebra.matrices import as_poly, found_in
from derive.normal.algebra.partial_fractions import reduced
from derive.normal.algebra.polynomial import (
    UNIT,
    ZERO,
    Atom,
    Factor,
    Monomial,
    Poly,
    exponent_of,
    exponent_poly,
    monomial,
    monomial_free,
    monomial_key,
    monomial_level,
    number,
    total,
)
from derive.normal.algebra.ring import Ring, ZeroDivision
from derive.normal.functions.elementary import LAWS
from derive.normal.series.arrangement import arrangements
from derive.normal.series.faulhaber import closed_form
from derive.normal.series.separation import is_outside, separated, solved, split
from derive.terms import terms
from derive.terms.context import Range

SHIFTED = 4
NESTED = 4
CHAINED = 9
"""How many sums are one where there are rules for words, which may be spread over all of them."""


def sum_over(ring: Ring, body: Poly, variable: Symbol, low: Expr, high: Expr) -> Poly:
    """Σ_{variable=low}^{high} body; 0 where high < low."""
    length = high - low
    if length.is_Integer:
        if length < ring.knowledge.expanded:
            return total(substitute(ring, body, {variable: low + Integer(step)}) for step in range(int(length) + 1))
        ring.knowledge.could_expand = True
    offset = _least_offset(body, variable)
    if offset:
        low, high = low + offset, high + offset
        shifted = _fresh(ring, variable, low, high)
        body, variable = substitute(ring, body, {variable: shifted - offset}), shifted
    return _standard_range(ring, body, variable, low, high)


def _least_offset(body: Poly, variable: Symbol) -> int:
    """The least c for which ``variable + c`` stands as an index in the body."""
    found: set[int] = set()
    for atom in body.atoms:
        if variable not in atom.free:
            continue
        if atom.kind != "member":
            return 0
        for position in atom.data[1]:
            if variable in position.free_symbols:
                difference = position - variable
                if not difference.is_Integer:
                    return 0
                found.add(int(difference))
    return min(found, default=0)


def _standard_range(ring: Ring, body: Poly, variable: Symbol, low: Expr, high: Expr) -> Poly:
    """Σ_{low}^{n+c} f = Σ_1^n f − (terms that are too many) + (terms that are missing), where low − 1 ≤ n + c."""
    size = next((s for s in high.free_symbols if isinstance(s, Symbol) and s.is_positive), None)
    if size is not None and low.is_Integer and (high - size).is_Integer:
        start, end = int(low), int(high - size)
        fits = ring.knowledge.at_least_zero(high - low + 1)
        if (start, end) != (1, 0) and abs(start - 1) <= SHIFTED and abs(end) <= SHIFTED and fits:
            whole = _fresh(ring, variable, Integer(1), size)
            parts = [_sum_terms(ring, substitute(ring, body, {variable: whole}), whole, Integer(1), size)]
            parts += [-substitute(ring, body, {variable: Integer(k)}) for k in range(1, start)]
            parts += [substitute(ring, body, {variable: Integer(k)}) for k in range(start, 1)]
            parts += [substitute(ring, body, {variable: size + k}) for k in range(1, end + 1)]
            parts += [-substitute(ring, body, {variable: size + k}) for k in range(end + 1, 1)]
            return total(parts)
    return _from_index(ring, body, variable, low, high)


def _from_index(ring: Ring, body: Poly, variable: Symbol, low: Expr, high: Expr) -> Poly:
    """Σ_{t+c}^{h} f = Σ_t^h f − (f at t, .., t + c − 1), where t + c − 1 ≤ h."""
    shift, index = low.as_coeff_Add()
    own = not isinstance(index, Dummy) and not str(index).startswith("#")  # those of outer sums keep their triangles
    if (
        own
        and isinstance(index, Symbol)
        and not index.is_positive
        and 0 < shift <= SHIFTED
        and index not in high.free_symbols
        and ring.knowledge.at_least_zero(high - low + 1)
    ):
        try:
            taken = [substitute(ring, body, {variable: index + k}) for k in range(int(shift))]
        except ZeroDivision:
            return _sum_terms(ring, body, variable, low, high)
        whole = _fresh(ring, variable, index, high)
        return total(
            [_sum_terms(ring, substitute(ring, body, {variable: whole}), whole, index, high), *(-term for term in taken)]
        )
    return _sum_terms(ring, body, variable, low, high)


def _fresh(ring: Ring, variable: Symbol, low: Expr, high: Expr) -> Symbol:
    """A bound index of the same name with a range of its own: what is known of members depends on the range."""
    fresh = terms.bound(variable.name)
    ring.knowledge.ranges[fresh] = Range(low, high)
    return fresh


def _sum_terms(ring: Ring, body: Poly, variable: Symbol, low: Expr, high: Expr) -> Poly:
    ring.knowledge.ranges[variable] = Range(low, high)
    body = reduced(body, variable)
    return total(_sum_monomial(ring, m, variable, low, high).scaled(c) for m, c in body)


def _sum_monomial(ring: Ring, m: Monomial, variable: Symbol, low: Expr, high: Expr) -> Poly:
    outside, inside = split(m, variable)
    out = Poly({outside: fmpq(1)})
    for position, (atom, _exponent) in enumerate(inside):
        if atom.kind != "delta":
            continue
        target = solved(atom, variable)
        if target is None:
            continue
        placed = ring.knowledge.within(target, low, high)
        if placed is False:
            return ZERO
        if placed:
            rest = Poly({inside[:position] + inside[position + 1 :]: fmpq(1)})
            return ring.product(out, substitute(ring, rest, {variable: target}))
    return ring.product(out, _sum_inside(ring, inside, variable, low, high))


Binder = tuple[Symbol, Expr, Expr]


def _sum_inside(ring: Ring, inside: Monomial, variable: Symbol, low: Expr, high: Expr) -> Poly:
    """Σ of a monomial all of whose factors depend on the variable; powers of inner sums are merged into one sum."""
    binders: list[Binder] = [(variable, low, high)]
    product = UNIT
    for atom, exponent in inside:
        opened = _opened(ring, atom, exponent, variable, binders)
        product = ring.product(product, opened)
    return total(_over(ring, m, tuple(binders)).scaled(c) for m, c in product)


def _opened(ring: Ring, atom: Atom, exponent: int | Fraction | Poly, variable: Symbol, binders: list[Binder]) -> Poly:
    plain = Poly({((atom, exponent),): fmpq(1)})
    if atom.kind != "sum" or not isinstance(exponent, int) or exponent < 1:
        return plain
    spans, body = atom.data
    own = {s for s, _, _ in spans}
    if len(binders) + exponent * len(spans) > (CHAINED if ring.knowledge.words else NESTED):
        return plain
    if any((lo.free_symbols | hi.free_symbols) & (own | {variable}) for _, lo, hi in spans):
        return plain
    result = UNIT
    for _ in range(exponent):
        renaming = {s: terms.bound(s.name[1:]) for s, _, _ in spans}
        for s, lo, hi in spans:
            ring.knowledge.ranges[renaming[s]] = Range(lo, hi)
            binders.append((renaming[s], lo, hi))
        result = ring.product(result, substitute(ring, Poly({body: fmpq(1)}), renaming))
    return result


def _over(ring: Ring, m: Monomial, binders: tuple[Binder, ...]) -> Poly:
    """Σ over all binders of a monomial, as the product of the sums over groups of binders that share a factor."""
    symbols = [s for s, _, _ in binders]
    factors = [f for factor in m for f in separated(factor, frozenset(symbols))]
    groups: list[tuple[set[Symbol], list[Factor]]] = [({s}, []) for s in symbols]
    result = UNIT
    for factor in factors:
        touched = monomial_free((factor,)) & frozenset(symbols)
        if not touched:
            result = ring.product(result, Poly({(factor,): fmpq(1)}))
            continue
        joined = [g for g in groups if g[0] & touched]
        groups = [g for g in groups if not g[0] & touched]
        groups.append((set().union(*(g[0] for g in joined)), [f for g in joined for f in g[1]] + [factor]))
    for names, parts in groups:
        own = tuple(b for b in binders if b[0] in names)
        body: dict[Atom, int | Fraction | Poly] = {}
        for atom, exponent in parts:
            present = body.get(atom)
            body[atom] = exponent if present is None else exponent_of(exponent_poly(present) + exponent_poly(exponent))
        result = ring.product(result, _group(ring, monomial(body), own))
    return result


def _group(ring: Ring, body: Monomial, binders: tuple[Binder, ...]) -> Poly:
    word = found_in(body, binders, ring.knowledge)
    if word is not None:
        ring.knowledge.use(word.rule.assumption)
        result = ring.product(as_poly(word.rest), substitute(ring, word.rule.value, word.values))
        for symbol, low, high in binders:
            if symbol not in word.bound:
                result = sum_over(ring, result, symbol, low, high)
        return result
    if len(binders) == 1:
        closed = closed_form(ring, body, *binders[0])
        if closed is not None:
            return closed
    return sum_atom(ring, body, binders)


def sum_atom(ring: Ring, body: Monomial, binders: tuple[Binder, ...]) -> Poly:
    """The sum as an atom, equal for all names and orders of the bound indices; with what is known of it applied."""
    level = monomial_level(body)
    places = [Symbol(f"#{level + p}", integer=True) for p in range(len(binders))]
    found: list[tuple[str, tuple[Binder, ...], Monomial, fmpq]] = []
    short = len(binders) <= NESTED
    for order in permutations(binders) if short else arrangements(body, binders, ring.knowledge.exchanged):
        renaming: dict[Symbol, Symbol] = {s: place for (s, _, _), place in zip(order, places, strict=True)}
        spans = tuple((renaming[s], lo.xreplace(renaming), hi.xreplace(renaming)) for s, lo, hi in order)
        for place, lo, hi in spans:
            ring.knowledge.ranges[place] = Range(lo, hi)
        renamed = substitute(ring, Poly({body: fmpq(1)}), renaming)
        if len(renamed) != 1:
            raise ZeroDivision("a sum that changes its shape when its index is renamed")
        ((m, c),) = renamed
        key = f"{[str(s) for s in spans]}{monomial_key(m)}"
        found.append((key, spans, m, c))
    key, spans, m, c = min(found, key=lambda one: one[0])
    if any(other == key and d != c for other, _, _, d in found):
        return ZERO  # it is its own opposite
    return _known_sum(ring, ring.intern.atom("sum", spans, m)).scaled(c)


def _known_sum(ring: Ring, atom: Atom) -> Poly:
    rule = ring.knowledge.equal.get(atom)
    if rule is not None:
        ring.knowledge.use(rule[1])
        return rule[0]
    for pattern, wild, value, why in ring.knowledge.patterns:
        if pattern.kind != "sum" or pattern.data[0] != atom.data[0] or len(wild) > NESTED:
            continue
        for candidates in product(sorted(_positions_in(atom), key=str), repeat=len(wild)):
            renaming: dict[Symbol, Expr] = dict(zip(wild, candidates, strict=True))
            spans = [ring.knowledge.range_of(w) for w in wild]
            ends = [(s.low.xreplace(renaming), s.high.xreplace(renaming)) for s in spans]
            if not all(ring.knowledge.within(c, *end) for c, end in zip(candidates, ends, strict=True)):
                continue
            renamed = substitute(ring, Poly({pattern.data[1]: fmpq(1)}), renaming)
            if renamed.terms == {atom.data[1]: fmpq(1)}:
                ring.knowledge.use(why)
                return substitute(ring, value, renaming)
    return Poly({((atom, 1),): fmpq(1)})


def _positions_in(atom: Atom) -> set[Expr]:
    """The index expressions without bound symbols in the members of a sum's body."""
    found: set[Expr] = set()
    for inner, exponent in atom.data[1]:
        atoms = exponent.atoms | {inner} if isinstance(exponent, Poly) else {inner}
        for one in atoms:
            if one.kind == "member":
                found |= {p for p in one.data[1] if not any(s.name.startswith("#") for s in p.free_symbols)}
    return found


def substitute(ring: Ring, poly: Poly, values: Mapping[Symbol, Expr]) -> Poly:
    """`poly` with index symbols replaced by index expressions, brought to normal form again."""
    names = frozenset(values)
    if not poly.free & names:
        return poly
    result = []
    for m, c in poly:
        if not monomial_free(m) & names:
            result.append(Poly({m: c}))
            continue
        part = number(c)
        for atom, exponent in m:
            if isinstance(exponent, Poly):
                exponent = exponent_of(substitute(ring, exponent, values))
            part = ring.product(part, _replaced(ring, atom, exponent, values, names))
        result.append(part)
    return total(result)


def _replaced(
    ring: Ring, atom: Atom, exponent: int | Fraction | Poly, values: Mapping[Symbol, Expr], names: frozenset[Symbol]
) -> Poly:
    if not atom.free & names:
        return ring.of(atom, exponent)
    if atom.kind == "scalar":
        base = ring.index_value(values[atom.data[0]])
    elif atom.kind == "member":
        base = ring.member(atom.data[0], tuple(p.xreplace(values) for p in atom.data[1]))
    elif atom.kind == "delta":
        base = ring.delta(*(p.xreplace(values) for p in atom.data))
    elif atom.kind == "other":
        base = complement(ring, *(p.xreplace(values) for p in atom.data))
    elif atom.kind == "log":
        base = ring.log(substitute(ring, atom.data[0], values))
    elif atom.kind == "abs":
        base = ring.absolute(substitute(ring, atom.data[0], values))
    elif atom.kind == "poly":
        return ring.power(substitute(ring, atom.data[0], values), exponent)
    elif atom.kind == "function":
        name, orders, arguments = atom.data
        given = tuple(substitute(ring, a, values) for a in arguments)
        form = LAWS[name].form if name in LAWS else None
        base = form(ring, *given) if form else ring.of(ring.intern.atom("function", name, orders, given))
    else:
        base = _sum_replaced(ring, atom, values)
    return base if exponent == 1 else ring.power(base, exponent)


def _sum_replaced(ring: Ring, atom: Atom, values: Mapping[Symbol, Expr]) -> Poly:
    """A sum atom with free symbols replaced: opened with fresh bound indices, replaced, and closed again."""
    spans, body = atom.data
    renamed = _renamed(ring, atom, values)
    if renamed is not None:
        return renamed
    renaming: dict[Symbol, Symbol] = {s: terms.bound("k") for s, _, _ in spans}
    inner = {**values, **renaming}
    binders = tuple((renaming[s], lo.xreplace(inner), hi.xreplace(inner)) for s, lo, hi in spans)
    for s, lo, hi in binders:
        ring.knowledge.ranges[s] = Range(lo, hi)
    result = substitute(ring, Poly({body: fmpq(1)}), inner)
    for s, lo, hi in binders:
        result = sum_over(ring, result, s, lo, hi)
    return result


def _renamed(ring: Ring, atom: Atom, values: Mapping[Symbol, Expr]) -> Poly | None:
    """A sum over one index in which free symbols get new names, in one pass through what is summed up.

    New are dummies and placeholders that are bound further out than any in the sum: then nothing is captured, and nothing
    applies that did not apply before. None for any other replacement, or if the sum changes its shape.
    """
    ((place, low, high), *more), body = atom.data
    names = {symbol: value for symbol, value in values.items() if symbol in atom.free}
    taken = set(names.values())
    if more or ring.knowledge.words or len(taken) < len(names) or (low.free_symbols | high.free_symbols) & set(names):
        return None
    if not all(isinstance(value, Symbol) and value not in atom.free and is_outside(value, atom.level) for value in taken):
        return None
    ring.knowledge.ranges[place] = Range(low, high)
    found = substitute(ring, Poly({body: fmpq(1)}), names)
    if len(found) != 1:
        return None
    ((m, c),) = found
    same = sorted(one.kind for one, _ in m) == sorted(one.kind for one, _ in body)
    if not same or not all(place in monomial_free((factor,)) for factor in m):
        return None
    return _known_sum(ring, ring.intern.atom("sum", ((place, low, high),), m)).scaled(c)


def complement(ring: Ring, a: Expr, b: Expr) -> Poly:
    """1 − δ_{ab} as one factor, for bodies that are not defined where a = b."""
    same = ring.knowledge.coincide(a, b)
    if same is not None:
        return ZERO if same else UNIT
    first, second = sorted((a, b), key=str)
    return ring.of(ring.intern.atom("other", first, second))
