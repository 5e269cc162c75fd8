"""What SymPy makes of single identities."""

import pytest

from tests.identities.peers import NOT, RIGHT, WRONG, outcome
from tests.identities.rows import identities


@pytest.mark.parametrize(
    ("left", "right", "found"),
    [
        (r"\nabla_A \operatorname{tr}(A B)", r"B^\top", RIGHT),
        (r"\nabla_x (x^\top A x)", r"(A + A^\top) x", RIGHT),
        (r"\nabla_x \exp(x^\top A x)", r"\exp(x^\top A x) (A + A^\top) x", WRONG),
        (r"d(X^\top)", r"(dX)^\top", NOT),
    ],
)
def test_one_identity(left, right, found):
    row = next(row for row in identities() if (row.true.left, row.true.right) == (left, right))
    assert outcome(row) == found
