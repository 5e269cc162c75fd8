"""``decide``: one claim in, one verdict out. Everything that is ever called true passes through here."""

from __future__ import annotations

from dataclasses import replace

from sympy import Expr, Indexed, Integer, Symbol

from derive.algebra.compound import is_compound, without_compound
from derive.algebra.context import Assumption, Claim, Context, Fact, HeldFixed, Obligation, OneHot, Range
from derive.algebra.normal import Normaliser
from derive.algebra.terms import Partial, Vector, dots
from derive.algebra.unfold import Recurrent, Unfolder, Unrelated
from derive.judge.conditions import missing_condition
from derive.judge.proof import NO_FORM, Open, Proof, index_equation, learn, prove
from derive.judge.repair import mended
from derive.judge.signs import certain_sign
from derive.judge.verdict import Condition, Kind, Verdict, Witness
from derive.judge.witness import agrees, closed_comparison, refute

POINTS = 6
BITS = (128,)


class Disagreement(RuntimeError):
    """The normal form proved what the balls refute: a bug in one of the two engines."""


def decide(claim: Claim, context: Context) -> Verdict:
    """The verdict on `claim` in `context`.

    Returns:
        PROVED, CONDITIONAL, REFUTED, TESTED, or UNREAD where a quantity is not known well enough to judge.

    Raises:
        Disagreement: if the two engines contradict each other.
    """
    if isinstance(claim.left, Vector) or isinstance(claim.right, Vector):
        return _entrywise(claim, context)
    if any(is_compound(p.variable) for side in (claim.left, claim.right) for p in side.atoms(Partial)):
        return _by_parts(claim, context)
    undefined = _undefined_side(claim, context)
    if undefined is not None:
        return undefined
    if claim.rounding is not None or claim.relation != "=":
        compared = closed_comparison(claim, context)
        if compared is not None:
            return _numbers(claim, context, compared)
    general = _any_size(context)
    attempt = prove(claim, general)
    if isinstance(attempt, Proof):
        return _proved(claim, general, attempt)
    if general is not context:
        attempt = prove(claim, context)
        if isinstance(attempt, Proof):
            return _proved(claim, context, attempt)
    unknown = _unknown_derivative(claim, context) or _recurrence(claim, context)
    if unknown is not None:
        return Verdict(Kind.UNREAD, unknown)
    return _open(claim, context, attempt)


def _any_size(context: Context) -> Context:
    """The context without equations such as ``n = 1000``: what holds for every size holds for that one."""
    kept = tuple(a for a in context.assumptions if not (
        isinstance(a, Fact) and (found := index_equation(a)) is not None and found[0].is_positive))
    return context if len(kept) == len(context.assumptions) else replace(context, assumptions=kept)


def _by_parts(claim: Claim, context: Context) -> Verdict:
    """A claim with derivatives by compound quantities: judged with the other parts held fixed, and only so."""
    unfold = Unfolder(context)
    try:
        left, held = without_compound(claim.left, unfold)
        right, also_held = without_compound(claim.right, unfold)
    except NO_FORM as problem:
        return Verdict(Kind.UNREAD, str(problem))
    verdict = decide(replace(claim, left=left, right=right), context)
    held = tuple(dict.fromkeys(held + also_held))
    if not held:
        return verdict
    conditions = tuple(Condition(what=HeldFixed(t), stated=False) for t in held) + verdict.conditions
    if verdict.kind in (Kind.PROVED, Kind.CONDITIONAL):
        return replace(verdict, kind=Kind.CONDITIONAL, conditions=conditions)
    return Verdict(Kind.TESTED, "with the other parts held fixed the two sides differ") if verdict.witness else verdict


def _proved(claim: Claim, context: Context, proof: Proof) -> Verdict:
    checked = agrees(claim, context, POINTS, BITS)
    if checked.failure is not None:
        raise Disagreement(f"{claim.latex or claim}: proved by normal form, refuted at {checked.failure.values}")
    obligations = _obligations(claim, context)
    conditions = tuple(Condition(what=a, stated=True) for a in _needed(claim, context, proof))
    if not checked.points and not checked.undecided:
        return Verdict(Kind.TESTED, "the normal forms agree, but no point was found at which both sides are defined "
                                    "and all assumptions hold", conditions, obligations, rules=proof.rules)
    return Verdict(Kind.PROVED, "", conditions, obligations, rules=proof.rules)


def _needed(claim: Claim, context: Context, proof: Proof) -> tuple[Assumption, ...]:
    """The hypotheses that the proof used; of conditions on indices and one-hot families those that it needs."""
    perhaps = [a for a in context.assumptions if (isinstance(a, OneHot) and a in proof.used) or (isinstance(a, Fact) and (
        index_equation(a) is not None or (a.relation == "!=" and a in proof.used)))]
    needed: list[Assumption] = [a for a in proof.used if a not in perhaps]
    for assumption in perhaps:
        without = replace(context, assumptions=tuple(a for a in context.assumptions if a != assumption))
        if isinstance(prove(claim, without), Open):
            needed.append(assumption)
        else:
            context = without
    return tuple(needed)


def _open(claim: Claim, context: Context, attempt: Open) -> Verdict:
    witness = refute(claim, context)
    found = missing_condition(claim, context)
    if found is not None:
        extra, proof = found
        return _conditional(claim, context, extra, proof, witness)
    if witness is not None:
        return Verdict(Kind.REFUTED, _why(claim, context), witness=witness, mended=mended(claim, context))
    tested = agrees(claim, context, POINTS)
    if tested.points:
        return Verdict(Kind.TESTED, f"no proof ({attempt.reason}) and no counterexample: "
                                    f"it held at {tested.points} generic points", obligations=_obligations(claim, context))
    return Verdict(Kind.TESTED, f"no proof ({attempt.reason}), and it could not be evaluated at any point")


def _conditional(claim: Claim, context: Context, extra: tuple[Assumption, ...], proof: Proof,
                 witness: Witness | None) -> Verdict:
    checked = agrees(claim, context.assume(*extra), POINTS)
    if checked.failure is not None:
        raise Disagreement(f"{claim.latex or claim}: proved under {extra}, refuted at {checked.failure.values}")
    if not checked.points and not checked.undecided:
        if witness is not None:
            return Verdict(Kind.REFUTED, witness=witness)
        return Verdict(Kind.TESTED, "a condition was found, but no point at which it holds")
    if witness is None:
        return Verdict(Kind.TESTED, "proved only under a further condition, but no counterexample without it was found",
                       tuple(Condition(what=a, stated=False) for a in extra), _obligations(claim, context), rules=proof.rules)
    stated = tuple(Condition(what=a, stated=True) for a in proof.used if a not in extra)
    conditions = tuple(Condition(what=a, stated=False) for a in extra) + stated
    swapped = any(isinstance(a, Fact) and a.relation == "=" and index_equation(a) is not None for a in extra)
    better = mended(claim, context) if swapped else None  # where indices must coincide, two may have been confused
    return Verdict(Kind.CONDITIONAL, "", conditions, _obligations(claim, context), witness, better, proof.rules)


def _numbers(claim: Claim, context: Context, holds: bool) -> Verdict:
    """A comparison of numbers without variables, by enclosures: exact, or up to the rounding that was meant."""
    if holds:
        message = "" if claim.rounding is None else f"to {claim.rounding} decimals"
        return Verdict(Kind.PROVED, message, obligations=_obligations(claim, context), rules=("enclosure of numbers",))
    return Verdict(Kind.REFUTED, witness=refute(claim, context))


def _entrywise(claim: Claim, context: Context) -> Verdict:
    """Vectors are equal iff their entries are; the verdict is the worst one."""
    if not isinstance(claim.left, Vector) or not isinstance(claim.right, Vector):
        return Verdict(Kind.UNREAD, "a list of entries is compared with something that is none")
    left, right = claim.left.entries, claim.right.entries
    if len(left) != len(right):
        return Verdict(Kind.REFUTED, f"{len(left)} entries on the left, {len(right)} on the right")
    gap = dots()
    if any((a == gap) != (b == gap) for a, b in zip(left, right, strict=True)):
        return Verdict(Kind.UNREAD, "the dots stand for different entries on the two sides")
    worst: Verdict | None = None
    for a, b in zip(left, right, strict=True):
        if a != gap:
            verdict = decide(replace(claim, left=a, right=b), context)
            if worst is None or _SEVERITY.index(verdict.kind) > _SEVERITY.index(worst.kind):
                worst = verdict
    if worst is None:
        return Verdict(Kind.UNREAD, "no entry is written out")
    return worst


_SEVERITY = (Kind.PROVED, Kind.CONDITIONAL, Kind.TESTED, Kind.UNREAD, Kind.REFUTED)


def _undefined_side(claim: Claim, context: Context) -> Verdict | None:
    """A side that has no value anywhere: a denominator or the argument of a logarithm is identically 0."""
    normaliser = Normaliser(context)
    for obligation in claim.obligations:
        try:
            value = normaliser(obligation.term)
        except NO_FORM:
            continue
        failing = value.constant()
        if obligation.relation in (">", "!=") and (normaliser.is_zero(value) or
                                                   (obligation.relation == ">" and failing is not None and failing < 0)):
            return Verdict(Kind.REFUTED, f"a side is not defined: {obligation.latex or obligation.term} fails",
                           obligations=(Condition(what=obligation, stated=False),),
                           witness=Witness(None, (), "undefined", "undefined"))
    return None


def _obligations(claim: Claim, context: Context) -> tuple[Condition, ...]:
    """The obligations that do not follow from the others and what the context says, and those that an assumption meets."""
    result, open_ = [], []
    normaliser = Normaliser(context)
    for obligation in dict.fromkeys(claim.obligations):
        normaliser.knowledge.used.clear()
        if not _met(normaliser, obligation):
            open_.append(obligation)
        elif normaliser.knowledge.used:
            result.append(Condition(what=obligation, stated=True))
    for obligation in sorted(open_, key=lambda o: (o.relation == "!=", o.term.count_ops(), o.relation == ">="), reverse=True):
        others = Normaliser(context)
        learn(others, tuple(o for o in open_ if o is not obligation))
        if _met(others, obligation):
            open_.remove(obligation)
    return tuple(Condition(what=o, stated=False) for o in open_) + tuple(result)


def _met(normaliser: Normaliser, obligation: Obligation) -> bool:
    for symbol, low, high in obligation.binders:
        normaliser.knowledge.ranges[symbol] = Range(low, high)
    try:
        value = normaliser(obligation.term)
    except NO_FORM:
        return False
    sign = certain_sign(normaliser, value)
    if obligation.relation == "!=":
        return sign == "+" or certain_sign(normaliser, -value) == "+"
    return sign == "+" or (sign is not None and obligation.relation == ">=")


def _unknown_derivative(claim: Claim, context: Context) -> str | None:
    """Why nothing can be said: a derivative of a quantity of which the document does not say what it depends on."""
    unfold = Unfolder(context, (claim.left, claim.right))
    try:
        sides = unfold(claim.left), unfold(claim.right)
    except (Recurrent, Unrelated) as problem:
        return str(problem)
    except NO_FORM:
        return None
    for side in sides:
        for opaque in sorted(side.atoms(Partial), key=str):
            return f"nothing says how {_shown(opaque.expr)} depends on {_shown(opaque.variable)}"
    return None


def _recurrence(claim: Claim, context: Context) -> str | None:
    """Why nothing can be said of a claim about a family that a recurrence gives: it is not unfolded."""
    unfold = Unfolder(context)
    for side in (claim.left, claim.right):
        try:
            names = {str(m.base.label) for m in unfold(side).atoms(Indexed)}
        except NO_FORM:
            continue
        found = sorted(names & set(context.recurrent))
        if found:
            return f"{found[0]} is given by a recurrence, which is not unfolded"
    return None


def _shown(term: Expr) -> str:
    if isinstance(term, Indexed):
        return f"{term.base.label}_{''.join(map(str, term.indices))}"
    return str(term)


def _why(claim: Claim, context: Context) -> str:
    """For which value of a scalar, 1 or 0, the claim would hold."""
    unfold = Unfolder(context)
    try:
        symbols = unfold(claim.left).free_symbols | unfold(claim.right).free_symbols
    except NO_FORM:
        return ""
    for symbol in sorted((s for s in symbols if isinstance(s, Symbol) and s.is_real and not s.is_integer), key=str):
        for value in (Integer(1), Integer(0)):
            fact = Fact(symbol, "=", value)
            if fact in context.assumptions or _differentiated_by(claim, symbol):
                continue
            if isinstance(prove(claim, context.assume(fact)), Proof) and agrees(claim, context.assume(fact), 1).points:
                return f"it would hold if {symbol} = {value}"
    return ""


def _differentiated_by(claim: Claim, symbol: Symbol) -> bool:
    return any(p.variable == symbol for side in (claim.left, claim.right) for p in side.atoms(Partial))
