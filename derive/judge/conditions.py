"""What is missing: the weakest condition of a known kind under which a claim that fails is proved.

Kinds, in the order in which they are tried: which indices coincide or differ; ``Σ_k y_k = 1``; a family one-hot,
at a place that is not named or at a free index; a sign of a quantity; a least size. A condition is
reported only with a proof of the claim under it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

from flint import fmpq
from sympy import Abs, Eq, Expr, Indexed, IndexedBase, Integer, KroneckerDelta, Ne, Sum, Symbol

from derive.judge.kernel import Proof, prove
from derive.judge.points.satisfying import satisfiable
from derive.judge.screening import Screen
from derive.normal.algebra.knowledge import is_made
from derive.normal.algebra.polynomial import Atom, Poly
from derive.normal.normaliser import NO_FORM, Normaliser
from derive.normal.unfold import Unfolder
from derive.terms import terms
from derive.terms.context import Assumption, Claim, Context, Fact, OneHot
from derive.terms.heads import name_of
from derive.terms.relations import RelationKey
from derive.terms.terms import Partial, free_indices


def missing_condition(claim: Claim, context: Context) -> Proof | None:
    """The proof under the first condition, weakest first, under which there is one; None if none of a known kind helps."""
    screen = Screen(claim, context)
    for weakest_first in (_about_indices, _signs, _about_families):
        for candidate in weakest_first(claim, context):
            if _says_the_same(candidate, claim) or screen.excludes_under(candidate):
                continue
            proof = prove(claim, context.assume(*candidate))
            if isinstance(proof, Proof) and satisfiable(context.assume(*candidate)) is not False:
                return proof
    return None


def _says_the_same(candidate: tuple[Assumption, ...], claim: Claim) -> bool:
    """Whether a condition is the claim itself: that it holds when it holds tells nothing."""
    return any(
        isinstance(c, Fact) and c.relation == claim.relation and {c.left, c.right} == {claim.left, claim.right}
        for c in candidate
    )


def _about_indices(claim: Claim, context: Context) -> Iterator[tuple[Assumption, ...]]:
    """That two indices differ or coincide, or that there are at least so many."""
    yield from ((c,) for c in _index_conditions(claim, context))
    yield from ((c,) for c in _least_sizes(claim, context))
    yield from ((c,) for c in _nonempty(claim, context))


def _about_families(claim: Claim, context: Context) -> Iterator[tuple[Assumption, ...]]:
    """That a family sums to 1 or is one-hot, alone and together with conditions on indices."""
    indices = list(_index_conditions(claim, context))
    apart = [c for c in indices if c.relation == "!="]
    families = _hypothesis_families(claim, context)
    sums = [_sums_to_one(f, positions, context) for f, positions in families]
    simple = [
        f
        for f, positions in families
        if positions == 1 and not _is_one_hot(f, context) and not _nowhere_zero(f, claim, context)
    ]
    places: list[Expr | None] = [None, *_free(claim)]
    one_hot = [OneHot(f, at) for at in places for f in simple]
    yield from ((c,) for c in sums)
    yield from ((c,) for c in one_hot)
    yield from product(indices, sums)
    yield from product(apart, one_hot)
    yield from _several_indices(claim, context)
    if claim.relation != "=":
        yield from product(indices, _least_sizes(claim, context))


def _pairs(claim: Claim, context: Context) -> list[tuple[Symbol, Symbol]]:
    """Pairs of free indices over one range whose coincidence neither the context nor the claim speaks of."""
    known = {frozenset((a.left, a.right)) for a in context.assumptions if isinstance(a, Fact)}
    for side in (claim.left, claim.right):  # an author who writes δ_{ij} or cases has both cases in mind
        known |= {frozenset(node.args) for node in side.atoms(KroneckerDelta, Eq, Ne)}
    free = _free(claim)
    return [
        (a, b)
        for a, b in combinations(free, 2)
        if context.range_of(a) == context.range_of(b) and frozenset((a, b)) not in known
    ]


def _free(claim: Claim) -> tuple[Symbol, ...]:
    found = (set(free_indices(claim.left)) | set(free_indices(claim.right))) - set(claim.entries)
    return tuple(sorted(found, key=lambda s: s.name))


def _index_conditions(claim: Claim, context: Context) -> Iterator[Fact]:
    pairs = _pairs(claim, context)
    yield from (Fact(a, "!=", b) for a, b in pairs)
    for symbol in _free(claim):
        for literal in _literals(claim):
            yield Fact(symbol, "!=", literal)
    split = _cases_of(claim, context)
    yield from (Fact(a, "=", b) for a, b in pairs if split is None or {a, b} in split)


def _cases_of(claim: Claim, context: Context) -> list[frozenset[Expr]] | None:
    """The pairs of indices whose coincidence a side depends on, or the first side of its chain; None where they have no
    normal form.

    Where i = j is no case of any of them, it would only give one index the other's name.
    """
    normalise = Normaliser(context)
    sides = (claim.left, claim.right) if claim.chain is None else (claim.chain, claim.left, claim.right)
    try:
        atoms = {atom for side in sides for atom in _within(normalise(side))}
    except NO_FORM:
        return None
    return [frozenset(atom.data) for atom in atoms if atom.kind in ("delta", "other")]


def _within(poly: Poly) -> Iterator[Atom]:
    """The atoms of a polynomial, those inside of others included."""
    todo = list(poly.atoms)
    while todo:
        atom = todo.pop()
        yield atom
        for part in atom.data:
            if isinstance(part, Poly):
                todo += part.atoms
        if atom.kind == "sum":
            todo += Poly({atom.data[1]: fmpq(1)}).atoms


def _literals(claim: Claim) -> list[Integer]:
    """Numbers that stand as indices in the claim."""
    members = claim.left.atoms(Indexed) | claim.right.atoms(Indexed)
    return sorted({p for m in members for p in m.indices if isinstance(p, Integer)}, key=int)


def _several_indices(claim: Claim, context: Context) -> Iterator[tuple[Assumption, ...]]:
    pairs = _pairs(claim, context)
    if len(pairs) > 1:
        yield tuple(Fact(a, "!=", b) for a, b in pairs)
    if len(pairs) == 3:
        for two in combinations(pairs, 2):
            yield tuple(Fact(a, "!=", b) for a, b in two)


def _hypothesis_families(claim: Claim, context: Context) -> list[tuple[IndexedBase, int]]:
    """Primitive families of the claim that nothing is differentiated by, with the number of their positions."""
    unfold = Unfolder(context)
    try:
        sides = unfold(claim.left), unfold(claim.right)
    except NO_FORM:
        return []
    variables = {
        str(p.variable.base.label)
        for side in (claim.left, claim.right, *(d.body for d in context.definitions))
        for p in side.atoms(Partial)
        if isinstance(p.variable, Indexed)
    }
    found: dict[str, tuple[IndexedBase, int]] = {}
    for side in sides:
        for member in side.atoms(Indexed):
            name = str(member.base.label)
            if name not in variables and not any(p.is_Integer for p in member.indices):
                found[name] = (member.base, len(member.indices))
    return [found[name] for name in sorted(found)]


def _is_one_hot(base: Expr, context: Context) -> bool:
    return any(isinstance(a, OneHot) and a.family == base and a.at is not None for a in context.assumptions)


def _nowhere_zero(base: Expr, claim: Claim, context: Context) -> bool:
    """Whether all members are said, or need, to be positive: such a family is one-hot only if it has one member."""
    said = [(a.left, a.right, a.relation, a.forall) for a in context.assumptions if isinstance(a, Fact)]
    said += [(o.term, Integer(0), o.relation, tuple(s for s, _, _ in o.binders)) for o in claim.obligations]
    return any(
        isinstance(left, Indexed)
        and left.base == base
        and right == 0
        and relation == ">"
        and all(p in general for p in left.indices)
        for left, right, relation, general in said
    )


def _sums_to_one(base: IndexedBase, positions: int, context: Context) -> Fact:
    """Σ over the last position is 1, for all values of the others."""
    letters = [terms.index(name) for name in ("s", "t", "r")[: positions - 1]]
    k = terms.index("k")
    span = (context.shape_of(str(base.label)) or (context.range_of(k),) * positions)[-1]
    total = terms.summation(base[(*letters, k)], k, span.low, span.high)
    return Fact(total, "=", Integer(1), tuple(letters))


def _least_sizes(claim: Claim, context: Context) -> list[Fact]:
    sizes: set[Symbol] = set()
    for symbol in _free(claim):
        sizes |= {s for s in context.range_of(symbol).high.free_symbols if isinstance(s, Symbol)}
    for side in (claim.left, claim.right):
        for node in side.atoms(Sum):
            sizes |= {s for limit in node.limits for s in limit[2].free_symbols if isinstance(s, Symbol) and s.is_positive}
    return [Fact(s, ">=", Integer(least)) for least in (2, 3) for s in sorted(sizes, key=lambda s: s.name)]


def _nonempty(claim: Claim, context: Context) -> list[Fact]:
    """That a sum that begins at an index, such as Σ_{k=t+1}^{T}, has a term: t < T."""
    unfold = Unfolder(context)
    try:
        sums = {node for side in (claim.left, claim.right) for node in unfold(side).atoms(Sum)}
    except NO_FORM:
        return []
    free = set(_free(claim))
    found: dict[Fact, int] = {}
    for _, low, high in (limit for node in sums for limit in node.limits):
        shift, index = low.as_coeff_Add()
        if index in free and shift.is_Integer and index not in high.free_symbols:
            found[Fact(index, "<", high) if shift == 1 else Fact(low, "<=", high)] = int(shift)
    return sorted(found, key=lambda fact: (found[fact], str(fact)))


def _signs(claim: Claim, context: Context) -> Iterator[tuple[Assumption, ...]]:
    """Signs of quantities under which roots and logarithms come apart: x ≥ 0 where that is enough, else x > 0."""
    guessing = Normaliser(context, assume_positive=True)
    try:
        guessing.is_zero(guessing(claim.left) - guessing(claim.right))
    except NO_FORM:
        return
    guessed = (_term_of(a) for a in sorted(guessing.knowledge.guessed, key=lambda a: a.key))
    both = _of_both_signs(claim)
    candidates = [term for term in guessed if term is not None and name_of(term) not in both]
    facts = tuple(_positive(t, ">") for t in candidates)
    if not facts or not isinstance(prove(claim, context.assume(*facts)), Proof):
        return
    for fact in facts:
        fewer = tuple(f for f in facts if f is not fact)
        if isinstance(prove(claim, context.assume(*fewer)), Proof):
            facts = fewer
    for fact in facts:
        weaker = tuple(_positive(f.left, ">=") if f is fact else f for f in facts)
        if isinstance(prove(claim, context.assume(*weaker)), Proof):
            facts = weaker
    if facts:
        yield facts


def _of_both_signs(claim: Claim) -> set[str]:
    """The names in absolute values that the claim speaks of as such: who writes cases has both signs in mind."""
    bars = [o.term for o in claim.obligations if isinstance(o.term, Abs)]
    return {name_of(node) for each in bars for node in each.atoms(Symbol, Indexed)}


def _positive(term: Expr, relation: RelationKey) -> Fact:
    return Fact(term, relation, Integer(0), free_indices(term))


def _term_of(atom: Atom) -> Expr | None:
    if atom.kind == "scalar":
        scalar: Symbol = atom.data[0]
        return scalar
    if atom.kind == "member" and not atom.data[0].startswith("∂") and not is_made(atom):
        if any(p.free_symbols and not isinstance(p, Symbol) for p in atom.data[1]):
            return None
        taken = {s.name for p in atom.data[1] for s in p.free_symbols}
        letters = iter([c for c in "ijklmrst" if c not in taken])
        positions = [
            terms.index(next(letters)) if isinstance(p, Symbol) and (p.name.startswith("#") or p.is_Dummy) else p
            for p in atom.data[1]
        ]
        return terms.family(atom.data[0])[tuple(positions)]
    return None
