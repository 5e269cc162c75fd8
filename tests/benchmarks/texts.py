"""The documents that checking is measured on: the library, the texts of the tests, and the shared ones where they are there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from tests.fallacies.table import document, fallacies
from tests.test_claims import SETTINGS
from tests.test_claims import rows as claim_rows

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"

Text = tuple[str, str]
"""A file name, whose suffix says how it is read, and what stands in the file."""


def groups() -> dict[str, list[Text]]:
    """The documents by where they come from."""
    found = {
        "proofs": list(_below(ROOT / "proofs")),
        "tests": [*_claims(), *_fallacy_pairs()],
        "seeds": list(_below(SHARED / "seeds")),
        "cases": list(_cases()),
    }
    return {name: texts for name, texts in found.items() if texts}


def _below(folder: Path) -> Iterator[Text]:
    for path in sorted(folder.rglob("*.*")):
        if path.suffix in (".md", ".tex", ".txt"):
            yield "-".join(path.relative_to(folder).parts), path.read_text(encoding="utf-8")


def _claims() -> Iterator[Text]:
    for number, (setting, claim, _, _, twin, _) in enumerate(claim_rows()):
        given = "".join(f"$${formula}$$\n\n" for formula in SETTINGS[setting])
        yield f"claim-{number}.md", f"{given}We find\n\n$${claim}$$\n"
        yield f"claim-{number}-twin.md", f"{given}We find\n\n$${twin}$$\n"


def _fallacy_pairs() -> Iterator[Text]:
    for number, fallacy in enumerate(fallacies()):
        yield f"fallacy-{number}.md", document(fallacy.claim.given, fallacy.claim.latex)
        yield f"fallacy-{number}-twin.md", document(fallacy.twin.given, fallacy.twin.latex)


def _cases() -> Iterator[Text]:
    for path in sorted((SHARED / "cases").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            yield f"{record['id']}{record['suffix']}", record["document"]
