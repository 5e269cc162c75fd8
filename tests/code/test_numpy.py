"""The NumPy text: it imports NumPy only, its examples hold, it survives hostile documents, and it keeps its digits."""

import ast
import doctest
from pathlib import Path

import numpy as np
import pytest

from derive.code.loading import load
from derive.code.names import identifier
from derive.compile import compile as compiled

ROOT = Path(__file__).resolve().parents[2]
PROOFS = sorted((ROOT / "proofs").glob("*.md"))
SOURCES = {}


def source(name):
    if name not in SOURCES:
        SOURCES[name] = compiled(next(path for path in PROOFS if path.stem == name)).source
    return SOURCES[name]


@pytest.mark.parametrize("name", [path.stem for path in PROOFS])
def test_its_own_examples_hold(name):
    found = doctest.testmod(load(source(name)))
    assert found.attempted > 2 and found.failed == 0


@pytest.mark.parametrize("name", [path.stem for path in PROOFS])
def test_it_imports_numpy_only(name):
    imported = {alias.name if isinstance(node, ast.Import) else node.module
                for node in ast.walk(ast.parse(source(name))) if isinstance(node, ast.Import | ast.ImportFrom)
                for alias in node.names}
    assert imported == {"numpy", "numpy.typing"}


@pytest.mark.parametrize("name", [path.stem for path in PROOFS])
def test_every_function_has_types_shapes_and_a_formula(name):
    for node in ast.parse(source(name)).body:
        if isinstance(node, ast.FunctionDef) and node.name != "shift":
            text = ast.get_docstring(node)
            assert "$$" in text and "Args:" in text and "shape" in text and ">>>" in text
            assert node.returns is not None and all(argument.annotation is not None for argument in node.args.args)


def test_the_claims_that_license_the_rewrites_are_named():
    text = source("softmax-cross-entropy")
    assert "Each was proved, for every size and all arguments, and for any c and s." in " ".join(text.split())
    assert text.count("\\ln\\left(1 + ") == 2 and "a_t - 1 = " in text


def test_the_same_document_gives_the_same_text():
    assert compiled(ROOT / "proofs" / "temperature.md").source == source("temperature")


def test_a_hostile_document_stays_text():
    text = '# """ + __import__("os") + r"""\n\n$$a = x^2$$\n'
    made = compiled(text)
    module = load(made.source)
    assert module.a(np.array(3.0)) == 9.0 and len(ast.parse(made.source).body) == 5


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
