"""The claims that are edited: what the judge proves of the library, of the tables of claims, and of the corpus where it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from derive.documents import Document, read
from derive.judge.decide import decide
from derive.judge.verdict import Kind
from derive.narrative.walk import read_document
from derive.terms.context import Claim, Context

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
GIVEN = {
    "": (),
    "S": (r"a_i = \frac{e^{z_i}}{\sum_k e^{z_k}}", r"L = -\sum_k y_k \ln a_k"),
    "B": (r"a = \frac{1}{1 + e^{-z}}", r"L = -(y \ln a + (1 - y) \ln(1 - a))"),
    "U": ("u = u(x)", "v = v(x)"),
}


@dataclass(frozen=True)
class Base:
    """A claim that the judge proves in its context, and where it comes from."""

    source: str
    claim: Claim
    context: Context


def bases(shared: bool = True) -> tuple[Base, ...]:
    """Every proved claim, each once; the corpus outside the checkout is left out where it is missing or not `shared`."""
    found: dict[tuple[Claim, Context], Base] = {}
    for source, document in _documents(shared):
        for entry in read_document(document).entries:
            if entry.settled is not None:
                continue
            for claim in entry.claims:
                base = proved(source, claim, entry.context)
                if base is not None:
                    found.setdefault((base.claim, base.context), base)
    return tuple(found.values())


def proved(source: str, claim: Claim, context: Context) -> Base | None:
    """The claim as a base: as it stands, or with the conditions under which it is proved taken up."""
    verdict = decide(claim, context)
    if verdict.kind is Kind.CONDITIONAL:
        extra = tuple(c.what for c in verdict.conditions if not c.stated and c.what is not None)
        context = context.assume(*extra)
        verdict = decide(claim, context)
    return Base(source, claim, context) if verdict.kind is Kind.PROVED else None


def _documents(shared: bool) -> Iterator[tuple[str, Document]]:
    for path in sorted((ROOT / "proofs").rglob("*.md")):
        yield path.stem, read(path)
    for table in (ROOT / "tests" / "corpus" / "claims.tsv", ROOT / "tests" / "mutation" / "identities.tsv"):
        for number, (given, claim) in enumerate(_rows(table), 1):
            yield f"{table.stem} {number}", document(given, claim)
    if shared and SHARED.exists():
        for path in sorted((SHARED / "seeds").glob("*.txt")):
            yield path.stem, read(path)
        for line in (SHARED / "corpus" / "derivations.jsonl").read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            yield record["id"], read(f"{record['id']}.md", record["latex"])


def _rows(table: Path) -> Iterator[tuple[str, str]]:
    for line in table.read_text(encoding="utf-8").splitlines()[1:]:
        if line.strip() and not line.startswith("#"):
            given, claim, *_ = line.split("\t")
            yield given, claim


def document(given: str, claim: str) -> Document:
    """A claim after its definitions: those of a setting of `GIVEN`, or written out with ``;`` between them."""
    formulas = GIVEN[given] if given in GIVEN else tuple(part.strip() for part in given.split(";"))
    before = "".join(f"{part}\n\n" if part.startswith("<!--") else f"$${part}$$\n\n" for part in formulas)
    return read("claim.md", f"{before}We find\n\n$${claim}$$\n")
