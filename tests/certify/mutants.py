"""False claims that Coq rejects: ``python -m tests.certify.mutants [--count 200] [--seed 1] [--write]``.

The proved claims of ``proofs/`` are edited in one place. Ball arithmetic settles which of the results are false; of these,
`--count` are stated for Coq with the same proof scripts as true ones, except that the scripts do not look whether the sides
agree. Coq has to reject every one, and where it stops must be in the proof. Those that an independent evaluator finds
true are certified in the usual way. The exit status is 1 if a false one was accepted.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from derive.certify.certificate import (
    LIBRARY,
    cert_file,
    library,
    module,
    proof_lines,
    spec_file,
    specification,
    verify,
)
from derive.certify.coq.coqc import compile_file, require
from derive.certify.issue import NoProof, OutsideFragment, certificate_of, scaled
from derive.certify.issued import Certificate
from derive.certify.script.proof import write_proof
from derive.certify.script.scripts import Script
from derive.certify.statement.facts import Statement
from derive.judge.points.refuting import agrees
from derive.terms.context import Claim, Context
from tests import tables
from tests.certify.library import proved_claims
from tests.mutation.edits import KINDS, edit
from tests.mutation.truth import Truth, truth_of

EDITS = tuple(kind for kind in KINDS if kind not in ("relation", "swapped names"))
POINTS = 40
TRUE_ONES = 20
SECONDS = 60.0


@dataclass(frozen=True)
class Mutant:
    """An edited claim of the library."""

    kind: str
    source: str
    claim: Claim
    context: Context
    is_true: bool


def mutants(seed: int) -> Iterator[Mutant]:
    """Edited claims of which it is settled whether they are true, without end."""
    bases = proved_claims()
    rng = random.Random(seed)
    seen: set[tuple[object, object]] = set()
    while True:
        base = rng.choice(bases)
        kind = rng.choice(EDITS)
        edited = edit(kind, base.claim, base.context, rng)
        if edited is None:
            continue
        claim, context = edited
        identity = (str((claim.left, claim.relation, claim.right)), str(context.assumptions))
        if identity in seen:
            continue
        seen.add(identity)
        found = agrees(claim, context, POINTS)
        if found.failure is not None:
            yield Mutant(kind, base.source, claim, context, False)
        elif found.points and truth_of(claim, context, f"{seed}").truth is Truth.TRUE:
            yield Mutant(kind, base.source, claim, context, True)


def attempt(name: str, mutant: Mutant) -> Certificate:
    """The claim with a proof script that does not ask whether it can be true."""
    stated = scaled(mutant.claim, mutant.context, ())

    def write(statement: Statement, script: Script) -> None:
        script.certain = False
        write_proof(statement, script)

    lines = proof_lines(stated, write)
    return Certificate(name, specification(name, stated), module(name, [("statement", lines), ("example", ["  admit."])]))


def rejected(certificates: list[Certificate]) -> dict[str, str]:
    """For each certificate Coq's message, empty where its theorem was accepted; compiled one by one."""
    require()
    messages: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for name in LIBRARY:
            (place / name).write_text(library(name), encoding="utf-8")
            compile_file(place, name)
        (place / "Spec.v").write_text(spec_file(certificates), encoding="utf-8")
        built = compile_file(place, "Spec.v", 600)
        if not built.ok:
            raise SystemExit(f"the statements are not well formed: {built.errors}")
        for certificate in certificates:
            theorem = certificate.proof.partition("Theorem example")[0] + f"End {certificate.name}.\n"
            (place / "Cert.v").write_text(cert_file([Certificate(certificate.name, "", theorem)]), encoding="utf-8")
            built = compile_file(place, "Cert.v", SECONDS)
            messages[certificate.name] = "" if built.ok else " ".join(built.errors.split())[-160:] or "rejected"
    return messages


def sampled(count: int, seed: int) -> tuple[list[tuple[Mutant, Certificate]], list[Mutant], Counter[str]]:
    """`count` false mutants that can be stated, the true ones met on the way, and what could not be stated."""
    false: list[tuple[Mutant, Certificate]] = []
    true: list[Mutant] = []
    outside: Counter[str] = Counter()
    for mutant in mutants(seed):
        if len(false) == count:
            break
        if mutant.is_true:
            true.append(mutant)
            continue
        try:
            false.append((mutant, attempt(f"mutant_{len(false)}", mutant)))
        except (NoProof, OutsideFragment) as problem:
            outside[str(problem)] += 1
    return false, true[:TRUE_ONES], outside


def accepted(true: list[Mutant]) -> tuple[int, list[str]]:
    """How many of the true mutants Coq accepts, and why not the others."""
    certificates, reasons = [], []
    for number, mutant in enumerate(true):
        try:
            certificates.append(certificate_of(f"true_{number}", mutant.claim, mutant.context))
        except (NoProof, OutsideFragment) as problem:
            reasons.append(str(problem))
    outcomes = verify(certificates)
    reasons += [outcome.reason for outcome in outcomes.values() if not outcome.accepted]
    return sum(outcome.accepted for outcome in outcomes.values()), reasons


def main(arguments: list[str] | None = None) -> int:
    """Make the mutants, hand them to Coq and print the table; 1 if a false one was accepted."""
    parser = argparse.ArgumentParser(prog="python -m tests.certify.mutants", description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="publish the table in docs/trust.md")
    chosen = parser.parse_args(arguments)
    start = time.perf_counter()
    false, true, outside = sampled(chosen.count, chosen.seed)
    messages = rejected([certificate for _, certificate in false])
    rows = {kind: Counter[str]() for kind in (*EDITS, "all")}
    for mutant, certificate in false:
        for row in (rows[mutant.kind], rows["all"]):
            row["false"] += 1
            row["rejected" if messages[certificate.name] else "accepted"] += 1
        if not messages[certificate.name]:
            sys.stderr.write(f"accepted, false: {mutant.source}: {mutant.claim.left} {mutant.claim.right}\n")
    proved, reasons = accepted(true)
    lines = ["| edit | false claims | rejected by Coq | accepted by Coq |", "|---|---:|---:|---:|"]
    lines += [f"| {kind} | {row['false']} | {row['rejected']} | {row['accepted']} |" for kind, row in rows.items() if row]
    lines += [
        "",
        f"Claims of `proofs/` with one edit, seed {chosen.seed}. Of {len(true)} edited claims that are still true, "
        f"{proved} were certified.",
    ]
    text = "\n".join(lines)
    sys.stdout.write(text + "\n")
    sys.stderr.write(
        f"{time.perf_counter() - start:.0f} s; not stated: {dict(outside.most_common(8))}; true, not certified: {reasons}\n"
    )
    stops = Counter(message.partition("Error: ")[2][:40] for message in messages.values())
    sys.stderr.write(f"where Coq stopped: {dict(stops.most_common(8))}\n")
    if chosen.write:
        tables.publish("trust.md", "certified mutants", text)
    return 1 if rows["all"]["accepted"] else 0


if __name__ == "__main__":
    sys.exit(main())
