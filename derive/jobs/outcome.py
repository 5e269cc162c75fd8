"""What a check found, in the shape in which every format prints it (see docs/reports.md)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the judge loads SymPy; a report holds what it found, and is only data
    from derive.documents import Loaded
    from derive.judge.points.witness import Witness
    from derive.judge.verdict import Condition, Doubt

VERDICTS = ("proved", "conditional", "refuted", "tested", "definition", "assumption", "doubtful", "unread")
FINDINGS = ("refuted", "doubtful", "conditional", "tested", "unread")
TAKEN = ("definition", "assumption")
FAILING = ("refuted",)


@dataclass(frozen=True)
class Place:
    """The part of a claim on which its verdict rests: what was not understood, or the side that differs.

    From `line` and `column` up to the end (one behind the last character), all from 1. `expected` is what could stand
    there instead; `source` is the text of the line, for a caret.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    expected: str = ""
    source: str = ""


@dataclass(frozen=True)
class Silenced:
    """Why a finding counts nowhere: the comment in `line` (``ignore``, ``expect`` or ``off``) gives `reason`.

    Where `by` is ``baseline``, the file that `reason` names lists it as known, and there is no line.
    """

    by: str
    reason: str
    line: int | None = None

    def __str__(self) -> str:
        if self.line is None:
            return f"known: listed in {self.reason}"
        return f"silenced by {self.by} in line {self.line}" + (f": {self.reason}" if self.reason else "")


@dataclass(frozen=True)
class Unmet:
    """A comment that expects a verdict which no claim of its formula has.

    `found` are the verdicts that were found instead, none where nothing is stated there.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    expected: str
    found: tuple[str, ...] = ()
    reason: str = ""

    @property
    def message(self) -> str:
        """What was expected and what was found, in one line."""
        return f"expected {self.expected}, found {', '.join(self.found) or 'no claim'}"


@dataclass(frozen=True)
class Meaning:
    """What a name stands for, and the line that says so, None where no line does."""

    name: str
    meaning: str
    line: int | None = None


@dataclass(frozen=True)
class Held:
    """A hypothesis in print, and its line, None where it has none."""

    latex: str
    text: str
    line: int | None = None


@dataclass(frozen=True)
class Understood:
    """What was understood of a relation: its `role` and the sign that decided it, itself with a range at every sum, its names,
    the hypotheses in force, and those that are said but not in force."""

    role: str
    because: str
    relation: str
    names: tuple[Meaning, ...] = ()
    in_force: tuple[Held, ...] = ()
    said: tuple[Held, ...] = ()


@dataclass(frozen=True)
class Claim:
    """One relation of a document with its verdict.

    `verdict` is one of :data:`VERDICTS`, the values of the judge's ``Kind``.
    `relation` is None where nothing is stated (an expression, a symbol, the head of a case): such a formula is listed as
    unread, and counts nowhere. `at` is the place within the claim on which the verdict rests, where it is known.
    `line`, `column` and the end (one behind the last character) are from 1;
    `source_line` is the text of that line, for a caret. `cell` is set for notebooks only. `certified` is None where
    no certificate was asked for; `certificate` then tells why it is False, and holds what is to be checked until it is.
    `silenced` is set where a comment of the document takes the finding away. `doubts` say on what a doubtful reading rests.
    `reading` is what was understood, where something was. `message` is for people; `reason` names why the verdict is as it
    is, and stays the same however that is worded.
    """

    id: str
    line: int
    column: int
    end_line: int
    end_column: int
    latex: str
    relation: str | None
    verdict: str
    conditions: tuple[Condition, ...] = ()
    obligations: tuple[Condition, ...] = ()
    witness: Witness | None = None
    mended: str | None = None
    certified: bool | None = None
    certificate: object = None
    rules: tuple[str, ...] = ()
    message: str = ""
    reason: str = ""
    milliseconds: float = 0.0
    cell: int | None = None
    source_line: str = ""
    at: Place | None = None
    silenced: Silenced | None = None
    doubts: tuple[Doubt, ...] = ()
    reading: Understood | None = None

    @property
    def is_expression(self) -> bool:
        """Whether it states nothing, and so is no finding."""
        return self.relation is None

    @property
    def is_finding(self) -> bool:
        """Whether somebody should look at it."""
        return self.verdict in FINDINGS and not self.is_expression and self.silenced is None


@dataclass(frozen=True)
class Finding:
    """A fault that shows without knowing what the formula `latex` means; a warning, whatever is said of its claims.

    `kind` names the sort of fault and stays the same, `message` is for people; `reason` is the message's stable name. Places
    as in :class:`Claim`.
    """

    kind: str
    line: int
    column: int
    end_line: int
    end_column: int
    message: str = ""
    reason: str = ""
    latex: str = ""
    cell: int | None = None
    source_line: str = ""
    silenced: Silenced | None = None


@dataclass(frozen=True)
class Context:
    """What was known in a document, each entry in print."""

    indices: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    definitions: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    inferred: tuple[str, ...] = ()


@dataclass(frozen=True)
class DocumentReport:
    """The claims of one document, in the order of the source; `notes` tells what else was not read.

    `unmet` are the comments that expect another verdict than was found. `error` tells why the document, or a folder, could
    not be opened; then nothing else is known of it. `loaded` is the document itself, for the formats that show it.
    `by_option` says that its text stands on the command line. `structure` are the faults that show without meaning.
    """

    path: str
    claims: tuple[Claim, ...] = ()
    context: Context = Context()
    notes: tuple[str, ...] = ()
    loaded: Loaded | None = field(default=None, compare=False, repr=False)
    unmet: tuple[Unmet, ...] = ()
    error: str = ""
    by_option: bool = False
    structure: tuple[Finding, ...] = ()

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return str(import_module("derive.report.check.html.notebook").table((self,)))

    def _repr_latex_(self) -> str:
        """What a notebook shows where it is printed by LaTeX."""
        return str(import_module("derive.report.check.html.notebook").latex((self,)))

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What a console that prints objects shows: the report as in a terminal."""
        Report((self,))._repr_pretty_(printer, cycle)


@dataclass(frozen=True)
class Report:
    """The outcome of a check.

    `disagreements` has one line for each claim on which the engines contradict each other: a bug of the program, never
    a verdict.
    """

    documents: tuple[DocumentReport, ...] = ()
    seconds: float = 0.0
    disagreements: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return str(import_module("derive.report.check.html.notebook").table(self.documents))

    def _repr_latex_(self) -> str:
        """What a notebook shows where it is printed by LaTeX."""
        return str(import_module("derive.report.check.html.notebook").latex(self.documents))

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What a console that prints objects shows: the report as in a terminal."""
        printer.text(str(import_module("derive.report.check.terminal").write(self)).rstrip())

    @property
    def claims(self) -> tuple[Claim, ...]:
        return tuple(claim for document in self.documents for claim in document.claims)

    def counts(self) -> dict[str, int]:
        """How many claims have each verdict; every verdict is a key, in the order of :data:`VERDICTS`.

        What states nothing is not counted, and what is silenced is counted apart. Every format shows these numbers.
        """
        found = Counter(claim.verdict for claim in self.claims if not claim.is_expression and claim.silenced is None)
        return {verdict: found[verdict] for verdict in VERDICTS}

    def taken(self) -> int:
        """How many statements were taken as given, and not checked: definitions and assumptions."""
        counts = self.counts()
        return sum(counts[verdict] for verdict in TAKEN)

    def silenced(self) -> int:
        """How many findings a comment or a list of known ones takes away."""
        return sum(claim.silenced is not None for claim in self.claims) + len(self._faults) - len(self.structure())

    def structure(self) -> tuple[Finding, ...]:
        """The structure findings of all documents that nothing silences."""
        return tuple(each for each in self._faults if each.silenced is None)

    @property
    def _faults(self) -> tuple[Finding, ...]:
        return tuple(each for document in self.documents for each in document.structure)

    @property
    def unmet(self) -> tuple[Unmet, ...]:
        """The comments of all documents that expect another verdict than was found."""
        return tuple(unmet for document in self.documents for unmet in document.unmet)

    @property
    def unopened(self) -> tuple[DocumentReport, ...]:
        """What could not be opened."""
        return tuple(document for document in self.documents if document.error)

    def tally(self) -> str:
        """The counts that are not 0, in words."""
        counts = [f"{number} {verdict}" for verdict, number in self.counts().items() if number and verdict not in TAKEN]
        counts += [f"{self.taken()} taken as given"] if self.taken() else []
        counts += [
            f"{number} {name}"
            for name, number in (
                (f"structure {'finding' if len(self.structure()) == 1 else 'findings'}", len(self.structure())),
                ("silenced", self.silenced()),
                ("not as expected", len(self.unmet)),
                ("not opened", len(self.unopened)),
            )
            if number
        ]
        return ", ".join(counts) or "no claims"

    def exit_status(self, strict: bool = False) -> int:
        """0 no claim refuted, 1 at least one (`strict`: or doubtful, conditional, tested, unread, or a structure finding), 2 a
        document cannot be opened, 3 the engines disagree; of several the highest.

        A comment that expects another verdict counts as a refuted claim. A formula that states nothing, or whose finding
        is silenced, does not count.
        """
        if self.disagreements:
            return 3
        if self.unopened:
            return 2
        failing = FINDINGS if strict else FAILING
        warned = strict and bool(self.structure())
        return int(bool(self.unmet) or warned or any(claim.is_finding and claim.verdict in failing for claim in self.claims))
