"""Statements between vectors: what is read entry by entry, and what is refused with its shapes."""

from dataclasses import replace

import pytest
from sympy import Integer

from derive.latex.reading import read_formula
from derive.latex.symbols.observe import observe
from derive.latex.symbols.table import SymbolTable
from derive.latex.vectors.bold import base_name
from derive.latex.vectors.names import introducing
from derive.terms.context import Range
from derive.terms.terms import Call, Partial, family, index, scalar, size
from derive.writing.messages.rendering import rendered
from derive.writing.writer import latex

A, B, W, X, Y, Z, DELTA = (family(name) for name in ("a", "b", "W", "x", "y", "z", "\\delta"))
I, J = index("i"), index("j")
L = scalar("L")


def table():
    """Columns a, b, y, z, δ over 1..n and x over 1..d; W is n × d, V is d × d, U is n × n."""
    known = SymbolTable().with_index("j", 1, "d").with_index("m", 1, "d")
    for name in ("a", "b", "y", "z", "\\delta"):
        known = known.with_family(name, 1, ("k",))
    known = known.with_family("x", 1, ("j",)).with_family("W", 2, ("k", "j"))
    known = known.with_family("V", 2, ("j", "m")).with_family("U", 2, ("k", "l"))
    return observe(known, [r"\sigma(t) = \frac{1}{1 + e^{-t}}"])


def one(formula, known=None, **options):
    found = read_formula(formula, known or table(), **options)
    assert not found.unread, found.unread
    assert len(found.claims) == 1
    return found.claims[0]


def written(formula, **options):
    claim = one(formula, **options)
    return f"{latex(claim.left)} = {latex(claim.right)}"


def unread(formula, known=None):
    found = read_formula(formula, known or table())
    assert found.unread and not found.claims
    return rendered(found.unread[0].reason)


# -- gradients --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "gradient",
    [
        r"\nabla_z L",
        r"\nabla_{z} L",
        r"\nabla_{\mathbf z} L",
        r"\nabla_{\boldsymbol{z}} L",
        r"\nabla_\mathbf{z} L",
        r"\frac{\partial L}{\partial \mathbf{z}}",
        r"\frac{\partial L}{\partial \vec z}",
    ],
)
@pytest.mark.parametrize("right", [r"\mathbf a - \mathbf y", r"\vec{a} - \boldsymbol y", r"\mathbf a - y"])
def test_a_gradient_has_the_entries_of_its_variable(gradient, right):
    claim = one(f"{gradient} = {right}")
    assert (claim.left, claim.right) == (Partial(L, Z[I]), A[I] - Y[I])


def test_a_gradient_by_a_plain_name_makes_vectors_of_plain_names():
    assert one(r"\nabla_z L = a - y").right == A[I] - Y[I]
    assert one(r"\frac{\partial L}{\partial z_i} = a_i - y_i").right == A[I] - Y[I]
    assert one("b = a - y").right == A[I] - Y[I]
    seen = observe(SymbolTable(), ["a_i = z_i", "y_i = b_i"])
    assert one("b = a - y", seen).right == scalar("a") - scalar("y")


def test_families_that_were_seen_are_vectors():
    seen = observe(SymbolTable(), ["a_i = z_i", "y_i = 1"])
    assert one(r"\nabla_z L = \mathbf a - \mathbf y", seen).right == A[I] - Y[I]
    assert "z is not known as a vector" in unread(r"\nabla_z L = \mathbf a", SymbolTable().with_family("a", 1))


def test_a_gradient_of_more_than_one_factor_needs_brackets():
    assert "brackets" in read_formula(r"\nabla_z s t = \mathbf a", table()).unread[0].expected
    assert one(r"\nabla_z (s t) = \mathbf a").left == Partial(scalar("s") * scalar("t"), Z[I])
    half = one(r"\nabla_z \frac12 s = \mathbf a")
    assert half.left == Partial(scalar("s") / 2, Z[I])


def test_a_gradient_by_a_matrix():
    claim = one(r"\nabla_W L = \boldsymbol\delta \mathbf x^\top")
    assert (claim.left, claim.right) == (Partial(L, W[I, J]), DELTA[I] * X[J])
    assert one(r"\frac{\partial L}{\partial \mathbf W} = \boldsymbol\delta \mathbf x^T").right == claim.right
    assert one(r"(\nabla_W L)^\top = \mathbf x \boldsymbol\delta^\top").left == Partial(L, W[I, J])


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        (r"\nabla_W L = \mathbf x \boldsymbol\delta^\top", "a matrix of shape n x d is compared with a matrix of shape d x n"),
        (r"\nabla_{\mathbf z} L = \mathbf x", "a column of length n is compared with a column of length d"),
        (r"\nabla_{\mathbf z} L = 1", "a column of length n is compared with a scalar"),
        (r"\nabla_{\mathbf z} L = \mathbf a^\top", "a column of length n is compared with a row of length n"),
        (r"\frac{\partial \mathbf a}{\partial \mathbf z} = \mathbf a", "a matrix of shape n x n is compared with a column"),
        (r"\nabla_{\mathbf z} \mathbf a = \mathbf y", "the derivative of a column of length n"),
        (r"\frac{\partial^2 L}{\partial \mathbf z^2} = \mathbf y", "a matrix of shape n x n is compared with a column"),
        (r"\frac{\partial^3 L}{\partial \mathbf z^3} = \mathbf y", "second derivative"),
        (r"\frac{\partial L}{\partial (\mathbf z + \mathbf a)} = \mathbf a", "that is no name"),
    ],
)
def test_gradients_that_do_not_fit(formula, message):
    assert message in unread(formula)


def test_without_a_subscript_nabla_is_not_read():
    assert "nabla" in unread(r"\nabla L = \mathbf a")


# -- products ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"\mathbf z = W \mathbf x + \mathbf b", r"z_i = \sum_{k=1}^{d} W_{ik} x_k + b_i"),
        (r"\mathbf z = \mathbf W \cdot \mathbf x", r"z_i = \sum_{k=1}^{d} W_{ik} x_k"),
        (
            r"\nabla_{\mathbf x} L = W^\top \boldsymbol\delta",
            r"\frac{\partial L}{\partial x_j} = \sum_{k=1}^{n} \delta_k W_{kj}",
        ),
        (r"s = \mathbf a^\top \mathbf y", r"s = \sum_{k=1}^{n} a_k y_k"),
        (r"s = \mathbf a^T \mathbf y", r"s = \sum_{k=1}^{n} a_k y_k"),
        (r"s = \mathbf a \cdot \mathbf y", r"s = \sum_{k=1}^{n} a_k y_k"),
        (r"s = \langle a, y \rangle", r"s = \sum_{k=1}^{n} a_k y_k"),
        (r"\mathbf 1^\top \mathbf y = 1", r"\sum_{k=1}^{n} y_k = 1"),
        (r"s = \|\mathbf x\|^2", r"s = \sum_{k=1}^{d} x_k^2"),
        (r"s = \lVert x \rVert_2^2", r"s = \sum_{k=1}^{d} x_k^2"),
        (r"s = \mathbf x^\top V \mathbf x", r"s = \sum_{k=1}^{d} x_k \sum_{m=1}^{d} V_{mk} x_m"),
        (r"\mathbf a = \frac{\mathbf y}{\mathbf 1^\top \mathbf y}", r"a_i = \frac{y_i}{\sum_{k=1}^{n} y_k}"),
        (r"\mathbf a = (1 - \mathbf a^\top \mathbf y) \mathbf z", r"a_i = z_i \left(1 - \sum_{k=1}^{n} a_k y_k\right)"),
        (r"\mathbf a = \sum_i y_i \mathbf z", r"a_j = \sum_{i=1}^{n} y_i z_j"),
    ],
)
def test_products(formula, expected):
    if formula.endswith(r"\sum_i y_i \mathbf z"):
        expected = expected.replace("_j", "_k")  # j runs over 1..d
    assert written(formula) == expected


@pytest.mark.parametrize(
    ("formula", "right"),
    [
        (r"\mathbf a = \frac{1}{n} \mathbf 1", 1 / size("n")),
        (r"\mathbf a = \mathbf 0", Integer(0)),
        (r"\mathbf a = \mathbf y \odot \mathbf z", Y[I] * Z[I]),
        (r"\mathbf a = \mathbf y \circ \mathbf z", Y[I] * Z[I]),
        (r"\mathbf a = \mathbf b - \eta \nabla_{\mathbf z} L", B[I] - scalar("\\eta") * Partial(L, Z[I])),
        (r"\mathbf a = 2 \mathbf y \odot 3 \mathbf z", 6 * Y[I] * Z[I]),
        (r"\mathbf a = \sigma(\mathbf z)", Call("\\sigma", [Z[I]])),
        (r"\boldsymbol\delta = \sigma'(\mathbf z) \odot \mathbf y", Call("\\sigma", [Z[I]], [1]) * Y[I]),
    ],
)
def test_entrywise(formula, right):
    assert one(formula).right == right


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        (r"\mathbf a = \mathbf y \mathbf z", "a product of a column of length n and a column of length n does not fit"),
        (r"\mathbf z = W \mathbf a", "a product of a matrix of shape n x d and a column of length n does not fit"),
        (r"\mathbf z = W^\top \mathbf x", "a product of a matrix of shape d x n and a column of length d does not fit"),
        (r"\mathbf z = \mathbf x W", "a product of a column of length d and a matrix of shape n x d does not fit"),
        (r"s = \mathbf a \cdot \mathbf x", "the dot product of a column of length n and a column of length d"),
        (r"s = \langle \mathbf a, W \rangle", "the inner product of a column of length n and a matrix of shape n x d"),
        (r"\mathbf a = \mathbf y \times \mathbf z", "this product of a column of length n and a column of length n"),
        (r"\mathbf a = \mathbf y \odot \mathbf x", "the entrywise product of a column of length n and a column of length d"),
        (r"\mathbf a = 2 \odot \mathbf y", "the entrywise product of a scalar and a column of length n"),
        (r"\mathbf a = (2 \odot 3) \mathbf y", "the entrywise product of a scalar and a scalar"),
        (r"\mathbf a = U \mathbf y \odot \mathbf z", "can be read in two ways"),
        (r"s = \mathbf a \cdot \mathbf b \mathbf y^\top \mathbf z", "a product of several vectors with dots"),
        (r"\mathbf a = \mathbf y / \mathbf z", "a quotient by a column of length n"),
        (r"\mathbf a \mathbf y^\top + 1 = U", "a matrix of shape n x n and a scalar are added"),
        (r"\mathbf a = \mathbf y + \mathbf x", "a column of length n and a column of length d are added"),
        (r"\mathbf a = \mathbf y^2", "a power of a column of length n"),
        (r"\mathbf a = U^{-x} \mathbf y", "a power of a matrix of shape n x n"),
        (r"V = e^{W}", "a power with a matrix of shape n x d above"),
        (r"U = \exp(U)", "a function of a matrix of shape n x n"),
        (r"s = \mathbf y^\top \log(U) \mathbf a", "a function of a matrix"),
        (r"\mathbf a = \sqrt{\mathbf z}", "a function of a column of length n"),
        (r"\mathbf a = f(\mathbf z)", "a column of length n is compared with a scalar"),
        (r"\mathbf a = Q \mathbf z", "Q can be a matrix or a scalar"),
        (r"\mathbf a = (Q + 1) \mathbf z", "can be a matrix or a scalar"),
        (r"s = \|\mathbf x\|_3", "only the norms"),
        (r"s = \mathbf 1^\top \mathbf 1", "the length of the vector of ones"),
        (r"q^\top \mathbf y = 1", "the transpose of q"),
        (r"\mathbf a^\top \mathbf h = 1", r"\mathbf h is not known as a vector"),
        (r"\mathbf a > \mathbf 0", "between vectors only = is read"),
        (r"\mathbf x + \mathbf x \in \mathbb{R}^{n \times n}", "whether a formula has a shape"),
        (r"\mathbf a \ne \mathbf y", "between vectors only = is read"),
        (r"\mathbf a^\top W_i = \mathbf x", "W_i has some of the indices of W"),
        (r"\sum_a \mathbf a = \mathbf z", "a is a family and the index of a sum"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_shapes(formula, message):
    assert message in unread(formula)


def test_a_misfit_spoils_only_its_own_side():
    found = read_formula(r"\mathbf a = \mathbf y = \mathbf x", table())
    assert [relation.unread is None for relation in found.statements[0].relations] == [True, False]


def test_a_function_of_a_vector_is_entrywise_only_if_it_is_defined_at_a_scalar():
    known = observe(table(), [r"\sigma(\mathbf z) = \mathbf a"])
    assert "a scalar" in unread(r"\mathbf a = \sigma(\mathbf z)", known)
    for definition in (r"\sigma(z) = 1", r"\sigma(s, t) = 1"):
        known = observe(table(), [definition])
        assert "a function of a column" in unread(r"\mathbf a = \sigma(\mathbf z)", known)
    notes = read_formula(r"\mathbf a = \sigma(\mathbf z)", table()).statements[0].notes
    assert r"\sigma is taken of each entry" in notes


# -- names and indices ------------------------------------------------------------------------------------------------


def test_bold_names():
    assert base_name("\\mathbf{z}") == ("z", True)
    assert base_name("\\mathbf{\\delta}") == ("\\delta", True)
    assert base_name("\\vec{a_{\\text{out}}}") == ("a_{\\text{out}}", True)
    assert base_name("\\mathbf{x}_{\\text{out}}")[1] is False
    assert base_name("\\hat{z}") == ("\\hat{z}", False)


def test_the_index_occurs_nowhere_else_in_the_statement():
    assert one(r"\mathbf a = y_i \mathbf z").right == Y[I] * family("z")[index("k")]
    assert one(r"\mathbf a = \mathbf z", taken=frozenset("ik")).left == A[index("l")]
    assert one(r"\mathbf x = \mathbf x").left == X[J]
    assert one(r"\mathbf x = y_j y_m \mathbf x").left == family("x")[index("i")]
    told = {letter: Range(Integer(1), size("n")) for letter in "iklmpqrs"} | {"j": Range(Integer(1), size("d"))}
    everything = replace(table(), ranges=tuple(told.items()))
    assert "no index is left that runs over 1..d" in unread(r"\mathbf x = y_j \mathbf x", everything)


def test_a_family_with_two_ranges_at_one_place_is_no_vector():
    known = observe(table(), ["q_i = 1", "q_j = 1"])
    assert "the indices of q at place 1 have different ranges" in unread(r"\mathbf q = \mathbf q", known)
    known = observe(table(), ["p_i = 1, q_i = 1, q_j = 1", "p_{ij} = 1"])
    assert "p has 1 and 2 indices" in unread(r"\mathbf p = \mathbf p", known)


def test_the_reading_is_noted():
    def notes(formula):
        return read_formula(formula, table()).statements[0].notes

    assert "read entry by entry at index i" in notes(r"\nabla_z L = \mathbf a")
    assert "read entry by entry at indices i, j" in notes(r"\nabla_W L = \boldsymbol\delta \mathbf x^\top")
    assert "products of vectors are read as sums over their entries" in notes(r"s = \mathbf a^\top \mathbf y")


def test_obligations_are_kept():
    claim = one(r"\mathbf a = \frac{\mathbf y}{\mathbf 1^\top \mathbf y}")
    assert [(o.relation, o.latex) for o in claim.obligations] == [("!=", r"\mathbf 1^\top \mathbf y \ne 0")]


def test_a_hole_is_kept():
    statement = read_formula(r"\nabla_z L = ?", table()).statements[0]
    assert statement.holes == (1,)
    assert statement.sides[0] == Partial(L, Z[I])


def test_a_name_is_introduced_by_vectors():
    known = introducing(table(), [r"\mathbf g = \mathbf h", r"\mathbf h = W \mathbf x", r"\mathbf r = \mathbf q"])
    assert (known.arity_of("g"), known.arity_of("h"), known.arity_of("r")) == (1, 1, None)
    assert one(r"\mathbf h = W \mathbf x").left == family("h")[I]
    assert one(r"\mathbf G = \mathbf a \mathbf x^\top").left == family("G")[I, J]
    assert introducing(table(), [r"\mathbf s = \mathbf a^\top \mathbf y"]).arity_of("s") is None


def test_a_long_product_is_refused_at_once():
    assert "more than 16" in unread(r"\mathbf a = " + "U " * 300 + r"\mathbf y")
    assert one(r"\mathbf a = U U U \mathbf y").left == A[I]


def test_a_derivative_by_a_matrix_says_its_shape():
    found = read_formula(r"\frac{\partial L}{\partial W} = \boldsymbol\delta \mathbf x^\top", table())
    notes = found.statements[0].notes
    assert "the derivative by W has the shape of W" in notes


def test_plain_statements_are_not_touched():
    assert one("AB = BA").left == scalar("A") * scalar("B")
    assert one("p^2 = q p").right == scalar("q") * scalar("p")
    assert one(r"\vec{u} = \vec{v} + \vec{a}").right == scalar(r"\vec{v}") + scalar(r"\vec{a}")
    assert read_formula(r"\mathbf{A}\mathbf{B} = \mathbf{B}\mathbf{A}").unread


def test_a_matrix_is_read_at_two_indices_or_at_none():
    taken = frozenset("abcdefghijklmnopqrstuvwxyz") - {"i"}
    for spare, read in ((frozenset(), False), (frozenset("jkl"), True)):
        found = read_formula(r"\mathbf{U} = \mathbf{U}^\top", table(), taken=taken - spare).statements[0]
        assert len(found.entries) == (2 if read else 0)
        assert bool(found.unread) is not read
