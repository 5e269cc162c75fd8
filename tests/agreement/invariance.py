"""What must not matter does not: letters of bound indices, the order of terms and factors, the seed of Python's hashes.

    python -m tests.agreement.invariance --count 1000 [--seeds 20]

Claims of the library are rewritten at random and judged again; the report on the library is made with each hash seed.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from dataclasses import replace
from random import Random

import sympy
from sympy import Basic, Dummy, Sum

from derive.documents import below, read
from derive.judge.decide import decide
from derive.narrative.walk import read_document
from derive.terms.context import Claim, Context
from derive.terms.terms import bound
from tests.agreement.table import PROOFS, ROOT

_TIMES = re.compile(r'"(?:milliseconds|seconds)": [0-9.e-]+')


def claims() -> list[tuple[Claim, Context]]:
    """All claims of the library that are judged."""
    return [
        (claim, entry.context)
        for path in below(PROOFS)
        for entry in read_document(read(path)).entries
        if entry.settled is None
        for claim in entry.claims
    ]


def rewritten(term: Basic, source: Random) -> Basic:
    """The term with new bound indices under other names, and with terms and factors in another order."""
    if not term.args or isinstance(term, sympy.Indexed | sympy.IndexedBase):
        return term
    parts = [rewritten(part, source) for part in term.args]
    if isinstance(term, sympy.Add | sympy.Mul):
        source.shuffle(parts)
        return term.func(*parts, evaluate=False)
    result = term.func(*parts)
    if isinstance(result, Sum):
        fresh = {limit[0]: bound(source.choice("kjmpqrs")) for limit in result.limits if isinstance(limit[0], Dummy)}
        result = Sum(
            rewritten(result.function, source).xreplace(fresh),
            *((fresh.get(v, v), low.xreplace(fresh), high.xreplace(fresh)) for v, low, high in result.limits),
        )
    return result


def changed(count: int, seed: int) -> list[str]:
    """The verdicts that changed among `count` random rewritings."""
    source, known, found = Random(seed), claims(), []
    before: dict[int, str] = {}
    for _ in range(count):
        number = source.randrange(len(known))
        claim, context = known[number]
        first = before.setdefault(number, decide(claim, context).kind.value)
        again = replace(claim, left=rewritten(claim.left, source), right=rewritten(claim.right, source))
        verdict = decide(again, context).kind.value
        if verdict != first:
            found.append(f"{first} became {verdict}: {again.left} {again.relation} {again.right}")
    return found


def report(seed: int) -> str:
    """The report on the library with this hash seed, without times."""
    environment = {**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "derive", "check", "proofs", "--format", "json", "--timeout", "120"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return _TIMES.sub('"time"', done.stdout) or f"no output, status {done.returncode}: {done.stderr}"


def main() -> int:
    """The command; exit status 1 if anything changed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    found = changed(options.count, options.seed)
    for line in found:
        print(line, file=sys.stderr)
    reports = {report(seed) for seed in range(options.seeds)}
    same = "the same report each time" if len(reports) == 1 else f"{len(reports)} reports that differ"
    print(f"{options.count} rewritten claims, {len(found)} with another verdict; {options.seeds} hash seeds, {same}")
    return int(bool(found) or len(reports) > 1)


if __name__ == "__main__":
    sys.exit(main())
