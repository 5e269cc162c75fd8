"""Scope and shape of expressions, with twins that must differ."""

import re
from contextlib import contextmanager

import pytest

from derive.latex.grammar.expressions import Parser
from derive.latex.grammar.syntax import Add, Apply, Call, Derivative, Frac, Log, Mul, Name, Neg, Power, Subscripted, SumOver
from derive.latex.symbols.observe import observe
from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.errors import Unread
from derive.latex.tokens.lexer import tokens
from derive.writing.messages.rendering import rendered


def parse(formula: str, table: SymbolTable | None = None):
    return Parser(tokens(formula), formula, observe(table or SymbolTable(), [formula])).whole()


@contextmanager
def refused(words):
    with pytest.raises(Unread) as caught:
        yield
    assert re.search(words, rendered(caught.value.reason))


def test_a_sum_takes_products_and_stops_at_plus():
    assert isinstance(parse(r"\sum_j x_j - y"), Add)
    assert isinstance(parse(r"\sum_j (x_j - y)"), SumOver)
    assert isinstance(parse(r"\sum_j x_j \cdot y z"), SumOver)


def test_a_sum_takes_a_leading_minus():
    node = parse(r"\sum_i -p_i \log p_i + 1")
    assert isinstance(node, Add)
    assert isinstance(node.terms[0], SumOver)
    assert isinstance(node.terms[0].body, Neg)


def test_functions_take_the_factors_beside_them():
    assert [type(f) for f in parse(r"\sec x \tan x").factors] == [Apply, Apply]
    assert isinstance(parse(r"\ln 2x").argument, Mul)
    assert [type(f) for f in parse(r"x \ln a").factors] == [Name, Log]
    assert [type(f) for f in parse(r"\log(0.6) x").factors] == [Log, Name]
    assert isinstance(parse(r"\log \frac{1}{p_i}").argument, Frac)


def test_a_derivative_is_no_quotient():
    assert isinstance(parse(r"\frac{dE}{da_i}"), Derivative)
    assert isinstance(parse(r"\frac{d_1}{d_2}"), Frac)
    assert isinstance(parse(r"\frac{d}{d+1}"), Frac)


@pytest.mark.parametrize(
    "formula",
    [
        r"\frac{\mathrm d f}{\mathrm d x}",
        r"\frac{\mathrm{d} f}{\mathrm{d}x}",
        r"\frac{d}{dx} f",
        r"\frac{d}{dx}(f)",
        r"\frac{\partial f}{\partial x}",
        r"\partial_{x} f",
        r"\partial_x f",
        r"\partial f / \partial x",
        r"df/dx",
        r"\cfrac{\partial f}{\partial x}",
    ],
)
def test_spellings_of_a_derivative(formula):
    node = parse(formula)
    assert isinstance(node, Derivative)
    assert isinstance(node.operand, Name)
    assert node.operand.text == "f"
    assert [(v.text, order) for v, order in node.variables] == [("x", 1)]


def test_derivatives_of_higher_order():
    node = parse(r"\frac{\partial^3 L}{\partial z_i^2 \partial z_j}")
    assert [order for _, order in node.variables] == [2, 1]
    with refused("order 2 above and 1 below"):
        parse(r"\frac{d^2 f}{dx}")


def test_compound_variables():
    node = parse(r"\frac{da_j}{d\sum_m e^{net_m}}")
    assert isinstance(node.variables[0][0], SumOver)
    node = parse(r"\frac{da_j}{de^{net_k}}")
    assert isinstance(node.variables[0][0], Power)


def test_d_before_anything():
    node = parse(r"\frac{d- \sum_{j=1}^n y_j \ln a_j }{da_i}")
    assert isinstance(node, Derivative)
    assert isinstance(node.operand, Neg)


def test_names_in():
    assert parse(r"\frac{da_j}{dnet_k}").variables[0][0].name.text == "net"
    assert [f.text for f in parse("ab").factors] == ["a", "b"]


@pytest.mark.parametrize(
    ("formula", "name", "indices"),
    [
        ("w_{kj}", "w", 2),
        ("w_{k,j}", "w", 2),
        ("z_i", "z", 1),
        ("x_{i+1}", "x", 1),
        ("y_i^{(s)}", r"y^{(\cdot)}", 2),
        ("y^{(s)}_i", r"y^{(\cdot)}", 2),
        (r"\hat{y}_i", r"\hat{y}", 1),
        (r"\hat y_i", r"\hat{y}", 1),
        ("A'_i", "A'", 1),
        ("W^{+}_i", "W^+", 1),
        (r"\boldsymbol{x}_i", r"\mathbf{x}", 1),
    ],
)
def test_families(formula, name, indices):
    node = parse(formula)
    assert isinstance(node, Subscripted)
    assert (node.name.text, len(node.indices)) == (name, indices)


def test_an_index_in_the_superscript_stands_last():
    assert [i.text for i in parse("y^{(s)}_i").indices] == [i.text for i in parse("y_i^{(s)}").indices] == ["i", "s"]


@pytest.mark.parametrize(
    ("formula", "name"),
    [
        (r"a_{\text{out}}", r"a_{\text{out}}"),
        (r"a_{输出层}", r"a_{\text{输出层}}"),
        (r"\overrightarrow{loss}", r"\vec{loss}"),
        (r"\vec{a_{\text{out}}}", r"\vec{a_{\text{out}}}"),
        ("W^{+}", "W^+"),
        ("x_{max}", r"x_{\text{max}}"),
        (r"\mu_X", r"\mu_{\text{X}}"),
    ],
)
def test_decorated_names(formula, name):
    node = parse(formula)
    assert isinstance(node, Name)
    assert node.text == name


def test_two_digits_below_a_name_follow_the_family():
    assert len(parse("w_{41}", SymbolTable().with_family("w", 2)).indices) == 2
    assert len(parse("w_{41}", SymbolTable().with_family("w", 1)).indices) == 1
    with refused("one index or as several"):
        parse("w_{2k}")


def test_products_and_calls():
    assert isinstance(parse("a_i(1 - a_i)"), Mul)
    assert isinstance(parse("f(x)"), Call)
    assert isinstance(parse(r"\lambda(1 - \lambda)"), Mul)
    assert isinstance(parse(r"\sigma(1 - \sigma)"), Mul)
    assert isinstance(parse(r"\sigma(z)"), Call)
    assert isinstance(parse("a(1 - x)", SymbolTable().with_function("a")), Call)
    assert isinstance(parse(r"\ell(\theta)"), Call)
    assert len(parse("H(p, q)").arguments) == 2
    assert parse(r"\sigma'(z)").order == parse(r"f^{\prime}(z)").order == 1


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("p_i + p(x)", "a product or the value of a function"),
        (r"E[x^2]", "neither as an expectation nor as a product"),
        (r"\mathbb{E}_{D, p}[x]", "blackboard letter"),
        (r"f^2(x)", "a power of a function"),
        (r"\ln(x)^2", "belong to"),
        ("1/2x", "two ways"),
        ("x^10", "raises to 1 only"),
        (r"\int x", "integrals are not read"),
        (r"\operatorname{tr}(A)", "is not read yet"),
        (r"\frac{\partial f}{dx}", "mixes"),
        ("x!!", "!"),
        (r"\frac{dF}{dx}(y)", "at a point"),
        ("dW + 1", "a differential"),
        ("(a)^{[l]}", "an index or a power"),
        (r"(a, b)", "a tuple"),
        ("(x", "never closed"),
        (r"\foo x", r"the command \\foo is not read here"),
        (r"\sum x", "without an index"),
    ],
)
def test_what_is_not_understood_is_named(formula, message):
    with refused(message):
        parse(formula)


def test_the_place_of_what_is_not_understood():
    formula = r"x + \foo y"
    with pytest.raises(Unread) as caught:
        parse(formula)
    assert formula[caught.value.start : caught.value.end] == r"\foo"


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("(", ")"),
        ("{-", "}"),
        (r"\frac{1}{", "}"),
        (r"\sqrt{", "}"),
        ("x^{", "}"),
        ("|", "|"),
        (r"\sin", ""),
        ("f(", ")"),
        (r"\sum_k", ""),
        (r"\left(", r"\right)"),
    ],
)
def test_deep_nesting_is_refused(opening, closing):
    with refused("nested too deeply"):
        parse(opening * 1000 + "y" + closing * 1000)


def test_moderate_nesting_is_read():
    assert isinstance(parse("(" * 20 + "x" + ")" * 20), Name)
