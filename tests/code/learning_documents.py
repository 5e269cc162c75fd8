r"""One-page documents about learning in vector notation, each with its loss as PyTorch would have it written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Document:
    """A document.

    Attributes:
        text: what a person writes.
        loss: the same loss of tensors by their names in code, for one example.
        shapes: the shapes of the arguments.
        wrong: a true claim of the text, and a false one in its place; or a hole, and a false value of it.
        definite: matrices that are symmetric and positive definite.
        larger: sizes of arrays that the mathematics needs beside the arguments'.
        in_c: whether there is code in C.
        is_slow: whether its derivation takes more than a few seconds.
    """

    text: str
    loss: Callable[[Values], Any]
    shapes: Mapping[str, tuple[int, ...]]
    wrong: tuple[str, str]
    definite: tuple[str, ...] = ()
    larger: tuple[tuple[str, ...], ...] = ()
    in_c: bool = True
    is_slow: bool = True


def _half(x: Any) -> Any:
    return (x**2).sum() / 2


def _perceptron(tex: str, function: Callable[[Any], Any]) -> Document:
    text = (
        r"Let $x \in \mathbb R^d$, $t \in \mathbb R^p$, $W \in \mathbb R^{m \times d}$, $b \in \mathbb R^m$, "
        r"$V \in \mathbb R^{p \times m}$ and $c \in \mathbb R^p$. Let"
        "\n\n$$u = W x + b$$\n\n$$h = " + tex + "$$\n\n$$z = V h + c$$\n\n" + r"$$L = \frac12 \|z - t\|^2$$" + "\n\n"
        r"$$\frac{\partial L}{\partial V} = (z - t) h^\top$$"
        "\n\n"
        r"$$\frac{\partial L}{\partial W} = ?$$"
        "\n\n"
        r"$$\frac{\partial L}{\partial b} = ?$$"
        "\n\n"
        r"$$\frac{\partial L}{\partial x} = ?$$"
        "\n"
    )

    def loss(v: Values) -> Any:
        return _half(v["V"] @ function(v["W"] @ v["x"] + v["b"]) + v["c"] - v["t"])

    shapes = {"x": (3,), "t": (2,), "W": (4, 3), "b": (4,), "V": (2, 4), "c": (2,)}
    return Document(text, loss, shapes, (r"= (z - t) h^\top", r"= (z - t) u^\top"))


def _normalised(x: Any, epsilon: Any, axis: int = -1) -> Any:
    centred = x - x.mean(axis, keepdims=True)
    return centred / ((centred**2).mean(axis, keepdims=True) + epsilon).sqrt()


def _info(v: Values) -> Any:
    return -((v["U"] @ v["V"].T) / v["tau"]).log_softmax(-1).diagonal().mean()


def _one_query(v: Values) -> Any:
    negatives, positive = (v["K"] @ v["q"]) / v["tau"], (v["q"] @ v["p"]) / v["tau"]
    return (negatives.exp().sum() + positive.exp()).log() - positive


def _likelihood(v: Values) -> Any:
    import torch

    gap = v["x"] - v["mu"]
    size = gap.shape[-1] * torch.log(torch.tensor(2 * torch.pi, dtype=gap.dtype))
    return -(gap @ torch.linalg.solve(v["S"], gap) + torch.logdet(v["S"]) + size) / 2


def _gelu(u: Any) -> Any:
    return u * (1 + (u / 2**0.5).erf()) / 2


def _deep(sizes: tuple[str, ...], weights: str, biases: str) -> Document:
    """A perceptron with hidden layers of tanh between x of length d and z of length r, its weights named as said."""
    lengths = dict(zip(("d", *sizes), (3, 4, 2, 5, 2), strict=False))
    layers = range(1, len(sizes) + 1)
    w, b = ([name.format(layer=layer) for layer in layers] for name in (weights, biases))
    of = [(wide, long) for long, wide in zip(("d", *sizes), sizes, strict=False)]
    declared = [
        rf"${v} \in \mathbb R^{{{one} \times {other}}}$, ${c} \in \mathbb R^{one}$"
        for v, c, (one, other) in zip(w, b, of, strict=True)
    ]
    before, steps = "x", []
    for layer in layers[:-1]:
        steps.append(rf"$$h_{layer} = \tanh({w[layer - 1]} {before} + {b[layer - 1]})$$")
        before = f"h_{layer}"
    steps += [rf"$$z = {w[-1]} {before} + {b[-1]}$$", r"$$L = \frac12 \|z - t\|^2$$"]
    steps += [rf"$$\frac{{\partial L}}{{\partial {w[-1]}}} = (z - t) {before}^\top$$"]
    steps += [rf"$$\frac{{\partial L}}{{\partial {name}}} = ?$$" for name in (*w[:-1], *b, "x")]
    text = (
        rf"Let $x \in \mathbb R^d$, $t \in \mathbb R^{sizes[-1]}$, "
        + ", ".join(declared)
        + ". Let\n\n"
        + "\n\n".join(steps)
        + "\n"
    )
    names = [(f"W_{layer}", f"b_{layer}") for layer in layers]

    def loss(v: Values) -> Any:
        h = v["x"]
        for one, other in names[:-1]:
            h = (v[one] @ h + v[other]).tanh()
        return _half(v[names[-1][0]] @ h + v[names[-1][1]] - v["t"])

    shapes = {"x": (lengths["d"],), "t": (lengths[sizes[-1]],)}
    for (one, other), (wide, long) in zip(names, of, strict=True):
        shapes |= {one: (lengths[wide], lengths[long]), other: (lengths[wide],)}
    return Document(text, loss, shapes, (rf"= (z - t) {before}^\top", rf"= (z + t) {before}^\top"))


DOCUMENTS = {
    "linear layer": Document(
        r"""Let $W \in \mathbb R^{m \times d}$, $x \in \mathbb R^d$ and $b, t \in \mathbb R^m$. Let $y = W x + b$ and

$$L = \frac12 \|y - t\|^2$$

$$\frac{\partial L}{\partial W} = (y - t) x^\top$$

$$\frac{\partial L}{\partial b} = y - t$$

$$\frac{\partial L}{\partial x} = W^\top (y - t)$$
""",
        lambda v: _half(v["W"] @ v["x"] + v["b"] - v["t"]),
        {"W": (4, 3), "x": (3,), "b": (4,), "t": (4,)},
        ("= (y - t) x^", "= 2 (y - t) x^"),
        is_slow=False,
    ),
    "perceptron with tanh": _perceptron(r"\tanh(u)", lambda u: u.tanh()),
    "perceptron with sigmoid": _perceptron(r"\mathrm{sigmoid}(u)", lambda u: u.sigmoid()),
    "perceptron with ReLU": _perceptron(r"\mathrm{ReLU}(u)", lambda u: u.relu()),
    "perceptron with GELU": _perceptron(r"\mathrm{GELU}(u)", _gelu),
    "deep perceptron": _deep(("m", "p", "q", "r"), "W_{layer}", "b_{layer}"),
    "deep perceptron with superscripts": _deep(("m", "p", "r"), "W^{{({layer})}}", "b^{{({layer})}}"),
    "attention for one query": Document(
        r"""Let $q \in \mathbb R^d$, $K \in \mathbb R^{n \times d}$, $V \in \mathbb R^{n \times m}$ and $t \in \mathbb R^m$. Let

$$s = \frac{1}{\sqrt{d}} K q$$

$$a = \mathrm{softmax}(s)$$

$$o = V^\top a$$

$$L = \frac{1}{2} \|o - t\|^2$$

$$\frac{\partial L}{\partial V} = a (o - t)^\top$$

$$\frac{\partial L}{\partial q} = ?$$

$$\frac{\partial L}{\partial K} = ?$$
""",
        lambda v: _half(v["V"].T @ (v["K"] @ v["q"] / v["q"].shape[0] ** 0.5).softmax(0) - v["t"]),
        {"q": (3,), "K": (5, 3), "V": (5, 2), "t": (2,)},
        ("= a (o - t)", "= a (t - o)"),
    ),
    "attention head": Document(
        r"""Let $Q \in \mathbb R^{n \times d}$, $K \in \mathbb R^{m \times d}$, $V \in \mathbb R^{m \times p}$ and
$T \in \mathbb R^{n \times p}$. Let

$$S = \frac{1}{\sqrt{d}} Q K^\top$$

$$A = \mathrm{softmax}(S)$$

$$O = A V$$

$$L = \frac12 \|O - T\|_F^2$$

$$\frac{\partial L}{\partial V} = A^\top (O - T)$$

$$\frac{\partial L}{\partial Q} = ?$$

$$\frac{\partial L}{\partial K} = ?$$
""",
        lambda v: _half((v["Q"] @ v["K"].T / v["Q"].shape[1] ** 0.5).softmax(-1) @ v["V"] - v["T"]),
        {"Q": (4, 3), "K": (5, 3), "V": (5, 2), "T": (4, 2)},
        (r"= A^\top (O - T)", r"= S^\top (O - T)"),
        larger=(("n", "m"), ("n", "p")),
    ),
    "layer norm": Document(
        r"""Let $x, g, b, t \in \mathbb R^n$ and $\epsilon > 0$. Let $\mu = \frac1n \sum_i x_i$ and

$$v = \frac{1}{n} \sum_i (x_i - \mu)^2$$

$$h = \frac{x - \mu \mathbf 1}{\sqrt{v + \epsilon}}$$

$$y = g \odot h + b$$

$$L = \frac{1}{2} \|y - t\|^2$$

$$\frac{\partial L}{\partial g} = (y - t) \odot h$$

$$\frac{\partial L}{\partial b} = y - t$$

$$\frac{\partial L}{\partial x} = ?$$
""",
        lambda v: _half(v["g"] * _normalised(v["x"], v["epsilon"]) + v["b"] - v["t"]),
        {"x": (5,), "g": (5,), "b": (5,), "t": (5,), "epsilon": ()},
        (r"= (y - t) \odot h", r"= (y - t) \odot x"),
    ),
    "batch norm": Document(
        r"""Let $X \in \mathbb R^{n \times d}$, $T \in \mathbb R^{n \times d}$ and $g, b \in \mathbb R^d$. Let $\epsilon > 0$.
Let for $j = 1, \dots, d$ and $i = 1, \dots, n$

$$\mu_j = \frac1n \sum_i X_{ij}$$

$$v_j = \frac1n \sum_i (X_{ij} - \mu_j)^2$$

$$Y_{ij} = g_j \frac{X_{ij} - \mu_j}{\sqrt{v_j + \epsilon}} + b_j$$

$$L = \frac12 \|Y - T\|_F^2$$

$$\frac{\partial L}{\partial g} = ?$$

$$\frac{\partial L}{\partial X} = ?$$
""",
        lambda v: _half(v["g"] * _normalised(v["X"], v["epsilon"], 0) + v["b"] - v["T"]),
        {"X": (5, 3), "g": (3,), "b": (3,), "T": (5, 3), "epsilon": ()},
        (r"\partial g} = ?", r"\partial g} = b"),
        larger=(
            ("batch", "n", "d"),
            ("batch", "d", "n"),
        ),  # g and b are vectors, of which a batch may have one for each example
    ),
    "InfoNCE": Document(
        r"""Let $U, V \in \mathbb R^{n \times d}$ be two views of a batch and $\tau > 0$. Let

$$S = \frac{1}{\tau} U V^\top$$

$$P = \mathrm{softmax}(S)$$

$$L = -\frac1n \sum_i \log P_{ii}$$

$$\frac{\partial L}{\partial U} = \frac{1}{n \tau} (P - I) V$$

$$\frac{\partial L}{\partial V} = \frac{1}{n \tau} (P - I)^\top U$$
""",
        _info,
        {"U": (4, 3), "V": (4, 3), "tau": ()},
        (r"(P - I) V", r"(P + I) V"),
        larger=(("n", "n"),),
    ),
    "InfoNCE for one query": Document(
        r"""Let $q \in \mathbb R^d$, $p \in \mathbb R^d$, $K \in \mathbb R^{n \times d}$ and $\tau > 0$. Let

$$L = -\log \frac{e^{q^\top p/\tau}}{e^{q^\top p/\tau} + \sum_j e^{(K q)_j/\tau}}$$

$$\nabla_q L = ?$$
""",
        _one_query,
        {"q": (3,), "p": (3,), "K": (4, 3), "tau": ()},
        ("= ?", "= p"),
    ),
    "triplet loss": Document(
        r"""Let $x, y, z \in \mathbb R^d$ and $\alpha > 0$. Let $s = \|x - y\|^2 - \|x - z\|^2 + \alpha$ and

$$L = \max(0, s)$$

$$\nabla_x L = ?$$

$$\nabla_y L = ?$$

$$\nabla_z L = ?$$
""",
        lambda v: (_half(v["x"] - v["y"]) * 2 - _half(v["x"] - v["z"]) * 2 + v["alpha"]).relu(),
        {"x": (3,), "y": (3,), "z": (3,), "alpha": ()},
        (r"\nabla_x L = ?", r"\nabla_x L = y - z"),
        is_slow=False,
    ),
    "hinge loss": Document(
        r"""Let $X \in \mathbb R^{n \times d}$, $y \in \mathbb R^n$, $w \in \mathbb R^d$ and $\lambda > 0$. Let $z = X w$ and

$$L = \sum_i \max(0, 1 - y_i z_i) + \frac{\lambda}{2} \|w\|^2$$

$$\nabla_w L = ?$$
""",
        lambda v: (1 - v["y"] * (v["X"] @ v["w"])).relu().sum() + v["lambda_"] * _half(v["w"]),
        {"X": (5, 3), "y": (5,), "w": (3,), "lambda_": ()},
        ("= ?", r"= \lambda w"),
        is_slow=False,
    ),
    "ridge": Document(
        r"""Let $X \in \mathbb R^{n \times d}$, $w \in \mathbb R^d$, $y \in \mathbb R^n$ and $\lambda > 0$. Let

$$L = \|Xw - y\|^2 + \lambda \|w\|^2$$

$$\nabla_w L = 2 X^\top (Xw - y) + 2 \lambda w$$
""",
        lambda v: ((v["X"] @ v["w"] - v["y"]) ** 2).sum() + v["lambda_"] * (v["w"] ** 2).sum(),
        {"X": (5, 3), "w": (3,), "y": (5,), "lambda_": ()},
        (r"+ 2 \lambda w", r"+ \lambda w"),
        is_slow=False,
    ),
    "Gaussian log-likelihood": Document(
        r"""Let $x, \mu \in \mathbb R^d$ and let the covariance $S \in \mathbb R^{d \times d}$ be symmetric and invertible with
$\det S > 0$. Let

$$L = -\frac{1}{2} (x - \mu)^\top S^{-1} (x - \mu) - \frac{1}{2} \ln \det S - \frac{d}{2} \ln (2 \pi)$$

$$\nabla_\mu L = S^{-1} (x - \mu)$$

$$\frac{\partial L}{\partial S} = ?$$
""",
        _likelihood,
        {"x": (3,), "mu": (3,), "S": (3, 3)},
        (r"= S^{-1} (x - \mu)", r"= S (x - \mu)"),
        definite=("S",),
        larger=(("d", "d"),),
        in_c=False,
        is_slow=False,
    ),
}
