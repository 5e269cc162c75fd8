"""LaTeX as MathML: what is understood, and that nothing but formulas comes out."""

from __future__ import annotations

import re

import pytest

from derive.report.web.mathml import MARK, CannotRender, mathml, rendered


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        ("a_1", "<msub><mi>a</mi><mn>1</mn></msub>"),
        (r"\frac{1}{2}", "<mfrac>"),
        (r"\mathrm{loss}", '<mi mathvariant="normal">loss</mi>'),
        (r"\mathrm{d}", '<mi mathvariant="normal">d</mi>'),
        (r"\boldsymbol{\theta}", "𝜽"),
        (r"\mathbb{R}", "ℝ"),
        (r"a = -b", '<mo form="prefix">−</mo>'),
        (r"\operatorname{softmax}(z)", "<mi>softmax</mi>"),
        (r"\begin{eqnarray} a &= b \end{eqnarray}", "<mtd"),
        (r"a &= b", "<mi>b</mi>"),
        (r"a \label{x} % comment", "<mi>a</mi>"),
    ],
)
def test_formulas(latex, expected):
    assert expected in mathml(latex)


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{",
        r"x^2^3",
        r"\begin{aligned} a",
        r"\newcommand{\x}{y} \x",
        r"\let\a\b",
        "{" * 200 + "}" * 200,
        "a + " * 4000,
        r"\left(" * 300,
        "a\U000f0000",
        r"\left( x",
    ],
)
def test_what_cannot_be_rendered_is_shown_as_written(latex):
    with pytest.raises(CannotRender):
        mathml(latex)
    assert rendered(latex).startswith("<code") or "\U000f0000" in latex


@pytest.mark.parametrize(
    "latex",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\style{color:red}{x}",
        r"\class{x}{y}",
        r"\text{<script>alert(1)</script>}",
        r"\text{&lt;script&gt;}",
        r"\color{red\" onclick=x} y",
        r"<img src=x onerror=alert(1)>",
        r"\unknown{<b>}",
        r"\rule{1em}{1em}",
        r"\fcolorbox{red}{url(x)}{y}",
        r"\hspace{1em\" onload=x}",
    ],
)
def test_nothing_but_formulas_comes_out(latex):
    written = rendered(latex)
    assert not re.search(r"<(?!/?(?:m[a-z]+|code)\b)", written)
    assert not re.search(r"<[^>]*(?:href|style=|onclick|onerror|onload|url|javascript)", written)


def test_macros():
    macros = {"half": (1, r"\frac{#1}{2}"), "R": (0, r"\mathbb{R}")}
    assert "<mfrac>" in mathml(r"\half{x} \in \R", macros=macros)
    assert mathml(r"\Rightarrow", macros=macros) == mathml(r"\Rightarrow")
    assert rendered(r"\a", macros={"a": (0, r"\a\a")}).startswith("<code")


def test_signs_stand_behind_their_claims():
    marked = f"a = b{chr(MARK)} = c{chr(MARK + 1)}"
    written = mathml(marked, signs=["<b>1</b>", "<b>2</b>"], claims=["one", "two"])
    first = r'<mrow class="one">.*<mi>b</mi></mrow><mtext class="sign"><b>1</b></mtext>'
    assert re.search(first + '<mrow class="two"><mo>=', written)
    with pytest.raises(CannotRender):
        mathml(f"\\frac{{a{chr(MARK)}}}{{b}}", signs=[], claims=[])
    with pytest.raises(CannotRender):
        mathml(f"x_{chr(MARK)}", signs=["<b>1</b>"], claims=["one"])
