"""False claims made from true ones: ``python -m tests.mutation.claims [--count 20000] [--seed 1] [--jobs 1] [--write]``.

Each mutant's truth is settled without the judge (:mod:`tests.mutation.truth`). A false one must not be proved, a true one
not refuted, and a condition must exclude every counterexample. The exit status is 1 if any of this happened.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from rich.console import Console
from rich.progress import track

from tests import tables
from tests.mutation.bases import Base, bases
from tests.mutation.edits import KINDS
from tests.mutation.judged import Fault, Outcome, mutant, outcome
from tests.mutation.notation import NOTATION_KINDS, outcome_of, written
from tests.mutation.truth import Truth

CHUNK, REPORT = 50, 1_000
THIRD = 3
ALL_KINDS = (*KINDS, *NOTATION_KINDS)
COLUMNS = (
    "edit",
    "mutants",
    "false",
    "true",
    "unsettled",
    "proved, false",
    "refuted, true",
    "conditional, right",
    "conditional, wrong",
    "tested",
    "unread",
)


@lru_cache(maxsize=2)
def all_bases(shared: bool) -> tuple[Base, ...]:
    """The bases, made once in a process."""
    return bases(shared)


def judged(number: int, seed: int, shared: bool) -> Outcome:
    """The outcome of one mutant; each third one is written in the notation of matrices."""
    if number % THIRD == THIRD - 1:
        return outcome_of(written(number // THIRD, seed))
    return outcome(mutant(number, seed, all_bases(shared)), seed)


def _chunk(task: tuple[int, int, int, bool]) -> list[Outcome]:
    start, stop, seed, shared = task
    return [judged(number, seed, shared) for number in range(start, stop)]


def run(count: int, seed: int, jobs: int = 1, shared: bool = True) -> Iterator[list[Outcome]]:
    """The outcomes of `count` mutants, in their order, in pieces."""
    tasks = [(start, min(start + CHUNK, count), seed, shared) for start in range(0, count, CHUNK)]
    if jobs == 1:
        yield from map(_chunk, tasks)
        return
    all_bases(shared)
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        yield from pool.imap(_chunk, tasks)


def table(outcomes: Iterable[Outcome]) -> str:
    """Counts by kind of edit, and in the last row of all, as a Markdown table."""
    rows = {kind: Counter[str]() for kind in (*ALL_KINDS, "all")}
    for one in outcomes:
        for row in (rows[one.kind], rows["all"]):
            row.update(["mutants", one.truth.value])
            if one.fault is not None:
                row[FAULT_COLUMNS[one.fault]] += 1
            if one.verdict == "conditional" and one.fault is not Fault.CONDITION_TOO_WEAK:
                row["conditional, right"] += 1
            if one.verdict in ("tested", "unread"):
                row[one.verdict] += 1
    lines = ["| " + " | ".join(COLUMNS) + " |", "|---|" + "---:|" * (len(COLUMNS) - 1)]
    for kind, row in rows.items():
        lines.append(f"| {kind} | " + " | ".join(f"{row[column]:,}" for column in COLUMNS[1:]) + " |")
    return "\n".join(lines)


FAULT_COLUMNS = {
    Fault.PROVED_BUT_FALSE: "proved, false",
    Fault.REFUTED_BUT_TRUE: "refuted, true",
    Fault.CONDITION_TOO_WEAK: "conditional, wrong",
    Fault.MENDED_BUT_FALSE: "proved, false",
    Fault.DISAGREEMENT: "proved, false",
    Fault.FALSE_WITNESS: "refuted, true",
}
NOTE = """{mutants:,} claims made by one or two edits from {bases} that are proved, with seed {seed}; a third of them
(the last eight rows) are in the notation of matrices, made from the identities below, and read as documents. *False*, *true*
and *unsettled* is what an evaluator found that shares no code with the judge: 60 digits, random points, derivatives as central
differences. *True* claims that no proof was found for are *tested*, never refuted; a claim that needs a condition is held
against the points that meet it. A corrected claim that the judge offers, and a disagreement of its two engines, count as
*proved, false* where they are wrong; a witness at which the sides do not differ counts as *refuted, true*."""


def main(arguments: list[str] | None = None) -> int:
    """Make the mutants, print the table and every fault; 1 if there is a fault."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation.claims", description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="publish the table in docs/trust.md")
    chosen = parser.parse_args(arguments)
    found: list[Outcome] = []
    pieces = -(-chosen.count // CHUNK)
    for piece in track(run(chosen.count, chosen.seed, chosen.jobs), "mutants", pieces, console=Console(stderr=True)):
        found += piece
        if len(found) % REPORT == 0 and not sys.stderr.isatty():
            sys.stderr.write(f"{len(found)} mutants\n")
            sys.stderr.flush()
        for one in piece:
            if one.fault is not None:
                sys.stderr.write(f"{one.fault.value}: {one.story}\n")
    note = NOTE.format(mutants=len(found), bases=len(all_bases(True)), seed=chosen.seed)
    text = f"{table(found)}\n\n{note}"
    sys.stdout.write(text + "\n")
    if chosen.write:
        tables.publish("trust.md", "claims", text)
    for truth in (Truth.FALSE, Truth.TRUE):
        verdicts = Counter(one.verdict for one in found if one.truth is truth)
        sys.stderr.write(f"{truth.value}: {dict(sorted(verdicts.items()))}\n")
    reasons = Counter(one.reason for one in found if one.truth is Truth.UNSETTLED)
    sys.stderr.write(f"unsettled: {dict(reasons.most_common(12))}\n")
    return 1 if any(one.fault is not None for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
