"""A training epoch of the network as data for the C target: which function of which document makes which array.

| arrays of layer ℓ | what they hold |
|---|---|
| ``x_ℓ-1``, ``z_ℓ`` | inputs and outputs of the linear layer |
| ``w_ℓ``, ``b_ℓ``, ``new_w_ℓ``, ``new_b_ℓ`` | weights and biases, before and after the step |
| ``slope_z_ℓ``, ``slope_x_ℓ``, ``slope_w_ℓ``, ``slope_b_ℓ`` | ∂L/∂z, ∂L/∂x, ∂L/∂w, ∂L/∂b |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from derive.code.c.epoch.plan import Array, Call, Epoch
    from derive.code.functions.build import Function

NUMBERS = ("rate", "output_rate", "kappa", "lambda", "t")


@dataclass(frozen=True)
class Functions:
    """The array programs of each document, by the names of their functions (see ``Code`` in ``network``)."""

    linear: Mapping[str, Function]
    activation: Mapping[str, Function]
    loss: Mapping[str, Function]
    step: Mapping[str, Function]


def epoch(sizes: Sequence[int], functions: Functions) -> Epoch:
    """The epoch of the layers between the given sizes."""
    from derive.code.arrays.program import BATCH
    from derive.code.c.epoch.plan import Array, Call, Epoch

    depth = len(sizes) - 1
    arrays = [Array("x_0", (BATCH, str(sizes[0]))), Array("label", (BATCH,), index=True), Array("loss_of", (BATCH,))]
    forward: list[Call] = []
    backward = [
        Call(
            functions.loss["loss_and_gradient"],
            {"z": f"z_{depth}", "labels": "label"},
            {"loss": "loss_of", "gradient": f"slope_z_{depth}"},
        )
    ]
    update: list[Call] = []
    slope = _slope(functions.activation) if depth > 1 else None
    for layer in range(1, depth + 1):
        arrays += _arrays(layer, sizes[layer], sizes[layer - 1], last=layer == depth)
        names = {"w": f"w_{layer}", "b": f"b_{layer}", "x": f"x_{layer - 1}", "g": f"slope_z_{layer}"}
        forward.append(_call(functions.linear["z"], names, f"z_{layer}"))
        if layer < depth:
            forward.append(_call(functions.activation["h"], {"z": f"z_{layer}"}, f"x_{layer}"))
        rate = "output_rate" if layer == depth else "rate"
        numbers = {"eta": rate, "kappa": "kappa", "lambda_": "lambda", "t": "t"}
        update += [
            _call(functions.step["u"], {**numbers, "w": f"w_{layer}", "G": f"slope_w_{layer}"}, f"new_w_{layer}"),
            _call(functions.step["v"], {**numbers, "b": f"b_{layer}", "F": f"slope_b_{layer}"}, f"new_b_{layer}"),
        ]
    for layer in range(depth, 0, -1):
        names = {"w": f"w_{layer}", "x": f"x_{layer - 1}", "g": f"slope_z_{layer}"}
        backward += [
            _call(functions.linear["dS_dw"], names, f"slope_w_{layer}"),
            _call(functions.linear["dS_db"], names, f"slope_b_{layer}"),
        ]
        if layer > 1 and slope is not None:
            below = layer - 1
            names_below = {"z": f"z_{below}", "h": f"x_{below}", "g": f"slope_x_{below}"}
            backward += [
                _call(functions.linear["dS_dx"], names, f"slope_x_{below}"),
                _call(slope, names_below, f"slope_z_{below}"),
            ]
    replaced = {f"new_{name}_{layer}": f"{name}_{layer}" for layer in range(1, depth + 1) for name in "wb"}
    return Epoch(
        tuple(arrays),
        NUMBERS,
        "x_0",
        "label",
        f"z_{depth}",
        "loss_of",
        tuple(f"slope_w_{layer}" for layer in range(1, depth + 1)),
        tuple(forward),
        tuple(backward),
        tuple(update),
        replaced,
    )


def _arrays(layer: int, outputs: int, inputs: int, last: bool) -> list[Array]:
    from derive.code.arrays.program import BATCH
    from derive.code.c.epoch.plan import Array

    n, d = str(outputs), str(inputs)
    found = [
        Array(f"z_{layer}", (BATCH, n)),
        Array(f"slope_z_{layer}", (BATCH, n)),
        Array(f"w_{layer}", (n, d)),
        Array(f"b_{layer}", (n,)),
        Array(f"slope_b_{layer}", (n,)),
        Array(f"new_b_{layer}", (n,)),
    ]
    found += [Array(f"{name}_{layer}", (n, d), like=f"w_{layer}") for name in ("slope_w", "new_w")]
    return found if last else [*found, Array(f"x_{layer}", (BATCH, n)), Array(f"slope_x_{layer}", (BATCH, n))]


def _slope(activation: Mapping[str, Function]) -> Function:
    """``dS_dz`` with the value of the activation as an argument ``h`` where it needs it: that was computed before."""
    from derive.code.c.epoch.shapes import reusing

    return replace(activation["dS_dz"], program=reusing(activation["dS_dz"].program, activation["h"].program, "h"))


def _call(function: Function, arguments: Mapping[str, str], result: str) -> Call:
    """A call of a function with one result; of `arguments` it takes those that it has."""
    from derive.code.c.epoch.plan import Call

    names = [node.name for node in function.program.inputs]
    return Call(function, {name: arguments[name] for name in names}, {function.program.outputs[0].name: result})
