"""The PyTorch text: it imports PyTorch only, its examples hold, and its numbers are those of the NumPy text."""

import ast
import doctest
import sys
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from derive.code.arrays.builder import Builder
from derive.code.arrays.program import Axis, Program
from derive.code.functions.build import Function
from derive.code.functions.interpret import evaluate
from derive.code.loading import load
from derive.code.python.tensors import torch as target
from derive.code.python.tensors.body import Body
from derive.code.python.tensors.torch_library import Torch
from derive.code.stable.stabiliser import CannotLower
from derive.jobs.compile import compile as compiled
from tests.code.python.torch_text import NAMES, arguments, differentiable, gradients_of, made, module, parts, tensors, twin

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
ANSWERS = r"""---
derive:
  indices: k in 1..n
  families: z_k, y_k
---
# A loss of many answers
Let $\sigma(x) = \frac{1}{1+e^{-x}}$ and

$$L = -\sum_{k=1}^{n} \left( y_k \ln \sigma(z_k) + (1-y_k) \ln(1-\sigma(z_k)) \right)$$

$$\frac{\partial L}{\partial z_i} = \sigma(z_i) - y_i$$
"""
HELPERS = (
    "shift",
    "takes",
    "fitted",
    "are_places",
    "axes_of",
    "or_distribution",
    "is_varied",
    "is_transformed",
    "is_recorded",
    "supported",
    "others",
    "is_moderate",
    "in_parts",
)


@pytest.mark.parametrize("name", NAMES)
def test_its_own_examples_hold(name):
    found = doctest.testmod(module(name))
    assert found.attempted > 2 and found.failed == 0


@pytest.mark.parametrize("name", NAMES)
def test_it_imports_torch_only(name):
    imported = {
        alias.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(ast.parse(made(name).source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert imported - set(sys.stdlib_module_names) - {"collections.abc"} == {"torch", "torch.autograd.function"}


@pytest.mark.parametrize("name", NAMES)
def test_every_function_has_types_shapes_and_a_formula(name):
    for node in ast.parse(made(name).source).body:
        if isinstance(node, ast.FunctionDef) and node.name not in HELPERS:
            text = ast.get_docstring(node)
            assert "$$" in text and "Args:" in text and "shape" in text and ">>>" in text
            assert node.returns is not None and all(argument.annotation is not None for argument in node.args.args)


def test_the_claims_that_license_the_rewrites_are_named():
    text = made("softmax-cross-entropy").source
    assert "Each was proved, for every size and all arguments, and for any c and m and s." in " ".join(text.split())
    assert text.count("\\ln\\left(1 + ") == 3 and text.count("a_t - 1 = ") == 2


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(3))
def test_every_function_gives_the_numbers_of_numpy(name, seed):
    one, other = module(name), twin(name)
    for function in made(name).functions:
        arrays = arguments(function.program, seed)
        expected = parts(getattr(other, function.name)(**{k: v.copy() for k, v in arrays.items()}))
        found = parts(getattr(one, function.name)(**tensors(arrays)))
        for left, right in zip(found, expected, strict=True):
            assert left.dtype == torch.float64
            np.testing.assert_allclose(left.numpy(), right, rtol=1e-12, atol=1e-13, err_msg=function.name)


def checked(loaded, function, seed):
    """Whether finite differences agree with the gradient of the loss by each argument that it has one by."""
    given = tensors(arguments(function.program, seed))
    names = gradients_of(function)
    leaves = [given[name].clone().requires_grad_() for name in names]

    def loss(*values):
        return loaded.loss(**{**given, **dict(zip(names, values, strict=True))})

    return torch.autograd.gradcheck(loss, leaves, raise_exception=False)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "softmax-cross-entropy"])
def test_finite_differences_agree_with_the_gradient(name):
    assert checked(module(name), differentiable(made(name).functions), seed=4)


@pytest.mark.parametrize("seed", range(4))
def test_finite_differences_agree_with_the_gradient_at_labels(seed):
    name = "softmax-cross-entropy"
    assert checked(module(name), differentiable(made(name).functions), seed)


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("softmax-cross-entropy", "(-rest / total)", "(rest / total)"),
        ("softmax-cross-entropy", "slope[..., None] * gradient", "-slope[..., None] * gradient"),
        ("linear-layer", "slope * gradient_b", "slope * -gradient_b"),
    ],
)
def test_a_planted_sign_error_is_found(name, right, wrong):
    source = made(name).source
    assert right in source
    function = differentiable(made(name).functions)
    assert all(checked(load(source), function, seed) for seed in range(5, 8))
    assert not all(checked(load(source.replace(right, wrong)), function, seed) for seed in range(5, 8))


@pytest.mark.parametrize("name", ["softmax-cross-entropy", "sigmoid-cross-entropy", "linear-layer"])
def test_the_loss_is_the_same_whether_it_is_recorded_or_not(name):
    loaded, function = module(name), differentiable(made(name).functions)
    given = tensors(arguments(function.program, seed=11))
    kept = {key: value.clone() for key, value in given.items()}
    alone = loaded.loss(**given)
    written = loaded.loss_and_gradient(**given)[0]
    first = gradients_of(function)[0]
    recorded = loaded.loss(**{**given, first: given[first].clone().requires_grad_()})
    assert recorded.requires_grad and not alone.requires_grad
    torch.testing.assert_close(alone, written)
    torch.testing.assert_close(recorded.detach(), written)
    assert all(torch.equal(given[key], kept[key]) for key in given)


def test_zero_times_an_infinite_logarithm_is_zero_without_recording():
    loss = module("sigmoid-cross-entropy").loss
    z, y = torch.tensor([torch.inf, -torch.inf, 1.0]), torch.tensor([1.0, 0.0, 0.5])
    assert loss(z, y)[:2].tolist() == [0, 0] and torch.isfinite(loss(z, y)).all()
    assert torch.isinf(loss(z, 1 - y)[:2]).all()
    assert torch.isnan(-(y * torch.log(torch.sigmoid(z)) + (1 - y) * torch.log(1 - torch.sigmoid(z)))[:2]).all()


def test_an_argument_without_the_axes_of_the_examples_serves_all_of_them():
    loss = load(compiled(ANSWERS, ["loss_and_gradient"], target="torch").source).loss
    z, y = torch.tensor([[0.5, -1.0, 2.0], [1.0, 0.0, -3.0]]), torch.tensor([0.2, 0.5, 0.3])
    torch.testing.assert_close(loss(z, y), loss(z, y.expand(2, 3)))
    torch.testing.assert_close(
        loss(z, y), torch.nn.functional.binary_cross_entropy_with_logits(z, y.expand(2, 3), reduction="none").sum(dim=-1)
    )
    with pytest.raises(ValueError):
        loss(z, torch.ones(3, 3))


@pytest.mark.parametrize("name", ["softmax-cross-entropy", "sigmoid-cross-entropy"])
def test_the_gradient_is_that_of_numpy_and_of_autograd(name):
    loaded, other = module(name), twin(name)
    function = differentiable(made(name).functions)
    arrays = arguments(function.program, seed=6)
    given = tensors(arrays)
    given["z"].requires_grad_()
    loaded.loss(**given).sum().backward()
    through = torch.autograd.grad(loaded.loss_and_gradient(**given)[0].sum(), given["z"])[0]
    expected = other.loss_and_gradient(**arrays)[1]
    np.testing.assert_allclose(given["z"].grad.numpy(), expected, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(through.numpy(), expected, rtol=1e-9, atol=1e-12)


def test_a_gradient_that_is_not_there_is_refused():
    z, y = (torch.rand(3, dtype=torch.float64, requires_grad=True) for _ in "zy")
    with pytest.raises(NotImplementedError, match="loss has no gradient by y; detach it"):
        module("sigmoid-cross-entropy").loss(z, y).sum().backward()


def test_it_works_under_the_transforms_of_torch():
    loaded, z, labels = module("softmax-cross-entropy"), torch.rand(2, 3, dtype=torch.float64), torch.tensor([0, 2])
    found = torch.func.grad(lambda z: loaded.loss(z, labels).sum())(z)
    assert torch.allclose(found, loaded.loss_and_gradient(z, labels)[1], rtol=1e-14, atol=0)


def test_large_logits_are_finite_and_single_precision_stays_single():
    z = torch.tensor([[1e4, -1e4, 0.0], [-3e38, 3e37, 0.0]], requires_grad=True)
    loss = module("softmax-cross-entropy").loss(z, torch.tensor([1, 2]))
    loss.sum().backward()
    assert loss.dtype == z.grad.dtype == torch.float32 and torch.isfinite(loss).all() and torch.isfinite(z.grad).all()


def test_a_label_that_is_no_place_is_refused():
    with pytest.raises(IndexError):
        module("softmax-cross-entropy").loss(torch.zeros(1, 3), torch.tensor([3]))


def function_of(program, name="f"):
    base = made("entropy").functions[0]
    return Function(replace(base.signature, name=name), program)


def test_an_operation_that_is_not_known_is_named():
    build = Builder()
    value = build.elementwise("gamma", build.input("x", ["i"], ["n"]))
    with pytest.raises(CannotLower, match="^f: there is no PyTorch code for the operation gamma$"):
        target.write([function_of(build.program([("y", value)]))], "t", "s")


def test_a_node_that_is_not_known_is_named():
    build = Builder()
    good = build.program([("y", build.elementwise("exp", build.input("x", ["i"], ["n"])))])

    class Unknown:
        axes = (Axis("i", "n"),)

    bad = Program((good.nodes[0], Unknown()), good.outputs)
    with pytest.raises(CannotLower, match="^f: there is no PyTorch code for a node Unknown$"):
        target.write([function_of(bad)], "t", "s")


def test_an_argument_that_is_called_like_the_library_is_renamed():
    assert load(compiled("$$a = \\text{torch}^2$$\n", target="torch").source).a(torch_=torch.tensor(3.0)) == 9


def test_a_hostile_document_stays_text():
    text = '# """ + __import__("os") + r"""\n\n$$a = x^2$$\n'
    loaded = load(compiled(text, target="torch").source)
    assert loaded.a(torch.tensor(3.0)) == 9.0


def written(program):
    """The function that is written for a program."""
    names = ", ".join(node.name for node in program.inputs)
    statements = ("    " + line for line in Body(program, Torch()).statements())
    return load("\n".join(["import math", "import torch", f"def f({names}):", *statements])).f


@pytest.mark.parametrize("value", [Fraction(2), "pi"])
def test_a_number_alone_becomes_a_tensor(value):
    build = Builder()
    build.input("x", ["i"], ["n"])
    number = build.elementwise("sqrt", build.constant(value))
    program = build.program([("y", number), ("w", build.constant(value))])
    y, w = written(program)(torch.zeros(2, dtype=torch.float64))
    assert y.dtype == w.dtype == torch.float64 and torch.equal(y * y, w) or torch.allclose(y * y, w)


def programs():
    """A small program for each kind of node, in the shapes that a document seldom leads to."""
    batch, sizes = "batch", {"batch": "batch", "i": "n", "k": "m"}

    def value(build, name, *letters, below=""):
        kind = "index" if below else "real"
        return build.input(name, letters, [sizes[letter] for letter in letters], kind, below)

    def gather(build, x, t):
        return build.gather(x, "i", value(build, "u", batch, "k", below="n"))

    return {
        "gather": gather,
        "gather of one row": lambda build, x, t: build.gather(x, "i", t),
        "first entry": lambda build, x, t: build.gather(x, "i", 0),
        "put": lambda build, x, t: build.put(x, "i", t, build.reduce("sum", x, "i")),
        "put a number": lambda build, x, t: build.put(x, "k", value(build, "u", batch, below="m"), build.constant(Fraction(3))),
        "identity": lambda build, x, t: build.elementwise("mul", build.identity("i", "k", "n"), build.reduce("sum", x, "i")),
        "repeated": lambda build, x, t: build.broadcast(build.reduce("max", x, "i"), [batch, "i", "k"], ["batch", "n", "m"]),
        "turned": lambda build, x, t: build.broadcast(x, ["k", batch, "i"], ["m", "batch", "n"]),
        "number repeated": lambda build, x, t: build.broadcast(build.constant(Fraction(1, 3)), ["k"], ["m"]),
        "three factors": lambda build, x, t: build.contract([x, value(build, "w", "i"), value(build, "v", "k")], ["i"]),
        "over the batch": lambda build, x, t: build.contract([x, x], [batch]),
        "mean": lambda build, x, t: build.elementwise("div", build.reduce("sum", x, batch), build.length(batch)),
        "place": lambda build, x, t: build.gather(x, "i", build.reduce("argmax", x, "i")),
    }


@pytest.mark.parametrize("name", programs())
def test_every_node_gives_what_the_program_gives(name):
    build = Builder()
    x = build.input("x", ["batch", "i", "k"], ["batch", "n", "m" if name != "identity" else "n"])
    t = build.input("t", ["batch"], ["batch"], "index", "n")
    program = build.program([("y", programs()[name](build, x, t))])
    for seed in range(4):
        arrays = arguments(program, seed)
        found = written(program)(**tensors(arrays))
        np.testing.assert_allclose(np.asarray(found), evaluate(program, arrays)["y"], rtol=1e-12)
