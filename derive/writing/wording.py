"""Verdicts in words: conditions and obligations as LaTeX and as plain text, and one sentence for each verdict."""

from __future__ import annotations

from dataclasses import replace

from sympy import Expr, Integer

from derive.judge.verdict import Cause, Condition, Doubt, Kind, Verdict
from derive.terms import terms
from derive.terms.context import Assumption, Claim, Context, Fact, HeldFixed, Obligation, OneHot
from derive.writing.writer import claim_latex, claim_text, latex, text


def worded(verdict: Verdict, context: Context) -> Verdict:
    """`verdict` with its conditions and obligations in print and a message."""
    conditions = tuple(in_print(c, context) for c in verdict.conditions)
    obligations = tuple(in_print(c, context) for c in verdict.obligations)
    result = replace(verdict, conditions=conditions, obligations=obligations)
    return replace(result, message=_message(result, context))


def mended_latex(claim: Claim, context: Context, left: str = "") -> str:
    """The mended claim; `left` is the left side as its author wrote it."""
    whole = claim_latex(claim.left, claim.relation, claim.right, context)
    return f"{left} {claim.relation} {latex(claim.right, context)}" if left else whole


def assumption_text(assumption: Assumption, context: Context) -> str:
    """An assumption in plain text, such as ``sum_k y_k = 1`` or ``y one-hot at i``."""
    return _assumption(assumption, context)[1]


def in_print(condition: Condition, context: Context) -> Condition:
    """`condition` with what it says as LaTeX and as plain text."""
    what = condition.what
    if isinstance(what, Obligation):
        written = what.latex or claim_latex(what.term, what.relation, Integer(0), context)
        plain = claim_text(*_read_back(what), context)
        return replace(condition, latex=written, text=plain)
    if what is None:
        return condition
    written, plain = _assumption(what, context)
    return replace(condition, latex=written, text=plain)


def _read_back(obligation: Obligation) -> tuple[Expr, str, Expr]:
    """The obligation without its binders, their letters free: a_k > 0."""
    values = {symbol: terms.index(symbol.name) for symbol, _, _ in obligation.binders}
    return obligation.term.xreplace(values), obligation.relation, Integer(0)


def _assumption(assumption: Assumption, context: Context) -> tuple[str, str]:
    if isinstance(assumption, OneHot):
        name = terms.scalar(str(assumption.family.label))
        if assumption.at is None:
            return rf"{latex(name, context)} \text{{ one-hot}}", f"{text(name, context)} one-hot"
        at_latex, at_text = latex(assumption.at, context), text(assumption.at, context)
        return rf"{latex(name, context)} \text{{ one-hot at }} {at_latex}", f"{text(name, context)} one-hot at {at_text}"
    if isinstance(assumption, HeldFixed):
        return rf"{latex(assumption.term, context)} \text{{ held fixed}}", f"{text(assumption.term, context)} held fixed"
    if isinstance(assumption, Fact):
        plain = claim_text(assumption.left, assumption.relation, assumption.right, context)
        return claim_latex(assumption.left, assumption.relation, assumption.right, context), plain
    raise TypeError(f"an assumption was expected, found {type(assumption).__name__}")


_DOUBTS = {
    Cause.ROLE: "that is a finding only if it is meant as a claim",
    Cause.NAME: "nothing read says what {0.name} is",
    Cause.NARROWED: "line {0.line} says something of {0.name} that was not read",
    Cause.NOT_READ: "line {0.line} says what {0.name} is, which was not read",
    Cause.CHOICE: "{0.name} is read as {0.taken}",
    Cause.BUILT_IN: "{0.name} is taken in its customary meaning, which nothing here says",
    Cause.ELSEWHERE: "the meaning of {0.name} comes from line {0.line}, in another part",
}


def doubt_text(doubt: Doubt) -> str:
    """A doubt in plain words, such as *line 12 says something of S that was not read*."""
    return _DOUBTS[doubt.cause].format(doubt)


def _message(verdict: Verdict, context: Context) -> str:
    if verdict.kind is Kind.CONDITIONAL:
        needed = " and ".join(c.text + (f", said in line {c.line}, but not in force here" if c.line else "")
                               for c in verdict.conditions if not c.stated)
        return f"holds when {needed}" + (f"; {verdict.message}" if verdict.message else "")
    if verdict.kind is Kind.DOUBTFUL:
        differ = f"the sides differ as read ({verdict.witness.left} and {verdict.witness.right})" if verdict.witness else \
            "it does not hold as read"
        parts = [differ, *(doubt_text(doubt) for doubt in verdict.doubts), verdict.message]
        return "; ".join(part for part in parts if part)
    if verdict.kind is Kind.REFUTED:
        parts = [verdict.message] if verdict.message else []
        if verdict.witness is not None and verdict.witness.left != "undefined":
            parts.insert(0, f"the sides differ: {verdict.witness.left} and {verdict.witness.right}")
        return "; ".join(parts) or "false"
    if verdict.kind is Kind.PROVED:
        given = ", ".join(c.text for c in verdict.conditions)
        return "; ".join(part for part in (verdict.message, f"uses {given}" if given else "") if part)
    return verdict.message
