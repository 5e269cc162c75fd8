"""Every derivative that the library states, computed by engines that share no code.

    python -m tests.agreement.table [--write]

For each document: the claims with a derivative, and how many of them the normal form proves, the balls confirm, and
SymPy, central differences and PyTorch (where it is installed) find equal at explicit sizes n = 2 and 3.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from derive.documents import below, read
from derive.judge.decide import decide
from derive.judge.kernel import Proof, prove
from derive.judge.points.refuting import agrees
from derive.judge.settling import settled
from derive.judge.verdict import Kind
from derive.narrative.walk import read_document
from derive.terms.context import Claim, Context
from derive.terms.terms import Call, Partial
from tests.agreement.explicit import Autograd, Calculator, CentralDifferences, NotApplicable, SymPyDiff, disagreement
from tests.tables import publish

ROOT = Path(__file__).resolve().parents[2]
PROOFS = ROOT / "proofs"
SIZES = (2, 3)
ENGINES = ("normal form", "balls", "SymPy", "differences", "PyTorch")


def calculators() -> tuple[Calculator, ...]:
    """Those that are installed."""
    return (SymPyDiff(), CentralDifferences(), *((Autograd(),) if find_spec("torch") else ()))


def derivatives(path: Path) -> Iterator[tuple[str, Claim, Context]]:
    """The claims of a document in which something is differentiated, with what is known there."""
    for entry in read_document(read(path)).entries:
        if entry.settled is not None:
            continue
        for claim in entry.claims:
            if any(p.atoms(Partial) or any(sum(c.orders) for c in p.atoms(Call)) for p in (claim.left, claim.right)):
                context = entry.context
                if entry.later is not None and decide(claim, context).kind is Kind.UNREAD:
                    context = entry.later
                yield entry.latex, claim, context


@dataclass
class Row:
    """What the engines say of one document."""

    path: str
    claims: int = 0
    agreeing: Counter[str] = field(default_factory=Counter)
    differing: list[str] = field(default_factory=list)
    without: Counter[str] = field(default_factory=Counter)


def judged(latex: str, claim: Claim, context: Context, row: Row) -> None:
    """One claim by every engine."""
    row.claims += 1
    if decide(claim, context).kind is not Kind.PROVED:
        row.differing.append(f"{latex}: it is not proved")
    equation, known = settled(claim, context)
    if isinstance(prove(equation, known), Proof):
        row.agreeing["normal form"] += 1
    else:
        row.without["normal form: proved by cases of the context only"] += 1
    checked = agrees(equation, known, 6)
    if checked.failure is not None:
        row.differing.append(f"{latex}: the balls refute it")
    elif checked.points:
        row.agreeing["balls"] += 1
    else:
        row.without["balls: no point"] += 1
    for calculator in calculators():
        try:
            found = [disagreement(claim, context, calculator, size, seed) for size in SIZES for seed in (1, 2)]
        except NotApplicable as reason:
            row.without[f"{calculator.name}: {reason}"] += 1
            continue
        row.differing += [f"{latex}: {calculator.name}: {where}" for where in found if where]
        row.agreeing[calculator.name] += not any(found)


def run() -> list[Row]:
    """A row for each document of the library."""
    rows = []
    for path in below(PROOFS):
        row = Row(path.relative_to(PROOFS).with_suffix("").as_posix())
        for latex, claim, context in derivatives(path):
            judged(latex, claim, context, row)
        rows.append(row)
        print(f"{row.path}: {row.claims}", file=sys.stderr, flush=True)
    return rows


def table(rows: list[Row]) -> str:
    """The table in Markdown."""
    lines = [
        "| document | derivatives | " + " | ".join(ENGINES) + " | disagreements | not applicable |",
        "|---|--:|" + "--:|" * (len(ENGINES) + 1) + "---|",
    ]
    for row in rows:
        counts = " | ".join(str(row.agreeing[engine]) for engine in ENGINES)
        without = "; ".join(f"{number} × {reason}" for reason, number in sorted(row.without.items()))
        lines.append(f"| {row.path} | {row.claims} | {counts} | {len(row.differing)} | {without} |")
    totals = " | ".join(str(sum(row.agreeing[engine] for row in rows)) for engine in ENGINES)
    lines.append(f"| all | {sum(row.claims for row in rows)} | {totals} | {sum(len(row.differing) for row in rows)} | |")
    return "\n".join(lines)


def main() -> int:
    """The command; exit status 1 if two engines disagree."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true", help="publish the table")
    options = parser.parse_args()
    rows = run()
    for line in (line for row in rows for line in row.differing):
        print(line, file=sys.stderr)
    print(table(rows))
    if options.write:
        publish("trust.md", "agreement", table(rows))
    return int(any(row.differing for row in rows))


if __name__ == "__main__":
    sys.exit(main())
