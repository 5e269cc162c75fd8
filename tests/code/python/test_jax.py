"""The JAX text: it imports JAX only, its examples hold, and its numbers are those of the NumPy text."""

import ast
import doctest
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from derive.code.arrays.builder import Builder
from derive.code.functions.build import Function
from derive.code.functions.interpret import evaluate
from derive.code.loading import load
from derive.code.python.numpy import target as numpy_target
from derive.code.python.tensors import jax as target
from derive.code.python.tensors.body import Body
from derive.code.python.tensors.jax_library import Jax
from derive.code.python.tensors.module import fused_of
from derive.code.stable.stabiliser import CannotLower
from derive.jobs.compile import compile as compiled

jax = pytest.importorskip("jax", reason="JAX is not installed")

ROOT = Path(__file__).resolve().parents[3]
NAMES = ["softmax-cross-entropy", "sigmoid-cross-entropy", "linear-layer"]
MADE = {}


def made(name):
    if name not in MADE:
        MADE[name] = compiled(ROOT / "proofs" / f"{name}.md", target="jax")
    return MADE[name]


@pytest.fixture(scope="module", autouse=True)
def all_made():
    """Before JAX starts its threads: what makes a function forks a process."""
    for name in NAMES:
        made(name)


def module(name):
    return load(made(name).source)


def arguments(program, seed):
    """Numbers between 0 and 1 for axes of random lengths."""
    rng = np.random.default_rng(seed)
    sizes = {axis.size: int(rng.integers(1, 6)) for node in program.inputs for axis in node.axes}
    shapes = {node.name: [sizes[axis.size] for axis in node.axes] for node in program.inputs}
    return {
        node.name: rng.integers(0, sizes[node.below], shapes[node.name])
        if node.kind == "index"
        else np.array(rng.uniform(0.1, 0.9, shapes[node.name]))
        for node in program.inputs
    }


def parts(result):
    return result if isinstance(result, tuple) else (result,)


def differentiable(functions):
    return next(function for function in functions if function.signature.kind == "fused")


def test_a_function_that_is_called_like_the_library_is_renamed():
    assert load(compiled("$$\\text{jnp} = x^2$$\n", target="jax").source).jnp_(jax.numpy.asarray(3.0)) == 9


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("name", NAMES)
def test_its_own_examples_hold(name, wide):
    with jax.enable_x64(wide):
        found = doctest.testmod(module(name))
    assert found.attempted > 2 and found.failed == 0


@pytest.mark.parametrize("name", NAMES)
def test_it_imports_jax_only(name):
    imported = {
        alias.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(ast.parse(made(name).source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert {part.split(".")[0] for part in imported} - set(sys.stdlib_module_names) == {"jax"}


def test_the_claims_that_license_the_rewrites_are_named():
    text = made("softmax-cross-entropy").source
    assert text.count("\\ln\\left(1 + ") == 2 and "a_t - 1 = " in text


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("wide", [True, False])
def test_every_function_gives_the_numbers_of_numpy(name, wide):
    one, other = module(name), load(numpy_target.write(made(name).functions, "twin", "twin"))
    with jax.enable_x64(wide):
        for seed, function in enumerate(made(name).functions):
            arrays = arguments(function.program, seed)
            expected = parts(getattr(other, function.name)(**{k: v.copy() for k, v in arrays.items()}))
            given = {key: jax.numpy.asarray(value) for key, value in arrays.items()}
            found = parts(jax.jit(getattr(one, function.name))(**given))
            for left, right in zip(found, expected, strict=True):
                assert left.dtype == (np.float64 if wide else np.float32)
                tolerance = 1e-12 if wide else 2e-5
                np.testing.assert_allclose(left, right, rtol=tolerance, atol=tolerance, err_msg=function.name)


def agrees(loaded, function, seed):
    """Whether finite differences agree with the gradient of the loss by each argument that it has one by."""
    with jax.enable_x64(True):
        given = {key: jax.numpy.asarray(value) for key, value in arguments(function.program, seed).items()}
        for slope in fused_of(function, set()).slopes:
            name = slope.argument.name

            def total(value, name=name):
                return (loaded.loss(**{**given, name: value}) ** 2).sum()

            found = np.array(jax.jit(jax.grad(total))(given[name]))
            step = 1e-5
            for place in np.ndindex(found.shape):
                up, down = (float(total(given[name].at[place].add(gap))) for gap in (step, -step))
                if abs((up - down) / (2 * step) - found[place]) > 1e-7:
                    return False
        return True


@pytest.mark.parametrize("name", NAMES)
def test_finite_differences_agree_with_the_gradient(name):
    assert agrees(module(name), differentiable(made(name).functions), seed=4)


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("softmax-cross-entropy", "(-rest_2 / total)", "(rest_2 / total)"),
        ("softmax-cross-entropy", "(gradient * d_z)", "(-gradient * d_z)"),
        ("linear-layer", "(gradient_b * d_b)", "(-gradient_b * d_b)"),
    ],
)
def test_a_planted_sign_error_is_found(name, right, wrong):
    source = made(name).source
    assert right in source
    wrong_one = load(source.replace(right, wrong))
    assert not all(agrees(wrong_one, differentiable(made(name).functions), seed) for seed in range(5, 8))


def test_a_gradient_that_is_not_there_is_refused():
    loss = module("sigmoid-cross-entropy").loss
    with pytest.raises(NotImplementedError, match="loss has no gradient by y; use stop_gradient"):
        jax.grad(lambda y: loss(jax.numpy.ones(3), y).sum())(jax.numpy.ones(3))


def test_a_label_that_is_no_place_gives_no_number():
    loss, z, labels = module("softmax-cross-entropy").loss, jax.numpy.zeros((3, 3)), jax.numpy.array([3, 0, -1])
    found, gradient = jax.jit(jax.vmap(jax.value_and_grad(loss)))(z, labels)
    assert np.isnan(found).tolist() == [True, False, True]
    assert np.isnan(gradient).all(axis=-1).tolist() == np.isnan(gradient).any(axis=-1).tolist() == [True, False, True]
    with pytest.raises(IndexError):
        loss(z, labels)


def test_large_logits_are_finite():
    loss, z = module("softmax-cross-entropy").loss, jax.numpy.array([[1e4, -1e4, 0.0], [-3e38, 3e37, 0.0]])
    labels = jax.numpy.array([1, 2])
    assert np.isfinite(loss(z, labels)).all() and np.isfinite(jax.grad(lambda z: loss(z, labels).sum())(z)).all()


def test_an_operation_that_is_not_known_is_named():
    build = Builder()
    value = build.elementwise("unheard", build.input("x", ["i"], ["n"]))
    base = made("sigmoid-cross-entropy").functions[0]
    function = Function(replace(base.signature, name="f"), build.program([("y", value)]))
    with pytest.raises(CannotLower, match="^f: there is no JAX code for the operation unheard$"):
        target.write([function], "t", "s")


def nodes(build, x, t):
    """A value for each kind of node that the documents above do not lead to."""
    u = build.input("u", ["batch", "k"], ["batch", "m"], "index", "n")
    return {
        "gather": build.gather(x, "i", u),
        "put": build.put(x, "i", t, build.reduce("sum", x, "i")),
        "repeated": build.broadcast(build.reduce("max", x, "i"), ["batch", "i", "k"], ["batch", "n", "m"]),
        "number": build.broadcast(build.constant(Fraction(1, 3)), ["k"], ["m"]),
        "identity": build.identity("i", "j", "n"),
        "product": build.contract([x, build.input("w", ["i"], ["n"]), x], ["i"]),
    }


@pytest.mark.parametrize("seed", range(3))
def test_every_node_gives_what_the_program_gives(seed):
    build = Builder()
    x = build.input("x", ["batch", "i", "k"], ["batch", "n", "m"])
    program = build.program(list(nodes(build, x, build.input("t", ["batch"], ["batch"], "index", "n")).items()))
    names = ", ".join(node.name for node in program.inputs)
    lines = [f"def f({names}):", *(f"    {line}" for line in Body(program, Jax()).statements())]
    arrays = arguments(program, seed)
    with jax.enable_x64(True):
        found = load("\n".join(["import jax.numpy as jnp", *lines])).f(**{k: jax.numpy.asarray(v) for k, v in arrays.items()})
        for one, (name, expected) in zip(found, evaluate(program, arrays).items(), strict=True):
            np.testing.assert_allclose(one, expected, rtol=1e-12, err_msg=name)


def stock(z, labels):
    return -jax.numpy.take_along_axis(jax.nn.log_softmax(z, axis=-1), labels[..., None], axis=-1)[..., 0]


@pytest.mark.parametrize("name", ["grad of grad", "hessian", "jvp", "vmap of grad", "jit of vmap of grad"])
def test_the_transforms_give_what_they_give_of_jax(name):
    def transforms(loss, z, labels):
        def total(z):
            return loss(z, labels).sum()

        return {
            "grad of grad": lambda: jax.grad(lambda z: (jax.grad(total)(z) ** 2).sum())(z),
            "hessian": lambda: jax.hessian(total)(z),
            "jvp": lambda: jax.jvp(lambda z: loss(z, labels), (z,), (z * z,))[1],
            "vmap of grad": lambda: jax.vmap(jax.grad(loss))(z, labels),
            "jit of vmap of grad": lambda: jax.jit(jax.vmap(jax.grad(loss)))(z, labels),
        }[name]()

    with jax.enable_x64(True):
        z, labels = jax.numpy.asarray(np.random.default_rng(1).standard_normal((3, 4))), jax.numpy.array([0, 3, 1])
        found, expected = (transforms(loss, z, labels) for loss in (module("softmax-cross-entropy").loss, stock))
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)


def test_a_kink_of_the_parts_is_none_of_the_whole():
    """The sigmoid is put together from |z|, max(z, 0) and min(z, 0), which have no derivative at 0."""
    jnp = jax.numpy
    with jax.enable_x64(True):
        z, y = jnp.zeros(3), jnp.array([0.0, 0.3, 1.0])
        loss = module("sigmoid-cross-entropy").loss
        np.testing.assert_allclose(jnp.diag(jax.hessian(lambda z: loss(z, y).sum())(z)), 0.25, rtol=1e-14)
        first = jax.grad(lambda z: module("sigmoid-cross-entropy").loss_and_gradient(z, y)[0].sum())(z)
        np.testing.assert_allclose(first, 0.5 - y, rtol=1e-14)
        wrong = jax.grad(lambda z: jnp.maximum(z, 0) + jnp.log1p(jnp.exp(-jnp.abs(z))))(0.0)
        assert wrong != 0.5
