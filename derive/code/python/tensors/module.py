"""A module whose losses the library differentiates by the derived gradient: what PyTorch and JAX have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from derive.code.arrays.program import BATCH, Axis, Input, Output, Program
from derive.code.functions.build import Function
from derive.code.functions.documentation import defined, documentation, evaluated, headed, shape_text
from derive.code.names import identifier
from derive.code.python.arguments import decorator as takes
from derive.code.python.distributions import Distribution
from derive.code.python.expressions import Expressions
from derive.code.python.module import ModuleWriter, Part
from derive.code.python.tensors.body import Body
from derive.terms.heads import name_of
from derive.terms.terms import Partial


@dataclass(frozen=True)
class Slope:
    """The gradient of a loss by one argument: `gradient` is a result of the function that computes both.

    `repeated` says that the result has fewer axes than the argument; `weight` is what the slope of the loss is indexed with
    to be multiplied with it; with `summed` that product is summed up over the examples.
    """

    argument: Input
    gradient: str
    repeated: bool
    weight: str
    summed: bool
    inner: int | None

    def product(self, text: str, axis: str) -> str:
        """The derivative in a direction; `text` is the product of gradient and direction, `axis` the library's word."""
        if self.inner == 0:
            return text
        axes = "" if self.inner is None else ", ".join(str(place) for place in range(-self.inner, 0))
        return f"({text}).sum({f'{axis}=({axes},)' if axes else ''})"


@dataclass(frozen=True)
class Fused:
    """A function that computes a loss and its gradients, and the name of the differentiable loss made from it.

    Where it can be given a `distribution` in the place of labels, it calls the loss `soft`.
    """

    function: Function
    name: str
    slopes: tuple[Slope, ...]
    distribution: Distribution | None = None
    soft: str = ""

    @property
    def loss(self) -> Output:
        """The first result."""
        return self.function.program.outputs[0]

    @property
    def constants(self) -> tuple[Input, ...]:
        """The real arguments that there is no gradient by."""
        known = {slope.argument.name for slope in self.slopes}
        return tuple(node for node in self.function.arguments if node.kind == "real" and node.name not in known)

    @property
    def constants_text(self) -> str:
        """What the documentation says of them."""
        names = ", ".join(f"`{node.name}`" for node in self.constants)
        return f"There is no gradient by {names}." if names else ""


class TensorWriter(ModuleWriter):
    """Writes a module for one library; how the gradient is handed to it is left to the subclass."""

    def body(self, program: Program) -> Expressions:
        return Body(program, self.library)

    def head(self, functions: Sequence[Function]) -> Sequence[str]:
        taken = {function.name for function in functions}
        return self.imports([fused for function in functions if (fused := fused_of(function, taken)) is not None])

    def definitions(self, parts: Sequence[Part]) -> list[str]:
        taken = {part.function.name for part in parts}
        written: list[str] = []
        losses: dict[str, str] = {}
        for part in parts:
            written.append(self.function(part))
            fused = fused_of(part.function, taken)
            if fused is not None:
                losses[part.function.name] = fused.name
                if part.distribution is not None and part.distribution.soft.name in losses:
                    fused = replace(fused, distribution=part.distribution, soft=losses[part.distribution.soft.name])
                written.append(self.differentiable(fused, part.lead, taken))
        return written

    @abstractmethod
    def imports(self, fused: Sequence[Fused]) -> tuple[str, ...]:
        """The lines that import what a module with these losses needs."""

    @abstractmethod
    def differentiable(self, fused: Fused, lead: str, taken: set[str]) -> str:
        """The loss as a function that the library differentiates by the derived gradient; its names go into `taken`."""

    @abstractmethod
    def differentiated(self, fused: Fused, slope: Slope, call: str, gradient: Any) -> list[str]:
        """The lines of an example that differentiates the sum of the losses of `call`."""

    def loss_text(self, fused: Fused, lead: str, statements: Sequence[str], decorator: str = "") -> str:
        """The text of the differentiable loss."""
        function = fused.function
        lead = BATCH if any(slope.summed for slope in fused.slopes) else lead
        head = [f"The loss of `{function.name}`, differentiated by the gradient computed there."]
        head += ["", fused.constants_text] if fused.constants else []
        either = fused.distribution
        doc = documentation(
            function, head, [f"{shape_text(fused.loss, lead)}."], lead, None if either is None else either.weights
        )
        checked = takes(function.arguments, lead)
        if either is not None:
            checked = either.decorator(fused.soft) + checked
        return defined(
            decorator + checked + headed(fused.name, self.arguments(function, either), self.library.array),
            [*doc, "", *self._loss_example(fused)],
            statements,
        )

    def _loss_example(self, fused: Fused) -> list[str]:
        """A doctest of the gradient by the first argument that it is of."""
        arrays, results = evaluated(fused.function)
        slope = fused.slopes[0]
        if not results or slope.repeated or slope.summed:
            return []
        inputs = fused.function.arguments
        lines = [f">>> {node.name} = {self.argument(node, arrays[node.name], node == slope.argument)}" for node in inputs]
        call = f"{fused.name}({', '.join(node.name for node in inputs)})"
        return [*lines, *self.differentiated(fused, slope, call, results[slope.gradient])]


def fused_of(function: Function, taken: set[str]) -> Fused | None:
    """The differentiable loss of a function that computes a loss and its gradients; its name goes into `taken`."""
    outputs, results = function.program.outputs, function.signature.results
    if function.signature.kind != "fused":
        return None
    arguments = {node.name: node for node in function.program.inputs}
    slopes = []
    for output, result in zip(outputs[1:], results[1:], strict=True):
        if not isinstance(result.meaning, Partial):
            continue
        argument = arguments.get(function.spelling.get(name_of(result.meaning.variable), ""))
        if argument is not None:
            slopes.append(slope_of(outputs[0], output, argument))
    if not slopes:
        return None
    stem = function.name.removesuffix("_and_gradient")
    name = identifier(stem if stem not in taken and stem not in arguments else f"{stem}_loss", taken | set(arguments))
    taken.add(name)
    return Fused(function, name, tuple(slopes))


def slope_of(loss: Output, gradient: Output, argument: Input) -> Slope:
    """How the slope of `loss` and the `gradient` make the slope of the `argument`."""
    own = [axis.size for axis in argument.axes if axis.size != BATCH]
    batched = _batched(loss.axes)
    repeated = [axis.size for axis in gradient.axes] != [axis.size for axis in argument.axes] and _batched(argument.axes)
    weight = f"[..., {', '.join(['None'] * len(own))}]" if batched and own else ""
    return Slope(
        argument,
        gradient.name,
        repeated,
        weight,
        batched and not _batched(argument.axes),
        len(own) if batched else None if argument.axes else 0,
    )


def tangents_of(inputs: Sequence[Input]) -> list[str]:
    """Names for the changes of arguments."""
    taken = {node.name for node in inputs} | {"change", "ctx"}
    names = []
    for node in inputs:
        names.append(identifier(f"d_{node.name}", taken))
        taken.add(names[-1])
    return names


def _batched(axes: Sequence[Axis]) -> bool:
    return any(axis.size == BATCH for axis in axes)
