"""Relations that restrict quantities without a definition, and what is assumed by them."""

from __future__ import annotations

from sympy import Indexed, Sum, Symbol

from derive.narrative.roles.heads import is_bare, is_index
from derive.normal.unfold import Unfolder
from derive.terms.context import Claim, Context, Fact
from derive.terms.heads import name_of
from derive.terms.terms import Call, Partial, free_indices


def is_header(claim: Claim, concluding: bool) -> bool:
    """``i = j``, ``i ≠ j``, ``k = 1``, and where it is no result ``i < j``, ``1 ≤ k``."""
    if claim.relation in ("=", "!="):
        if is_index(claim.left) and (is_index(claim.right) or claim.right.is_Integer):
            return True
        others = claim.right.free_symbols
        return (
            is_index(claim.left)
            and not concluding
            and claim.left not in others
            and all(s.is_integer and isinstance(s, Symbol) for s in others)
            and not claim.right.atoms(Sum, Indexed)
        )
    symbols = claim.left.free_symbols | claim.right.free_symbols
    return not concluding and any(is_index(s) for s in symbols) and all(s.is_integer and isinstance(s, Symbol) for s in symbols)


def between_known_primitives(claim: Claim, context: Context, seen: frozenset[str]) -> bool:
    """``p_k = q_k`` for two quantities that both occurred before: neither is a name for the other."""
    unfold = Unfolder(context)
    sides = (claim.left, claim.right)
    return all(isinstance(s, (Indexed, Symbol)) and is_bare(s, unfold) and name_of(s) in seen for s in sides)


def is_hypothesis(claim: Claim, context: Context, assuming: bool) -> bool:
    """A number restricts a bare primitive or a sum of one; or an inequality stands between bare primitives."""
    unfold = Unfolder(context)
    left, right = claim.left, claim.right
    for side, other in ((left, right), (right, left)):
        if other.is_number and is_bare(side, unfold):
            return True
    if claim.relation != "=" or assuming:
        bare = all(is_bare(side, unfold) or side.is_number for side in (left, right))
        return bare and not (left.is_number and right.is_number)
    return False


def is_constraint(claim: Claim, context: Context, seen: frozenset[str] | None = None) -> bool:
    """A relation between quantities of which none has a definition (and all occurred before, if `seen` is given)."""
    unfold = Unfolder(context)
    parts = [node for side in (claim.left, claim.right) for node in side.atoms(Symbol, Indexed, Call, Partial)]
    values = [node for node in parts if not isinstance(node, Symbol) or not node.is_integer]
    if not values or any(isinstance(node, (Call, Partial)) or unfold.defines(node) for node in values):
        return False
    bases = {name_of(node) for node in values}
    return seen is None or bases <= seen


def is_range(claim: Claim) -> bool:
    """Whether it stands between names and numbers, and not between numbers alone: ``x < b``."""
    sides = claim.left, claim.right
    return all(isinstance(s, (Symbol, Indexed)) or s.is_number for s in sides) and not all(s.is_number for s in sides)


def is_of_indices(claim: Claim) -> bool:
    """Whether it speaks of indices and sizes alone: ``t < T``."""
    symbols = claim.left.free_symbols | claim.right.free_symbols
    return all(isinstance(s, Symbol) and s.is_integer for s in symbols) and not claim.left.atoms(Sum) | claim.right.atoms(Sum)


def exchanges(claim: Claim) -> bool:
    """``C_ij = C_ji``, ``K_ij = -K_ji``: that is said of no single pair of indices."""
    members = [node for side in (claim.left, claim.right) for node in side.atoms(Indexed)]
    places = {tuple(str(position) for position in member.indices) for member in members}
    return (
        claim.relation == "="
        and len({member.base for member in members}) == 1
        and len(places) > 1
        and len({tuple(sorted(each)) for each in places}) == 1
    )


def fact_of(claim: Claim) -> Fact:
    """The claim as a hypothesis. An inequality holds for all values of its indices, an equation of a sum too, and one between
    a member and the same with its indices exchanged; what speaks of indices alone restricts them.
    """
    single = claim.relation == "=" and isinstance(claim.left, Indexed) and not exchanges(claim)
    general = not single and not is_of_indices(claim)
    indices = tuple(dict.fromkeys(free_indices(claim.left) + free_indices(claim.right))) if general else ()
    return Fact(claim.left, claim.relation, claim.right, indices, claim.latex)
