"""Arguments for the example in a function's documentation: short numbers that obey what the document assumes."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING, Any, Literal

from derive.code.arrays.program import BATCH
from derive.code.functions.build import Function
from derive.prover.dependence import names_in
from derive.terms.context import Fact, OneHot

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

BATCHED, SIZES = 2, (3, 2, 4)
ANY = (1.0, 2.0, -0.5, 0.5, -1.0, 1.5)
POSITIVE = (0.5, 2.0, 1.5, 1.0, 0.25, 3.0)


def example(function: Function) -> dict[str, Array]:
    """An argument for each input of the program."""
    import numpy as np

    names = list(dict.fromkeys(axis.size for node in function.program.inputs for axis in node.axes))
    sizes = dict(zip([n for n in names if n != BATCH and not n.isdigit()], cycle(SIZES), strict=False))
    lengths = {name: int(name) if name.isdigit() else sizes.get(name, BATCHED) for name in names}
    spelled = {wanted: name for name, wanted in function.spelling.items()}
    result: dict[str, Array] = {}
    for place, node in enumerate(function.program.inputs):
        shape = [lengths[axis.size] for axis in node.axes]
        if node.kind == "index":
            result[node.name] = np.arange(int(np.prod(shape, dtype=int))).reshape(shape) % lengths.get(node.below, SIZES[0])
            continue
        count = int(np.prod(shape, dtype=int))
        kind = _kind(spelled.get(node.name, node.name), function)
        if kind == "chances" and shape:
            result[node.name] = np.array([_chances(shape[-1], row) for row in range(count // shape[-1])]).reshape(shape)
            continue
        numbers = ANY if kind == "any" else POSITIVE
        result[node.name] = np.array([numbers[(place + p) % len(numbers)] for p in range(count)]).reshape(shape)
    return result


def _kind(name: str, function: Function) -> Literal["any", "positive", "chances"]:
    """The numbers that suit an input: chances where they have to sum to 1, positive ones where a sign is assumed."""
    signature = function.signature
    facts = [a for a in signature.context.assumptions if isinstance(a, Fact) and name in names_in(a.left) | names_in(a.right)]
    hot = any(isinstance(a, OneHot) and str(a.family.label) == name for a in signature.context.assumptions)
    if hot or any(fact.relation == "=" for fact in facts) or name in signature.independent:
        return "chances"
    return "positive" if facts else "any"


def _chances(length: int, row: int) -> list[float]:
    """1/2, 1/4, …, the last two alike, turned from row to row."""
    halves = [0.5 ** min(p + 1, max(length - 1, 1)) for p in range(length)] if length > 1 else [1.0]
    return [halves[(p + row) % length] for p in range(length)]
