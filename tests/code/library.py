"""The functions of the library's documents, compiled once for all of the tests that look at them."""

from functools import cache
from pathlib import Path

from derive.documents import load
from derive.jobs.compile import Generated, compile_document
from derive.jobs.limits import Limits

PROOFS = sorted((Path(__file__).resolve().parents[2] / "proofs").glob("*.md"))


@cache
def made(name: str) -> Generated:
    """What a document gives, with time for each function, whatever else runs."""
    path = next(path for path in PROOFS if path.stem == name)
    return compile_document(load(path), limits=Limits(seconds=300))
