"""Why a claim is not judged, and what would make a false one hold. Nothing here is ever called true."""

from __future__ import annotations

from sympy import Expr, Indexed, Integer, Symbol

from derive.judge.kernel import Proof, prove
from derive.judge.points.refuting import agrees
from derive.judge.screening import Screen
from derive.normal.normaliser import NO_FORM
from derive.normal.unfold import Recurrent, Unfolder, Unrelated
from derive.terms.context import Claim, Context, Fact
from derive.terms.heads import name_of
from derive.terms.reasons import Reason, Why, because
from derive.terms.terms import Partial


def unknown_derivative(claim: Claim, context: Context) -> Reason | None:
    """Why nothing can be said: a derivative of a quantity of which the document does not say what it depends on."""
    unfold = Unfolder(context, (claim.left, claim.right))
    try:
        sides = unfold(claim.left), unfold(claim.right)
    except Recurrent as problem:
        return because(Why.RECURRENT_MEMBERS, name=problem.name)
    except Unrelated as problem:
        return because(Why.UNKNOWN_DEPENDENCE, name=", ".join(problem.names), variable=problem.variable)
    except NO_FORM:
        return None
    for side in sides:
        given = {(each.name, each.inner) for each in context.through}
        unknown = (p for p in side.atoms(Partial) if (_name(p.expr), _name(p.variable)) not in given)
        for opaque in sorted(unknown, key=str):
            return because(Why.UNKNOWN_DEPENDENCE, name=_shown(opaque.expr), variable=_shown(opaque.variable))
    return None


def recurrence(claim: Claim, context: Context) -> Reason | None:
    """Why nothing can be said of a claim about a family that a recurrence gives: it is not unfolded."""
    unfold = Unfolder(context)
    for side in (claim.left, claim.right):
        try:
            names = {str(m.base.label) for m in unfold(side).atoms(Indexed)}
        except NO_FORM:
            continue
        found = sorted(names & context.recurring)
        if found:
            return because(Why.RECURRENT, name=found[0])
    return None


def _name(term: Expr) -> str:
    return name_of(term) if isinstance(term, (Indexed, Symbol)) else ""


def _shown(term: Expr) -> str:
    if isinstance(term, Indexed):
        places = [index.name if isinstance(index, Symbol) else str(index) for index in term.indices]
        inner = ("" if all(len(place) == 1 for place in places) else ",").join(places)
        return f"{term.base.label}_{inner}" if len(inner) == 1 else f"{term.base.label}_{{{inner}}}"
    return str(term)


def would_hold(claim: Claim, context: Context) -> Reason | None:
    """For which value of a scalar, 1 or 0, the claim would hold."""
    unfold = Unfolder(context)
    try:
        symbols = unfold(claim.left).free_symbols | unfold(claim.right).free_symbols
    except NO_FORM:
        return None
    screen = Screen(claim, context)
    facts = [a for a in context.assumptions if isinstance(a, Fact) and a.relation == "="]
    symbols -= {s for fact in facts for side in (fact.left, fact.right) for s in side.free_symbols}  # those are not at will
    for symbol in sorted((s for s in symbols if isinstance(s, Symbol) and s.is_real and not s.is_integer), key=str):
        for value in (Integer(1), Integer(0)):
            fact = Fact(symbol, "=", value)
            if fact in context.assumptions or _differentiated_by(claim, symbol) or screen.excludes_value(symbol, value):
                continue
            if isinstance(prove(claim, context.assume(fact)), Proof) and agrees(claim, context.assume(fact), 1).points:
                return because(Why.WOULD_HOLD, name=str(symbol), value=str(value))
    return None


def _differentiated_by(claim: Claim, symbol: Symbol) -> bool:
    return any(p.variable == symbol for side in (claim.left, claim.right) for p in side.atoms(Partial))
