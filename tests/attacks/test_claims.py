"""False claims that look right are not proved, and the true twin of each is."""

import pytest

from derive.judge.decide import decide
from derive.judge.kernel import Proof, prove
from tests.attacks.notation import claim, context
from tests.attacks.table import rows, unpaired

ROWS = rows("claims")


@pytest.mark.parametrize("row", [row for _, row in ROWS], ids=[f"{table}: {row['id']}" for table, row in ROWS])
def test_the_claim_gets_its_verdict(row):
    asked = claim(row["claim"], row.get("obligations", ())), context(row.get("given", ()))
    if row.get("judge") == "prove":
        assert ("proved" if isinstance(prove(*asked), Proof) else "open") == row["verdict"]
    else:
        assert decide(*asked).kind.value == row["verdict"]


def test_every_row_has_a_twin_with_the_other_outcome():
    assert unpaired("claims") == []
