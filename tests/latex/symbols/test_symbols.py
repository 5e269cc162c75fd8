"""What formulas show of their names, and that declarations are stronger."""

from derive.latex.symbols.observe import names_in, observe
from derive.latex.symbols.table import SymbolTable


def test_names_in():
    found = names_in([r"\frac{da_j}{dnet_k}", r"Loss = -\log a_i", r"\mathrm{out}_k", "ab = c", r"x_{max}"])
    assert found == {"net", "Loss"}


def test_a_product_of_letters_is_no_name():
    assert names_in(["abc + d", "x y z = 1", "uv = w"]) == frozenset()


def test_arities():
    table = observe(SymbolTable(), ["w_{kj} x_j", "z_i = w_{41}"])
    assert (table.arity_of("w"), table.arity_of("x"), table.arity_of("z")) == (2, 1, 1)
    assert observe(SymbolTable(), ["a_i", "a_{ij}"]).arity_of("a") is None


def test_bound_indices_and_sizes():
    table = observe(SymbolTable(), [r"\sum_{s=1}^{N} y_s"])
    assert table.is_index("s")
    assert "N" in table.sizes
    assert not SymbolTable().is_index("s")


def test_declarations_are_stronger_than_what_is_seen():
    table = observe(SymbolTable().with_scalar("k"), ["z_k"])
    assert not table.is_index("k")
    assert observe(SymbolTable().with_family("f", 1), ["f(x) = x"]).is_function("f") is False


def test_functions_by_definition():
    table = observe(SymbolTable(), ["u = u(x)", r"s(x) = \frac{1}{1 + e^{-x}}"])
    assert table.variables_of("u") == ("x",)
    assert table.is_function("s")
    assert not SymbolTable().is_function("s")


def test_labels_below_a_name_are_no_indices():
    table = observe(SymbolTable(), [r"\mu_x + x"])
    assert not table.is_index("x")
    assert observe(SymbolTable(), [r"\sum_x p_x"]).is_index("x")
