"""Verdicts in words: conditions and obligations as LaTeX and as plain text, and one sentence for each verdict."""

from __future__ import annotations

from dataclasses import replace

from sympy import Expr, Integer

from derive.judge.obligations import NOWHERE
from derive.judge.verdict import Condition, Doubt, Kind, Verdict
from derive.terms import terms
from derive.terms.context import Assumption, Claim, Context, DependsOn, Fact, HeldFixed, Obligation, OneHot
from derive.terms.reasons import Reason, Why, because, together
from derive.terms.relations import RelationKey
from derive.writing.messages.rendering import rendered
from derive.writing.writer import claim_latex, claim_text, latex, text


def worded(verdict: Verdict, context: Context) -> Verdict:
    """`verdict` with its conditions and obligations in print and a message."""
    conditions = tuple(in_print(c, context) for c in verdict.conditions)
    obligations = tuple(in_print(c, context) for c in verdict.obligations)
    result = replace(verdict, conditions=conditions, obligations=obligations)
    return said(replace(result, reason=_reason(result)))


def said(verdict: Verdict) -> Verdict:
    """`verdict` with its reason as a message."""
    return verdict.saying(rendered(verdict.reason))


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


def _read_back(obligation: Obligation) -> tuple[Expr, RelationKey, Expr]:
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
    if isinstance(assumption, DependsOn):
        return _dependence(assumption, context)
    if isinstance(assumption, Fact):
        plain = claim_text(assumption.left, assumption.relation, assumption.right, context)
        return claim_latex(assumption.left, assumption.relation, assumption.right, context), plain
    raise TypeError(f"an assumption was expected, found {type(assumption).__name__}")


def _dependence(assumption: DependsOn, context: Context) -> tuple[str, str]:
    """How a quantity depends on variables; a family is named by one of its members."""
    whole, plain = latex(assumption.quantity, context), text(assumption.quantity, context)
    every = ["all " if spans else "" for spans in assumption.spans or ((),) * len(assumption.inner)]
    of_latex = ", ".join(latex(each, context) for each in assumption.inner)
    of_text = " and ".join(all_ + text(each, context) for all_, each in zip(every, assumption.inner, strict=True))
    if not assumption.variables:
        return rf"{whole} \text{{ a function of }} {of_latex} \text{{ alone}}", f"{plain} is a function of {of_text} alone"
    on_latex = ", ".join(latex(each, context) for each in assumption.variables)
    on_text = " and ".join(text(each, context) for each in assumption.variables)
    in_latex = rf"{whole} \text{{ dependent on }} {on_latex} \text{{ through }} {of_latex} \text{{ alone}}"
    return in_latex, f"{plain} depends on {on_text} through {of_text} alone"


def reason_of(doubt: Doubt) -> Reason:
    """A doubt as a reason, such as *line 12 says something of S that was not read*."""
    return because(
        Why[f"DOUBT_{doubt.cause.name}"],
        name=doubt.name,
        line=doubt.line,
        taken="" if doubt.taken is None else because(doubt.taken),
    )


def _reason(verdict: Verdict) -> Reason | None:
    """The judge's reason with what the verdict comes with."""
    if verdict.kind is Kind.CONDITIONAL:
        needed = " and ".join(
            c.text if not c.line else rendered(because(Why.SAID_IN_LINE, text=c.text, line=c.line))
            for c in verdict.conditions
            if not c.stated
        )
        return together(because(Why.HOLDS_WHEN, conditions=needed), verdict.reason)
    if verdict.kind is Kind.DOUBTFUL:
        witness = verdict.witness
        apart = (
            because(Why.NOT_AS_READ) if witness is None else because(Why.DIFFER_AS_READ, left=witness.left, right=witness.right)
        )
        return together(apart, *(reason_of(doubt) for doubt in verdict.doubts), verdict.reason)
    if verdict.kind is Kind.REFUTED:
        witness = verdict.witness
        differ = (
            None if witness is None or witness == NOWHERE else because(Why.SIDES_DIFFER, left=witness.left, right=witness.right)
        )
        return together(differ, verdict.reason) or because(Why.FALSE)
    if verdict.kind is Kind.PROVED and verdict.conditions:
        return together(verdict.reason, because(Why.USES, conditions=", ".join(c.text for c in verdict.conditions)))
    return verdict.reason
