"""The table of attacks tells a row without a twin, and the notation refuses what it does not have."""

import json

import pytest

from tests.attacks import table
from tests.attacks.notation import context, term

FALSE = {"id": "a", "twin": "b", "claim": ["x", "=", "2"], "verdict": "refuted"}
TRUE = {"id": "b", "twin": "a", "claim": ["x", "=", "x"], "verdict": "proved"}


@pytest.mark.parametrize(
    ("found", "alone"),
    [
        ([FALSE, TRUE], []),
        ([FALSE], ["planted: a"]),
        ([FALSE, TRUE | {"twin": "c"}], ["planted: a", "planted: b"]),
        ([FALSE, TRUE | {"verdict": "conditional"}], ["planted: a", "planted: b"]),
        ([FALSE, TRUE, FALSE], ["planted: a"]),
    ],
)
def test_a_row_without_a_twin_is_told(tmp_path, monkeypatch, found, alone):
    monkeypatch.setattr(table, "HERE", tmp_path)
    (tmp_path / "claims").mkdir()
    (tmp_path / "claims" / "planted.jsonl").write_text("".join(json.dumps(row) + "\n" for row in found))
    assert table.unpaired("claims") == alone


@pytest.mark.parametrize("text", ["__import__('os')", "x.name", "v", "x if x else x", "exp(z[1:2])"])
def test_what_the_notation_does_not_have_is_refused(text):
    with pytest.raises(ValueError, match="notation"):
        term(text)


def test_a_context_is_made_of_three_calls():
    assert context(["assume(Fact(x, '>', 0))"]).assumptions
    with pytest.raises(ValueError, match="expected a call"):
        context(["exp(x)"])
