"""A network of linear layers with an activation between them, computed by functions that were generated from documents.

Layers are counted from 1. Arrays have one row for each example of the batch; gradients by weights and biases are those of
the mean loss of the batch. Everything is float64.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from derive.training.settings.settings import Schedule

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[np.float64]]
    Labels = np.ndarray[Any, np.dtype[np.int64]]

Module: TypeAlias = Mapping[str, Callable[..., Any]]
"""The functions generated from one document, by name; their arguments are called as the document calls them."""


@dataclass(frozen=True)
class Code:
    """What was generated from each document.

    | document | functions |
    |---|---|
    | linear | ``z(w, b, x)``, ``dS_dw(g, x)``, ``dS_db(g)``, ``dS_dx(w, g)`` |
    | activation | ``h(z)``, ``dS_dz(z, g)`` |
    | loss | ``loss_and_gradient(z, labels)`` |
    | step | ``u(w, G, eta, lambda_, kappa, t)``, ``v(b, F, eta, kappa, t)`` |
    """

    linear: Module
    activation: Module
    loss: Module
    step: Module


@dataclass(frozen=True)
class Layer:
    """Weights of shape (n, d) and biases of shape (n,) of a linear layer with d inputs and n outputs."""

    w: Array
    b: Array


@dataclass(frozen=True)
class Forward:
    """Inputs ``x[ℓ-1]`` and outputs ``z[ℓ-1]`` of each linear layer."""

    x: tuple[Array, ...]
    z: tuple[Array, ...]


@dataclass(frozen=True)
class Gradients:
    """The mean loss of a batch, and its slopes: by ``z`` and ``h`` of each example, by the weights and biases of each layer.

    ``h[ℓ-1]`` belongs to the output of layer ℓ behind its activation, so there is none for the last layer.
    """

    loss: float
    losses: Array
    z: tuple[Array, ...]
    h: tuple[Array, ...]
    w: tuple[Array, ...]
    b: tuple[Array, ...]


def initial(sizes: Sequence[int], seed: int) -> tuple[Layer, ...]:
    """Layers between the given sizes: weights normal with the deviation 1/√d, biases 0; one layer alone begins at 0."""
    import numpy as np

    generator = np.random.default_rng([seed, 0])
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:], strict=False):
        w = generator.standard_normal((outputs, inputs)) / np.sqrt(inputs)
        layers.append(Layer(w if len(sizes) > 2 else np.zeros_like(w), np.zeros(outputs)))
    return tuple(layers)


def forward(layers: Sequence[Layer], x: Array, code: Code) -> Forward:
    """The outputs of all layers for the inputs `x` of shape (examples, d)."""
    inputs, outputs = [], []
    for number, layer in enumerate(layers, 1):
        inputs.append(x)
        z = code.linear["z"](w=layer.w, b=layer.b, x=x)
        outputs.append(z)
        if number < len(layers):
            x = code.activation["h"](z=z)
    return Forward(tuple(inputs), tuple(outputs))


def gradients(layers: Sequence[Layer], passed: Forward, labels: Labels, code: Code) -> Gradients:
    """The loss at the `labels` (0..n - 1) and all of its slopes, from the last layer back to the first."""
    import numpy as np

    losses, slope = code.loss["loss_and_gradient"](z=passed.z[-1], labels=labels)
    by_z: list[Array] = [slope]
    by_h: list[Array] = []
    by_w: list[Array] = []
    by_b: list[Array] = []
    for place in range(len(layers) - 1, -1, -1):
        by_w.append(code.linear["dS_dw"](g=slope, x=passed.x[place]))
        by_b.append(code.linear["dS_db"](g=slope))
        if place:
            by_h.append(code.linear["dS_dx"](w=layers[place].w, g=slope))
            slope = code.activation["dS_dz"](z=passed.z[place - 1], g=by_h[-1])
            by_z.append(slope)
    return Gradients(float(np.mean(losses)), losses, *(tuple(part[::-1]) for part in (by_z, by_h, by_w, by_b)))


def stepped(layers: Sequence[Layer], slopes: Gradients, schedule: Schedule, epoch: int, code: Code) -> tuple[Layer, ...]:
    """The layers after one step; `epoch` epochs are done."""
    after = []
    for place, layer in enumerate(layers):
        eta = schedule.output_rate if place == len(layers) - 1 else schedule.rate
        shared = {"eta": eta, "kappa": schedule.decay, "t": float(epoch)}
        w = code.step["u"](w=layer.w, G=slopes.w[place], lambda_=schedule.penalty, **shared)
        b = code.step["v"](b=layer.b, F=slopes.b[place], **shared)
        after.append(Layer(w, b))
    return tuple(after)
