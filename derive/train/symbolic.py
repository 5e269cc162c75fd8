"""The network as one context, and its gradients evaluated there in balls: the symbolic side of the comparison.

The documents of all layers are put together by renaming: layer ℓ has ``w_ℓ``, ``b_ℓ``, ``z_ℓ``, ``h_ℓ``, its input is
``h_{ℓ-1}``; ``g_ℓ`` is the slope of the loss by ``z_ℓ``, ``q_ℓ`` that by ``h_ℓ``. What they are is said by the proved
equations of the documents, the values are computed from the definitions term by term in Arb balls: no array program,
no generated code, no floating point.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from derive.train.sources import ACTIVATIONS, LINEAR, LOSS, STEP, source

if TYPE_CHECKING:
    import numpy as np
    from flint import arb
    from sympy import Expr

    from derive.algebra.context import Context
    from derive.algebra.frames import Run
    from derive.train.network import Network

    Array = np.ndarray[Any, np.dtype[Any]]

BITS = 128
SUMMANDS = 50_000_000


@dataclass(frozen=True)
class Quantity:
    """A quantity of the network: a term in its context whose free `letters` are given values, one for each axis."""

    term: Expr
    letters: tuple[Expr, ...]


@dataclass(frozen=True)
class Symbolic:
    """The context of a whole network and its quantities by name: ``z_1``, ``h_1``, ``L``, ``∂w_1``, ``∂b_1``, ``∂z_1``, ``∂h_1``."""

    context: Context
    quantities: Mapping[str, Quantity]


def symbolic(depth: int, activation: str) -> Symbolic:
    """The network of `depth` linear layers with `activation` between them, put together from the library.

    Raises:
        TrainError: if a document lacks a definition or a proof that is needed.
    """
    from derive.algebra.context import Context

    made = _Assembly(Context())
    for layer in range(1, depth + 1):
        below = f"h_{layer - 1}" if layer > 1 else "x"
        rename = {"w": f"w_{layer}", "b": f"b_{layer}", "x": below, "z": f"z_{layer}", "g": f"g_{layer}",
                  "n": f"n_{layer}", "d": f"n_{layer - 1}", "k": f"k_{layer}", "j": f"j_{layer}"}
        linear = source(LINEAR)
        made.define(linear.definition("z").head, linear.definition("z").body, rename)
        for name in ("w", "b"):
            made.name(f"∂{name}_{layer}", linear.slope("S", name).head.variable, linear.slope("S", name).value, rename)
        if layer > 1:
            form = linear.slope("S", "x")
            made.define(form.head.variable, form.value, {**rename, "x": f"q_{layer - 1}"}, {"x": below})
            made.known(f"∂h_{layer - 1}", f"q_{layer - 1}")
        if layer < depth:
            curve = source(ACTIVATIONS[activation])
            rename = {"z": f"z_{layer}", "h": f"h_{layer}", "g": f"q_{layer}", "n": f"n_{layer}", "k": f"k_{layer}"}
            made.define(curve.definition("h").head, curve.definition("h").body, rename)
            form = curve.slope("S", "z")
            made.define(form.head.variable, form.value, {**rename, "z": f"g_{layer}"}, {"z": f"z_{layer}"})
            made.known(f"h_{layer}", f"h_{layer}")
        made.known(f"z_{layer}", f"z_{layer}")
        made.known(f"∂z_{layer}", f"g_{layer}")
    loss = source(LOSS)
    rename = {"z": f"z_{depth}", "n": f"n_{depth}"}
    for name in ("a", "L"):
        made.define(loss.definition(name).head, loss.definition(name).body, rename)
    form = loss.slope("L", "z")
    made.define(form.head.variable, form.value, {**rename, "z": f"g_{depth}"}, {"z": f"z_{depth}"})
    made.known("L", "L")
    return Symbolic(made.context, made.quantities)
