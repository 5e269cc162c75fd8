"""Statements from SymPy's matrix expressions mean their entries; what is not taken raises at once, with its name."""

import pytest
from sympy import (
    Derivative,
    Determinant,
    DiagMatrix,
    Eq,
    Function,
    HadamardProduct,
    Heaviside,
    Identity,
    Idx,
    IndexedBase,
    Integral,
    Matrix,
    MatrixSymbol,
    OneMatrix,
    Sum,
    Symbol,
    Trace,
    exp,
    log,
    symbols,
)

from derive.jobs.setting import Setting

n, d, x, L = symbols("n d x L")
i, j, k = symbols("i j k")
A, B = MatrixSymbol("A", n, d), MatrixSymbol("B", d, n)
S, T = MatrixSymbol("S", n, n), MatrixSymbol("T", n, n)
v, w = MatrixSymbol("v", n, 1), MatrixSymbol("w", d, 1)
z, a, y = (MatrixSymbol(name, n, 1) for name in "zay")
ROW = OneMatrix(1, n)
SQUARE = (A * w - v).T * (A * w - v)

IDENTITIES = [
    ("trace of a product", Trace(A * B), Trace(B * A), Trace(A * B) / 2),
    ("transpose of a product", (A * B).T, (A * B).T, A * B),
    ("sum and product", S * (T + S), S * T + S * S, T * S + S * S),
    ("power", S**2, S * S, S),
    ("inner product", v.T * z, Trace(z * v.T), Trace(z * z.T)),
    ("entrywise", HadamardProduct(v, v), v.applyfunc(lambda t: t**2), v.applyfunc(lambda t: t**2 + 1)),
    ("diagonal", DiagMatrix(v) * z, HadamardProduct(v, z), v + z),
    ("identity", Identity(n) * z, z, 2 * z),
    ("gradient", Derivative(SQUARE, w), 2 * A.T * (A * w - v), A.T * (A * w - v)),
]


@pytest.mark.parametrize(("left", "right", "wrong"), [case[1:] for case in IDENTITIES], ids=[case[0] for case in IDENTITIES])
def test_an_identity_is_proved_and_its_twin_refuted(left, right, wrong):
    assert Setting().decide(left, right).kind.value == "proved"
    assert Setting().decide(left, wrong).kind.value == "refuted"


def classifier():
    return (
        Setting()
        .define(a, z.applyfunc(exp) / (ROW * z.applyfunc(exp))[0, 0])
        .define(L, -(y.T * a.applyfunc(log))[0, 0])
        .assume(Eq(ROW * y, Identity(1)))
    )


def test_softmax_and_cross_entropy_of_matrices_give_the_cases_and_the_difference():
    model = classifier()
    assert model.decide(Derivative(a[i, 0], z[i, 0]), a[i, 0] * (1 - a[i, 0])).kind.value == "proved"
    cases = model.decide(Derivative(a[i, 0], z[j, 0]), -a[i, 0] * a[j, 0])
    assert (cases.kind.value, cases.message) == ("conditional", "holds when i != j")
    assert model.decide(Derivative(L, z), a - y).kind.value == "proved"
    assert model.decide(Derivative(L, z), a + y).kind.value == "refuted"
    family, mark = IndexedBase("a"), IndexedBase("y")
    assert model.derive(Derivative(L, z[i, 0])).result == model.term(family[i] - mark[i])


def test_without_the_hypothesis_the_difference_is_not_proved():
    model = Setting().define(a, z.applyfunc(exp) / (ROW * z.applyfunc(exp))[0, 0]).define(L, -(y.T * a.applyfunc(log))[0, 0])
    assert model.decide(Derivative(L, z), a - y).kind.value != "proved"


def test_places_of_a_matrix_count_from_0():
    assert Setting().decide(Sum(v[k, 0], (k, 0, n - 1)), ROW * v).kind.value == "proved"
    assert Setting().decide(Sum(v[k, 0], (k, 1, n - 1)), ROW * v).kind.value == "refuted"


def test_an_index_counts_from_one_number_on():
    u = IndexedBase("u")
    model = Setting().define(u[i], x)
    with pytest.raises(TypeError, match="i counts from 0"):
        model.decide(v[i, 0], v[i, 0])


def test_an_index_with_its_range_is_taken():
    family, counter = IndexedBase("c"), Idx("i", (1, n))
    assert Setting().decide(Sum(family[counter], (counter, 1, n)), Sum(family[k], (k, 1, n))).kind.value == "proved"
    assert Setting().decide(family[counter], family[k]).kind.value != "proved"


@pytest.mark.parametrize(
    ("term", "name"),
    [
        (Determinant(S), "Determinant"),
        (S.inv(), "Inverse"),
        (Heaviside(x), "Heaviside"),
        (Function("f")(x), "f"),
        (Integral(x, x), "Integral"),
        (v[i, 0] + Function("g")(x), "g"),
    ],
)
def test_what_is_not_taken_raises_with_its_name(term, name):
    with pytest.raises(TypeError, match=rf"\b{name}\b"):
        Setting().decide(term, term)


@pytest.mark.parametrize(("left", "right"), [(A * w, w), (S, x), (S, A)])
def test_sides_of_different_shapes_raise(left, right):
    with pytest.raises(TypeError, match="expected sides of one shape"):
        Setting().decide(left, right)


def test_literal_entries_have_no_symbolic_place():
    with pytest.raises(TypeError, match="literal entries"):
        Setting().decide(Matrix([[x, 1], [0, x]]), Matrix([[x, 1], [0, x]]))


def test_a_letter_of_the_user_stays_an_index_of_the_user():
    assert Setting().decide(Symbol("i") * v, v * Symbol("i")).kind.value == "proved"
