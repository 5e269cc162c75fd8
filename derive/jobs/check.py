"""The main job from end to end: documents in, a report out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from derive.certify.issued import Issued
from derive.documents import Directive, Document, DocumentError, Formula, Loaded, Unopened, load, text_or_file
from derive.jobs import outcome as model
from derive.jobs.certifying import Progress, certified
from derive.jobs.explaining import in_words, understood
from derive.jobs.layouts import Laid, Layouts, layout_of
from derive.jobs.limits import Failed, Limits, Step, TooMuch, run_all
from derive.jobs.resting import of_every_entry, only_proved, remembered, settled
from derive.jobs.silence import heard
from derive.judge.decide import Disagreement, decide
from derive.judge.verdict import Kind, Verdict
from derive.narrative.structure import Found
from derive.narrative.walk import Entry, Narrative, read_document
from derive.terms.context import Claim, Context, OneHot
from derive.terms.reasons import Reason, Why, because, together
from derive.writing.messages.rendering import rendered
from derive.writing.wording import assumption_text, mended_latex, said, worded
from derive.writing.writer import claim_text

WORST = (Kind.PROVED, Kind.CONDITIONAL, Kind.TESTED, Kind.UNREAD, Kind.DOUBTFUL, Kind.REFUTED)
_OWN = (
    r"Let $a_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$ with $x > 0$. "
    r"Then $x + \ln x = 0$, $\frac{\partial a_i}{\partial z_j} = -a_i a_j$."
)
BROKEN = frozenset({Why.ENGINES_DISAGREE, Why.BUG})
"""A fault of the program, and no verdict on the claim."""


def check(text: str | Path, name: str = "text.md", given: Sequence[str] = ()) -> model.DocumentReport:
    """Judge every step of the document `text`.

    Args:
        text: the source; `name` says by its suffix how it is read. A path is the file itself.
        given: definitions and assumptions in LaTeX that hold from the first line on.

    Raises:
        ValueError: if `text` is the name of a file.
        DocumentError: if a file cannot be opened.

    >>> [claim.verdict for claim in check("$(x+1)^2 = x^2 + 2x + 1$ but $(x+1)^2 = x^2 + 1$").claims]
    ['proved', 'refuted']
    """
    prepare()
    return _report(text_or_file(text, name, "derive.jobs.check"), tuple(given), Limits(), None)


def check_paths(
    paths: Sequence[str | Path | Unopened],
    expressions: Sequence[str],
    given: Sequence[str],
    jobs: int,
    progress: Progress | None = None,
    limits: Limits | None = None,
    certify: str | None = None,
) -> model.Report:
    """Judge every step of the documents at `paths` and of the claims `expressions`, each claim within `limits`.

    A document that cannot be opened, or not be read within the limits, is reported with its error beside the others.

    With `certify`, ``"coq"``, an independent proof checker is asked to confirm what was proved or refuted.

    Raises:
        NoCoq: if certificates are asked for and Coq is not installed.
    """
    start = time.perf_counter()
    if certify is not None:
        from derive.certify.coq.coqc import require

        require()
    documents = [_opened(path) for path in paths]
    documents += [_expression(number, latex_) for number, latex_ in enumerate(expressions, 1)]
    if len(documents) > 1:
        prepare()  # before there are threads
    prefixes = {id(document): f"claim_{number}" if certify else "" for number, document in enumerate(documents, 1)}
    reports = run_all(
        documents, lambda d, tell: _reported(d, tuple(given), limits or Limits(), tell, prefixes[id(d)]), jobs, progress
    )
    if certify is not None:
        reports = certified(reports, progress)
    faults = {why.value for why in BROKEN}
    disagreements = tuple(f"{c.id}: {c.message}" for r in reports for c in r.claims if c.reason in faults)
    return model.Report(tuple(reports), round(time.perf_counter() - start, 3), disagreements)


def _expression(number: int, formula: str) -> Loaded:
    return Loaded(f"-e {number}" if number > 1 else "-e", ".md", f"$$\n{formula}\n$$", by_option=True)


def _opened(path: str | Path | Unopened) -> Loaded | Unopened:
    if isinstance(path, Unopened):
        return path
    try:
        return load(path)
    except DocumentError as error:
        return _unopened(str(path), error)


def _unopened(path: str, error: DocumentError) -> Unopened:
    return Unopened(path, str(error).removeprefix(f"{path}: "))


def _reported(
    document: Loaded | Unopened, given: tuple[str, ...], limits: Limits, tell: Callable[[int, int], None] | None, prefix: str
) -> model.DocumentReport:
    """The report on one document, also where it cannot be opened."""
    if isinstance(document, Loaded):
        try:
            return _report(document, given, limits, tell, prefix)
        except DocumentError as error:
            document = _unopened(document.path, error)
    return model.DocumentReport(document.path, error=document.reason)


def _report(
    loaded: Loaded, given: tuple[str, ...], limits: Limits, tell: Callable[[int, int], None] | None, prefix: str = ""
) -> model.DocumentReport:
    """The report on one document; everything that its text decides runs under limits.

    With a `prefix` for their names, the claims come with certificates that were not checked yet.
    """
    try:
        results = limits.stream(lambda step: _work(loaded, given, step, prefix), tell, (DocumentError,))
    except TooMuch as problem:
        raise DocumentError(f"{loaded.path}: cannot be read: {problem}") from problem
    except Failed as problem:
        lost = model.Claim(
            "",
            1,
            1,
            1,
            1,
            "",
            "",
            Kind.UNREAD.value,
            reason=Why.BUG.value,
            message=rendered(because(Why.BUG, error=problem.reason)),
        )
        return model.DocumentReport(loaded.path, _numbered(loaded.path, [lost]), by_option=loaded.by_option)
    context = model.Context()
    claims: list[model.Claim] = []
    notes: list[str] = []
    structure: list[model.Finding] = []
    directives: tuple[Directive, ...] = ()
    layouts = Layouts()
    for result in results:
        if isinstance(result, Laid):
            layouts, claim = layouts.taking(result)
            claims.append(claim)
        elif isinstance(result, model.Claim):
            claims.append(result)
        elif isinstance(result, Issued):
            if layouts.kept:
                claims[-1] = replace(claims[-1], certificate=result)
        elif isinstance(result, model.Context):
            context = result
        elif isinstance(result, model.Finding):
            structure.append(result)
        elif isinstance(result, _Comments):
            directives = result.directives
        elif isinstance(result, tuple):
            notes += [f"line {line}: {text}" for line, text in result]
    found = heard(_numbered(loaded.path, claims), directives, structure)
    return model.DocumentReport(
        loaded.path,
        found.claims,
        context,
        (*notes, *found.notes),
        loaded,
        found.unmet,
        by_option=loaded.by_option,
        structure=found.structure,
    )


@cache
def prepare() -> None:
    """Load here, once, what every document needs; the children that are forked afterwards have it already.

    Tables, patterns and modules take ten times as long as a short document. The text that is judged for it is our own.
    """
    for entry in read_document(Loaded("", ".md", _OWN).document(), (), lambda: None).entries:
        _judgement(entry)


@dataclass(frozen=True)
class _Comments:
    """The comments of a document that say how findings are taken, as a result of the work on it."""

    directives: tuple[Directive, ...]


def _work(loaded: Loaded, given: tuple[str, ...], step: Step, prefix: str = "") -> Iterator[Callable[[Reason | None], object]]:
    """The pieces of work of a document, in order; each is called with None to do it, or with the reason why it was cut off."""
    document = loaded.document()
    narrative = read_document(document, given, step)
    yield lambda failed: _context(narrative)
    yield lambda failed: _Comments(document.directives)
    yield lambda failed: (
        *((note.line, note.text) for note in document.notes),
        *((line, rendered(problem)) for line, problem in narrative.problems),
    )
    for fault in narrative.structure:
        yield lambda failed, fault=fault: _finding(document, fault)  # type: ignore[misc]
    for number, entry in enumerate(narrative.entries, 1):
        yield lambda failed, entry=entry: _claim(document, entry, failed, narrative.labels)  # type: ignore[misc]
        if prefix and entry.settled is None:
            name = f"{prefix}_{number}"
            yield lambda failed, entry=entry, name=name: _issued(entry, name, failed, narrative.labels)  # type: ignore[misc]


def _finding(document: Document, found: Found) -> model.Finding:
    """A structure finding as the report shows it."""
    line, column = found.formula.position(found.fault.start)
    end_line, end_column = found.formula.position(max(found.fault.end - 1, found.fault.start))
    reason = found.fault.reason
    return model.Finding(
        found.fault.kind.value,
        line,
        column,
        end_line,
        end_column + 1,
        rendered(reason),
        reason.why.value,
        found.formula.latex,
        found.formula.cell,
        document.line(line),
    )


def _numbered(path: str, claims: list[model.Claim]) -> tuple[model.Claim, ...]:
    """Claims with ids ``path:line:k``, k counting the claims of a line."""
    seen: dict[int, int] = {}
    result = []
    for claim in claims:
        seen[claim.line] = seen.get(claim.line, 0) + 1
        result.append(replace(claim, id=f"{path}:{claim.line}:{seen[claim.line]}"))
    return tuple(result)


def _claim(document: Document, entry: Entry, failed: Reason | None, labels: frozenset[str]) -> model.Claim | Laid:
    """The claim as the report shows it, with what it is in the other layout of derivatives where no words settle that."""
    claim = _shown(document, entry, failed, labels)
    if not entry.layouts or entry.settled is not None or failed is not None:
        return claim
    alone = {each: replace(entry, claims=claims, otherwise=()) for each, claims in layout_of(entry).items()}
    return Laid(claim, {each: _shown(document, one, failed, labels) for each, one in alone.items()})


def _shown(document: Document, entry: Entry, failed: Reason | None, labels: frozenset[str]) -> model.Claim:
    start = time.perf_counter()
    context = entry.context
    if entry.settled is not None:
        verdict = said(entry.settled)
    elif failed is not None:
        verdict = said(Verdict(Kind.UNREAD, failed))
    else:
        found, context = _judgement(entry, labels)
        verdict = worded(found, context)
    elapsed = 1000 * (time.perf_counter() - start)
    reading = None if failed is not None else understood(entry, context)
    return replace(_printed(document, entry, verdict, elapsed), reading=reading)


def judged(entry: Entry, labels: frozenset[str] = frozenset()) -> Verdict:
    """The verdict on an entry's claims, in words: the worst one if there are several.

    `labels` are the names that the text calls a label, a target or one-hot.
    """
    return worded(*_judgement(entry, labels))


def _judgement(entry: Entry, labels: frozenset[str] = frozenset()) -> tuple[Verdict, Context]:
    """The verdict, and the context in which it was found."""
    verdict, context = _decided(entry, entry.context)
    if verdict.kind in (Kind.UNREAD, Kind.REFUTED, Kind.TESTED) and entry.later is not None:
        later, later_context = _decided(entry, entry.later)
        if later.kind in (Kind.PROVED, Kind.CONDITIONAL):
            verdict, context = replace(later, reason=together(later.reason, because(Why.LATER_DEFINITIONS))), later_context
    if verdict.kind in (Kind.REFUTED, Kind.CONDITIONAL) and entry.otherwise:
        other, _ = _decided(replace(entry, claims=entry.otherwise), context)
        if other.kind is Kind.PROVED:
            verdict = replace(other, reason=together(other.reason, because(Why.OTHER_LAYOUT)))
    if verdict.kind in (Kind.REFUTED, Kind.TESTED, Kind.CONDITIONAL) and entry.said:
        verdict, context = remembered(entry.claims, context, entry.said, verdict)
    hot = {str(a.family.label) for a in (*context.assumptions, *(a for a, _ in entry.said)) if isinstance(a, OneHot)}
    verdict = of_every_entry(verdict, entry.claims, entry.spaces) if entry.spaces else verdict
    verdict = settled(verdict, labels | hot, entry.choices, entry.doubts)
    if entry.unless_proved is not None:
        verdict = only_proved(verdict, entry.unless_proved)
    if entry.ends is not None and (verdict.kind is Kind.DOUBTFUL or entry.unless_proved and verdict.kind is Kind.UNREAD):
        ends, _ = _judgement(entry.ends, labels)
        if ends.kind is Kind.REFUTED:
            return replace(ends, reason=because(Why.CHAIN_ENDS)), context
    return verdict, context


def _issued(entry: Entry, name: str, failed: Reason | None, labels: frozenset[str]) -> Issued:
    """Certificates of an entry's claims, not checked yet."""
    from derive.certify.issue import issue_all

    if failed is not None:
        return Issued(reason=rendered(failed))
    verdict, context = _judgement(entry, labels)
    return issue_all(name, entry.claims, context, verdict, in_words(entry.latex, understood(entry, context)))


def _decided(entry: Entry, context: Context) -> tuple[Verdict, Context]:
    verdicts = []
    for claim in entry.claims:
        try:
            verdicts.append(decide(claim, context))
        except Disagreement as problem:
            verdicts.append(Verdict(Kind.UNREAD, because(Why.ENGINES_DISAGREE, problem=str(problem))))
    return max(verdicts, key=lambda v: WORST.index(v.kind)), context


def _printed(document: Document, entry: Entry, verdict: Verdict, elapsed: float) -> model.Claim:
    formula: Formula = entry.formula
    line, column = formula.position(entry.start)
    end_line, end_column = formula.position(entry.end)
    mended = None
    if verdict.mended is not None:
        mended = _mended(entry, verdict.mended)
    return model.Claim(
        id="",
        line=line,
        column=column,
        end_line=end_line,
        end_column=end_column,
        latex=entry.latex,
        relation=entry.relation,
        verdict=verdict.kind.value,
        conditions=verdict.conditions,
        obligations=verdict.obligations,
        witness=verdict.witness,
        mended=mended,
        rules=verdict.rules,
        message=verdict.message,
        reason=verdict.reason.why.value if verdict.reason is not None else "",
        milliseconds=round(elapsed, 2),
        cell=formula.cell,
        source_line=document.line(line),
        at=_place(document, entry, verdict),
        doubts=verdict.doubts,
    )


def _place(document: Document, entry: Entry, verdict: Verdict) -> model.Place | None:
    """Where to look: at what was not understood, or at the right side of what does not hold as it stands."""
    part = entry.at
    if part is None and entry.settled is None and entry.statement is not None and verdict.kind.value in model.FINDINGS:
        start, end = entry.statement.relations[entry.position].right_span
        return _marked(document, entry, start, end)
    if part is None:
        return None
    return _marked(document, entry, part.start, part.end, part.expected)


def _marked(document: Document, entry: Entry, start: int, end: int, expected: str = "") -> model.Place:
    line, column = entry.formula.position(start)
    end_line, end_column = entry.formula.position(max(end - 1, start))
    end_column += int(end > start)
    return model.Place(line, column, end_line, end_column, expected, document.line(line))


def _mended(entry: Entry, claim: Claim) -> str:
    left = ""
    if entry.statement is not None:
        start, end = entry.statement.relations[entry.position].left_span
        left = " ".join(entry.formula.latex[start:end].split())
    return mended_latex(claim, entry.context, left)


def _context(narrative: Narrative) -> model.Context:
    """What the report shows of the document's context."""
    context, table = narrative.context, narrative.table
    ranges = [f"{symbol.name} in {span.low}..{span.high}" for symbol, span in context.ranges]
    families = sorted({f"{name} ({arity} {'index' if arity == 1 else 'indices'})" for name, arity in table.families})
    definitions = [claim_text(d.head, "=", d.body, context) for d in context.definitions]
    assumptions = [assumption_text(a, context) for a in context.assumptions]
    inferred = tuple(rendered(each) for each in narrative.inferred)
    return model.Context(tuple(ranges), tuple(families), tuple(definitions), tuple(assumptions), inferred)
