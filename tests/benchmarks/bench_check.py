"""How checking grows with the document, and how soon the first verdict is there: ``python -m tests.benchmarks.bench_check``.

Scaling exponents come from documents of 250 and of 1000 definitions, assumptions, claims, or pairs of the last two:
log(time ratio) / log(4), the time to start taken away. With ``--write`` the table goes into ``docs/numbers.md``.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.texts import ROOT
from tests.tables import publish

FEW, MANY = 250, 1000
KINDS = {
    "definitions": "Let $d_{%d} := x + %d$.\n\n",
    "assumptions": "Assume $a_{%d} > %d$.\n\n",
    "claims": "We find $(x + %d)^2 - x^2 = 2 \\cdot %d x + %d^2$.\n\n",
    "assumptions and claims in turn": "Assume $a_{%d} > %d$.\n\nThen $(a_{%d} + 1)^2 - a_{%d}^2 = 2 a_{%d} + 1$.\n\n",
}


def document(kind: str, count: int) -> str:
    """A document with `count` statements of a kind."""
    line = KINDS[kind]
    return "".join(line % ((number,) * line.count("%d")) for number in range(1, count + 1))


def median(arguments: list[str], rounds: int) -> float:
    """The median of the seconds of processor time that ``python`` and its children take with `arguments`."""
    times = []
    for _ in range(rounds):
        start = _spent()
        subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, check=False)
        times.append(_spent() - start)
    return statistics.median(times)


def _spent() -> float:
    """The processor time of the children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def claims_of_the_library() -> list[float]:
    """The milliseconds that each judged claim of ``proofs/`` took, in order."""
    done = subprocess.run(
        [sys.executable, "-m", "derive", "check", "proofs", "--format", "json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return sorted(
        claim["milliseconds"]
        for document in json.loads(done.stdout)["documents"]
        for claim in document["claims"]
        if claim["verdict"] not in ("definition", "assumption")
    )


def table(rounds: int) -> str:
    start, sympy = median(["-m", "derive", "check", "-e", "x=x"], rounds), median(["-c", "import sympy"], rounds)
    lines = ["| what | figure |", "|---|---:|", f"| first verdict ÷ `import sympy` | {start / sympy:.2f} |"]
    with tempfile.TemporaryDirectory() as folder:
        for kind in KINDS:
            seconds = []
            for count in (FEW, MANY):
                path = Path(folder, f"{kind}-{count}.md")
                path.write_text(document(kind, count), encoding="utf-8")
                seconds.append(median(["-m", "derive", "check", str(path)], 1))
            grown = math.log((seconds[1] - start) / (seconds[0] - start)) / math.log(MANY / FEW)
            lines.append(f"| {kind}: exponent from {FEW} to {MANY} ({seconds[0]:.1f} s, {seconds[1]:.1f} s) | {grown:.2f} |")
    times = claims_of_the_library()
    p95 = times[min(len(times) - 1, math.ceil(0.95 * len(times)) - 1)]
    lines.append(f"| a claim of `proofs/`: median, 95th percentile | {statistics.median(times):.0f} ms, {p95:.0f} ms |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9, help="runs for the time to start")
    parser.add_argument("--write", action="store_true", help="put the table into docs/numbers.md")
    options = parser.parse_args()
    found = table(options.rounds)
    print(found)
    if options.write:
        publish("numbers.md", "check", found)


if __name__ == "__main__":
    main()
