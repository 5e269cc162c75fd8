"""Documents that were written without a look at the tables of words: none that is false is proved, none that is true refuted.

``withdrawn``: a hypothesis is taken back, denied, quoted, conditional or out of scope. ``dressed``: a false step looks like a
definition, a setting, a conclusion or an example. ``inforce``: an ordinary sentence puts a hypothesis in force. ``true``: right
derivations. What still passes in silence or is refuted although true is listed here, and may only become less.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from derive.jobs.check import check

FOLDER = Path(__file__).resolve().parent / "fresh"
REFUTED_THOUGH_TRUE = {"fresh-inforce-en-20", "fresh-inforce-zh-03"}
MOST_IN_SILENCE = {"withdrawn": 0, "dressed": 0, "withdrawn-again": 0, "dressed-again": 0}
LEAST_PROVED = {"inforce": 52, "true": 47, "inforce-again": 18}

pytestmark = pytest.mark.slow


def last_verdicts(name):
    rows = [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    return {row["id"]: check(row["document"], "notes" + row["suffix"]).claims[-1].verdict for row in rows}


@pytest.mark.parametrize("name", ["withdrawn", "dressed", "withdrawn-again", "dressed-again"])
def test_no_false_step_is_proved(name):
    found = last_verdicts(name)
    assert not [key for key, verdict in found.items() if verdict == "proved"]
    silent = Counter(found.values())
    assert silent["definition"] + silent["assumption"] <= MOST_IN_SILENCE[name]


@pytest.mark.parametrize("name", ["inforce", "true", "inforce-again"])
def test_no_true_step_is_refuted(name):
    found = last_verdicts(name)
    assert {key for key, verdict in found.items() if verdict == "refuted"} <= REFUTED_THOUGH_TRUE
    assert Counter(found.values())["proved"] >= LEAST_PROVED[name]
