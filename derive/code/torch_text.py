"""A module of functions on tensors as text, for any library of :mod:`derive.code.torch_library`.

What is said of a function is what the NumPy target says of it; the example is written with the library's arrays.
"""

from __future__ import annotations

import textwrap
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from derive.algebra.terms import Partial
from derive.algebra.unfold import name_of
from derive.code.build import Function
from derive.code.examples import example
from derive.code.interpret import evaluate
from derive.code.names import identifier
from derive.code.numpy import WIDTH, _about, _docstring, _safe, _shape, _summary, leading, ordered_inputs
from derive.code.program import BATCH, Axis, Input, Output
from derive.code.stable import CannotLower
from derive.code.torch_body import Body
from derive.code.torch_library import Torch


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


@dataclass(frozen=True)
class Fused:
    """A function that computes a loss and its gradients, and the names of the differentiable loss made from it."""

    function: Function
    name: str
    slopes: tuple[Slope, ...]

    @property
    def loss(self) -> Output:
        """The first result."""
        return self.function.program.outputs[0]

    @property
    def constants(self) -> tuple[Input, ...]:
        """The real arguments that there is no gradient by."""
        known = {slope.argument.name for slope in self.slopes}
        return tuple(node for node in ordered_inputs(self.function) if node.kind == "real" and node.name not in known)

    @property
    def constants_text(self) -> str:
        """What the documentation says of them."""
        names = ", ".join(f"`{node.name}`" for node in self.constants)
        return f"There is no gradient by {names}." if names else ""


class Writer(ABC):
    """Writes a module for one library; how the gradient is handed to it is left to the subclass."""

    library: Torch

    def write(self, functions: Sequence[Function], title: str, source: str) -> str:
        """The text of a module with these functions; `title` and `source` say what it was made from.

        Raises:
            CannotLower: if the library has no code for a part of a function; the message begins with its name.
        """
        taken = {function.name for function in functions}
        helpers: set[str] = set()
        written: list[str] = []
        fused: list[Fused] = []
        for function in functions:
            if function.name in self.library.reserved:
                raise CannotLower(f"{function.name}: a function cannot be called this in {self.library.name} code")
            try:
                body = Body(function.program, self.library)
                statements = body.statements()
            except CannotLower as reason:
                raise CannotLower(f"{function.name}: {reason}") from reason
            written.append(self.function(function, statements))
            helpers |= body.helpers
            found = fused_of(function, taken)
            if found is not None:
                fused.append(found)
                written.append(self.differentiable(found, taken))
        head = "\n".join([f'r"""{_docstring(functions, title, source)}"""', "", *self.imports(fused)])
        return "\n\n\n".join([head, *(self.library.helpers[name].rstrip() for name in sorted(helpers)), *written]) + "\n"

    @abstractmethod
    def imports(self, fused: Sequence[Fused]) -> tuple[str, ...]:
        """The lines that import what a module with these losses needs."""

    @abstractmethod
    def differentiable(self, fused: Fused, taken: set[str]) -> str:
        """The loss as a function that the library differentiates by the derived gradient; its names go into `taken`."""

    @abstractmethod
    def argument(self, node: Input, value: Any, differentiated: bool = False) -> str:
        """An argument of an example."""

    @abstractmethod
    def shown(self, expression: str, value: Any) -> list[str]:
        """A line of an example that prints an array, and what it prints."""

    def function(self, function: Function, statements: Sequence[str]) -> str:
        """The text of one function."""
        program, lead = function.program, leading(function.program)
        several = len(program.outputs) > 1
        array = self.library.array
        returns = f"tuple[{', '.join([array] * len(program.outputs))}]" if several else array
        results = [f"{(output.name + ': ') if several else ''}{_shape(output, lead)}." for output in program.outputs]
        doc = self.documentation(function, [_summary(function)], [r.formula for r in function.signature.results], results)
        return defined(headed(function.name, self.arguments(function), returns),
                       [*doc, "", *self._example(function)], statements)

    def arguments(self, function: Function) -> str:
        """The arguments with their types."""
        return ", ".join(f"{node.name}: {self.library.array}" for node in ordered_inputs(function))

    def documentation(self, function: Function, summary: Sequence[str], formulas: Sequence[str],
                      results: Sequence[str]) -> list[str]:
        """The lines of a docstring but for the example."""
        lead = leading(function.program)
        doc = [*summary, "", *(f"$${_safe(formula)}$$" for formula in formulas)]
        if function.signature.mean:
            doc += ["", "All of it for the mean over the batch."]
        doc += ["", "Args:", *(f"    {node.name}: {_about(node, lead)}" for node in ordered_inputs(function))]
        return [*doc, "", "Returns:", *(f"    {result}" for result in results)]

    def loss_text(self, fused: Fused, statements: Sequence[str], decorator: str = "") -> str:
        """The text of the differentiable loss."""
        function, lead = fused.function, leading(fused.function.program)
        summary = [f"The loss of `{function.name}`, differentiated by the gradient computed there."]
        summary += ["", fused.constants_text] if fused.constants else []
        formulas = [result.formula for result in function.signature.results]
        doc = self.documentation(function, summary, formulas, [f"{_shape(fused.loss, lead)}."])
        head = decorator + headed(fused.name, self.arguments(function), self.library.array)
        return defined(head, [*doc, "", *self._loss_example(fused)], statements)

    @abstractmethod
    def differentiated(self, fused: Fused, slope: Slope, call: str, gradient: Any) -> list[str]:
        """The lines of an example that differentiates the sum of the losses of `call`."""

    def _example(self, function: Function) -> list[str]:
        """A doctest; the function was compared with the ball evaluation before."""
        arrays, results = evaluated(function)
        if not results:
            return []
        program, inputs = function.program, ordered_inputs(function)
        lines = [f">>> {node.name} = {self.argument(node, arrays[node.name])}" for node in inputs]
        call = f"{function.name}({', '.join(node.name for node in inputs)})"
        if len(program.outputs) == 1:
            return [*lines, *self.shown(call, results[program.outputs[0].name])]
        names = [f"{output.name}_" if output.name in arrays else output.name for output in program.outputs]
        lines.append(f">>> {', '.join(names)} = {call}")
        for name, output in zip(names, program.outputs, strict=True):
            lines += self.shown(name, results[output.name])
        return lines

    def _loss_example(self, fused: Fused) -> list[str]:
        """A doctest of the gradient by the first argument that it is of."""
        arrays, results = evaluated(fused.function)
        slope = fused.slopes[0]
        if not results or slope.repeated or slope.summed:
            return []
        inputs = ordered_inputs(fused.function)
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
    return Slope(argument, gradient.name, repeated, weight, batched and not _batched(argument.axes))


def _batched(axes: Sequence[Axis]) -> bool:
    return any(axis.size == BATCH for axis in axes)


def evaluated(function: Function) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Arguments for an example and the results; no results where one of them is not finite."""
    import numpy as np

    arrays = example(function)
    with np.errstate(all="ignore"):
        results = evaluate(function.program, arrays)
    return arrays, results if all(np.isfinite(result).all() for result in results.values()) else {}


def headed(name: str, arguments: str, returns: str) -> str:
    """The head of a definition, on two more lines where one is too long."""
    line = f"def {name}({arguments}) -> {returns}:"
    return line if len(line) <= WIDTH else f"def {name}(\n    {arguments},\n) -> {returns}:"


def defined(head: str, doc: Sequence[str], statements: Sequence[str]) -> str:
    """The text of a definition."""
    quoted = textwrap.indent("\n".join(doc).strip(), "    ").lstrip()
    return f'{head}\n    r"""{quoted}\n    """\n{textwrap.indent(chr(10).join(statements), "    ")}'
