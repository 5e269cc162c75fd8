"""A function of labels that takes a distribution in their place, by calling the function of a distribution that goes with it.

Which of the two is given is told by the number of axes: a distribution has one more than labels have, whatever its type.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from derive.code.arrays.program import BATCH, Input
from derive.code.functions.build import Function

NAME = "or_distribution"
NEEDS = "inspect"
TEXT = '''def axes_of(x: Any) -> int:
    """The number of axes of an array, a number, or lists in lists."""
    if isinstance(x, (list, tuple)):
        return 1 + (axes_of(x[0]) if x else 0)
    return getattr(x, "ndim", 0)


def or_distribution(soft: Callable[..., Any], labels: str, weights: str, beside: str, own: int) -> Callable[[Call], Call]:
    """Makes a function take a distribution where it takes `labels`: then it is `soft`, which has it as its argument `weights`.

    A distribution has one axis more than there are axes of examples, which are those of `beside` but its last `own`.
    """
    def of(hard: Call) -> Call:
        names = tuple(inspect.signature(hard).parameters)

        @wraps(hard)
        def called(*given: Any, **named: Any) -> Any:
            every = {**dict(zip(names, given)), **named}
            if axes_of(every.get(labels)) <= axes_of(every.get(beside)) - own:
                return hard(*given, **named)
            every[weights] = every.pop(labels)
            return soft(**every)

        return called  # type: ignore[return-value]

    return of
'''


@dataclass(frozen=True)
class Distribution:
    """What a function of `labels` calls where it is given a distribution: `soft`, of which that is the argument `weights`.

    `beside` is an argument of both that has the axes of the examples.
    """

    soft: Function
    labels: Input
    weights: Input
    beside: Input

    def decorator(self, name: str) -> str:
        """The line above the head of a function of labels; `name` is that of the one of a distribution."""
        own = len(self.beside.axes) - 1
        words = ", ".join(f'"{node.name}"' for node in (self.labels, self.weights, self.beside))
        return f"@{NAME}({name}, {words}, {own})\n"


def in_order(functions: Sequence[Function]) -> list[Function]:
    """The functions, each of a distribution right before the one that calls it."""
    called = {function.signature.distributed for function in functions}
    found: list[Function] = []
    for function in functions:
        found += [other for other in functions if other.name == function.signature.distributed]
        found += [function] if function.name not in called else []
    return found


def distribution_of(function: Function, functions: Sequence[Function]) -> Distribution | None:
    """What `function` calls where it is given a distribution, if one of `functions` does for it and takes all else alike."""
    soft = next((other for other in functions if other.name == function.signature.distributed), None)
    known = function.signature.labels
    if soft is None or known is None:
        return None
    labels = next(node for node in function.arguments if node.kind == "index")
    weights = next((node for node in soft.arguments if node.name == soft.spelling.get(known.family)), None)
    others = [node for node in function.arguments if node != labels]
    beside = next((node for node in others if any(axis.size == BATCH for axis in node.axes)), None)
    if weights is None or beside is None or {n.name for n in others} != {n.name for n in soft.arguments if n != weights}:
        return None
    return Distribution(soft, labels, weights, beside)
