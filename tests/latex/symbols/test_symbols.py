"""What formulas show of their names, and that declarations are stronger."""

from derive.latex.symbols.table import SymbolTable, arities, multi_letter_names


def test_multi_letter_names():
    found = multi_letter_names([r"\frac{da_j}{dnet_k}", r"Loss = -\log a_i", r"\mathrm{out}_k", "ab = c", r"x_{max}"])
    assert found == {"net", "Loss"}


def test_a_product_of_letters_is_no_name():
    assert multi_letter_names(["abc + d", "x y z = 1", "uv = w"]) == frozenset()


def test_arities():
    assert arities(["w_{kj} x_j", "z_i = w_{41}"]) == {"w": 2, "x": 1, "z": 1}
    assert "a" not in arities(["a_i", "a_{ij}"])


def test_bound_indices_and_sizes():
    table = SymbolTable().observing([r"\sum_{s=1}^{N} y_s"])
    assert table.is_index("s")
    assert "N" in table.sizes
    assert not SymbolTable().is_index("s")


def test_declarations_are_stronger_than_what_is_seen():
    table = SymbolTable().with_scalar("k").observing(["z_k"])
    assert not table.is_index("k")
    assert SymbolTable().with_family("f", 1).observing(["f(x) = x"]).is_function("f") is False


def test_functions_by_definition():
    table = SymbolTable().observing(["u = u(x)", r"s(x) = \frac{1}{1 + e^{-x}}"])
    assert table.variables_of("u") == ("x",)
    assert table.is_function("s")
    assert not SymbolTable().is_function("s")


def test_labels_below_a_name_are_no_indices():
    table = SymbolTable().observing([r"\mu_x + x"])
    assert not table.is_index("x")
    assert SymbolTable().observing([r"\sum_x p_x"]).is_index("x")
