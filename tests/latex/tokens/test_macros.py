r"""Macros are expanded on tokens of TeX, which keep their places."""

import pytest

from derive.latex.tokens.macros import Definition, Endless, expanded

MACROS = {
    "R": Definition(0, r"\mathbb{R}"),
    "pd": Definition(2, r"\frac{\partial #1}{\partial #2}"),
    "id": Definition(1, "#1"),
    "la": Definition(0, r"\lambda"),
    "none": Definition(0, ""),
    "twice": Definition(1, r"\la#1\la"),
}


def written(formula, macros=MACROS):
    return "".join(piece.text for piece in expanded(formula, macros))


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"x \in \R^n", r"x \in \mathbb{R}^n"),
        (r"\pd{L}{z_i}", r"\frac{\partial L}{\partial z_i}"),
        (r"\pd L x", r"\frac{\partial L}{\partial x}"),
        (r"\pd{\R}{\{\}}", r"\frac{\partial \mathbb{R}}{\partial \{\}}"),
        (r"\la x\la", r"\lambda x\lambda"),
        (r"\id{\la}x", r"\lambda x"),
        (r"\twice{x}y", r"\lambda x\lambda y"),
        (r"a\none b", "a b"),
        (r"a \\la", r"a \\la"),
        (r"\Rx + \pd{L}", r"\Rx + \pd{L}"),
        (r"\pd{L}}", r"\pd{L}}"),
    ],
)
def test_a_macro_stands_for_its_body(formula, expected):
    assert written(formula) == expected


def test_arguments_keep_their_places_and_bodies_have_that_of_the_name():
    found = expanded(r"a + \pd{L}{z}", MACROS)
    assert [piece.place for piece in found if piece.text == "L"] == [8]
    assert [piece.place for piece in found if piece.text == "\\frac"] == [4]
    assert all(piece.whole == (piece.place != 4) for piece in found)


@pytest.mark.parametrize("bodies", [{"a": r"\a"}, {"a": r"x\b", "b": r"\a"}, {"a": "x" * 15_000}])
def test_what_does_not_come_to_an_end_is_refused(bodies):
    with pytest.raises(Endless):
        expanded(r"\a + \a", {name: Definition(0, body) for name, body in bodies.items()})


def test_many_uses_come_to_an_end():
    assert written(r"\la" * 2_000) == r"\lambda" * 2_000
