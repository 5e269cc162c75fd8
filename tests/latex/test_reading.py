"""Formulas to claims: what each says, what is set aside, and what is refused."""

import pytest
import sympy
from sympy import KroneckerDelta, Ne, Rational, Sum, exp, log

from derive.latex.grammar.choices import Open
from derive.latex.reading import read_formula
from derive.latex.symbols.table import SymbolTable
from derive.terms.terms import Call, Cases, Partial, Vector, dots, family, index, scalar, size
from derive.writing.messages.rendering import rendered

A, Y, Z = (family(name) for name in "ayz")
I, J, K, N = index("i"), index("j"), index("k"), size("n")
X = scalar("x")


def same(found: sympy.Expr, expected: sympy.Expr) -> bool:
    """Equal up to the names of bound indices."""

    def canonical(term: sympy.Expr) -> sympy.Expr:
        dummies = sorted((s for s in term.atoms(sympy.Dummy)), key=lambda s: s.dummy_index)
        return term.xreplace({d: sympy.Symbol(f"_{p}", integer=True) for p, d in enumerate(dummies)})

    return canonical(found) == canonical(expected)


def total(body, high=N, low=1):
    k = sympy.Dummy("k", integer=True)
    return Sum(body(k), (k, low, high))


def one(formula: str, **options):
    found = read_formula(formula, **options)
    assert not found.unread
    assert len(found.claims) == 1
    return found.claims[0]


def term(formula: str, **options):
    found = read_formula(formula, **options)
    assert not found.unread
    return found.statements[0].sides[0]


def test_softmax():
    claim = one(r"S_i = \frac{e^{z_i}}{\sum_k e^{z_k}}")
    assert claim.left == family("S")[I]
    assert same(claim.right, exp(Z[I]) / total(lambda k: exp(Z[k])))
    assert [(o.relation, o.latex) for o in claim.obligations] == [("!=", r"\sum_k e^{z_k} \ne 0")]


@pytest.mark.parametrize(
    ("formula", "high"),
    [
        (r"\sum_k z_k", N),
        (r"\sum_{k=1}^{n} z_k", N),
        (r"\sum_k^n z_k", N),
        (r"\sum_{k=1}^K z_k", size("K")),
        (r"\sum\limits_{k=1}^n z_k", N),
        (r"\sum_{k < i} z_k", I - 1),
        (r"\sum_{k \in \{1, \ldots, n\}} z_k", N),
    ],
)
def test_ranges_of_a_sum(formula, high):
    assert same(term(formula), total(lambda k: Z[k], high))


def test_a_restricted_sum():
    expected = total(lambda k: Cases((Z[k], Ne(k, I)), (0, True)))
    assert same(term(r"\sum_{j \ne i} z_j"), expected)
    assert not same(term(r"\sum_j z_j"), expected)


def test_a_double_sum():
    assert same(term(r"\sum_{i,j} w_{ij}"), term(r"\sum_i \sum_j w_{ij}"))


def test_the_scope_of_a_sum():
    assert same(term(r"\sum_j x_j - y"), total(lambda k: family("x")[k]) - scalar("y"))
    assert same(term(r"\sum_j (x_j - y)"), total(lambda k: family("x")[k] - scalar("y")))


def test_the_bound_index_of_an_equation_below_the_sum():
    left = r"\frac{\partial C}{\partial z_i} = "
    assert one(left + r"\sum_{i=j} a_j z_i").right == A[I] * Z[I]
    assert one(left + r"\sum_{j=i} a_j z_i").right == A[I] * Z[I]
    assert read_formula(r"\sum_{i=j} a_i", free=frozenset({"i"})).statements[0].sides[0] == A[I]
    assert read_formula(r"\sum_{i=j} a_i", free=frozenset({"j"})).statements[0].sides[0] == A[J]
    assert any("its one term" in note for note in read_formula(r"\sum_{i=j} a_i").statements[0].notes)


def test_a_bound_index_captures_nothing():
    claim = one(r"\frac{da_j}{de^{z_j}} = \frac{1}{\sum_j e^{z_j}}")
    assert same(claim.right, 1 / total(lambda k: exp(Z[k])))
    assert claim.left == Partial(A[J], exp(Z[J]))


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"\sec x \tan x", sympy.sec(X) * sympy.tan(X)),
        (r"\ln 2x", log(2 * X)),
        (r"\sin^2 x", sympy.sin(X) ** 2),
        (r"\sin^{-1} x", sympy.asin(X)),
        (r"\log_a x", log(X) / log(scalar("a"))),
        (r"\lg x", log(X) / log(10)),
        (r"\exp\left[x\right]", exp(X)),
        (r"\mathrm{e}^{x}", exp(X)),
        (r"\sqrt[3]{x}", X ** Rational(1, 3)),
        (r"\operatorname{arccot} x", sympy.pi / 2 - sympy.atan(X)),
        (r"|x|", sympy.Abs(X)),
        ("0.09", Rational(9, 100)),
        (r"\delta_{ij}", KroneckerDelta(I, J)),
        (r"\delta_k", family(r"\delta")[K]),
        (r"\mathbb{1}[i = j]", KroneckerDelta(I, J)),
        (r"\mathbf 1\{i = j\}", KroneckerDelta(I, J)),
        (r"[i \ne j]", 1 - KroneckerDelta(I, J)),
        (r"\frac12 x", X / 2),
        (r"\frac{\partial^2 L}{\partial z_i \partial z_j}", Partial(Partial(scalar("L"), Z[J]), Z[I])),
        (r"2\cdot -x", -2 * X),
        ("a b / c", scalar("a") * scalar("b") / scalar("c")),
        ("u'", Call("u", [X], [1])),
    ],
)
def test_terms(formula, expected):
    assert term(formula) == expected


def test_e_is_the_exponential_unless_declared():
    assert term("e^x") == exp(X)
    assert term("e^k", table=SymbolTable().with_scalar("e")) == scalar("e") ** K


def test_families_and_scalars_of_one_name_differ():
    claim = one("L = L_i")
    assert (claim.left, claim.right) == (scalar("L"), family("L")[I])


def test_a_family_is_passed_whole():
    claim = one(r"H(p, q) = \sum_{i=1}^n p_i \log \frac{1}{q_i}")
    assert claim.left == Call("H", [family("p"), family("q")])


# -- primes -----------------------------------------------------------------------------------------------------------


def test_primes_on_expressions():
    assert term(r"(\sin x)'") == Partial(sympy.sin(X), X)
    assert term(r"(x^\mu)'") == Partial(X ** scalar(r"\mu"), X)
    assert term("(C)'") == Partial(scalar("C"), X)
    assert term("(t^2)'") == Partial(scalar("t") ** 2, scalar("t"))


def test_a_prime_without_a_variable_is_ambiguous():
    assert "p or q" in rendered(read_formula("(p q)'").unread[0].reason)


def test_primes_on_functions():
    u, v = Call("u", [X]), Call("v", [X])
    claim = one("(uv)' = u'v + uv'")
    assert claim.left == Partial(u * v, X)
    assert claim.right == Call("u", [X], [1]) * v + u * Call("v", [X], [1])


def test_a_function_is_declared():
    statement = read_formula("u = u(x)").statements[0]
    assert [(d.kind, d.name, d.variables) for d in statement.declares] == [("function", "u", ("x",))]
    assert not statement.relations[0].claims


def test_a_prime_on_another_letter_can_be_a_name():
    assert "a name of its own" in rendered(read_formula("f(x') < f(x)").unread[0].reason)
    assert not read_formula("A' = [0, 1]").unread
    assert not read_formula("A'_i > 0").unread


# -- vectors and cases ------------------------------------------------------------------------------------------------


def test_columns():
    claim = one("v = \\begin{bmatrix} a_1 \\\\ \\vdots \\\\ a_n \\\\ \\end{bmatrix}")
    assert claim.right == Vector([A[1], dots(), A[N]])


def test_a_vector_names_its_family():
    assert one("y = [0, 1]", table=SymbolTable().with_family("y", 1)).left == Y
    assert one("y = [0, 1]").left == scalar("y")


def test_cases():
    claim = one("d = \\begin{cases} a_i & \\text{if } i = j \\\\ -a_j & \\text{otherwise} \\end{cases}")
    assert isinstance(claim.right, Cases)
    assert [value for value, _ in claim.right.args] == [A[I], -A[J]]
    twin = one("d = \\begin{cases} a_i, & i = j \\\\ -a_j, & i \\ne j \\end{cases}")
    assert len(twin.right.args) == 2


@pytest.mark.parametrize(
    "formula",
    [
        r"\mathbf{A}\mathbf{B} = \mathbf{B}\mathbf{A}",
        r"\vec{u} \cdot \vec{v} = 0",
        r"\mathbf{x}^2 = 1",
        r"A^\top = B",
        r"e^{\mathbf{x}} = 1",
        r"[0, 1] \cdot [1, 0] = 0",
    ],
)
def test_vectors_are_no_numbers(formula):
    assert read_formula(formula).unread


def test_sums_of_vectors_are_read():
    assert not read_formula(r"\overrightarrow{loss} = \overrightarrow{a_{输出层}} - \overrightarrow{y}").unread


# -- rounding ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "decimals"),
    [
        (r"\frac{\exp(1)}{\exp(1) + \exp(2)} = 0.27", 2),
        ("0.1 + 0.2 = 0.3", None),
        ("1/3 = 0.333", 3),
        (r"L = -\log(0.6)", None),
        (r"0 \cdot 0.3 + 1 \cdot 0.09 = 0.09", None),
        (r"\exp(1) < 2.72", None),
        (r"-\log(0.6) = 0.51", 2),
    ],
)
def test_rounding(formula, decimals):
    assert one(formula).rounding == decimals


# -- plain text -------------------------------------------------------------------------------------------------------


def test_plain_text_formulas():
    assert one("a4 = e^z4/(e^z4+e^z5)", plain=True).right == exp(Z[4]) / (exp(Z[4]) + exp(Z[5]))
    w, o = family("w"), family("o")
    assert one("z4 = w41o1+w42o2+w43*o3", plain=True).right == w[41] * o[1] + w[42] * o[2] + w[43] * o[3]
    both = SymbolTable().with_family("w", 2)
    assert one("z4 = w41o1", plain=True, table=both).right == w[4, 1] * o[1]
    assert one("64X7X7 = 3136", plain=True).left == 3136
    assert one("exp(1) / (exp(1) + exp(2)) = 0.27", plain=True).rounding == 2
    assert read_formula("00.3+10.09+00.24+00.64=0.09", plain=True).unread  # stars between the digits may have been lost
    assert [c.relation for c in read_formula("-log(0.6) < -log(0.3) < -log(0.1)", plain=True).claims] == ["<", "<"]


def test_names_are_never_code():
    for text in ('__import__("os")', r"\input{/etc/passwd}", "lambda: 0", "exec(x)"):
        read_formula(text)
        read_formula(text, plain=True)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("x^t = 1", [(Open.POWER, "power", "t")]),
        ("a(x + 1) = 1", [(Open.CALL, "product", "a")]),
        ("p(x) = 1 + q(y)", [(Open.CALL, "value", "q")]),
        ("e^{2x} = 1", [(Open.EULER, "number", "e")]),
        ("x^2 + x^{n+1} = 1", []),
    ],
)
def test_a_choice_of_the_parser_is_a_value_with_its_place(formula, expected):
    (statement,) = read_formula(formula).statements
    assert [(c.open, c.taken, formula[c.start : c.end]) for c in statement.choices] == expected
