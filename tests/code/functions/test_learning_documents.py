"""Code from one-page documents about learning, in all targets, against PyTorch's autograd in double precision."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from derive.code.arrays.program import BATCH, Input
from derive.code.functions.build import Function
from derive.code.loading import load
from derive.code.targets import TARGETS
from derive.documents import Loaded
from derive.jobs.compile import Generated, NothingToCompile, compile_document
from derive.jobs.limits import Limits
from derive.terms.heads import name_of
from tests.code.learning_documents import DOCUMENTS, Document

EACH = [pytest.param(name, marks=pytest.mark.slow if DOCUMENTS[name].is_slow else ()) for name in DOCUMENTS]


@cache
def made(name: str) -> Generated:
    """What a document gives, with time for each function, whatever else runs."""
    return compile_document(Loaded("notes.md", ".md", DOCUMENTS[name].text), limits=Limits(seconds=600))


@cache
def fused(name: str) -> Function:
    return made(name)["loss_and_gradient"]


def examples(document: Document, function: Function, count: int, seed: int = 3) -> list[dict[str, np.ndarray]]:
    """Numbers for the arguments of examples, the same where the function takes one for all of them."""
    random = np.random.default_rng(seed)
    each = {node.name for node in function.arguments if any(axis.size == BATCH for axis in node.axes)}
    found: list[dict[str, np.ndarray]] = []
    for _ in range(count):
        values = {name: random.uniform(0.2, 0.9, shape) for name, shape in document.shapes.items()}
        values |= {name: values[name] @ values[name].T + np.eye(len(values[name])) for name in document.definite}
        found.append({name: value if name in each or not found else found[0][name] for name, value in values.items()})
    return found


def expected(document: Document, function: Function, given: list[dict[str, np.ndarray]]) -> list[np.ndarray]:
    """The loss and the gradients that autograd finds, each as the function returns it."""
    import torch

    signature, outputs = function.signature, function.program.outputs
    tensors = [{name: torch.tensor(x, dtype=torch.float64, requires_grad=True) for name, x in one.items()} for one in given]
    losses = [document.loss(one) for one in tensors]
    for loss in losses:
        loss.backward()
    results = [np.array([loss.item() for loss in losses])]
    for wanted in signature.results[1:]:
        by = function.spelling[name_of(wanted.meaning.variable)]  # type: ignore[union-attr]
        results.append(np.stack([one[by].grad.numpy() for one in tensors]))
    found = []
    for result, wanted, output in zip(results, signature.results, outputs, strict=True):
        batched = any(axis.size == BATCH for axis in output.axes)
        if signature.mean:
            found.append(result / len(given) if wanted.per_example else result.mean(0))
        else:
            found.append(result if batched else result[0])
    return found


def arrays(function: Function, given: list[dict[str, np.ndarray]]) -> list[np.ndarray]:
    """The arguments, with the examples along the first axis."""

    def of(node: Input) -> np.ndarray:
        values = [one[node.name] for one in given]
        return np.stack(values) if any(axis.size == BATCH for axis in node.axes) else values[0]

    return [of(node) for node in function.arguments]


def text_of(name: str, target: str) -> str:
    return TARGETS[target].written([fused(name)], name, "notes.md")


def agrees(found: object, wanted: list[np.ndarray], rtol: float = 1e-12) -> None:
    assert len(found) == len(wanted)  # type: ignore[arg-type]
    for ours, theirs in zip(found, wanted, strict=True):  # type: ignore[call-overload]
        assert np.shape(ours) == theirs.shape
        np.testing.assert_allclose(np.asarray(ours), theirs, rtol=rtol, atol=rtol / 100)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", EACH)
def test_numpy_agrees_with_autograd(name: str, count: int) -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed")
    given = examples(DOCUMENTS[name], fused(name), count)
    module = load(text_of(name, "numpy"), "learning")
    agrees(module.loss_and_gradient(*arrays(fused(name), given)), expected(DOCUMENTS[name], fused(name), given))


@pytest.mark.parametrize("name", EACH)
def test_every_gradient_by_itself_agrees_with_autograd(name: str) -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed")
    module = load(made(name).source, "learning")
    for wanted in fused(name).signature.results[1:]:
        by = fused(name).spelling[name_of(wanted.meaning.variable)]  # type: ignore[union-attr]
        function = made(name)[f"dL_d{by}"]
        given = examples(DOCUMENTS[name], function, 3)
        import torch

        tensors = [{n: torch.tensor(x, dtype=torch.float64, requires_grad=True) for n, x in one.items()} for one in given]
        for one in tensors:
            DOCUMENTS[name].loss(one).backward()
        theirs = np.stack([one[by].grad.numpy() for one in tensors])
        ours = getattr(module, function.name)(*arrays(function, given))
        if function.signature.mean:
            theirs = theirs.mean(0)
        elif ours.shape == theirs.shape[1:]:
            theirs = theirs[0]
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", EACH)
def test_pytorch_agrees_with_autograd_and_is_differentiated_by_the_gradient(name: str) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    function = fused(name)
    given = examples(DOCUMENTS[name], function, 3)
    module = load(text_of(name, "torch"), "learning")
    tensors = [torch.tensor(x, dtype=torch.float64) for x in arrays(function, given)]
    wanted = expected(DOCUMENTS[name], function, given)
    agrees([x.numpy() for x in module.loss_and_gradient(*tensors)], wanted)
    by = [function.spelling[name_of(one.meaning.variable)] for one in function.signature.results[1:]]  # type: ignore[union-attr]
    places = [next(p for p, node in enumerate(function.arguments) if node.name == one) for one in by]
    leaves = [x.clone().requires_grad_(place in places) for place, x in enumerate(tensors)]
    module.loss(*leaves).sum().backward()
    agrees([leaves[place].grad.numpy() for place in places], wanted[1:])


@pytest.mark.parametrize("name", EACH)
def test_jax_agrees_with_autograd(name: str) -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed")
    jax = pytest.importorskip("jax", reason="JAX is not installed")
    jax.config.update("jax_enable_x64", True)
    given = examples(DOCUMENTS[name], fused(name), 3)
    module = load(text_of(name, "jax"), "learning")
    agrees(
        module.loss_and_gradient(*map(jax.numpy.asarray, arrays(fused(name), given))),
        expected(DOCUMENTS[name], fused(name), given),
    )


@pytest.mark.parametrize("name", EACH)
def test_c_agrees_with_autograd_or_says_no(name: str) -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed")
    from derive.code.c.call import Compiled
    from derive.code.c.target import unwritten

    document, function = DOCUMENTS[name], fused(name)
    if not document.in_c:
        assert unwritten([function]) == {"loss_and_gradient": "there is no C code for inverses and determinants of matrices"}
        return
    given = examples(document, function, 3)
    agrees(Compiled(function)(*arrays(function, given)), expected(document, function, given))


@pytest.mark.parametrize("name", EACH)
def test_no_array_is_made_that_the_mathematics_does_not_need(name: str) -> None:
    """None has more axes than the arguments, or two of one length, but for those that the document speaks of."""
    for function in made(name).functions:
        if function.signature.kind not in ("forward", "fused"):
            continue
        known = {tuple(sorted(axis.size for axis in node.axes)) for node in function.program.inputs}
        known |= {tuple(sorted(sizes)) for sizes in DOCUMENTS[name].larger}
        for node in function.program.nodes:
            sizes = tuple(sorted(axis.size for axis in node.axes))
            own = [size for size in sizes if size != BATCH]
            assert sizes in known or len(own) < 2 and len(set(own)) == len(own), (function.name, node)


@pytest.mark.parametrize("name", EACH)
def test_a_wrong_gradient_is_no_function_and_that_is_said(name: str) -> None:
    true, false = DOCUMENTS[name].wrong
    assert true in DOCUMENTS[name].text
    text = DOCUMENTS[name].text.replace(true, false, 1)
    names = {function.name for function in made(name).functions}
    try:
        generated = compile_document(Loaded("notes.md", ".md", text), limits=Limits(seconds=600))
    except NothingToCompile as reason:
        assert "dL_d" in str(reason)
        return
    missing = names - {function.name for function in generated.functions}
    said = {note.partition(":")[0] for note in generated.notes}
    assert missing and {one for one in missing if one.startswith("dL_d")} <= said
