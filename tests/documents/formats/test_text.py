"""Plain text: lines, bare LaTeX, delimiters."""

import pytest

from derive.documents import Prose, read
from derive.documents.formats.text import is_bare


def text(content):
    return read("notes.txt", content)


@pytest.mark.parametrize(
    "line",
    [
        r"W^{+} = W-\eta \frac{\partial Loss}{\partial W}",
        r"      \eta",
        r"\frac{\partial Loss}{\partial W}",
        r"Loss = -\sum_i y_i \ln a_i",
        r"a_i = \frac{\text{one of them}}{2}",
    ],
)
def test_bare_latex(line):
    assert is_bare(line)
    (formula,) = text(f"Text.\n{line}\n更多文字\n").formulas
    assert (formula.kind, formula.latex, formula.line) == ("bare", line.strip(), 2)
    assert formula.column == len(line) - len(line.lstrip()) + 1


@pytest.mark.parametrize(
    "line",
    [
        r"the rate \eta is a number",
        r"我们知道 \log 函数",
        r"C:\temp\sum",
        r"\usepackage{amsmath}",
        r"see http://example.com/\alpha",
        "no command here",
        r"use \log here",
    ],
)
def test_not_bare_latex(line):
    assert not is_bare(line)
    assert text(f"{line}\n").formulas == ()


def test_each_line_is_a_paragraph_and_wrapped_lines_are_one():
    document = text("第一行\n第二行\n\nThis is a sentence that somebody has wrapped at\nthe edge, with $x = y$ in it.\nNext.\n")
    prose = [block for block in document.blocks if isinstance(block, Prose)]
    numbers = [block.paragraph for block in prose]
    assert len(set(numbers)) == 4
    assert numbers[2] == numbers[3] == document.formulas[0].paragraph
    assert [block.starts_paragraph for block in prose] == [True, True, True, False, False, True]


def test_case_header_is_prose():
    document = text("- 若 k = j\n\\[a\n= b\\]\n")
    assert isinstance(document.blocks[0], Prose) and document.blocks[0].text == "若 k = j"
    assert [formula.latex for formula in document.formulas] == ["a\n= b"]


def test_order_of_prose_and_plain_formulas():
    document = text("so x = 1, thus $y$ and z = 2\n")
    shown = [block.text if isinstance(block, Prose) else block.latex for block in document.blocks]
    assert shown == ["so ", "x = 1", ", thus ", "y", " and ", "z = 2"]
    assert [formula.kind for formula in document.formulas] == ["plain", "inline", "plain"]


def test_fences_and_code_spans_are_no_mathematics():
    assert text("```\nx = 1\n$y$\n```\n`$z$` and `a = b`\n").formulas == ()


def test_unclosed_display():
    first, second = text("\\[ a = b\n\nthen $c$\n").formulas
    assert (first.problem, first.latex) == ("unclosed formula: expected \\]", "a = b")
    assert (second.problem, second.latex) == ("", "c")


@pytest.mark.parametrize("line", ["d/dx x = x", "max x_k = x_k", "∫ x = x", "1:2 = 2", "x² = x³", "--a = -a", "5,000 x = 0 x"])
def test_a_line_of_mathematics_is_taken_as_a_whole(line):
    assert [formula.latex for formula in read("a.txt", line + "\n").formulas] == [line]


@pytest.mark.parametrize("line", ["(1) x = 2", "x = 2 (1)", "a = 1, b = 2.", "so x = 2"])
def test_labels_and_words_beside_a_formula_are_no_part_of_it(line):
    assert all("(1)" not in formula.latex and "so" not in formula.latex for formula in read("a.txt", line + "\n").formulas)
