"""The PyTorch text under the transforms of torch: second derivatives, vmap, compiling; as what PyTorch has of its own."""

import sys

import pytest

from derive.code.loading import load
from tests.code.python.torch_text import NAMES, arguments, differentiable, gradients_of, made, module, tensors

torch = pytest.importorskip("torch", reason="PyTorch is not installed")


def penalised(loss, z, labels):
    """The gradient of a loss with the square of its gradient added."""
    z = z.clone().requires_grad_()
    total = loss(z, labels).sum()
    (first,) = torch.autograd.grad(total, z, create_graph=True)
    return torch.autograd.grad(total + first.square().sum(), z)[0]


def stock(z, labels):
    return torch.nn.functional.cross_entropy(z, labels, reduction="none")


def test_a_gradient_penalty_is_that_of_pytorch():
    loaded, z, labels = module("softmax-cross-entropy"), torch.randn(4, 5, dtype=torch.float64), torch.tensor([0, 2, 1, 4])
    expected = penalised(stock, z, labels)
    assert torch.allclose(penalised(loaded.loss, z, labels), expected, rtol=1e-12, atol=1e-14)
    twin = load(made("softmax-cross-entropy").source.replace("if torch.is_grad_enabled():", "if False:"))
    try:
        without = penalised(twin.loss, z, labels)
    except RuntimeError:
        return
    assert not torch.allclose(without, expected)


@pytest.mark.parametrize("name", NAMES)
def test_second_derivatives_agree_with_finite_differences(name):
    loaded, function = module(name), differentiable(made(name).functions)
    given = tensors(arguments(function.program, seed=4))
    names = gradients_of(function)
    leaves = [given[name].clone().requires_grad_() for name in names]

    def loss(*values):
        return loaded.loss(**{**given, **dict(zip(names, values, strict=True))})

    assert torch.autograd.gradgradcheck(loss, leaves)


def transforms(loss, z, labels):
    """The results of PyTorch's transforms, nested too."""
    func, one = torch.func, (lambda z: loss(z, labels).sum())
    return {
        "vmap": func.vmap(loss)(z, labels),
        "grad in vmap": func.vmap(func.grad(loss))(z, labels),
        "jvp": func.jvp(lambda z: loss(z, labels), (z,), (z * z,))[1],
        "hessian": func.hessian(one)(z),
        "twice forward": func.jacfwd(func.jacfwd(one))(z),
        "twice backward": func.jacrev(func.jacrev(one))(z),
    }


@pytest.mark.parametrize("name", ["vmap", "grad in vmap", "jvp", "hessian", "twice forward", "twice backward"])
def test_the_transforms_give_what_they_give_of_pytorch(name):
    z, labels = torch.randn(3, 4, dtype=torch.float64), torch.tensor([0, 3, 1])
    found, expected = (transforms(loss, z, labels)[name] for loss in (module("softmax-cross-entropy").loss, stock))
    assert torch.allclose(found, expected, rtol=1e-12, atol=1e-14)


def test_a_kink_of_the_parts_is_none_of_the_whole():
    """The sigmoid is put together from |z|, max(z, 0) and min(z, 0), which have no derivative at 0."""
    loss, y = module("sigmoid-cross-entropy").loss, torch.tensor([0.0, 0.3, 1.0], dtype=torch.float64)
    z = torch.zeros_like(y)

    def total(z):
        return loss(z, y).sum()

    assert torch.allclose(torch.func.grad(total)(z), 0.5 - y, rtol=1e-14)
    assert torch.allclose(torch.diag(torch.func.hessian(total)(z)), torch.full_like(z, 0.25), rtol=1e-14)
    wrong = torch.func.hessian(lambda z: (torch.clamp(z, min=0) - z * y + torch.log1p(torch.exp(-torch.abs(z)))).sum())(z)
    assert not torch.allclose(torch.diag(wrong), torch.full_like(z, 0.25))


def test_the_gradient_that_is_not_there_is_refused_by_the_transforms():
    loss, z = module("sigmoid-cross-entropy").loss, torch.rand(3, dtype=torch.float64)
    for transform in (
        lambda: torch.func.grad(lambda y: loss(z, y).sum())(z),
        lambda: torch.func.jvp(lambda y: loss(z, y), (z,), (z,)),
    ):
        with pytest.raises(NotImplementedError):
            transform()


@pytest.mark.parametrize("name", ["softmax-cross-entropy", "sigmoid-cross-entropy"])
def test_it_is_compiled_as_one_graph(name, monkeypatch):
    loaded, function = module(name), differentiable(made(name).functions)
    monkeypatch.setitem(sys.modules, loaded.__name__, loaded)
    given = tensors(arguments(function.program, seed=6))
    given["z"].requires_grad_()
    made_one = torch.compile(lambda **named: loaded.loss(**named).sum(), fullgraph=True, backend="aot_eager")
    made_one(**given).backward()
    expected = loaded.loss_and_gradient(**{key: value.detach() for key, value in given.items()})[1]
    assert torch.allclose(given["z"].grad, expected, rtol=1e-12, atol=1e-14)


def test_a_label_that_cannot_be_looked_at_makes_its_example_no_number(monkeypatch):
    loaded, z = module("softmax-cross-entropy"), torch.zeros(3, 3, requires_grad=True)
    monkeypatch.setitem(sys.modules, loaded.__name__, loaded)
    labels = torch.tensor([0, -1, 3])
    assert torch.func.vmap(loaded.loss)(z, labels).isnan().tolist() == [False, True, True]
    made_one = torch.compile(loaded.loss_and_gradient, fullgraph=True, backend="aot_eager")
    loss, gradient = made_one(z, labels)
    assert loss.isnan().tolist() == [False, True, True] and gradient.isnan().all(dim=-1).tolist() == [False, True, True]
