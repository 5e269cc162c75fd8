"""The NumPy text: it imports NumPy only, its examples hold, it survives hostile documents, and it keeps its digits."""

import ast
import doctest
import math
import sys
from pathlib import Path

import numpy as np
import pytest

from derive.code.loading import load
from derive.code.names import identifier
from derive.code.python.library import Library
from derive.jobs.compile import compile as compiled
from tests.tools.slow import slow_but

ROOT = Path(__file__).resolve().parents[3]
PROOFS = sorted((ROOT / "proofs").glob("*.md"))
SOURCES = {}


def source(name):
    if name not in SOURCES:
        SOURCES[name] = compiled(next(path for path in PROOFS if path.stem == name)).source
    return SOURCES[name]


@pytest.mark.parametrize("name", slow_but([path.stem for path in PROOFS], "softmax", "entropy"))
def test_its_own_examples_hold(name):
    found = doctest.testmod(load(source(name)))
    assert found.attempted > 2 and found.failed == 0


@pytest.mark.parametrize("name", slow_but(["softmax", "softmax-cross-entropy", "log-softmax"], "softmax"))
def test_its_examples_hold_for_both_ways(name):
    """The numbers of the examples are moderate; the statements for all numbers give the same."""
    for always, change, failures in (
        (False, ("", ""), False),
        (True, ("", ""), False),
        (False, ("np.exp(e, out=e)", "np.exp(-e, out=e)"), True),
        (True, ("np.exp(z", "np.exp(-z"), True),
    ):
        module = load(source(name).replace(*change))
        module.is_moderate = lambda z, always=always: always
        found = doctest.testmod(module, report=False, optionflags=doctest.REPORT_ONLY_FIRST_FAILURE)
        assert found.attempted > 2 and bool(found.failed) is failures


@pytest.mark.parametrize("name", slow_but([path.stem for path in PROOFS], "softmax", "entropy"))
def test_it_imports_numpy_only(name):
    imported = {
        alias.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(ast.parse(source(name)))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert imported - set(sys.stdlib_module_names) - {"collections.abc"} == {"numpy", "numpy.typing"}


@pytest.mark.parametrize("name", slow_but([path.stem for path in PROOFS], "softmax", "entropy"))
def test_every_function_has_types_shapes_and_a_formula(name):
    for node in ast.parse(source(name)).body:
        if isinstance(node, ast.FunctionDef) and node.name in {
            "takes",
            "fitted",
            "axes_of",
            "or_distribution",
            *Library.helpers,
        }:
            assert ast.get_docstring(node) and node.returns is not None
        elif isinstance(node, ast.FunctionDef):
            text = ast.get_docstring(node)
            assert "$$" in text and "Args:" in text and "shape" in text and ">>>" in text
            assert node.returns is not None and all(argument.annotation is not None for argument in node.args.args)


def test_the_claims_that_license_the_rewrites_are_named():
    text = source("softmax-cross-entropy")
    assert "Each was proved, for every size and all arguments, and for any c and m and s." in " ".join(text.split())
    head = ast.get_docstring(ast.parse(text))
    assert head.count("\\ln\\left(1 + ") == 3 and head.count("a_t - 1 = ") == 2
    function = compiled(ROOT / "proofs" / "softmax-cross-entropy.md", ["loss_and_gradient"])["loss_and_gradient"]
    for licence in (*function.licences, *function.moderate.licences):
        assert (f"$${licence.latex}$$" in head) is (licence.law != "cases")


def test_the_same_document_gives_the_same_text():
    assert compiled(ROOT / "proofs" / "temperature.md").source == source("temperature")


def test_a_hostile_document_stays_text():
    text = '# """ + __import__("os") + r"""\n\n$$a = x^2$$\n'
    made = compiled(text)
    module = load(made.source)
    assert module.a(np.array(3.0)) == 9.0 and [
        node.name for node in ast.parse(made.source).body if isinstance(node, ast.FunctionDef)
    ] == ["fitted", "takes", "a"]


@pytest.mark.parametrize(
    ("name", "expected"), [("lambda", "lambda_"), (r"\text{a b}", "a_b"), ("2x", "x_2x"), ("", "x"), ("a;b", "a_b")]
)
def test_names_become_identifiers(name, expected):
    assert identifier(name) == expected


def test_names_that_coincide_are_told_apart():
    assert identifier("a", {"a", "a_2"}) == "a_3"


def test_single_precision_stays_single():
    module = load(source("softmax-cross-entropy"))
    loss, gradient = module.loss_and_gradient(np.zeros((2, 3), np.float32), np.array([0, 1]))
    assert loss.dtype == gradient.dtype == np.float32


def test_the_logits_are_not_overwritten():
    module, logits = load(source("softmax-cross-entropy")), np.random.default_rng(0).standard_normal((4, 3))
    before = logits.copy()
    module.loss_and_gradient(logits, np.array([0, 1, 2, 0]))
    module.a(logits)
    assert (logits == before).all()


def test_both_signs_of_a_large_logit_are_finite():
    module = load(source("sigmoid-cross-entropy"))
    logits, labels = np.array([800.0, -800.0, 800.0, -800.0]), np.array([1.0, 0.0, 0.0, 1.0])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        loss, gradient = module.loss_and_gradient(logits, labels)
    assert loss.tolist() == [0.0, 0.0, 800.0, 800.0] and gradient.tolist() == [0.0, 0.0, 1.0, -1.0]


# -- moderate exponents ------------------------------------------------------------------------------------------------

SINGLE, DOUBLE = 128 / 3 - 7, 1024 / 3 - 7


def loss_module(always=None, change=("", "")):
    """The module of the loss, with a `change` in its text; with `always` it takes one of its two ways whatever the logits."""
    text = source("softmax-cross-entropy")
    assert change[0] in text
    module = load(text.replace(*change))
    if always is not None:
        module.is_moderate = lambda z: always
    return module


def spread_out(dtype, bound, rows=64, classes=7):
    """Logits between the bounds, which are among them, and labels."""
    rng = np.random.default_rng(3)
    logits = rng.uniform(-bound, bound, (rows, classes)).astype(dtype)
    logits[0, 0], logits[0, 1] = np.nextafter(dtype(bound), dtype(0)), np.nextafter(dtype(-bound), dtype(0))
    return logits, rng.integers(classes, size=rows)


def units(found, expected):
    """The largest difference, in units in the last place."""
    return float(np.max(np.abs(found - expected) / np.spacing(np.abs(expected))))


def single_units(found, exact):
    """The largest error of single precision, in its units in the last place."""
    return float(np.max(np.abs(found - exact) / np.spacing(exact.astype(np.float32))))


@pytest.mark.parametrize(("dtype", "bound"), [(np.float32, SINGLE), (np.float64, DOUBLE)])
def test_both_ways_agree_up_to_the_border(dtype, bound):
    logits, labels = spread_out(dtype, bound)
    short, long = loss_module(always=True), loss_module(always=False)
    assert loss_module().is_moderate(logits) and not loss_module().is_moderate(logits * dtype(1.01))
    for one, other in zip(short.loss_and_gradient(logits, labels), long.loss_and_gradient(logits, labels), strict=True):
        assert one.dtype == other.dtype == dtype and units(one, other) <= 16
    for name, arguments in (("a", (logits,)), ("da_dz_vjp", (logits, logits[::-1].copy()))):
        np.testing.assert_allclose(
            getattr(short, name)(*arguments),
            getattr(long, name)(*arguments),
            rtol=32 * np.finfo(dtype).eps,
            atol=32 * bound * np.finfo(dtype).eps,
        )


@pytest.mark.parametrize(
    "change",
    [
        ("log1p(rest / entry)", "log1p(rest / total)"),
        ("flat[at] = -rest / total", "flat[at] = rest / total"),
        ("        flat[at] = 0\n", ""),
        ("total = rest + entry", "total = rest"),
    ],
)
def test_an_error_planted_in_the_short_way_makes_them_differ(change):
    logits, labels = spread_out(np.float64, DOUBLE)
    found = loss_module(change=change).loss_and_gradient(logits, labels)
    right = loss_module().loss_and_gradient(logits, labels)
    assert any(units(one, other) > 16 for one, other in zip(found, right, strict=True))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_beyond_the_border_the_short_way_fails_and_is_not_taken(dtype):
    top = 100 if dtype is np.float32 else 800
    logits, labels = np.array([[0, top, -1], [-top, 1, 0]], dtype), np.array([0, 0])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        loss, gradient = loss_module().loss_and_gradient(logits, labels)
    np.testing.assert_allclose(loss, [top, top + 1 + math.log1p(math.exp(-1))], rtol=1e-6)
    np.testing.assert_allclose(gradient[0], [-1, 1, 0], atol=1e-40)
    with np.errstate(all="ignore"):
        assert np.isinf(loss_module(always=True).loss_and_gradient(logits, labels)[0]).all()


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize(
    ("entries", "moderate"),
    [
        ([0.0], True),
        ([35.0, -35.0], True),
        ([36.0], False),
        ([-36.0], False),
        ([np.nan], False),
        ([-np.inf], False),
        ([np.inf], False),
        ([1.0, np.nan, 2.0], False),
    ],
)
def test_what_is_moderate(entries, moderate, order):
    logits = np.zeros((3, 4), np.float32, order=order)
    logits[1, : len(entries)] = entries
    is_moderate = loss_module().is_moderate
    assert is_moderate(logits) is moderate and is_moderate(logits[::2, ::2])
    assert not is_moderate(logits[:0]) and not is_moderate(np.zeros((2, 2), np.float16))


@pytest.mark.parametrize("scale", [1, 1000])
def test_the_layout_of_the_logits_does_not_matter(scale):
    rng = np.random.default_rng(5)
    logits, labels = scale * rng.standard_normal((6, 4)), rng.integers(4, size=6)
    wide = np.repeat(logits, 2, axis=1)
    module, text = loss_module(), ', order="C"'
    expected = module.loss_and_gradient(logits, labels)
    for same in (np.asfortranarray(logits), wide[:, ::2], logits[::-1][::-1]):
        for one, other in zip(module.loss_and_gradient(same, labels), expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-14)
    if scale == 1:
        wrong = loss_module(change=(text, "")).loss_and_gradient(np.asfortranarray(logits), labels)
        assert not np.allclose(wrong[1], expected[1])


@pytest.mark.parametrize("scale", [1, 1000])
@pytest.mark.parametrize("wrong", [4, -1, 100])
def test_a_label_that_is_no_place_is_an_error(wrong, scale):
    logits, labels = scale * np.ones((3, 4)), np.array([0, 3, 1], np.uint8)
    assert loss_module().loss_and_gradient(logits, labels)[0].shape == (3,)
    with pytest.raises(IndexError):
        loss_module().loss_and_gradient(logits, np.array([0, wrong, 1]))


@pytest.mark.parametrize("classes", [1, 255, 256, 257, 32000, 1000000])
def test_sums_of_long_rows_keep_their_digits(classes):
    rng = np.random.default_rng(7)
    terms = np.exp(rng.standard_normal((2, classes)).astype(np.float32))
    exact = np.array([math.fsum(map(float, row)) for row in terms])
    columns = np.asfortranarray(terms)
    for laid_out, bound in ((terms, 4), (columns, 8)):
        found = loss_module().row_sum(laid_out)
        assert found.dtype == np.float32 and found.shape == (2,) and single_units(found, exact) <= bound
    if classes >= 32000:
        assert single_units(np.einsum("...i->...", terms), exact) > 4
        assert single_units(columns.sum(axis=-1), exact) > 8
