"""Powers of one base whose exponents differ by 1 follow from each other; others are computed by themselves."""

from fractions import Fraction

import numpy as np
import pytest

from derive.code.arrays.builder import Builder
from derive.code.arrays.powers import with_one_power
from derive.code.arrays.program import BATCH
from derive.code.functions.interpret import evaluate


def program(*offsets, base="x"):
    """The powers of x, or of x and z in turn, with exponents g + offset."""
    build = Builder()
    x, z = (build.input(name, (BATCH,), (BATCH,)) for name in ("x", "z"))
    g = build.input("g", (), ())
    made = []
    for place, offset in enumerate(offsets):
        number = build.constant(Fraction(abs(offset)))
        exponent = g if offset == 0 else build.elementwise("add" if offset > 0 else "sub", g, number)
        made.append((f"p{place}", build.elementwise("power", z if base == "both" and place % 2 else x, exponent)))
    return build.program(made)


def operations(made):
    return [node.op for node in made.nodes if getattr(node, "op", "") in ("power", "raised", "lowered")]


@pytest.mark.parametrize(
    ("offsets", "expected"),
    [
        ((0, 1, -1), ["power", "raised", "lowered"]),
        ((-1, 0, 1), ["power", "raised", "raised"]),
        ((-1, 0, 1, 2), ["power", "raised", "raised", "power"]),
        ((0, 2), ["power", "power"]),
        ((0, Fraction(1, 2)), ["power", "power"]),
    ],
)
def test_which_follow(offsets, expected):
    made = with_one_power(program(*offsets))
    assert operations(made) == expected
    values = {"x": np.array([0.5, 1.5, 1e-3]), "z": np.ones(3), "g": np.array(2.5)}
    before, after = evaluate(program(*offsets), values), evaluate(made, values)
    for name in before:
        np.testing.assert_allclose(after[name], before[name], rtol=1e-15)


def test_powers_of_another_base_do_not_follow():
    assert operations(with_one_power(program(0, 1, base="both"))) == ["power", "power"]


def test_whole_numbers_alone_have_no_exponent_in_common():
    build = Builder()
    x = build.input("x", (BATCH,), (BATCH,))
    powers = [(f"p{n}", build.elementwise("power", x, build.constant(Fraction(n)))) for n in (3, 4)]
    assert operations(with_one_power(build.program(powers))) == ["power", "power"]
