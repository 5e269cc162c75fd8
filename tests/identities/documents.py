"""Short documents as people write them, each with a false twin.

``python -m tests.identities.documents [--only WORD] [--misses]``.

Columns of ``documents.tsv``: the construct; what is given, in words with formulas; the true claim; the false one. Each
is judged after what is given, as the last formula of a document of its own. The exit status is 1 if a false claim is
proved or a true one refuted.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from derive.jobs.check import check

TABLE = Path(__file__).with_name("documents.tsv")
HOLDING = ("proved", "conditional")


@dataclass(frozen=True)
class Document:
    """What is given, and a claim about it: a true one and a false one."""

    number: int
    construct: str
    given: str
    true: str
    false: str

    def text(self, true: bool) -> str:
        return f"{self.given}\n\n$$\n{self.true if true else self.false}\n$$\n"


@dataclass(frozen=True)
class Outcome:
    """The verdict of one claim."""

    row: Document
    true: bool
    verdict: str
    message: str

    @property
    def right(self) -> bool:
        return self.verdict in (HOLDING if self.true else ("refuted",))

    @property
    def serious(self) -> bool:
        return self.verdict == "refuted" if self.true else self.verdict in HOLDING


@lru_cache
def documents() -> tuple[Document, ...]:
    """The rows of the table, in order."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()[1:]
    return tuple(Document(number, *line.split("\t")) for number, line in enumerate(lines, 1))


def outcome(row: Document, true: bool) -> Outcome:
    """The claim as `check` reports it."""
    found = check(row.text(true)).claims[-1]
    return Outcome(row, true, found.verdict, found.message)


def counted(found: Iterable[Outcome]) -> str:
    """How many of each truth got each verdict."""
    counts = {true: Counter(one.verdict for one in found if one.true == true) for true in (True, False)}
    return "\n".join(
        f"{'true' if true else 'false'}: " + ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts[true].items()))
        for true in (True, False)
    )


def main(arguments: list[str] | None = None) -> int:
    """Print the verdicts that are not right, and the counts; 1 if there is a serious failure."""
    parser = argparse.ArgumentParser(prog="python -m tests.identities.documents", description=__doc__)
    parser.add_argument("--only", default="", help="rows whose construct has this in its name")
    parser.add_argument("--misses", action="store_true", help="print each verdict that is not right")
    chosen = parser.parse_args(arguments)
    found = []
    for row in documents():
        for true in (True, False) if chosen.only in row.construct else ():
            one = outcome(row, true)
            found.append(one)
            if chosen.misses and not one.right or one.serious:
                mark = "SERIOUS " if one.serious else ""
                claim = row.true if true else row.false
                sys.stdout.write(
                    f"{mark}{row.number} {row.construct}: {claim}\n    {true}, {one.verdict}: {one.message[:200]}\n"
                )
                sys.stdout.flush()
    sys.stdout.write(counted(found) + "\n")
    return 1 if any(one.serious for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
