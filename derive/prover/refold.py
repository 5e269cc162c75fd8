"""A term in primitives written with the names that the document defines: ``e^{z_i}/Σ_k e^{z_k}`` as ``a_i``.

The ansatz is linear: the term is ``Σ c_m m`` over products m of few names, with rational c_m found by linear algebra on
normal forms. What comes out is a proposal; the judge decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations_with_replacement, product

from flint import fmpq, fmpq_mat
from sympy import Add, Dummy, Expr, Indexed, KroneckerDelta, Mul, Pow, Rational, Sum, Symbol
from sympy.core.function import Function

from derive.normal.algebra.knowledge import is_made
from derive.normal.algebra.polynomial import UNIT, Atom, Monomial, Poly, TooLarge, exponent_sum, monomial, monomial_key, total
from derive.normal.clearing import cleared
from derive.normal.reify import Reifier
from derive.prover.letters import spans_of
from derive.prover.screening import support
from derive.prover.shapes import NO_FORM, Shaper, cost
from derive.terms.context import Context, Range
from derive.terms.heads import name_of, positions_of
from derive.terms.terms import Call, peel

COLUMNS = 90
PLACES = 4
DEGREE = 3


def refolded(
    term: Expr, full: Shaper, folded: Shaper, avoid: Iterable[str], extra: Iterable[Expr] = (), most: int | None = None
) -> Expr | None:
    """`term` by the names of the context, the shortest way that was found; None if there is none.

    Args:
        term: a term in primitives.
        full: normal forms with every definition unfolded.
        folded: normal forms with the names kept.
        avoid: names that are not to be used.
        extra: terms that may be used besides the names.
        most: what it may cost; nothing that costs more is tried.
    """
    try:
        poly = full.normaliser(term)
    except NO_FORM:
        return None
    if poly.constant() is not None:
        return None
    unit, rest = _outside(poly)
    names = _names(term, full.context, frozenset(avoid))
    names += [atom for atom in extra if atom not in names]
    helpers = _helpers(rest)
    if not names:
        return None
    within = [name for name in names if _within(name, poly, full)]
    beside = [name for name in names if name in within or _touches(name, poly, full)]
    for chosen in (within, beside) if len(within) < len(beside) else (within,):
        for degree in range(1, DEGREE + 1):
            basis = [one for one in _basis(chosen, helpers, degree) if most is None or cost(one) <= most]
            if len(basis) > COLUMNS:
                break
            found = _solved(rest, basis, full) if chosen else None
            if found is not None:
                whole = Mul(found, *(Pow(full_term, Rational(e)) for full_term, e in _unit_terms(unit)))
                return min((*folded.forms(whole), whole), key=cost)
    return None


def _names(term: Expr, context: Context, avoid: frozenset[str]) -> list[Expr]:
    """Defined members at the index expressions that occur in `term`, defined scalars, defined functions' values."""
    positions = sorted(
        {p for member in term.atoms(Indexed) for p in member.indices if not any(isinstance(s, Dummy) for s in p.free_symbols)},
        key=str,
    )
    found: list[Expr] = []
    for definition in reversed(context.definitions):
        head = definition.head
        if not isinstance(head, (Indexed, Symbol)) or name_of(head) in avoid:
            continue
        own = positions_of(head)
        shape = spans_of(name_of(head), len(own), context)
        spans = [span if isinstance(p, Symbol) else None for p, span in zip(own, shape, strict=True)]
        choices = [
            [q for q in positions if span is None or _in_span(q, span, context)] if isinstance(p, Symbol) else [p]
            for p, span in zip(own, spans, strict=True)
        ]
        for choice in product(*choices):
            member = head.base[choice if len(choice) > 1 else choice[0]] if isinstance(head, Indexed) else head
            if member not in found:
                found.append(member)
    places: list[Expr] = [
        s for s in sorted(term.free_symbols, key=str) if isinstance(s, Symbol) and s.is_real and not s.is_integer
    ]
    places += [member for member in sorted(term.atoms(Indexed), key=str) if not _has_dummy(member)]
    for definition in context.definitions:
        head = definition.head
        if isinstance(head, Call) and len(head.arguments) == 1 and isinstance(head.arguments[0], Symbol):
            found += [Call(head.args[0], [place]) for place in places[:PLACES]]
    found += [1 / name for name in found if isinstance(name, Symbol)][:PLACES]
    found += _averages(term, context, avoid)
    found += [call for call in sorted(term.atoms(Call), key=str) if not any(call.orders) and not _has_dummy(call)]
    found += [
        f
        for f in sorted(term.atoms(Function), key=str)
        if not isinstance(f, KroneckerDelta) and not _has_dummy(f) and type(f).__name__ not in ("exp", "log")
    ]
    return found


def _within(name: Expr, poly: Poly, full: Shaper) -> bool:
    """Whether all that the name stands for occurs in the polynomial."""
    try:
        return full.normaliser(name).atoms <= poly.atoms
    except NO_FORM:
        return False


def _touches(name: Expr, poly: Poly, full: Shaper) -> bool:
    """Whether something of what the name stands for occurs in the polynomial; a length alone says nothing."""
    try:
        return any(not _is_length(atom) for atom in full.normaliser(name).atoms & poly.atoms)
    except NO_FORM:
        return False


def _is_length(atom: Atom) -> bool:
    return atom.kind == "scalar" and bool(getattr(atom.data[0], "is_integer", False))


def _averages(term: Expr, context: Context, avoid: frozenset[str]) -> list[Expr]:
    """For a sum over an index in `term`: the sums of z_k a_k, where z_k occurs in it and the family a is defined."""
    found: list[Expr] = []
    for node in sorted((s for s in term.atoms(Sum) if len(s.limits) == 1 and not _has_dummy(s)), key=str):
        body, variable, low, high = peel(node)
        members = sorted((m for m in body.atoms(Indexed) if m.indices == (variable,)), key=str)
        for definition in context.definitions:
            head = definition.head
            if (
                isinstance(head, Indexed)
                and len(head.indices) == 1
                and name_of(head) not in avoid
                and isinstance(head.indices[0], Symbol)
                and spans_of(name_of(head), 1, context) == (Range(low, high),)
            ):
                found += [Sum(Mul(member, head.base[variable]), (variable, low, high)) for member in members[:2]]
    return found[:PLACES]


def _in_span(position: Expr, span: object, context: Context) -> bool:
    return not isinstance(position, Symbol) or context.range_of(position) == span


def _has_dummy(term: Expr) -> bool:
    return any(isinstance(s, Dummy) for s in term.free_symbols)


def _outside(poly: Poly) -> tuple[list[tuple[Atom, int]], Poly]:
    """The scalars and members that all terms share, and the polynomial without them."""
    shared: dict[Atom, int] = {}
    first = True
    for m, _ in poly:
        here = {a: e for a, e in m if _is_plain(a) and isinstance(e, int)}
        if first:
            shared, first = here, False
        shared = {
            a: min(e, here[a]) if e > 0 else max(e, here[a])
            for a, e in shared.items()
            if a in here and (e > 0) == (here[a] > 0)
        }
    rest: dict[Monomial, fmpq] = {}
    for m, c in poly:
        rest[monomial({a: exponent_sum(e, -shared.get(a, 0)) for a, e in m})] = c
    return list(shared.items()), Poly(rest)


def _is_plain(atom: Atom) -> bool:
    """A scalar, a delta, a member of a family; an opaque derivative and an entry of an inverse are none."""
    named = atom.kind == "member" and not atom.data[0].startswith("∂") and not is_made(atom)
    return atom.kind in ("scalar", "delta") or named


def _unit_terms(unit: Sequence[tuple[Atom, int]]) -> list[tuple[Expr, int]]:
    reifier = Reifier(Context(), {})
    return [(reifier.atom(atom, frozenset(), {}), e) for atom, e in unit]


def _helpers(poly: Poly) -> list[Expr]:
    """Scalars, members and deltas that occur as factors beside what the names stand for."""
    atoms = sorted({a for m, _ in poly for a, _ in m if _is_plain(a)}, key=lambda a: a.key)
    return [term for term, _ in _unit_terms([(atom, 1) for atom in atoms])][:6]


def _basis(names: Sequence[Expr], helpers: Sequence[Expr], degree: int) -> list[Expr]:
    """Products of up to `degree` names and helpers, the simplest first."""
    generators = [*names, *helpers]
    found: list[Expr] = []
    for count in range(degree + 1):
        for choice in combinations_with_replacement(generators, count):
            if any(choice.count(d) > 1 for d in choice if isinstance(d, KroneckerDelta)):
                continue
            found.append(Mul(*choice))
    return list(dict.fromkeys(found))


def _solved(target: Poly, basis: Sequence[Expr], full: Shaper) -> Expr | None:
    """``Σ c_m m = target``: every monomial of the cleared difference gives one equation for the c_m."""
    normaliser = full.normaliser
    unknowns = [normaliser.ring.intern.atom("scalar", Dummy(f"c{place}", real=True)) for place in range(len(basis))]
    places = {atom: place for place, atom in enumerate(unknowns)}
    try:
        forms = [normaliser(m) if m != 1 else UNIT for m in basis]
        if not normaliser.ring.knowledge.vanishing and len(used := support(target, forms) or []) < len(basis):
            return _solved(target, [basis[place] for place in used], full) if used else None
        parts = [
            normaliser.ring.product(Poly({((unknown, 1),): fmpq(1)}), form)
            for unknown, form in zip(unknowns, forms, strict=True)
        ]
        difference = cleared(normaliser.ring, total(parts) - target)
    except (*NO_FORM, TooLarge):
        return None
    rows: dict[str, dict[int, fmpq]] = {}
    for m, c in difference:
        place, rest = len(basis), []
        for atom, exponent in m:
            if atom in places:
                place = places[atom]
            else:
                rest.append((atom, exponent))
        row = rows.setdefault(monomial_key(tuple(rest)), {})
        row[place] = c if place < len(basis) else -c
    matrix = fmpq_mat(
        len(rows), len(basis) + 1, [row.get(column, fmpq(0)) for row in rows.values() for column in range(len(basis) + 1)]
    )
    reduced, rank = matrix.rref()
    values: list[Expr] = []
    for r in range(rank):
        pivot = next(column for column in range(len(basis) + 1) if reduced[r, column] != 0)
        if pivot == len(basis):
            return None
        value = reduced[r, len(basis)]
        if value != 0:
            values.append(Mul(Rational(int(value.p), int(value.q)), basis[pivot]))
    return Add(*values)
