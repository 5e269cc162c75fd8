"""A proof laid out for printing: sections with rows, in the order in which they are read, each lemma once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from derive.jobs.languages import Given
from derive.jobs.prove import Filled, ProofReport
from derive.prover.derivation import Derivation, Printed, Step
from derive.prover.rules import HYPOTHESIS, LEMMAS
from derive.terms.context import Context, Fact
from derive.writing.writer import claim_latex, latex, text

WORDS = {
    "en": {
        "lemma": "Lemma",
        "goal": "Derivation",
        "if": "If",
        "together": "Both cases together",
        "open": "Not derived",
        "given": "Given",
        "definitions": "Definitions",
        "uses": "It uses",
        "result": "Result",
        "relies": "It relies on",
        "proof": "Proof",
        "line": "line",
        "let": "Let",
    },
    "zh": {
        "lemma": "引理",
        "goal": "推导",
        "if": "若",
        "together": "两种情形合并",
        "open": "未能推导",
        "given": "已知",
        "definitions": "定义",
        "uses": "用到",
        "result": "结果",
        "relies": "依赖于",
        "proof": "证明",
        "line": "行",
        "let": "设",
    },
}


@dataclass(frozen=True)
class Row:
    """``left = right`` by `rule`; `left` only in the first row of a block. `reasons` are in LaTeX."""

    left: Printed | None
    step: Step
    rule: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Block:
    """Rows that stand together; `case` is the condition under which, `together` marks what joins the cases."""

    rows: tuple[Row, ...]
    context: Context
    case: Fact | None = None
    together: bool = False


@dataclass(frozen=True)
class Section:
    """A lemma (numbered) or a goal, with its blocks; `filled` is set for a goal. `title` names it."""

    number: int
    blocks: tuple[Block, ...]
    derivation: Derivation | None
    filled: Filled | None = None
    title: str = ""


def sections(report: ProofReport, lang: str) -> Iterator[Section]:
    """The sections of a report; a lemma comes before what uses it first."""
    numbering = count(1)
    titles: dict[str, str] = {}
    for filled in report.goals:
        title = f"{WORDS[lang]['goal']} ({WORDS[lang]['line']} {filled.line})"
        if filled.shown is None:
            yield Section(0, (), None, filled, title)
            continue
        yield from _lemmas(filled.shown, lang, titles, numbering)
        yield Section(0, _blocks(filled.shown, lang, titles), filled.shown, filled, title)
        if filled.done:
            titles.setdefault(key(filled.shown), title)


def _lemmas(derivation: Derivation, lang: str, titles: dict[str, str], numbering: Iterator[int]) -> Iterator[Section]:
    """The lemmas that have no title yet: those of no section so far, be it that of a lemma or that of a goal."""
    for case in derivation.cases:
        yield from _lemmas(case, lang, titles, numbering)
    for lemma in derivation.lemmas:
        name = key(lemma)
        if name not in titles:
            yield from _lemmas(lemma, lang, titles, numbering)
            number = next(numbering)
            titles[name] = f"{WORDS[lang]['lemma']} {number}"
            yield Section(number, _blocks(lemma, lang, titles), lemma, title=titles[name])


def key(derivation: Derivation) -> str:
    """What is stated, so that the same lemma is printed once."""
    if derivation.stated is not None:
        return stated_text(derivation)
    return f"{text(derivation.goal, derivation.context)} = {derivation.result}"


def _blocks(derivation: Derivation, lang: str, titles: Mapping[str, str]) -> tuple[Block, ...]:
    found = []
    if derivation.steps:
        found.append(Block(_rows(derivation.printed, derivation.steps, lang, titles), derivation.context, derivation.case))
    for case in derivation.cases:
        found += _blocks(case, lang, titles)
    if derivation.closing:
        rows = _rows(derivation.printed, derivation.closing, lang, titles)
        found.append(Block(rows, derivation.context, derivation.case, together=True))
    return tuple(found)


def _rows(goal: Printed, steps: tuple[Step, ...], lang: str, titles: Mapping[str, str]) -> tuple[Row, ...]:
    rows = []
    for position, step in enumerate(steps):
        rows.append(Row(goal if position == 0 else None, step, rule_names(step, lang, titles), reasons_of(step)))
    return tuple(rows)


def rule_names(step: Step, lang: str, titles: Mapping[str, str]) -> str:
    """The names of the step's rules; for lemmas that are inserted, their titles."""
    names: list[str] = []
    for rule in step.rules:
        cited = [titles[key(lemma)] for lemma in step.lemmas if key(lemma) in titles] if rule == LEMMAS else []
        names += cited or [rule.called(lang)]
    return ("、" if lang == "zh" else ", ").join(names)


def reasons_of(step: Step) -> tuple[str, ...]:
    """The hypotheses on which a step rests where it is by a hypothesis that it goes on, in LaTeX."""
    return step.reasons if HYPOTHESIS in step.rules or LEMMAS in step.rules else ()


def case_latex(fact: Fact) -> str:
    """The condition of a case."""
    return fact.latex or claim_latex(fact.left, fact.relation, fact.right)


def conditions_latex(derivation: Derivation) -> tuple[list[str], list[str]]:
    """The hypotheses that were used, and the domain facts on which the derivation relies, in LaTeX."""
    from derive.terms.context import Obligation
    from derive.writing.wording import in_print

    used: dict[str, None] = {}
    relied: dict[str, None] = {}
    for condition in (in_print(c, derivation.context) for c in derivation.conditions):
        (relied if isinstance(condition.what, Obligation) else used).setdefault(condition.latex)
    return list(used), list(relied)


def context_of(report: ProofReport) -> Context:
    """What was known in the document, what was at all of its goals, and the ranges of the letters of the derivations."""
    context = report.context
    known = [filled.derivation.context.assumptions for filled in report.goals if filled.derivation is not None]
    facts = [each for each in known[0] if isinstance(each, Fact)] if known else []
    shared = [each for each in facts if all(each in others for others in known)]
    context = context.assume(*(each for each in shared if each not in context.assumptions))
    for filled in report.goals:
        for derivation in _all(filled.derivation):
            for letter, span in derivation.context.ranges:
                if context.range_of(letter) != span:
                    context = context.with_range(letter, span)
    return context


def _all(derivation: Derivation | None) -> Iterator[Derivation]:
    if derivation is not None:
        yield derivation
        for part in (*derivation.lemmas, *derivation.cases):
            yield from _all(part)


def given_latex(context: Context, given: Given) -> Iterator[str]:
    """The definitions in LaTeX, in the notation of the document where it has one for them."""
    yield from given.definitions
    for definition in context.definitions:
        if definition.head not in given.heads:
            yield claim_latex(definition.head, "=", definition.body, context)


def stated_latex(derivation: Derivation) -> str:
    """``goal = result`` in LaTeX, ``?`` where there is no result."""
    result, last, context = derivation.result, derivation.last, derivation.context
    right = "?" if result is None else latex(result, context) if last is None else last.latex
    return f"{derivation.printed.latex} = {right}"


def stated_text(derivation: Derivation) -> str:
    """``goal = result`` in plain text, ``?`` where there is no result."""
    result, last, context = derivation.result, derivation.last, derivation.context
    right = "?" if result is None else text(result, context) if last is None else last.text
    return f"{derivation.printed.text} = {right}"
