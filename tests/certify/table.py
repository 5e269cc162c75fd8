"""How much of the library is certified: ``python -m tests.certify.table [--write]``.

For each document of ``proofs/``: how many claims the judge proves, how many of these can be stated for Coq, how many Coq
accepts, and the seconds of one core that Coq took. The last row is a batch of 50 of them. The exit status is 1 if one that
can be stated is not accepted, if less than 90% can be stated, or if the batch took a minute or more.
"""

from __future__ import annotations

import argparse
import resource
import sys

from derive.certify.certificate import verify
from derive.certify.issue import NoProof, OutsideFragment, issue, scaled, unstated
from derive.certify.issued import Certificate, Outcome
from tests import tables
from tests.certify.library import Proved, proved_claims

BATCH, LIMIT, SHARE = 50, 60.0, 0.9


def seconds_of(certificates: list[Certificate]) -> tuple[dict[str, Outcome], float]:
    """What Coq says, and the processor time that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    outcomes = verify(certificates)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return outcomes, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def is_inside(proved: Proved) -> bool:
    """Whether the claim can be stated for Coq."""
    try:
        scaled(proved.claim, proved.context, unstated(proved.verdict))
    except OutsideFragment:
        return False
    return True


def main(arguments: list[str] | None = None) -> int:
    """Certify the library and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.certify.table", description=__doc__)
    parser.add_argument("--write", action="store_true", help="publish the table in docs/trust.md")
    chosen = parser.parse_args(arguments)
    claims = proved_claims()
    rows: dict[str, list[float]] = {}
    issued: list[Certificate] = []
    failed = False
    for document in dict.fromkeys(each.document for each in claims):
        own = [each for each in claims if each.document == document]
        inside = [each for each in own if is_inside(each)]
        certificates = []
        for each in inside:
            try:
                certificates.append(issue(f"claim_{len(issued)}", each.claim, each.context, each.verdict, each.latex))
                issued.append(certificates[-1])
            except (NoProof, OutsideFragment) as problem:
                sys.stderr.write(f"{each.source}: {problem}\n")
        outcomes, seconds = seconds_of(certificates)
        for name, outcome in outcomes.items():
            if not outcome.accepted:
                sys.stderr.write(f"{document}: {name}: {outcome.reason}\n")
        accepted = sum(outcome.accepted for outcome in outcomes.values())
        rows[document] = [len(own), len(inside), accepted, seconds]
        failed = failed or accepted < len(inside)
    total = [sum(row[column] for row in rows.values()) for column in range(4)]
    _, batch = seconds_of(issued[:BATCH])
    lines = ["| document | proved | can be stated | certified | seconds |", "|---|---:|---:|---:|---:|"]
    lines += [f"| {name} | {row[0]:.0f} | {row[1]:.0f} | {row[2]:.0f} | {row[3]:.1f} |" for name, row in rows.items()]
    lines.append(f"| all | {total[0]:.0f} | {total[1]:.0f} | {total[2]:.0f} | {total[3]:.1f} |")
    lines.append(f"| {min(BATCH, len(issued))} claims in one batch | | | | {batch:.1f} |")
    text = "\n".join(lines)
    sys.stdout.write(text + "\n")
    if chosen.write:
        tables.publish("trust.md", "certificates", text)
    return 1 if failed or total[1] < SHARE * total[0] or batch >= LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
