"""The register of fallacies: ``python -m tests.fallacies.register [--write]``."""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from tests import tables
from tests.fallacies.table import Fallacy, Statement, fallacies

HEAD = ("| topic | false claim | verdict | why it is false | true twin | verdict |", "|---|---|---|---|---|---|")


def register(rows: tuple[Fallacy, ...]) -> str:
    """The rows as a Markdown table, with the number of those that fall short of the right verdict below."""
    lines = [*HEAD]
    for row in rows:
        lines.append(
            f"| {row.topic} | {_shown(row.claim)} | {_verdict(row.claim, row.detail)} | {row.reason} | "
            f"{_shown(row.twin)} | {_verdict(row.twin, '')} |"
        )
    claims = Counter(row.claim.verdict for row in rows)
    twins = Counter(row.twin.verdict for row in rows)
    short = sum(bool(row.claim.ideal) for row in rows), sum(bool(row.twin.ideal) for row in rows)
    lines += [
        "",
        f"{len(rows)} fallacies ({_counted(claims)}) and {len(rows)} twins ({_counted(twins)}). A verdict in "
        f"brackets is the one that would be right: {short[0]} fallacies are not refuted, {short[1]} twins not proved. "
        "No fallacy is proved, no twin refuted.",
    ]
    return "\n".join(lines)


def _counted(found: Counter[str]) -> str:
    return ", ".join(f"{count} {verdict}" for verdict, count in sorted(found.items()))


def _shown(statement: Statement) -> str:
    """The claim as code, so that no renderer and no reader of formulas takes it up; `|` must not end the cell."""
    return f"`{statement.latex}`".replace("|", "\\|")


def _verdict(statement: Statement, detail: str) -> str:
    named = f", {detail}" if detail and statement.verdict == "conditional" else ""
    return statement.verdict + named + (f" [{statement.ideal}]" if statement.ideal else "")


def main(arguments: list[str] | None = None) -> int:
    """Print the register; with ``--write`` publish it."""
    parser = argparse.ArgumentParser(prog="python -m tests.fallacies.register", description=__doc__)
    parser.add_argument("--write", action="store_true", help="publish the register in docs/trust.md")
    chosen = parser.parse_args(arguments)
    text = register(fallacies())
    sys.stdout.write(text + "\n")
    if chosen.write:
        tables.publish("trust.md", "fallacies", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
