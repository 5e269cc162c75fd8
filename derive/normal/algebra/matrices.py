"""Members whose places may be exchanged (``S_ij = S_ji``), and assumed products found inside longer sums of products.

``Σ_k Q_ki Q_kj = δ_ij`` is found in ``Σ_ijk Q_ki Q_kj x_i x_j``.

A pattern is a sum over one index of two members (or of the square of one). It is found where an index of a sum runs over
the pattern's range and stands in two such members and nowhere else; what the pattern's free indices are at that place must
lie in their ranges. Each step leaves a sum over one index less, so that this ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction

from flint import fmpq
from sympy import Expr, Symbol

from derive.normal.algebra.knowledge import Diagonal, Exchange, Knowledge, Letter, Rule
from derive.normal.algebra.polynomial import UNIT, Atom, Monomial, Poly, index_key, monomial
from derive.terms.context import Assumption, Fact, Range

Binder = tuple[Symbol, Expr, Expr]


@dataclass(frozen=True)
class Found:
    """A word in a sum: the rule, the bound indices that are summed away, the values of the wild ones, what is left."""

    rule: Rule
    bound: frozenset[Expr]
    values: dict[Symbol, Expr]
    rest: Monomial


def rules_in(pattern: Atom, wild: tuple[Symbol, ...], value: Poly, fact: Assumption, knowledge: Knowledge) -> list[Rule]:
    """The rule that an assumed sum is, and the same with its factors exchanged where both are square and the value is δ.

    That A B = I gives B A = I for square matrices only.
    """
    if pattern.kind != "sum" or any(atom.kind == "sum" for atom in value.atoms):
        return []
    spans, body = pattern.data
    letters = [Letter(*atom.data) for atom, times in body if atom.kind == "member" and times in (1, 2) for _ in range(times)]
    if len(spans) != 1 or len(letters) not in (2, 3) or sum(e if isinstance(e, int) else 9 for _, e in body) != len(letters):
        return []
    bound, low, high = spans[0]
    span = Range(low, high)
    if (low.free_symbols | high.free_symbols) & set(wild):
        return []
    for letter in letters:
        if sum(position == bound for position in letter.positions) != 1 or not all(
            position == bound or position in wild for position in letter.positions
        ):
            return []
    ends = {s for w in wild for end in (knowledge.range_of(w).low, knowledge.range_of(w).high) for s in end.free_symbols}
    if ends & set(wild):
        return []
    rule = Rule(tuple(letters), ((bound, span),), wild, value, fact)
    turned = _turned(rule, knowledge) if len(letters) == 2 else None
    return [rule] if turned is None else [rule, turned]


def _turned(rule: Rule, knowledge: Knowledge) -> Rule | None:
    """B A = I from A B = I, where all indices have one range."""
    ((bound, span),) = rule.bound
    if len(rule.wild) != 2 or any(knowledge.range_of(w) != span for w in rule.wild) or len(rule.value) != 1:
        return None
    ((m, c),) = rule.value
    if c != 1 or len(m) != 1 or m[0][1] != 1 or m[0][0].kind != "delta" or set(m[0][0].data) != set(rule.wild):
        return None
    if any(len(letter.positions) != 2 for letter in rule.letters):
        return None
    own = [next(p for p in letter.positions if p != bound) for letter in rule.letters]
    if own[0] == own[1]:
        return None
    turned = tuple(
        Letter(letter.name, tuple(bound if p == mine else mine for p in letter.positions))
        for letter, mine in zip(rule.letters, own, strict=True)
    )
    return Rule(turned, rule.bound, rule.wild, rule.value, rule.assumption)


def found_in(body: Monomial, binders: tuple[Binder, ...], knowledge: Knowledge) -> Found | None:
    """The first word in a sum that a rule rewrites."""
    if not knowledge.words:
        return None
    limits = {s for _, low, high in binders for s in low.free_symbols | high.free_symbols}
    spans = {symbol: Range(low, high) for symbol, low, high in binders if symbol not in limits}
    members = [atom for atom, e in body if atom.kind == "member" and isinstance(e, int) and e > 0 for _ in range(min(e, 2))]
    names = {atom.data[0] for atom in members}
    for rule in knowledge.words:
        if not all(letter.name in names for letter in rule.letters):
            continue
        for values, used in _matches(rule, 0, members, (), {}, spans, knowledge):
            own = {values[symbol] for symbol, _ in rule.bound}
            rest = _without(body, used, own)
            if rest is None or len(own) != len(rule.bound) or any(own & values[w].free_symbols for w in rule.wild):
                continue
            if all(knowledge.within(values[w], *_ends(knowledge, w)) for w in rule.wild):
                for atom in used:
                    if (known := knowledge.exchanged.get(atom.data[0])) is not None:
                        knowledge.use(known.assumption)
                return Found(rule, frozenset(own), {w: values[w] for w in rule.wild}, rest)
    return None


def _without(body: Monomial, used: Sequence[Atom], own: Set[Expr]) -> Monomial | None:
    """The monomial without these members; None if one of the indices `own` stands in anything else."""
    rest: dict[Atom, int | Fraction | Poly] = {}
    for atom, exponent in body:
        times = sum(atom is each for each in used)
        if times and not isinstance(exponent, int):
            return None
        left = exponent - times if isinstance(exponent, int) else exponent
        if left == 0:
            continue
        if own & atom.free or isinstance(left, Poly) and own & left.free:
            return None
        rest[atom] = left
    return monomial(rest)


def _ends(knowledge: Knowledge, wild: Symbol) -> tuple[Expr, Expr]:
    span = knowledge.range_of(wild)
    return span.low, span.high


Values = dict[Expr, Expr]


def _matches(
    rule: Rule,
    number: int,
    members: Sequence[Atom],
    used: tuple[int, ...],
    values: Values,
    spans: Mapping[Symbol, Range],
    knowledge: Knowledge,
) -> Iterator[tuple[Values, tuple[Atom, ...]]]:
    """The values of a rule's indices at which its letters, from `number` on, are members that were not used yet."""
    if number == len(rule.letters):
        yield values, tuple(members[place] for place in used)
        return
    letter = rule.letters[number]
    for place, atom in enumerate(members):
        if place in used or atom.data[0] != letter.name or len(atom.data[1]) != len(letter.positions):
            continue
        for positions in _readings(atom, knowledge):
            found = _unified(rule, letter, positions, values, spans)
            if found is not None:
                yield from _matches(rule, number + 1, members, (*used, place), found, spans, knowledge)


def _readings(atom: Atom, knowledge: Knowledge) -> list[tuple[Expr, ...]]:
    """The positions of a member, and those exchanged where that leaves its value."""
    positions: tuple[Expr, ...] = atom.data[1]
    known = knowledge.exchanged.get(atom.data[0])
    if known is None or known.sign < 0 or len(positions) != 2 or positions[0] == positions[1]:
        return [positions]
    if not all(knowledge.within(p, known.span.low, known.span.high) for p in positions):
        return [positions]
    return [positions, positions[::-1]]


def _unified(
    rule: Rule, letter: Letter, positions: tuple[Expr, ...], values: Values, spans: Mapping[Symbol, Range]
) -> Values | None:
    """`values` with those that make the letter stand at `positions`: a bound index is one that is summed over its range."""
    found = dict(values)
    ranges = dict(rule.bound)
    for wanted, position in zip(letter.positions, positions, strict=True):
        if isinstance(wanted, Symbol) and wanted in ranges:
            if not isinstance(position, Symbol) or spans.get(position) != ranges[wanted]:
                return None
        elif wanted not in rule.wild:
            return None
        if found.setdefault(wanted, position) != position:
            return None
    return found


def as_poly(m: Monomial) -> Poly:
    """The monomial with the coefficient 1."""
    return Poly({m: fmpq(1)}) if m else UNIT


def exchange_in(poly: Poly, fact: Fact, knowledge: Knowledge) -> tuple[str, Exchange] | None:
    """The family and what a vanishing polynomial ``S_ij - S_ji`` says of it, for all i and j of one range; None if nothing."""
    if len(poly) != 2:
        return None
    (first, c), (second, d) = poly.ordered
    if len(first) != 1 or len(second) != 1 or first[0][1] != 1 or second[0][1] != 1:
        return None
    one, other = first[0][0], second[0][0]
    if one.kind != "member" or other.kind != "member" or one.data[0] != other.data[0] or abs(c) != abs(d):
        return None
    places: tuple[Expr, ...] = one.data[1]
    if len(places) != 2 or places[::-1] != other.data[1] or places[0] == places[1]:
        return None
    if not all(isinstance(place, Symbol) and place in fact.forall for place in places):
        return None
    spans = [knowledge.range_of(place) for place in places if isinstance(place, Symbol)]
    if spans[0] != spans[1] or (spans[0].low.free_symbols | spans[0].high.free_symbols) & set(fact.forall):
        return None
    return one.data[0], Exchange(-1 if c == d else 1, spans[0], fact)


def diagonal_in(poly: Poly, fact: Fact, knowledge: Knowledge) -> tuple[str, Diagonal] | None:
    """The family and what a vanishing ``D_ij - δ_ij D_ii`` says of it, for all i and j of one range; None if nothing."""
    if len(poly) != 2:
        return None
    (first, c), (second, d) = sorted(poly.ordered, key=lambda term: len(term[0]))
    if c != -d or len(first) != 1 or len(second) != 2 or any(e != 1 for _, e in (*first, *second)):
        return None
    whole, (one, other) = first[0][0], sorted((atom for atom, _ in second), key=lambda atom: atom.kind)
    if (whole.kind, one.kind, other.kind) != ("member", "delta", "member") or whole.data[0] != other.data[0]:
        return None
    places: tuple[Expr, ...] = whole.data[1]
    if len(places) != 2 or set(places) != set(one.data) or len(set(other.data[1])) != 1 or other.data[1][0] not in places:
        return None
    if len(set(places)) != 2 or not all(isinstance(place, Symbol) and place in fact.forall for place in places):
        return None
    spans = [knowledge.range_of(place) for place in places if isinstance(place, Symbol)]
    if spans[0] != spans[1] or (spans[0].low.free_symbols | spans[0].high.free_symbols) & set(fact.forall):
        return None
    return whole.data[0], Diagonal(spans[0], fact)


def sorted_places(places: tuple[Expr, ...], known: Exchange, knowledge: Knowledge) -> tuple[tuple[Expr, ...], int]:
    """The places of a member in order, and the sign by which that changes it: 0 where it is its own opposite."""
    if len(places) != 2 or not all(knowledge.within(p, known.span.low, known.span.high) for p in places):
        return places, 1
    if places[0] == places[1]:
        if known.sign > 0:
            return places, 1
        knowledge.use(known.assumption)
        return places, 0
    if index_key(places[0]) <= index_key(places[1]):
        return places, 1
    knowledge.use(known.assumption)
    return places[::-1], known.sign
