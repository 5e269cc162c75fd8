"""What the writer writes, term by term, and that no letter is captured and no name runs a command."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
import sympy
from sympy import Add, E, Eq, Integer, KroneckerDelta, Mul, Ne, Or, Rational, Symbol, exp, log, pi, sqrt

from derive.latex.grammar import expressions
from derive.latex.symbols import table
from derive.latex.tokens import lexer
from derive.terms.context import Context, Range
from derive.terms.terms import Call, Cases, Partial, Vector, bound, dots, family, index, scalar, size, summation
from derive.writing.writer import UnwritableTerm, claim_latex, claim_text, latex, relation, text

i, j, k, ell, m = map(index, "ijklm")
n, N, M = map(size, "nNM")
a, w, x_, y, z = (family(name) for name in ("a", "w", "x", "y", "z"))
x, b, c, L, eta = (scalar(name) for name in ("x", "b", "c", "L", "eta"))
delta = KroneckerDelta


def total(body, variable=k, low=1, high=n, excluded=()):
    return summation(sympy.sympify(body), variable, Integer(low), high, excluded)


partition = total(exp(z[k]))

TERMS = [
    # order of summands
    (a[i] - y[i], r"a_i - y_i", "a_i - y_i"),
    (1 - a[i], r"1 - a_i", "1 - a_i"),
    (-x - c, r"-c - x", "-c - x"),
    (x**2 - 2 * x + 1, r"x^2 - 2 x + 1", "x^2 - 2 x + 1"),
    (1 - x**2, r"1 - x^2", "1 - x^2"),
    (n - 1, r"n - 1", "n - 1"),
    (1 + exp(-x), r"1 + e^{-x}", "1 + exp(-x)"),
    (log(x) + 1, r"\ln x + 1", "ln x + 1"),
    (exp(x) - exp(-x), r"e^{x} - e^{-x}", "exp(x) - exp(-x)"),
    (exp(x) + exp(-x), r"e^{x} + e^{-x}", "exp(x) + exp(-x)"),
    (z[10] + z[2], r"z_2 + z_{10}", "z_2 + z_10"),
    (total(w[i, j] * x_[j], j) + b, r"\sum_{j=1}^{n} w_{ij} x_j + b", "sum_j w_ij x_j + b"),
    (Add(x, Mul(-1, Add(b, c), evaluate=False)), r"x - \left(b + c\right)", "x - (b + c)"),
    # order of factors
    (a[i] * (1 - a[i]), r"a_i \left(1 - a_i\right)", "a_i (1 - a_i)"),
    (-a[i] * a[j], r"-a_i a_j", "-a_i a_j"),
    (a[i] * (delta(i, j) - a[j]), r"a_i \left(\delta_{ij} - a_j\right)", "a_i (delta_ij - a_j)"),
    (2 * pi * x, r"2 \pi x", "2 pi x"),
    (x * (x + 1) * (x - 1), r"x \left(x + 1\right) \left(x - 1\right)", "x (x + 1) (x - 1)"),
    (2 * Integer(3) ** x, r"2 \cdot 3^x", "2*3^x"),
    (x_[i] * eta, r"\eta x_i", "eta x_i"),
    (a[i] * total(y[j], j) - y[i], r"a_i \sum_{j=1}^{n} y_j - y_i", "a_i sum_j y_j - y_i"),
    (c**x * log(c), r"c^x \ln c", "c^x ln c"),
    (sympy.sin(x) * sympy.cos(x), r"\cos\left(x\right) \sin x", "cos(x) sin x"),
    (
        y[i] * log(a[i]) + (1 - y[i]) * log(1 - a[i]),
        r"y_i \ln a_i + \left(1 - y_i\right) \ln\left(1 - a_i\right)",
        "y_i ln a_i + (1 - y_i) ln(1 - a_i)",
    ),
    # fractions, powers, roots
    (Rational(1, 2), r"\frac{1}{2}", "1/2"),
    (-x / 2, r"-\frac{x}{2}", "-x/2"),
    (2 * x / 3, r"\frac{2 x}{3}", "2 x/3"),
    (-y[i] / a[i], r"-\frac{y_i}{a_i}", "-y_i/a_i"),
    (x**-2, r"\frac{1}{x^2}", "1/x^2"),
    (1 / (2 * x), r"\frac{1}{2 x}", "1/(2 x)"),
    (exp(z[i]) / partition, r"\frac{e^{z_i}}{\sum_{k=1}^{n} e^{z_k}}", "exp(z_i)/(sum_k exp(z_k))"),
    (partition**2, r"\left(\sum_{k=1}^{n} e^{z_k}\right)^2", "(sum_k exp(z_k))^2"),
    (exp(-x) / (1 + exp(-x)) ** 2, r"\frac{e^{-x}}{\left(1 + e^{-x}\right)^2}", "exp(-x)/(1 + exp(-x))^2"),
    (total((a[k] - y[k]) ** 2) / 2, r"\frac{1}{2} \sum_{k=1}^{n} \left(a_k - y_k\right)^2", "(1/2) sum_k (a_k - y_k)^2"),
    (log(x) / log(2), r"\frac{\ln x}{\ln 2}", "ln(x)/ln(2)"),
    (a[i] ** 2, r"a_i^2", "a_i^2"),
    (x ** (c - 1), r"x^{c - 1}", "x^(c - 1)"),
    (x ** Rational(3, 2), r"x^{\frac{3}{2}}", "x^(3/2)"),
    (1 / sqrt(1 - x**2), r"\frac{1}{\sqrt{1 - x^2}}", "1/sqrt(1 - x^2)"),
    (Integer(-3), "-3", "-3"),
    (sympy.Float("0.25"), r"\frac{1}{4}", "1/4"),
    (sympy.Pow(Integer(-2), c), r"\left(-2\right)^c", "(-2)^c"),
    (scalar("d") * x / (scalar("d") + b), r"\frac{d x}{b + d}", "d x/(b + d)"),
    ((scalar("d") + x) / (scalar("d") * y[i]), r"\frac{d + x}{{d} y_i}", "(d + x)/(d y_i)"),
    # functions
    (log(partition), r"\ln \sum_{k=1}^{n} e^{z_k}", "ln(sum_k exp(z_k))"),
    (log(a[i] / y[i]), r"\ln \frac{a_i}{y_i}", "ln(a_i/y_i)"),
    (log(2 * a[i]), r"\ln\left(2 a_i\right)", "ln(2 a_i)"),
    (log(x) ** 2, r"\left(\ln x\right)^2", "(ln x)^2"),
    (sympy.sec(x) ** 2, r"\sec^2 x", "sec^2 x"),
    (sympy.asin(x), r"\arcsin x", "arcsin x"),
    (sympy.acot(x), r"\operatorname{arccot} x", "arccot x"),
    (sympy.Abs(x), r"\left|x\right|", "|x|"),
    (E, "e", "e"),
    (exp(exp(x)), r"e^{e^{x}}", "exp(exp(x))"),
    (exp(x) * scalar("e"), r"e \exp\left(x\right)", "e exp(x)"),
    (Call("f", [x]), "f(x)", "f(x)"),
    (Call("f", [x], [1]), "f'(x)", "f'(x)"),
    (Call("f", [x / 2], [4]), r"f''''\left(\frac{x}{2}\right)", "f''''(x/2)"),
    (Call("f", [x, y[i]], [1, 0]), r"f^{(1,0)}(x, y_i)", "f^(1,0)(x, y_i)"),
    (Call("f", [x, b], [1, 0]), r"\frac{\partial f(x, b)}{\partial x}", "df(x, b)/dx"),
    (Call("H", [family("p"), family("q")]), "H(p, q)", "H(p, q)"),
    (scalar("f") * (1 - x), r"f \cdot \left(1 - x\right)", "f (1 - x)"),
    (scalar("Loss") * (1 - x), r"\mathrm{Loss} \cdot \left(1 - x\right)", "Loss (1 - x)"),
    (x ** scalar("T"), r"x^{\left(T\right)}", "x^T"),
    # derivatives
    (Partial(a[i], z[j]), r"\frac{\partial a_i}{\partial z_j}", "da_i/dz_j"),
    (Partial(1 - x**2, x), r"\frac{\partial}{\partial x} \left(1 - x^2\right)", "d/dx (1 - x^2)"),
    (Partial(Partial(L, z[j]), z[i]), r"\frac{\partial^2 L}{\partial z_i \partial z_j}", "d^2L/(dz_i dz_j)"),
    (Partial(Partial(L, z[i]), z[i]), r"\frac{\partial^2 L}{\partial z_i^2}", "d^2L/dz_i^2"),
    (
        total(Partial(a[k], z[i]) * Partial(L, a[k])),
        r"\sum_{k=1}^{n} \frac{\partial L}{\partial a_k} \frac{\partial a_k}{\partial z_i}",
        "sum_k dL/da_k da_k/dz_i",
    ),
    # sums
    (-total(y[k] * log(a[k])), r"-\sum_{k=1}^{n} y_k \ln a_k", "-sum_k y_k ln a_k"),
    (total(-y[k]), r"\sum_{k=1}^{n} \left(-y_k\right)", "sum_k (-y_k)"),
    (total(y[k] - a[k]), r"\sum_{k=1}^{n} \left(y_k - a_k\right)", "sum_k (y_k - a_k)"),
    (total(y[k]) * total(a[k]), r"\left(\sum_{k=1}^{n} a_k\right) \sum_{k=1}^{n} y_k", "(sum_k a_k) sum_k y_k"),
    (total(total(w[k, ell] * x_[ell], ell)), r"\sum_{k=1}^{n} \sum_{l=1}^{n} w_{kl} x_l", "sum_k sum_l w_kl x_l"),
    (total(y[j], j, excluded=[i]), r"\sum_{j \ne i} y_j", "sum_(j != i) y_j"),
    (total(y[i] * y[j], j, excluded=[i]), r"\sum_{j \ne i} y_i y_j", "sum_(j != i) y_i y_j"),
    # Read back, a sum over i ≠ j alone would run over both.
    (total(y[i] * y[j], i, excluded=[j]), r"\sum_{i=1, i \ne j}^{n} y_i y_j", "sum_(i=1..n, i != j) y_i y_j"),
    (total(y[k], excluded=[i, j]), r"\sum_{k \ne i, k \ne j} y_k", "sum_(k != i, k != j) y_k"),
    (total(y[j], j, high=M, excluded=[i]), r"\sum_{j=1, j \ne i}^{M} y_j", "sum_(j=1..M, j != i) y_j"),
    (total(y[k], high=n - 1), r"\sum_{k=1}^{n-1} y_k", "sum_(k=1..n - 1) y_k"),
    # indices, deltas, cases, lists
    (delta(j, i), r"\delta_{ij}", "delta_ij"),
    (delta(i, 10), r"\delta_{i,10}", "delta_(i,10)"),
    (w[i, n], "w_{i,n}", "w_in"),
    (w[index("r"), index("s")], "w_{r,s}", "w_rs"),
    (family(r"y^{(\cdot)}")[i, index("s")], "y_i^{(s)}", "y_i^(s)"),
    (w[i + 1, j], r"w_{i+1,j}", "w_(i+1,j)"),
    (
        Cases((a[i] * (1 - a[i]), Eq(i, j)), (-a[i] * a[j], True)),
        r"\begin{cases} a_i \left(1 - a_i\right) & i = j \\ -a_i a_j & i \ne j \end{cases}",
        "{a_i (1 - a_i) if i = j; -a_i a_j if i != j}",
    ),
    (
        Cases((x, Eq(i, j)), (b, Eq(i, k)), (0, True)),
        r"\begin{cases} x & i = j \\ b & i = k \\ 0 & \text{otherwise} \end{cases}",
        "{x if i = j; b if i = k; 0 otherwise}",
    ),
    (Or(Eq(i, j), Ne(j, k)), r"i = j\text{ or }j \ne k", "i = j or j != k"),
    (Vector([1, dots(), n]), r"\begin{bmatrix} 1 \\ \vdots \\ n \end{bmatrix}", "[1, ..., n]"),
]


@pytest.mark.parametrize(("term", "as_latex", "as_text"), TERMS, ids=[row[1] for row in TERMS])
def test_terms_are_written_as_a_person_writes_them(term, as_latex, as_text):
    assert latex(term) == as_latex
    assert text(term) == as_text


@pytest.mark.parametrize(
    ("name", "as_latex", "as_text"),
    [
        ("x", "x", "x"),
        ("eta", r"\eta", "eta"),
        (r"\eta", r"\eta", "eta"),
        ("η", r"\eta", "eta"),
        ("net", r"\mathrm{net}", "net"),
        (r"\mathrm{net}", r"\mathrm{net}", "net"),
        (r"\hat{y}", r"\hat{y}", "hat(y)"),
        (r"\hat{net}", r"\hat{net}", "hat(net)"),
        (r"\hat{a_{\text{out}}}", r"\hat{a_{\text{out}}}", "hat(a_out)"),
        ("W^{+}", "W^{+}", "W^+"),
        ("W^+", "W^{+}", "W^+"),
        ("A'", "A'", "A'"),
        (r"a_{\text{out}}", r"a_{\text{out}}", "a_out"),
        ("x_max", r"x_{\mathrm{max}}", "x_max"),
        (r"\Delta w", r"\Delta w", "Delta w"),
        ("损失", r"\text{损失}", "损失"),
        ("100%", r"\text{100\%}", "100%"),
        ("a#$", r"\text{a\#\$}", "a#$"),
        (r"\input{x}", r"\text{\textbackslash{}input\{x\}}", r"\input{x}"),
        ("x}", r"\text{x\}}", "x}"),
        ("a\x1b[31m", r"\text{a(U+001B)[31m}", "a(U+001B)[31m"),
    ],
)
def test_names(name, as_latex, as_text):
    assert latex(scalar(name)) == as_latex
    assert text(scalar(name)) == as_text


@pytest.mark.parametrize(
    "name",
    [
        r"\input{/etc/passwd}",
        r"\write18{rm}",
        r"x}\input{y",
        r"\text{\input{y}}",
        r"\text{a}\def\x{b}",
        r"W^{\csname x\endcsname}",
        r"x_{}}",
        r"\hat{\openin}",
        "a%b",
        "a\nb",
        "^^5cinput",
        r"\mathrm{a}}{",
        "~",
        "\\",
        "\\\\",
        "{",
        "$",
        r"\etaa",
        r"\alpha\beta",
    ],
)
@pytest.mark.parametrize("write", [scalar, lambda name: family(name)[i], lambda name: Call(name, [x], [1])])
def test_a_hostile_name_is_quoted_whole(name, write):
    quoted = re.match(r"\\text\{((?:[^\\{}%#$&_^~]|\\[{}$%#&_]|\\text[a-z]+\{\})*)\}", latex(write(name)))
    assert quoted is not None
    assert latex(write(name))[quoted.end() :] in ("", "_i", "'(x)")


def test_a_long_name_is_spelled_in_time():
    assert latex(scalar("W^{" + "a" * 5000 + "!}")).startswith(r"\text{")


def test_indices_join_the_subscript_of_a_name():
    assert latex(family(r"a_{\text{out}}")[i]) == r"a_{\text{out},i}"
    assert latex(family("W^{+}")[k, j]) == "W_{kj}^{+}"


def test_a_decorated_name_is_bracketed_under_a_power():
    assert latex(scalar("W^{+}") ** 2) == r"\left(W^{+}\right)^2"
    assert latex(scalar("x'") ** 2) == r"\left(x'\right)^2"
    assert latex(Call("f'", [x], [1])) == r"\left(f'\right)'(x)"


# Bound indices: each capture has a twin in which the letter may stay.


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (a[k] + total(y[k]), r"a_k + \sum_{m=1}^{n} y_m"),
        (a[i] + total(y[k]), r"a_i + \sum_{k=1}^{n} y_k"),
        (total(a[k] * total(y[k])), r"\sum_{k=1}^{n} a_k \sum_{m=1}^{n} y_m"),
        (total(a[k]) + total(y[k]), r"\sum_{k=1}^{n} a_k + \sum_{k=1}^{n} y_k"),
        (total(z[k]) * scalar("k"), r"k \sum_{m=1}^{n} z_m"),
        (total(family("k")[j], j), r"\sum_{j=1}^{n} k_j"),
        (total(family("j")[j], j), r"\sum_{k=1}^{n} j_k"),
        (a[k] * a[m] + total(y[k]), r"a_k a_m + \sum_{l=1}^{n} y_l"),
        (total(y[k], high=size("k")), r"\sum_{m=1}^{k} y_m"),
        (total(w[k, j] * total(z[k] * a[j]), j), r"\sum_{j=1}^{n} w_{kj} \sum_{m=1}^{n} a_j z_m"),
    ],
)
def test_a_bound_letter_is_not_captured(term, expected):
    assert latex(term) == expected


def test_two_free_bound_indices_of_one_name_get_two_letters():
    first, second = bound("k"), bound("k")
    assert latex(w[first, second]) == "w_{km}"


def test_both_sides_of_a_claim_share_their_letters():
    assert claim_latex(total(y[k]), "<=", a[k]) == r"\sum_{m=1}^{n} y_m \le a_k"
    assert claim_latex(total(y[k]), "=", Integer(1)) == r"\sum_{k=1}^{n} y_k = 1"
    assert claim_text(total(y[k]), "=", Integer(1)) == "sum_k y_k = 1"
    assert claim_text(i, "!=", j) == "i != j"
    assert claim_text(a[i], ">", Integer(0)) == "a_i > 0"


def test_relations():
    assert [relation(op) for op in ("=", "<", ">", "<=", ">=", "!=")] == ["=", "<", ">", r"\le", r"\ge", r"\ne"]


def test_a_range_is_left_out_only_where_the_context_gives_it():
    narrow = Context().with_range(j, Range(Integer(1), M))
    full, part = total(y[j], j, excluded=[i]), total(y[j], j, high=M, excluded=[i])
    assert latex(full, narrow) == r"\sum_{j=1, j \ne i}^{n} y_j"
    assert latex(part, narrow) == r"\sum_{j \ne i} y_j"
    assert text(total(y[j], j), narrow) == "sum_(j=1..n) y_j"


def test_a_condition_on_another_index_is_no_restriction():
    body = Cases((y[k], Ne(i, j)), (0, True))
    assert latex(total(body)) == r"\sum_{k=1}^{n} \left(\begin{cases} y_k & i \ne j \\ 0 & i = j \end{cases}\right)"


def test_an_unknown_head_is_refused():
    with pytest.raises(UnwritableTerm, match="Integral"):
        latex(sympy.Integral(Symbol("x"), Symbol("x")))


def test_the_text_does_not_depend_on_the_hash_seed():
    program = "from test_writer import TERMS, latex, text; print([(latex(row[0]), text(row[0])) for row in TERMS])"
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    path = os.pathsep.join([root, os.path.dirname(os.path.abspath(__file__))])
    runs = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path},
        ).stdout
        for seed in "12"
    }
    assert len(runs) == 1


def test_every_line_is_read_by_the_parser():
    """What is written is LaTeX that the reader's parser takes, to the last character."""
    names = table.SymbolTable(names=frozenset({"Loss", "net"}), scalars=frozenset({"T"}))
    for _, written, _ in TERMS:
        if not re.search(r"text\{ or |\(1,0\)", written):
            expressions.Parser(lexer.tokens(written), written, names).whole()
