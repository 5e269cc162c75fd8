"""Whether the reports on all documents are those of another revision: ``python -m tests.benchmarks.reports REVISION``.

Every claim of every document must be the same in the JSON report, times left out: verdict, conditions, obligations, witness,
suggestion, message. What differs is printed; the exit status is 1 if anything does, and the time that each revision took is
printed beside the other.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.benchmarks.texts import ROOT, Text, groups

CHUNK = 50


def reported(package: Path, folder: Path, texts: list[Text]) -> tuple[dict[str, Any], float]:
    """The report on each document by its name, from the program in `package`, and the seconds that it took."""
    environment = {**os.environ, "PYTHONPATH": str(package)}
    for name, text in texts:
        (folder / name).write_text(text, encoding="utf-8")
    start, found = time.perf_counter(), {}
    names = [name for name, _ in texts]
    for first in range(0, len(names), CHUNK):
        command = [sys.executable, "-m", "derive", "check", "--format", "json", *names[first : first + CHUNK]]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1, 3):
            raise SystemExit(done.stderr)
        for document in json.loads(done.stdout)["documents"]:
            found[document["path"]] = without_times(document)
    return found, time.perf_counter() - start


def without_times(value: Any) -> Any:
    """A report, or a part of one, without the times in it."""
    if isinstance(value, dict):
        return {key: without_times(part) for key, part in value.items() if key not in ("milliseconds", "seconds")}
    return [without_times(part) for part in value] if isinstance(value, list) else value


def extracted(revision: str, folder: Path) -> Path:
    """The program as it was at `revision`, below `folder`."""
    done = subprocess.run(["git", "archive", revision, "derive", "proofs"], cwd=ROOT, capture_output=True, check=True)
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def differences(name: str, before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What differs in the reports on one document, a line for each claim."""
    if before == after:
        return []
    old, new = before["claims"], after["claims"]
    if len(old) != len(new):
        return [f"{name}: {len(old)} claims before, {len(new)} after"]
    changed = [
        f"{a['id']} {a['latex']}: {key}: {a.get(key)} -> {b.get(key)}"
        for a, b in zip(old, new, strict=True)
        for key in sorted({*a, *b})
        if a.get(key) != b.get(key)
    ]
    return changed or [f"{name}: the context or the notes"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("revision", help="the revision that is compared with the working tree")
    parser.add_argument("--only", nargs="*", help="these groups of documents")
    options = parser.parse_args()
    changed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        other = extracted(options.revision, folder / "before")
        for group, texts in groups().items():
            if options.only and group not in options.only:
                continue
            place = folder / group
            place.mkdir()
            before, seconds_before = reported(other, place, texts)
            after, seconds_after = reported(ROOT, place, texts)
            lines = [line for document in before for line in differences(document, before[document], after[document])]
            claims = sum(len(document["claims"]) for document in before.values())
            print(
                f"{group}: {len(before)} documents, {claims} claims, {len(lines)} differences; "
                f"{seconds_before:.1f} s before, {seconds_after:.1f} s after, ratio {seconds_after / seconds_before:.2f}"
            )
            print("".join(f"  {line}\n" for line in lines), end="", flush=True)
            changed += len(lines)
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
