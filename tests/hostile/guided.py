"""Runs atheris over whole documents: ``python -m tests.hostile.guided LOG RUNS SEED CORPUS``.

The first byte of an input says of which kind the document is, the others are its text. What goes wrong is a line of LOG.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main(log: str, runs: str, seed: str, corpus: str) -> None:
    """Runs until the number of inputs is reached; atheris ends the process."""
    import atheris

    with atheris.instrument_imports(include=["derive.documents", "derive.latex", "derive.narrative"]):
        from tests.hostile.fuzz import Problem, whole
        from tests.hostile.inputs import KINDS, Placed

    def one(data: bytes) -> None:
        kind, text = data[:1], data[1:].decode("utf-8", "replace")
        try:
            problems = whole(Placed(f"fuzz.{KINDS[kind[0] % len(KINDS)] if kind else 'md'}", text))
        except Exception as error:  # noqa: BLE001 (whatever it is, it is what is looked for)
            problems = [Problem("crashes", f"{type(error).__name__}: {error}", text)]
        if problems:
            with Path(log).open("a", encoding="utf-8") as file:
                for problem in problems:
                    file.write(json.dumps(problem.__dict__, ensure_ascii=True) + "\n")

    atheris.Setup(
        [
            sys.argv[0],
            f"-runs={runs}",
            f"-seed={seed}",
            "-max_len=2000",
            "-timeout=10",
            "-rss_limit_mb=4096",
            "-artifact_prefix=" + str(Path(log).parent) + "/",
            corpus,
        ],
        one,
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:5])
