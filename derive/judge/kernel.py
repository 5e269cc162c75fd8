"""The proving core: the only place where it is found that a claim holds.

A :class:`Proof` says which claim was proved and under which assumptions, and only the seven functions here make one:

* :func:`prove`: both sides have a normal form and either their difference is zero (=) or its sign is certain
  (<, >, ≤, ≥, ≠), in every case of coinciding indices that the context allows;
* :func:`enclosed`: a relation between numbers without variables, by rigorous enclosures;
* :func:`entrywise`: vectors are equal if each pair of entries is;
* :func:`by_parts`: a derivative by a compound quantity, with the other parts held fixed;
* :func:`holding_fixed`: a differential, with what has none of its own held fixed;
* :func:`by_chain_rule`: a chain rule, with quantities of which nothing is known as functions of what it goes through;
* :func:`by_induction`: an equation of sums that end at a size holds at the least size, and passes to the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import InitVar, dataclass, replace

from sympy import Dummy, Expr, Integer, Symbol

from derive.balls.comparison import closed_comparison
from derive.judge.depending import dependences, depending, named
from derive.judge.induction import inductions
from derive.judge.settling import as_stated, settled
from derive.judge.uniqueness import vanishes_multiplied
from derive.normal.algebra.polynomial import OF_A_POLYNOMIAL, Atom, Poly
from derive.normal.clearing import cleared
from derive.normal.compound import without_compound
from derive.normal.laziness import denominators
from derive.normal.normaliser import NO_FORM, Normaliser
from derive.normal.signs import certain_sign
from derive.normal.unfold import Unfolder
from derive.terms import terms
from derive.terms.context import Assumption, Claim, Context, Fact, HeldFixed, Obligation, Range
from derive.terms.origins import Origin
from derive.terms.reasons import Reason, Why, because
from derive.terms.relations import LESS, RelationKey
from derive.terms.terms import Vector

SPLITS = 5
EXPANDED = 24
UNSTATED = (Origin.CASE, Origin.OBLIGATION)
"""What a proof adds by itself, and does not rest on."""

_SEAL = object()


@dataclass(frozen=True)
class Proof:
    """That `claim` holds under `assumptions`, those of them that were used, and the laws. Only this module makes one."""

    claim: Claim
    assumptions: tuple[Assumption, ...]
    used: tuple[Assumption, ...]
    rules: tuple[str, ...]
    key: InitVar[object]

    def __post_init__(self, key: object) -> None:
        if key is not _SEAL:
            raise TypeError("a Proof is made by derive.judge.kernel alone")


@dataclass(frozen=True)
class Open:
    """That no proof was found: the residue of left − right that does not vanish, or why there is no normal form."""

    residue: Poly | None
    normaliser: Normaliser | None
    reason: Reason


class Uncomparable(ValueError):
    """Two sides are not compared entry by entry; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class Unequal(Uncomparable):
    """Two vectors have different numbers of entries."""


@dataclass(frozen=True)
class _Ground:
    """What a proof rests on."""

    used: tuple[Assumption, ...]
    rules: tuple[str, ...]


def prove(claim: Claim, context: Context, depth: int = SPLITS) -> Proof | Open:
    """A proof of ``left relation right`` for everything the context allows and where both sides are defined.

    The obligations of the claim (a denominator is not 0, …) may be used, for the claim is about the points at
    which both sides have a value; the caller reports them. At most `depth` pairs of indices are split into cases.
    """
    if claim.rounding is not None:
        return Open(None, None, because(Why.ROUNDED))
    ground = _ground(claim, context, depth)
    return ground if isinstance(ground, Open) else Proof(claim, context.assumptions, ground.used, ground.rules, _SEAL)


def enclosed(claim: Claim, context: Context) -> Proof | Open:
    """A proof of a relation between numbers without variables: exact, or up to the rounding that was meant."""
    if closed_comparison(claim, context) is not True:
        return Open(None, None, because(Why.NOT_ENCLOSED))
    return Proof(claim, context.assumptions, (), ("enclosure of numbers",), _SEAL)


def entrywise(claim: Claim, proofs: Sequence[Proof]) -> Proof:
    """The proof of ``[a, b, …] = [c, d, …]`` from proofs of ``a = c``, ``b = d``, …, in their order.

    Raises:
        ValueError: if these are not proofs of the :func:`entries` of `claim`.
    """
    if [proof.claim for proof in proofs] != entries(claim):
        raise ValueError("a proof of each entry was expected")
    given = dict.fromkeys(each for proof in proofs for each in proof.assumptions)
    used = dict.fromkeys(each for proof in proofs for each in proof.used)
    rules = dict.fromkeys(each for proof in proofs for each in proof.rules)
    return Proof(claim, tuple(given), tuple(used), tuple(rules), _SEAL)


def entries(claim: Claim) -> list[Claim]:
    """The claims about the entries of two vectors, without those that dots stand for on both sides; at least one.

    Raises:
        Unequal: if they have different numbers of entries, all written out.
        Uncomparable: if a side is no vector, dots stand against an entry, or no entry is written out.
    """
    if not isinstance(claim.left, Vector) or not isinstance(claim.right, Vector):
        raise Uncomparable(because(Why.NO_LIST))
    left, right, gap = claim.left.entries, claim.right.entries, terms.dots()
    if len(left) != len(right) and gap not in left + right:
        raise Unequal(because(Why.ENTRY_COUNTS, left=len(left), right=len(right)))
    if [a == gap for a in left] != [b == gap for b in right]:
        raise Uncomparable(because(Why.DOTS_DIFFER))
    found = [replace(claim, left=a, right=b) for a, b in zip(left, right, strict=True) if a != gap]
    if not found:
        raise Uncomparable(because(Why.NO_ENTRY))
    return found


def by_parts(claim: Claim, context: Context, proof: Proof) -> Proof:
    """The proof of `claim` from that of :func:`carried_out`, under the assumption that the other parts are held fixed.

    Raises:
        ValueError: if `proof` is not one of the claim that is carried out.
    """
    plain, held = carried_out(claim, context)
    if proof.claim != plain:
        raise ValueError("a proof of the claim with its derivatives by parts carried out was expected")
    return Proof(claim, (*held, *proof.assumptions), (*held, *proof.used), proof.rules, _SEAL)


def holding_fixed(proof: Proof) -> Proof:
    """The proof under the assumption that what the differentials of its claim hold fixed does not change."""
    held = proof.claim.held
    return Proof(proof.claim, (*held, *proof.assumptions), (*held, *proof.used), proof.rules, _SEAL)


def by_chain_rule(claim: Claim, context: Context) -> Proof | Open:
    """A proof of an equation of derivatives, under the assumption that their quantities depend on nothing but what it shows.

    Of the dependences that the claim shows those are kept that the proof needs.
    """
    given = dependences(claim, context)
    found = prove(named(claim, given), depending(context, given)) if given else Open(None, None, because(Why.DIFFERENT_FORMS))
    if isinstance(found, Open):
        return found
    for each in given:
        fewer = tuple(one for one in given if one is not each)
        if isinstance(again := prove(named(claim, fewer), depending(context, fewer)), Proof):
            found, given = again, fewer
    return Proof(claim, (*given, *context.assumptions), (*given, *found.used), (*found.rules, "chain rule"), _SEAL)


def by_induction(claim: Claim, context: Context, depth: int = SPLITS) -> Proof | Open:
    """A proof of an equation at the least value of a size, and of the step to the next one (:mod:`derive.judge.induction`)."""
    settled_claim, settled_context = settled(claim, context)
    try:
        for found in inductions(settled_claim, settled_context):
            parts = found.base, found.step
            grounds = [ground for part in parts if isinstance(ground := _ground(*part, depth), _Ground)]
            if len(grounds) == len(parts):
                used = dict.fromkeys((*found.rests_on, *(each for ground in grounds for each in ground.used)))
                rules = dict.fromkeys(each for ground in grounds for each in ground.rules)
                return Proof(claim, context.assumptions, tuple(used), (*rules, "induction"), _SEAL)
    except NO_FORM as problem:
        return Open(None, None, because(Why.NO_FORM, problem=str(problem)))
    return Open(None, None, because(Why.DIFFERENT_FORMS))


def carried_out(claim: Claim, context: Context) -> tuple[Claim, tuple[HeldFixed, ...]]:
    """`claim` with its derivatives by compound quantities carried out, and the other parts, which are held fixed.

    Raises:
        one of `NO_FORM`: where they cannot be.
    """
    unfold = Unfolder(context)
    left, held = without_compound(claim.left, unfold)
    right, also_held = without_compound(claim.right, unfold)
    return replace(claim, left=left, right=right), tuple(HeldFixed(term) for term in dict.fromkeys(held + also_held))


def _ground(claim: Claim, context: Context, depth: int) -> _Ground | Open:
    claim, context = settled(claim, context)
    try:
        attempt = _attempt(claim, context, depth, 0)
        if isinstance(attempt, Open) and attempt.normaliser is not None and attempt.normaliser.knowledge.could_expand:
            attempt = _attempt(claim, context, depth, EXPANDED)
        return attempt
    except NO_FORM as problem:
        return Open(None, None, because(Why.NO_FORM, problem=str(problem)))


def _attempt(claim: Claim, context: Context, depth: int, expanded: int) -> _Ground | Open:
    """A proof in which sums over at most `expanded` numbers are written out."""
    normaliser = Normaliser(context, expanded=expanded, related=(claim.left, claim.right))
    learn(normaliser, claim.obligations)
    difference = normaliser(claim.left) - normaliser(claim.right)
    if holds(normaliser, difference, claim.relation):
        if _may_vanish_unseen(normaliser, claim):
            return Open(None, normaliser, because(Why.EMPTY_SUM))
        return _grounds(normaliser, claim)
    if claim.relation == "=" and vanishes_multiplied(normaliser, difference, claim, context):
        ground = _grounds(normaliser, claim)
        return replace(ground, rules=(*ground.rules, "uniqueness of the inverse"))
    pair = _undecided_pair(difference)
    if pair is None or depth <= 0:
        return Open(cleared(normaliser.ring, difference), normaliser, because(Why.DIFFERENT_FORMS))
    return _in_both_cases(claim, context, depth, pair)


def _in_both_cases(claim: Claim, context: Context, depth: int, pair: tuple[Expr, Expr]) -> _Ground | Open:
    """A proof where the two indices differ and one where they coincide."""
    used: dict[Assumption, None] = {}
    rules: dict[str, None] = {}
    for relation in ("!=", "="):
        case = _ground(claim, context.assume(Fact(pair[0], relation, pair[1], origin=Origin.CASE)), depth - 1)
        if isinstance(case, Open):
            return case
        used.update(dict.fromkeys(case.used))
        rules.update(dict.fromkeys(case.rules))
    return _Ground(tuple(used), (*rules, "case split"))


def holds(normaliser: Normaliser, difference: Poly, relation: RelationKey) -> bool:
    """Whether ``difference relation 0`` is certain."""
    if relation == "=":
        return normaliser.is_zero(difference)
    if relation in LESS:
        difference = -difference
    sign = certain_sign(normaliser, difference)
    if relation in ("<", ">"):
        return sign == "+"
    if relation in ("<=", ">="):
        return sign is not None or normaliser.is_zero(difference)
    if relation == "!=":
        return (
            sign == "+"
            or certain_sign(normaliser, -difference) == "+"
            or normaliser.knowledge.is_nonzero(cleared(normaliser.ring, difference))
        )
    raise ValueError(f"a relation was expected, found {relation!r}")


def _may_vanish_unseen(normaliser: Normaliser, claim: Claim) -> bool:
    """Whether a side may have a value although a denominator that was cancelled in it is 0: it stands in an empty sum."""
    sides = normaliser.unfold(claim.left), normaliser.unfold(claim.right)
    found = [denominators(side, normaliser.knowledge) for side in sides]
    if sides[0] == sides[1] or not any(each.lazy for each in found):
        return False
    met = [normaliser.form(term) for each in found for term in each.strict]
    for obligation in claim.obligations:
        own = [symbol for symbol, _, _ in obligation.binders]
        if obligation.relation in ("!=", ">") and not normaliser.knowledge.may_be_empty(own, obligation.term.free_symbols):
            try:
                met.append(normaliser(obligation.term))
            except NO_FORM:
                continue
    for term in (term for each in found for term in each.lazy):
        form = normaliser.form(term)
        if not holds(normaliser, form, "!=") and form not in met and -form not in met:
            return True
    return False


def _grounds(normaliser: Normaliser, claim: Claim) -> _Ground:
    used = tuple(as_stated(a) for a in normaliser.knowledge.used if not (isinstance(a, Fact) and a.origin in UNSTATED))
    return _Ground(used, ("normal form",) if claim.relation == "=" else ("sign",))


def learn(normaliser: Normaliser, obligations: tuple[Obligation, ...]) -> None:
    """What has a sign because a side would have no value otherwise."""
    for obligation in obligations:
        own: dict[Symbol, Symbol] = {}
        for symbol, low, high in obligation.binders:
            own[symbol] = normaliser.own_index(symbol, Range(low.xreplace(own), high.xreplace(own)))
        fact = Fact(
            obligation.term.xreplace(own), obligation.relation, Integer(0), tuple(own.values()), origin=Origin.OBLIGATION
        )
        try:
            normaliser.learn(fact)
        except NO_FORM:
            continue  # an obligation without a normal form teaches nothing; it is still reported


def _undecided_pair(difference: Poly) -> tuple[Expr, Expr] | None:
    """Two free index expressions of which it matters whether they coincide."""
    for atom in sorted(_deltas(difference), key=lambda a: a.key):
        if not any(isinstance(s, Dummy) for s in atom.free):
            return atom.data[0], atom.data[1]
    return None


def _deltas(poly: Poly) -> set[Atom]:
    """The deltas in a polynomial; those under a sum depend on its bound index, or else they were taken out."""
    found: set[Atom] = set()
    for atom in poly.atoms:
        if atom.kind in ("delta", "other"):
            found.add(atom)
        elif atom.kind in OF_A_POLYNOMIAL:
            found |= _deltas(atom.data[0])
        elif atom.kind == "function":
            for argument in atom.data[2]:
                found |= _deltas(argument)
    return found
