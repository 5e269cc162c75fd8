"""The claims of ``proofs/`` that the judge proves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from derive.documents import below, read
from derive.judge.decide import decide
from derive.judge.verdict import Kind, Verdict
from derive.narrative.walk import read_document
from derive.terms.context import Claim, Context

PROOFS = Path(__file__).resolve().parents[2] / "proofs"


@dataclass(frozen=True)
class Proved:
    """A claim of the library with its verdict; `source` is its document and line."""

    document: str
    source: str
    latex: str
    claim: Claim
    context: Context
    verdict: Verdict


@lru_cache(maxsize=1)
def proved_claims() -> tuple[Proved, ...]:
    """All of them, in the order of the documents."""
    found = []
    for path in sorted(below(PROOFS)):
        document = path.relative_to(PROOFS).as_posix()
        for entry in read_document(read(path), ()).entries:
            if entry.settled is not None:
                continue
            for claim in entry.claims:
                verdict = decide(claim, entry.context)
                if verdict.kind is Kind.PROVED:
                    line = entry.formula.position(entry.start)[0]
                    found.append(Proved(document, f"{document}:{line}", entry.latex, claim, entry.context, verdict))
    return tuple(found)
