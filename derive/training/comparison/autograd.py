"""Gradients by PyTorch's automatic differentiation of its own softmax regression or MLP, where PyTorch is installed.

PyTorch subtracts the label from a probability that is rounded already, so that its ∂L/∂z have an error of the order of ε (the
spacing of doubles at 1) however small they are; the generated code avoids that. So a gradient agrees where the two differ
by no more than 64 ULP of its largest entry, plus 64 ε times the largest input of the layer (or 1, if that is larger).
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass, replace

from derive.training.comparison.compare import LIMIT, Sampled


@dataclass(frozen=True)
class Autograd:
    """The largest error of a gradient against autograd's, over all entries, in ULP of the largest one."""

    layer: int
    name: str
    ulp: float
    agrees: bool

    def joined(self, other: Autograd) -> Autograd:
        return replace(self, ulp=max(self.ulp, other.ulp), agrees=self.agrees and other.agrees)


def available() -> bool:
    """Whether PyTorch is installed."""
    from importlib.util import find_spec

    return find_spec("torch") is not None


def autograd(one: Sampled, activation: str) -> tuple[Autograd, ...]:
    """The gradients of a step against autograd in float64."""
    import numpy as np
    import torch

    weights = [torch.tensor(layer.w, dtype=torch.float64, requires_grad=True) for layer in one.layers]
    biases = [torch.tensor(layer.b, dtype=torch.float64, requires_grad=True) for layer in one.layers]
    curve = torch.sigmoid if activation == "sigmoid" else torch.tanh
    values = torch.tensor(one.x, dtype=torch.float64)
    for place, (w, b) in enumerate(zip(weights, biases, strict=True)):
        values = torch.nn.functional.linear(values if place == 0 else curve(values), w, b)
    torch.nn.functional.cross_entropy(values, torch.tensor(one.labels)).backward()
    found: list[Autograd] = []
    for place in range(len(one.layers)):
        for name, used, leaf in (("w", one.slopes.w[place], weights[place]), ("b", one.slopes.b[place], biases[place])):
            right = np.zeros_like(used) if leaf.grad is None else leaf.grad.numpy()
            gap, scale = float(np.max(np.abs(used - right))), float(np.max(np.abs(right)))
            ulp = gap / math.ulp(scale) if math.isfinite(gap) else math.inf
            inputs = max(1.0, float(np.max(np.abs(one.passed.x[place]))))
            agrees = gap <= LIMIT * (math.ulp(scale) + sys.float_info.epsilon * inputs)
            found.append(Autograd(place + 1, name, ulp, agrees))
    return tuple(found)
