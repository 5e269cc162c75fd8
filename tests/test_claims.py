"""The table of claims: each with the verdict it must get, and beside it a false twin."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive.jobs.check import check

SETTINGS = {
    "": [],
    "T": ["Here $y_k$ are the labels.", r"a_i = \frac{e^{z_i}}{\sum_k e^{z_k}}", r"L = -\sum_k y_k \ln a_k"],
    "S": [r"a_i = \frac{e^{z_i}}{\sum_k e^{z_k}}", r"L = -\sum_k y_k \ln a_k"],
    "B": [r"a = \frac{1}{1 + e^{-z}}", r"L = -(y \ln a + (1 - y) \ln(1 - a))"],
    "U": ["u = u(x)", "v = v(x)"],
}


def rows():
    lines = (Path(__file__).parent / "corpus" / "claims.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return [(line.split("\t") + [""] * 6)[:6] for line in lines if line.strip() and not line.startswith("#")]


def judge(setting, latex):
    before = "".join(f"{given}\n\n" if "$" in given else f"$${given}$$\n\n" for given in SETTINGS[setting])
    claims = check(f"{before}We find\n\n$${latex}$$\n").claims
    return claims[-1]


@pytest.mark.parametrize(("setting", "latex", "verdict", "condition"), [row[:4] for row in rows()])
def test_claims_get_their_verdict_and_condition(setting, latex, verdict, condition):
    claim = judge(setting, latex)
    assert claim.verdict == verdict, claim.message
    assert " and ".join(c.text for c in claim.conditions if not c.stated) == condition
    if verdict == "conditional":
        assert claim.message.startswith(f"holds when {condition}")


@pytest.mark.parametrize(("setting", "twin", "verdict"), [(row[0], row[4], row[5]) for row in rows()])
def test_their_twins_are_not_proved(setting, twin, verdict):
    claim = judge(setting, twin)
    assert claim.verdict == verdict, claim.message
    if verdict == "refuted":
        assert claim.witness is not None
        assert claim.relation != "=" or claim.witness.left != claim.witness.right
