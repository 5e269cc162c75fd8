"""A derivative of a quantity that the document says to be something is no definition, however that was spelled."""

import pytest

from derive.jobs.check import check


def last(text):
    return check(text).claims[-1]


@pytest.mark.parametrize(
    ("said", "true", "false"),
    [
        ("$$\\mathbf A^{(k)} (\\mathbf Z^{(k)}) = \\begin{bmatrix} ? \\end{bmatrix}$$", "a_{ij}^{(k)}", "b_{ij}^{(k)}"),
        ("$$E(t_i, y_i) = -t_i \\log(y_i) - \\square$$", "E_i", "D_i"),
        ("$$\\mathbf{S(Z)} = \\begin{bmatrix} ? \\end{bmatrix}$$", "s_{ij}", "r_{ij}"),
        ("$$\\mathcal L(y, a) = \\square$$", "\\mathcal L", "\\mathcal M"),
    ],
)
def test_it_is_taken_as_given_only_where_nothing_is_said_of_it(said, true, false):
    """`true` names what the text says something of, `false` does not."""
    slope = "\n\n$$\\frac{\\partial NAME}{\\partial v} = 3 u$$"
    assert last(said + slope.replace("NAME", true)).verdict == "unread"
    assert last(said + slope.replace("NAME", false)).verdict == "definition"
