"""Broken input by the thousand: nothing crashes, nothing hangs, no formula is dropped without a word.

    python -m tests.hostile.fuzz --count 100000 [--seed N] [--write]

Three tenths of the inputs are documents of five kinds with formulas from :mod:`tests.hostile.inputs` at places that are
known, one in twenty of which is judged as well and printed in every format; six tenths are formulas alone; the rest are
whole documents that a coverage-guided fuzzer breaks (atheris, where it is installed; else they are mutated at random).
Every input runs under the limits of :mod:`derive.jobs.limits`.
"""

from __future__ import annotations

import argparse
import importlib
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from derive.documents import Document, DocumentError, read
from derive.jobs.limits import Limits
from derive.judge.verdict import Kind
from derive.latex.reading import read_formula
from derive.narrative.walk import Narrative, read_document
from derive.terms.reasons import Reason, Why
from derive.writing.messages.rendering import rendered
from tests.hostile.inputs import KINDS, ROOT, Placed, document, formula, mutant, seeds
from tests.tables import publish

SECONDS = 10
BATCH = 500
JUDGED = 20  # every so many documents is judged
FOUND = ("crashes", "hangs", "drops")


@dataclass(frozen=True)
class Problem:
    """What an input did: one of :data:`FOUND`, why, and the input."""

    kind: str
    why: str
    text: str


@dataclass
class Tally:
    """How many inputs a target had, what was wrong with which, and how many claims were given up within the limits."""

    inputs: Counter[str] = field(default_factory=Counter)
    problems: list[tuple[str, Problem]] = field(default_factory=list)
    given_up: Counter[str] = field(default_factory=Counter)

    def add(self, target: str, count: int, problems: list[Problem]) -> None:
        self.inputs[target] += count
        self.problems += [(target, problem) for problem in problems]

    def table(self) -> str:
        """The table in Markdown."""
        counts = Counter((target, problem.kind) for target, problem in self.problems)
        rows = ["| target | inputs | " + " | ".join(FOUND) + " | given up |", "|---|--:|--:|--:|--:|--:|"]
        for target in self.inputs:
            numbers = " | ".join(str(counts[target, kind]) for kind in FOUND)
            rows.append(f"| {target} | {self.inputs[target]:,} | {numbers} | {self.given_up[target]} |")
        totals = " | ".join(str(sum(p.kind == kind for _, p in self.problems)) for kind in FOUND)
        rows.append(f"| all | {self.inputs.total():,} | {totals} | {self.given_up.total()} |")
        return "\n".join(rows)


def drops(placed: Placed, found: Document, narrative: Narrative) -> list[Problem]:
    """The formulas of which no entry tells anything, and the entries that are unread without a reason."""
    told = [entry.formula.passage.offset(0) for entry in narrative.entries]
    problems = [
        Problem("drops", f"nothing is said of {text!r}", placed.text)
        for start, end, text in placed.formulas
        if not any(start <= at < end for at in told)
    ]
    listed = {id(entry.formula) for entry in narrative.entries}
    blocks = {formula.passage.offset(0) for formula in found.formulas} - set(told)
    if blocks and not listed & {id(formula) for formula in found.formulas} and not told:
        problems.append(Problem("drops", f"no entry for the formulas at {sorted(blocks)[:3]}", placed.text))
    problems += [
        Problem("drops", f"unread without a reason: {entry.latex!r}", placed.text)
        for entry in narrative.entries
        if entry.settled is not None and entry.settled.kind is Kind.UNREAD and entry.settled.reason is None
    ]
    return problems


def whole(placed: Placed, judge: bool = False) -> list[Problem]:
    """The document read, and with `judge` each of its claims judged and printed in every format."""
    checking = importlib.import_module("derive.jobs.check")
    try:
        found = read(placed.name, placed.text)
    except DocumentError as error:
        return [] if not placed.formulas else [Problem("crashes", str(error), placed.text)]
    narrative = read_document(found)
    problems = drops(placed, found, narrative)
    if judge:
        from derive.jobs import outcome as model
        from derive.report import FORMATS, write

        claims = [checking._claim(found, entry, None, narrative.labels) for entry in narrative.entries]
        report = model.Report((model.DocumentReport(placed.name, checking._numbered(placed.name, claims)),))
        for form in FORMATS:
            write(report, form)
        problems += [
            Problem("crashes", claim.message, placed.text)
            for claim in claims
            if claim.reason in {why.value for why in checking.BROKEN}
        ]
    return problems


def alone(text: str) -> list[Problem]:
    """A formula by itself: it has statements, or a reason why it has none."""
    reading = read_formula(text)
    said = reading.statements or reading.unread
    return (
        [] if said or not text.split("%")[0].strip("\\ ,.:;&{}$~\ufeff\u200b") else [Problem("drops", "nothing is said", text)]
    )


def batch(tries: list[tuple[str, Callable[[], list[Problem]]]], seconds: float = SECONDS) -> tuple[list[Problem], int]:
    """The problems of the tries, each under limits, and how many were cut off; a try is an input and what is done with it."""

    def pieces(step: Callable[[], Reason | None]) -> Iterator[Callable[[Reason | None], list[Problem]]]:
        for text, act in tries:
            yield (
                lambda failed, text=text, act=act: (
                    act()
                    if failed is None
                    else [  # type: ignore[misc]
                        Problem("crashes" if failed.why is Why.BUG else "hangs", rendered(failed), text)
                    ]
                )
            )

    problems = [problem for result in Limits(seconds).stream(pieces) for problem in result]
    return problems, sum(problem.kind == "hangs" for problem in problems)


def made(source: Random, known: tuple[str, ...], kind: str) -> Placed:
    """A document of this kind with one to four formulas."""
    return document(source, kind, tuple(formula(source, known) for _ in range(source.choice((1, 2, 4)))))


def broken(source: Random, known: tuple[str, ...], kind: str) -> Placed:
    """A document of this kind, itself mutated: only that nothing crashes or hangs is known of it."""
    return Placed(f"fuzz.{kind}", mutant(source, made(source, known, kind).text, known))


def run(count: int, seed: int, tell: Callable[[str], object], guided: bool = True) -> Tally:
    """`count` inputs over all targets."""
    source, known, tally = Random(seed), seeds(), Tally()
    for kind in KINDS:
        share = count * 6 // 100
        for done in range(0, share, BATCH):
            size = min(BATCH, share - done)
            inputs = [made(source, known, kind) for _ in range(size)]
            read_only = [(p.text, lambda p=p: whole(p)) for number, p in enumerate(inputs) if number % JUDGED]
            judged = [(p.text, lambda p=p: whole(p, judge=True)) for number, p in enumerate(inputs) if not number % JUDGED]
            tally.add(f".{kind}", len(read_only), batch(read_only)[0])
            problems, cut = batch(judged)
            tally.given_up[f".{kind} judged"] += cut
            tally.add(f".{kind} judged", len(judged), [p for p in problems if p.kind != "hangs"])
            tell(f".{kind}: {done + size} of {share}")
    share = count * 6 // 10
    for done in range(0, share, 10 * BATCH):
        texts = [formula(source, known) for _ in range(min(10 * BATCH, share - done))]
        tally.add("formulas alone", len(texts), batch([(t, lambda t=t: alone(t)) for t in texts])[0])
        tell(f"formulas alone: {done + len(texts)} of {share}")
    rest = count - tally.inputs.total()
    if guided and importlib.util.find_spec("atheris") is not None:
        tally.add("broken documents, guided by coverage", *_guided(rest, seed, source, known, tell))
    else:
        for done in range(0, rest, BATCH):
            inputs = [broken(source, known, source.choice(KINDS)) for _ in range(min(BATCH, rest - done))]
            tally.add("broken documents", len(inputs), batch([(p.text, lambda p=p: whole(p)) for p in inputs])[0])
            tell(f"broken documents: {done + len(inputs)} of {rest}")
    return tally


def _guided(
    count: int, seed: int, source: Random, known: tuple[str, ...], tell: Callable[[str], object]
) -> tuple[int, list[Problem]]:
    """How many inputs atheris ran, and what they did; it ends its process, so it has one of its own."""
    with tempfile.TemporaryDirectory() as folder:
        corpus, log = Path(folder) / "corpus", Path(folder) / "log.jsonl"
        corpus.mkdir()
        for number in range(200):
            kind = number % len(KINDS)
            (corpus / f"{number}").write_bytes(bytes((kind,)) + made(source, known, KINDS[kind]).text.encode())
        log.touch()
        done, problems, part = 0, [], 0
        while done < count:
            part += 1
            runs = min(count - done, 5000)
            command = [sys.executable, "-m", "tests.hostile.guided", str(log), str(runs), str(seed + part), str(corpus)]
            ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False)
            if ended.returncode:
                kind = "hangs" if "timeout" in ended.stderr else "crashes"
                culprits = [path.read_bytes().decode(errors="replace") for path in Path(folder).glob("*-*")]
                problems.append(
                    Problem(kind, f"atheris ended with {ended.returncode}: {ended.stderr[-1500:]}", "".join(culprits[-1:]))
                )
            done += runs
            tell(f"broken documents, guided by coverage: {done} of {count}")
        problems += [Problem(**json.loads(line)) for line in log.read_text(encoding="utf-8").splitlines()]
    return done, problems


def main() -> int:
    """The command; exit status 1 if anything crashed, hung or was dropped."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", action="store_true", help="publish the table")
    options = parser.parse_args()
    start = time.monotonic()
    tally = run(
        options.count,
        options.seed,
        lambda line: print(f"{time.monotonic() - start:7.1f} s  {line}", file=sys.stderr, flush=True),
    )
    seen: set[str] = set()
    for target, problem in tally.problems:
        if problem.why not in seen and len(seen) < 40:
            seen.add(problem.why)
            print(f"{target}: {problem.kind}: {problem.why}\n    {problem.text[:600]!r}", file=sys.stderr)
    print(tally.table())
    if options.write:
        publish("trust.md", "fuzz", tally.table())
    return int(bool(tally.problems))


if __name__ == "__main__":
    sys.exit(main())
