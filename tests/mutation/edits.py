"""Edits of claims, by kind: what people get wrong when they write a formula down.

Each edit takes a claim in its context and returns both, changed in one place; the place and the change are drawn
at random. What it makes may still be true: that is settled elsewhere.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace

import sympy
from sympy import Add, Expr, Indexed, Integer, KroneckerDelta, Mul, Pow, Rational, Sum, Symbol

from derive.prover.derivation import obligations_of
from derive.terms import terms
from derive.terms.binding import Binding
from derive.terms.context import Claim, Context
from derive.terms.terms import Branch, Partial, free_indices

Path = tuple[int, ...]
Edited = tuple[Claim, Context]
FUNCTIONS = (sympy.exp, sympy.log, sympy.tanh, sympy.sin, sympy.cos)
BROKEN = (sympy.zoo, sympy.nan, sympy.oo, -sympy.oo, sympy.I)


def edit(kind: str, claim: Claim, context: Context, rng: random.Random) -> Edited | None:
    """The claim with one edit of this kind; None if it has no place for one, or if the result is no term."""
    if kind == "relation":
        other = rng.choice([r for r in ("=", "<", ">", "<=", ">=") if r != claim.relation])
        return replace(claim, relation=other, rounding=None), context
    if kind == "assumption":
        return _without_assumption(claim, context, rng)
    if kind == "swapped names":
        return _swapped_names(claim, context, rng)
    on_right = rng.random() < 0.7
    side = claim.right if on_right else claim.left
    changed = _edited(side, EDITS[kind], claim, context, rng)
    if changed is None or changed == side or changed.has(*BROKEN):
        return None
    return with_sides(claim, context, *((claim.left, changed) if on_right else (changed, claim.right))), context


def with_sides(claim: Claim, context: Context, left: Expr, right: Expr) -> Claim:
    """The claim between other sides, with the obligations that these bring."""
    found = tuple(dict.fromkeys(o for side in (left, right) for o in obligations_of(side, context)))
    return replace(claim, left=left, right=right, obligations=found, latex="")


# -- places --------------------------------------------------------------------------------------------------------


def _places(term: Expr, path: Path = ()) -> Iterator[tuple[Expr, Path]]:
    """The subterms in whose place another term may stand, with the way to them."""
    yield term, path
    if isinstance(term, (Indexed, KroneckerDelta, terms.Call)):
        return
    for position, argument in enumerate(term.args):
        if isinstance(argument, Branch):
            yield from _places(argument.args[0], (*path, position, 0))
        elif isinstance(argument, Expr) and not (isinstance(term, (Sum, Partial, Binding)) and position):
            yield from _places(argument, (*path, position))


def _replaced(term: sympy.Basic, path: Path, new: Expr) -> sympy.Basic:
    if not path:
        return new
    arguments = list(term.args)
    arguments[path[0]] = _replaced(arguments[path[0]], path[1:], new)
    return term.func(*arguments)


Edit = Callable[[Expr, random.Random, Claim, Context], Expr | None]


def _edited(side: Expr, edit_: Edit, claim: Claim, context: Context, rng: random.Random) -> Expr | None:
    places = list(_places(side))
    rng.shuffle(places)
    for node, path in places[:12]:
        new = edit_(node, rng, claim, context)
        if new is not None and new != node:
            return _replaced(side, path, new)
    return None


# -- one edit for each kind ------------------------------------------------------------------------------------------


def _sign(node: Expr, rng: random.Random, claim: Claim, context: Context) -> Expr | None:
    if isinstance(node, Add):
        return node - 2 * rng.choice(node.args)
    return -node


def _coefficient(node: Expr, rng: random.Random, claim: Claim, context: Context) -> Expr | None:
    if node.is_Rational:
        return node + rng.choice([1, -1, Rational(1, 2)])
    return rng.choice([2, Rational(1, 2), 3, context.size, 1 / context.size]) * node


def _index(node: Expr, rng: random.Random, claim: Claim, context: Context) -> Expr | None:
    """Another index, a number, or a neighbour, at one position of a member or of a δ; or throughout a subterm."""
    letters = sorted({*free_indices(claim.left), *free_indices(claim.right)}, key=lambda s: s.name)
    others = [*letters, *(terms.index(name) for name in "ij"), Integer(1), Integer(2)]
    if isinstance(node, (Indexed, KroneckerDelta)):
        positions = list(node.indices) if isinstance(node, Indexed) else list(node.args)
        place = rng.randrange(len(positions))
        choices = [*others, positions[place] + 1, positions[place] - 1] if isinstance(node, Indexed) else others[:-1]
        positions[place] = rng.choice(choices)
        return node.base[tuple(positions)] if isinstance(node, Indexed) else KroneckerDelta(*positions)
    present = [s for s in free_indices(node) if not isinstance(s, sympy.Dummy)]
    if not present:
        return None
    return node.xreplace({rng.choice(present): rng.choice(others[:-2])})


def _bound(node: Expr, rng: random.Random, claim: Claim, context: Context) -> Expr | None:
    if not isinstance(node, Sum):
        return None
    *inner, (variable, low, high) = node.limits
    sizes = [s for s in high.free_symbols if isinstance(s, Symbol)]
    low, high = rng.choice(
        [(low + 1, high), (low - 1, high), (low, high - 1), (low, high + 1), (low, 2 * high if sizes else high + 2)]
    )
    return Sum(node.function, *inner, (variable, low, high))


def _exponent(node: Expr, rng: random.Random, claim: Claim, context: Context) -> Expr | None:
    if isinstance(node, Pow):
        return Pow(node.base, node.exp + rng.choice([1, -1, Rational(1, 2)]))
    return Pow(node, rng.choice([2, -1, 3, Rational(1, 2), Integer(0)]))


def _dropped(node: Expr, rng: random.Random, claim: Claim, context: Context) -> Expr | None:
    if not isinstance(node, (Add, Mul)):
        return None
    place = rng.randrange(len(node.args))
    return node.func(*node.args[:place], *node.args[place + 1 :])


def _doubled(node: Expr, rng: random.Random, claim: Claim, context: Context) -> Expr | None:
    if not isinstance(node, (Add, Mul)):
        return None
    return node.func(*node.args, rng.choice(node.args))


def _transposed(node: Expr, rng: random.Random, claim: Claim, context: Context) -> Expr | None:
    if isinstance(node, Indexed) and len(node.indices) == 2:
        return node.base[node.indices[1], node.indices[0]]
    if (
        isinstance(node, Partial)
        and isinstance(node.expr, Indexed)
        and isinstance(node.variable, Indexed)
        and len(node.expr.indices) == len(node.variable.indices)
    ):
        return Partial(node.expr.base[node.variable.indices], node.variable.base[node.expr.indices])
    present = [s for s in free_indices(node) if not isinstance(s, sympy.Dummy)]
    if len(present) < 2:
        return None
    one, other = rng.sample(present, 2)
    return node.xreplace({one: other, other: one})


def _function(node: Expr, rng: random.Random, claim: Claim, context: Context) -> Expr | None:
    if isinstance(node, FUNCTIONS) and len(node.args) == 1:
        return rng.choice([f for f in FUNCTIONS if not isinstance(node, f)])(node.args[0])
    if isinstance(node, KroneckerDelta):
        return 1 - node
    if isinstance(node, sympy.Abs):
        return node.args[0]
    if isinstance(node, (Indexed, Sum)) and rng.random() < 0.5:
        return rng.choice([sympy.Abs, sympy.tanh, sympy.exp])(node)
    return None


def _bracket(node: Expr, rng: random.Random, claim: Claim, context: Context) -> Expr | None:
    """a (b + c) becomes a b + c; f(a b) becomes f(a) b; (Σ a) (Σ b) becomes Σ a Σ b over one index, and so on."""
    if isinstance(node, Mul):
        return _bracket_of_product(node, rng)
    if isinstance(node, Add):
        products = [part for part in node.args if isinstance(part, Mul)]
        if not products:
            return None
        chosen = rng.choice(products)
        factor = rng.choice(chosen.args)
        rest = [part for part in node.args if part is not chosen]
        return factor * Add(Mul(*(f for f in chosen.args if f is not factor)), *rest)
    if isinstance(node, (*FUNCTIONS, Pow)) and isinstance(node.args[0], (Add, Mul)):
        inner, place = node.args[0], rng.randrange(len(node.args[0].args))
        left_out = inner.args[place]
        return inner.func(node.func(inner.func(*inner.args[:place], *inner.args[place + 1 :]), *node.args[1:]), left_out)
    if isinstance(node, Sum) and len(node.limits) == 1 and isinstance(node.function, Mul) and len(node.function.args) > 1:
        place = rng.randrange(len(node.function.args))
        one, rest = node.function.args[place], Mul(*node.function.args[:place], *node.function.args[place + 1 :])
        return Sum(one, node.limits[0]) * Sum(rest, node.limits[0])
    return None


def _bracket_of_product(node: Mul, rng: random.Random) -> Expr | None:
    sums = [part for part in node.args if isinstance(part, Sum) and len(part.limits) == 1]
    if len(sums) > 1 and sums[0].limits[0][1:] == sums[1].limits[0][1:]:
        one, other = sums[:2]
        merged = Sum(one.function * other.function.xreplace({other.limits[0][0]: one.limits[0][0]}), one.limits[0])
        return Mul(merged, *(part for part in node.args if part is not one and part is not other))
    added = [part for part in node.args if isinstance(part, Add)]
    if not added:
        return None
    chosen = rng.choice(added)
    rest = Mul(*(part for part in node.args if part is not chosen))
    place = rng.randrange(len(chosen.args))
    return rest * Add(*chosen.args[:place], *chosen.args[place + 1 :]) + chosen.args[place]


def _swapped_names(claim: Claim, context: Context, rng: random.Random) -> Edited | None:
    """One family, or one scalar, for another: in one place, or the two exchanged on one side."""
    members = sorted(claim.left.atoms(Indexed) | claim.right.atoms(Indexed), key=str)
    names = sorted(
        {(str(m.base.label), len(m.indices)) for m in members}
        | {(str(d.head.base.label), len(d.head.indices)) for d in context.definitions if isinstance(d.head, Indexed)}
    )
    side = claim.right if rng.random() < 0.7 else claim.left
    found = sorted(side.atoms(Indexed), key=str)
    pairs = [(m, name) for m in found for name, positions in names if positions == len(m.indices) and name != str(m.base.label)]
    scalars = sorted(
        (
            s
            for s in (claim.left + claim.right).free_symbols
            if isinstance(s, Symbol) and not s.is_integer and not _labels(claim, s)
        ),
        key=str,
    )
    if pairs and (rng.random() < 0.7 or len(scalars) < 2):
        member, name = rng.choice(pairs)
        if rng.random() < 0.5:
            swap: dict[Expr, Expr] = {member: terms.family(name)[member.indices]}
        else:
            old = str(member.base.label)
            swap = {
                m: terms.family(name if str(m.base.label) == old else old)[m.indices]
                for m in found
                if str(m.base.label) in (name, old)
            }
    elif len(scalars) > 1:
        one, other = rng.sample(scalars, 2)
        swap = {one: other} if rng.random() < 0.5 else {one: other, other: one}
    else:
        return None
    changed = side.xreplace(swap)
    if changed == side or _differentiates_by_a_term(changed):
        return None
    return with_sides(claim, context, *((claim.left, changed) if side is claim.right else (changed, claim.right))), context


def _labels(claim: Claim, symbol: Symbol) -> bool:
    """Whether a symbol is only the label of a family."""
    return any(m.base.label == symbol for side in (claim.left, claim.right) for m in side.atoms(Indexed))


def _differentiates_by_a_term(term: Expr) -> bool:
    return any(not isinstance(p.variable, (Symbol, Indexed)) for p in term.atoms(Partial))


def _without_assumption(claim: Claim, context: Context, rng: random.Random) -> Edited | None:
    if not context.assumptions:
        return None
    place = rng.randrange(len(context.assumptions))
    return claim, replace(context, assumptions=context.assumptions[:place] + context.assumptions[place + 1 :])


EDITS: dict[str, Edit] = {
    "sign": _sign,
    "coefficient": _coefficient,
    "index": _index,
    "bound": _bound,
    "exponent": _exponent,
    "dropped term": _dropped,
    "doubled term": _doubled,
    "transposition": _transposed,
    "function": _function,
    "bracket": _bracket,
}
KINDS = (*EDITS, "swapped names", "assumption", "relation")
