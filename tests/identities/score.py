"""What the checker says of every identity in every writing: ``python -m tests.identities.score [--only WORD] [--misses]``.

With ``--write`` the table by construct goes into docs/trust.md. The exit status is 1 if a false claim is proved or a true one
refuted.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from derive.jobs.check import check
from tests import tables
from tests.identities.rows import Identity, identities
from tests.identities.writings import WRITINGS, document

CONSTRUCTS = tuple(dict.fromkeys(row.construct for row in identities()))
HOLDING = ("proved", "conditional")


@dataclass(frozen=True)
class Judged:
    """The verdict of one claim: of a row or of its false twin, in one writing."""

    row: Identity
    writing: str
    true: bool
    verdict: str
    message: str

    @property
    def right(self) -> bool:
        return self.verdict == ("proved" if self.true else "refuted")

    @property
    def serious(self) -> bool:
        """Whether what is false holds for the checker, or what is true is refuted."""
        return self.verdict == "refuted" if self.true else self.verdict in HOLDING


def judged(row: Identity, writing: str, true: bool) -> Judged:
    """The last claim of the document, as `check` reports it."""
    found = check(document(row, row.true if true else row.false, writing)).claims[-1]
    return Judged(row, writing, true, found.verdict, found.message)


def all_judged(rows: Iterable[Identity]) -> Iterator[Judged]:
    for row in rows:
        for writing in WRITINGS:
            for true in (True, False):
                yield judged(row, writing, true)


def shares(found: Iterable[Judged]) -> tuple[float, float]:
    """The shares of the true claims that are proved and of the false ones that are refuted."""
    counts = Counter((one.true, one.right) for one in found)
    return tuple(counts[true, True] / max(1, counts[true, True] + counts[true, False]) for true in (True, False))  # type: ignore[return-value]


def table(found: Iterable[Judged]) -> str:
    """By construct and writing: true claims that are proved, false ones that are refuted, and what became of the others."""
    found = list(found)
    lines = ["| construct | identities | " + " | ".join(WRITINGS) + " | not right |", "|---|---:|---|---|---|---|"]
    for construct in (*CONSTRUCTS, "all"):
        own = [one for one in found if construct in (one.row.construct, "all")]
        cells = [_cell([one for one in own if one.writing == writing]) for writing in WRITINGS]
        others = Counter(one.verdict for one in own if not one.right)
        rest = ", ".join(f"{count} {verdict}" for verdict, count in sorted(others.items())) or "none"
        lines.append(f"| {construct} | {len({one.row.number for one in own})} | {' | '.join(cells)} | {rest} |")
    proved, refuted = shares(found)
    serious = Counter(one.true for one in found if one.serious)
    lines += [
        "",
        f"Each cell: true identities proved, false twins refuted. In all {proved:.1%} of the true ones are proved and "
        f"{refuted:.1%} of the false ones refuted; {serious[False]} false ones are proved, {serious[True]} true ones refuted.",
    ]
    return "\n".join(lines)


def _cell(found: list[Judged]) -> str:
    counts = Counter((one.true, one.right) for one in found)
    return ", ".join(f"{counts[true, True]} of {counts[true, True] + counts[true, False]}" for true in (True, False))


def main(arguments: list[str] | None = None) -> int:
    """Print the table; 1 if there is a serious failure."""
    parser = argparse.ArgumentParser(prog="python -m tests.identities.score", description=__doc__)
    parser.add_argument("--only", default="", help="rows whose construct has this in its name")
    parser.add_argument("--misses", action="store_true", help="print each verdict that is not right")
    parser.add_argument("--write", action="store_true", help="publish the table in docs/trust.md")
    chosen = parser.parse_args(arguments)
    found: list[Judged] = []
    for one in all_judged(row for row in identities() if chosen.only in row.construct):
        found.append(one)
        if chosen.misses and not one.right or one.serious:
            claim = one.row.true if one.true else one.row.false
            mark = "SERIOUS " if one.serious else ""
            sys.stdout.write(
                f"{mark}{one.row.number} {one.row.construct}, {one.writing}: {claim.left} = {claim.right}\n"
                f"    {one.true}, {one.verdict}: {one.message[:160]}\n"
            )
            sys.stdout.flush()
    text = table(found)
    sys.stdout.write(text + "\n")
    if chosen.write:
        tables.publish("trust.md", "identities", text)
    return 1 if any(one.serious for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
