"""The attacks: JSON lines, a row for a false claim or document and a row for its true twin, in files named by what they attack.

Every row has an `id` and the id of its `twin`. In ``claims/`` it has a `claim` (left side, relation, right side) in what is
`given`, perhaps with `obligations`, in the notation of :mod:`tests.attacks.notation`; and the `verdict` of the judge, or, where
`judge` is ``prove``, whether the kernel alone proves it or leaves it ``open``. In ``documents/`` it has a `document`, perhaps
the `file` that it stands in, and the `verdicts` of its last claims that are no assumptions.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ACCEPTED = ("proved", "definition")


def rows(kind: str) -> list[tuple[str, dict[str, Any]]]:
    """The rows of all files of ``claims`` or ``documents``, each with the name of its file."""
    return [
        (path.stem, json.loads(line))
        for path in sorted((HERE / kind).glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def unpaired(kind: str) -> list[str]:
    """The rows without a twin of the same file that points back and has the other outcome; an id that stands twice."""
    found = []
    every = rows(kind)
    by_id = {(table, row["id"]): row for table, row in every}
    for table, row in every:
        twin = by_id.get((table, row["twin"]))
        if twin is None or twin["twin"] != row["id"] or by_id[table, row["id"]] is not row or not _opposed(row, twin):
            found.append(f"{table}: {row['id']}")
    return found


def expected(row: dict[str, Any]) -> list[str]:
    """The verdicts that a row asks for."""
    return [row["verdict"]] if "verdict" in row else row["verdicts"]


def _opposed(row: dict[str, Any], twin: dict[str, Any]) -> bool:
    """Whether, counted from the last claim, what differs is accepted in one of the two and in the other not."""
    both = zip(reversed(expected(row)), reversed(expected(twin)), strict=False)
    differing = [(one in ACCEPTED, other in ACCEPTED) for one, other in both if one != other]
    return len(set(differing)) == 1 and differing[0][0] != differing[0][1]
