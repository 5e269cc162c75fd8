"""Relations that tie the entries of whole matrices, and what is assumed by them: each holds at all entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sympy import Basic, Expr, Indexed, KroneckerDelta, Mul, Pow, Rational, Sum, Symbol

from derive.narrative.roles.hypotheses import exchanges
from derive.normal.unfold import Unfolder
from derive.terms import terms
from derive.terms.arrays import MatrixDeterminant
from derive.terms.context import Assumption, Claim, Context, Fact, Range
from derive.terms.terms import peel


def is_law(claim: Claim, context: Context) -> bool:
    """Whether a claim ties the entries of families of which none is defined, as a hypothesis on whole matrices does."""
    if isinstance(claim.left, MatrixDeterminant):
        return bool(claim.right.is_number) and not any(Unfolder(context).defines(m) for m in claim.left.atoms(Indexed))
    unfold = Unfolder(context)
    members = {node for side in (claim.left, claim.right) for node in side.atoms(Indexed)}
    if claim.relation != "=" or not members or any(unfold.defines(node) for node in members):
        return False
    return exchanges(claim) or _is_product(claim.left, claim.right) or _is_product(claim.right, claim.left)


def is_eigen(claim: Claim) -> bool:
    """``Σ_k A_ik v_k = λ v_i``: a vector that a matrix multiplies by a number."""
    left, right = claim.left, claim.right
    if claim.relation != "=" or not isinstance(left, Sum) or len(left.limits) != 1 or not isinstance(right, Mul):
        return False
    body, variable, _, _ = peel(left)
    factors = body.args if isinstance(body, Mul) else ()
    if len(factors) != 2 or not all(isinstance(each, Indexed) and variable in each.indices for each in factors):
        return False
    by_length = sorted((each for each in factors if isinstance(each, Indexed)), key=lambda each: len(each.indices))
    vector, matrix = by_length
    others = [each for each in matrix.indices if each != variable]
    entry = vector.base[others[0]] if len(others) == 1 else None
    numbers = [each for each in right.args if each != entry]
    return len(right.args) == 2 and len(numbers) == 1 and _is_plain(numbers[0])


def _is_plain(number: Basic) -> bool:
    """Whether it is a name, or one that a numeral tells apart."""
    numeral = isinstance(number, Indexed) and all(place.is_Integer for place in number.indices)
    return numeral or isinstance(number, Symbol)


def _is_product(left: Expr, right: Expr) -> bool:
    """``Σ_k U V`` of two members that is δ, a member of the same family, or 1; or the root of one, which is 1."""
    if isinstance(left, Pow) and left.exp.is_Rational and right == 1:
        left = left.base
    if not isinstance(left, Sum) or len(left.limits) != 1:
        return False
    body, variable, _, _ = peel(left)
    factors = list(body.args) if isinstance(body, Mul) else [body.base] * 2 if isinstance(body, Pow) and body.exp == 2 else []
    if len(factors) != 2 or not all(isinstance(f, Indexed) and variable in f.indices for f in factors):
        return False
    bases = {str(f.base.label) for f in factors if isinstance(f, Indexed)}
    vectors = all(isinstance(f, Indexed) and len(f.indices) == 1 for f in factors)
    if vectors:
        return right == 1 and len(set(factors)) == 1
    same = isinstance(right, Indexed) and bases == {str(right.base.label)} and len(right.indices) == 2
    return isinstance(right, KroneckerDelta) or same


def of_all_entries(
    facts: Iterable[Assumption], claims: Iterable[Claim], spans: Mapping[Symbol, Range], context: Context, read: bool
) -> tuple[list[Assumption], dict[Symbol, Range]]:
    """Hypotheses with fresh indices in place of those that stand for all entries, with the ranges of these.

    That is done to what was `read` entry by entry and to laws; `spans` are the ranges of the indices at which it was read.
    """
    found: list[Assumption] = []
    ranges: dict[Symbol, Range] = {}
    for fact, claim in zip(facts, claims, strict=True):
        if not isinstance(fact, Fact) or fact.relation != "=" or not (read or is_law(claim, context)):
            found.append(fact)
            continue
        own = tuple(dict.fromkeys((*fact.forall, *spans)))
        general, new = at_all(fact, {symbol: spans.get(symbol, context.range_of(symbol)) for symbol in own})
        ranges |= new
        if isinstance(general.left, Pow) and general.left.exp == Rational(1, 2) and general.right == 1:
            general = replace(general, left=general.left.base)  # a norm is 1 where its square is
        found.append(general)
    return found, ranges


def at_all(fact: Fact, spans: Mapping[Symbol, Range]) -> tuple[Fact, dict[Symbol, Range]]:
    """A hypothesis with fresh indices in place of those of `spans`, for all values of which it holds, and their ranges."""
    fresh = {symbol: terms.bound(symbol.name) for symbol in spans}
    left, right = fact.left.xreplace(fresh), fact.right.xreplace(fresh)
    kept = tuple(symbol for symbol in fact.forall if symbol not in spans)
    return replace(fact, left=left, right=right, forall=(*kept, *fresh.values())), {fresh[s]: spans[s] for s in spans}
