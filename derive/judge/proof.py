"""The proving core: the only place where it is found that a claim holds.

A :class:`Proof` exists only where both sides have a normal form and either their difference is zero (=) or its
sign is certain (<, >, ≤, ≥, ≠), in every case of coinciding indices that the context allows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sympy import Dummy, Expr, Integer, Symbol

from derive.algebra import terms
from derive.algebra.calculus import NotDifferentiable
from derive.algebra.context import Assumption, Claim, Context, Definition, Fact, HeldFixed, Obligation, OneHot, Range
from derive.algebra.normal import Normaliser, OutsideFragment
from derive.algebra.polynomial import Atom, Poly, TooLarge
from derive.algebra.ring import OutOfDomain, ZeroDivision
from derive.algebra.unfold import Circular
from derive.judge.signs import certain_sign

SPLITS = 5
EXPANDED = 24
NO_FORM = (OutsideFragment, TooLarge, NotDifferentiable, Circular, OutOfDomain, ZeroDivision)

_KEY = object()


@dataclass(frozen=True)
class Proof:
    """That a claim holds, and the assumptions and laws that were used. Only :func:`prove` makes one."""

    used: tuple[Assumption, ...]
    rules: tuple[str, ...]
    key: object

    def __post_init__(self) -> None:
        if self.key is not _KEY:
            raise TypeError("a Proof is made by derive.judge.proof.prove alone")


@dataclass(frozen=True)
class Open:
    """That no proof was found: the residue of left − right that does not vanish, or why there is no normal form."""

    residue: Poly | None
    normaliser: Normaliser | None
    reason: str


def prove(claim: Claim, context: Context, depth: int = SPLITS) -> Proof | Open:
    """A proof of ``left relation right`` for everything the context allows and where both sides are defined.

    The obligations of the claim (a denominator is not 0, …) may be used, for the claim is about the points at
    which both sides have a value; the caller reports them.
    """
    if claim.rounding is not None:
        return Open(None, None, "rounded numbers are compared as numbers")
    claim, context = settled(claim, context)
    try:
        attempt = _attempt(claim, context, depth, 0)
        if isinstance(attempt, Open) and attempt.normaliser is not None and attempt.normaliser.knowledge.could_expand:
            attempt = _attempt(claim, context, depth, EXPANDED)
        return attempt
    except NO_FORM as problem:
        return Open(None, None, str(problem))


def _attempt(claim: Claim, context: Context, depth: int, expanded: int) -> Proof | Open:
    """A proof in which sums over at most `expanded` numbers are written out."""
    normaliser = Normaliser(context, expanded=expanded, related=(claim.left, claim.right))
    learn(normaliser, claim.obligations)
    difference = normaliser(claim.left) - normaliser(claim.right)
    return _judged(claim, context, normaliser, difference, depth)


def _judged(claim: Claim, context: Context, normaliser: Normaliser, difference: Poly, depth: int) -> Proof | Open:
    holds = _holds(normaliser, difference, claim.relation)
    if holds:
        return _proof(normaliser, claim, ())
    pair = _undecided_pair(difference)
    if pair is None or depth <= 0:
        return Open(normaliser.ring.cleared(difference), normaliser, "the two sides have different normal forms")
    a, b = pair
    apart = prove(claim, context.assume(Fact(a, "!=", b, text=SPLIT)), depth - 1)
    if isinstance(apart, Open):
        return apart
    together = prove(claim, context.assume(Fact(a, "=", b, text=SPLIT)), depth - 1)
    if isinstance(together, Open):
        return together
    used = dict.fromkeys(apart.used + together.used)
    rules = dict.fromkeys(apart.rules + together.rules)
    return Proof(tuple(used), (*rules, "case split"), _KEY)


SPLIT = "case"
UNNAMED = "at a place without a name"


def _holds(normaliser: Normaliser, difference: Poly, relation: str) -> bool:
    """Whether ``difference relation 0`` is certain."""
    if relation == "=":
        return normaliser.is_zero(difference)
    if relation in ("<", "<="):
        difference = -difference
    sign = certain_sign(normaliser, difference)
    if relation in ("<", ">"):
        return sign == "+"
    if relation in ("<=", ">="):
        return sign is not None or normaliser.is_zero(difference)
    if relation == "!=":
        return sign == "+" or certain_sign(normaliser, -difference) == "+"
    raise ValueError(f"a relation was expected, found {relation!r}")


def _proof(normaliser: Normaliser, claim: Claim, rules: tuple[str, ...]) -> Proof:
    used = tuple(_as_stated(a) for a in normaliser.knowledge.used
                 if not (isinstance(a, Fact) and a.text in (SPLIT, OBLIGED)))
    return Proof(used, rules or (("normal form",) if claim.relation == "=" else ("sign",)), _KEY)


OBLIGED = "obligation"


def learn(normaliser: Normaliser, obligations: tuple[Obligation, ...]) -> None:
    """What is positive because a side would have no value otherwise."""
    for obligation in obligations:
        if obligation.relation not in (">", ">="):
            continue
        for symbol, low, high in obligation.binders:
            normaliser.knowledge.ranges[symbol] = Range(low, high)
        general = tuple(symbol for symbol, _, _ in obligation.binders)
        fact = Fact(obligation.term, obligation.relation, Integer(0), general, text=OBLIGED)
        try:
            normaliser.learn(fact)
        except NO_FORM:
            continue  # an obligation without a normal form teaches nothing; it is still reported


def _undecided_pair(difference: Poly) -> tuple[Expr, Expr] | None:
    """Two free index expressions of which it matters whether they coincide."""
    for atom in sorted(_deltas(difference), key=lambda a: a.key):
        if not any(isinstance(s, Dummy) or s.name.startswith("#") for s in atom.free):
            return atom.data[0], atom.data[1]
    return None


def _deltas(poly: Poly) -> set[Atom]:
    found: set[Atom] = set()
    for atom in poly.atoms:
        if atom.kind in ("delta", "other"):
            found.add(atom)
        elif atom.kind == "sum":
            found |= {a for a, _ in atom.data[1] if a.kind in ("delta", "other")}
        elif atom.kind in ("poly", "log", "abs"):
            found |= _deltas(atom.data[0])
        elif atom.kind == "function":
            for argument in atom.data[2]:
                found |= _deltas(argument)
    return found


def settled(claim: Claim, context: Context) -> tuple[Claim, Context]:
    """Claim and context with the assumed equations of indices and sizes (``i = j``, ``n = 3``) substituted."""
    context = _places_named(context)
    for _ in range(8):
        found = next((s for a in context.assumptions if (s := index_equation(a)) is not None), None)
        if found is None:
            return claim, context
        symbol, value = found
        values = {symbol: value}
        context = _renamed(context, value)
        kept = tuple(_in_assumption(a, values) for a in context.assumptions if index_equation(a) != found)
        ranges = tuple((s, replace(r, low=r.low.xreplace(values), high=r.high.xreplace(values)))
                       for s, r in context.ranges)
        context = replace(context, assumptions=kept, ranges=ranges, size=context.size.xreplace(values),
                          definitions=tuple(_in_definition(d, symbol, value) for d in context.definitions))
        claim = in_claim(claim, values)
    return claim, context


def _places_named(context: Context) -> Context:
    """One-hot families whose place has no name get one, so that a case may ask which index it is."""
    for assumption in context.assumptions:
        if isinstance(assumption, OneHot) and assumption.at is None:
            name = str(assumption.family.label)
            place, shape = terms.index(f"c_{name}"), context.shape_of(name)
            context = context.with_range(place, shape[0] if shape else Range(Integer(1), context.size))
            named = replace(assumption, at=place, text=UNNAMED)
            context = replace(context, assumptions=tuple(named if a is assumption else a for a in context.assumptions))
    return context


def _as_stated(assumption: Assumption) -> Assumption:
    """The assumption that the context has, where a place was given a name for the proof."""
    if isinstance(assumption, OneHot) and assumption.text == UNNAMED:
        return replace(assumption, at=None, text="")
    return assumption


def _renamed(context: Context, value: Expr) -> Context:
    """The context with the variables of general facts renamed where `value` would be captured by them."""
    assumptions = []
    for assumption in context.assumptions:
        if isinstance(assumption, Fact) and value in assumption.forall:
            fresh = Dummy(str(value), integer=True)
            context = context.with_range(fresh, context.range_of(value))
            names = {value: fresh}
            assumption = replace(assumption, left=assumption.left.xreplace(names), right=assumption.right.xreplace(names),
                                 forall=tuple(names.get(s, s) for s in assumption.forall))
        assumptions.append(assumption)
    return replace(context, assumptions=tuple(assumptions))


def _in_definition(definition: Definition, symbol: Symbol, value: Expr) -> Definition:
    """A definition with a free index replaced; its own parameters are not free, and make way where they clash."""
    own = definition.head.free_symbols
    if symbol in own:
        return definition
    clashes = {s: Dummy(s.name, integer=True) for s in value.free_symbols if s in own and not s.is_positive}
    head, body = definition.head.xreplace(clashes), definition.body.xreplace(clashes)
    return replace(definition, head=head, body=body.xreplace({symbol: value}))


def index_equation(assumption: Assumption) -> tuple[Symbol, Expr] | None:
    """``i = j`` or ``n = 3`` as a substitution."""
    if not isinstance(assumption, Fact) or assumption.relation != "=":
        return None
    for symbol, value in ((assumption.left, assumption.right), (assumption.right, assumption.left)):
        if not isinstance(symbol, Symbol) or not symbol.is_integer or symbol in assumption.forall or symbol == value:
            continue
        is_name = isinstance(value, Symbol) and value.is_integer and symbol.is_positive in (None, value.is_positive)
        if value.is_Integer or is_name:
            return symbol, value
    return None


def _in_assumption(assumption: Assumption, values: dict[Symbol, Expr]) -> Assumption:
    if isinstance(assumption, HeldFixed):
        return assumption
    if isinstance(assumption, OneHot):
        return assumption if assumption.at is None else replace(assumption, at=assumption.at.xreplace(values))
    inner = {s: v for s, v in values.items() if s not in assumption.forall}
    return replace(assumption, left=assumption.left.xreplace(inner), right=assumption.right.xreplace(inner))


def in_claim(claim: Claim, values: dict[Symbol, Expr]) -> Claim:
    """The claim with free index symbols replaced."""
    return replace(
        claim, left=claim.left.xreplace(values), right=claim.right.xreplace(values),
        obligations=tuple(replace(o, term=o.term.xreplace(values)) for o in claim.obligations))
