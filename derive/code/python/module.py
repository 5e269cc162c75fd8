"""A module of functions on arrays as text, for any library of :mod:`derive.code.python.library`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from derive.code.arrays.program import BATCH, Input, Program
from derive.code.functions.build import Function
from derive.code.functions.documentation import (
    defined,
    documentation,
    evaluated,
    headed,
    module_documentation,
    results_text,
    summary,
    unproved,
)
from derive.code.python.arguments import CALL, IMPORTS, decorator
from derive.code.python.distributions import NEEDS, TEXT, Distribution, distribution_of, in_order
from derive.code.python.expressions import Expressions
from derive.code.python.library import Library
from derive.code.stable.licences import Licence
from derive.code.stable.stabiliser import CannotLower


@dataclass(frozen=True)
class Part:
    """A function and its statements; `lead` is how the axes of the examples are written in a shape.

    `helpers` are the functions of the module's own that it calls, `imports` the modules that it needs, `distribution` what it
    calls where it is given one in the place of labels.
    """

    function: Function
    statements: tuple[str, ...]
    lead: str
    helpers: frozenset[str]
    imports: frozenset[str]
    distribution: Distribution | None = None


class ModuleWriter(ABC):
    """Writes a module for one library."""

    library: Library

    def write(self, functions: Sequence[Function], title: str, source: str) -> str:
        """The text of a module with these functions; `title` and `source` say what it was made from.

        Raises:
            CannotLower: if the library has no code for a part of a function; the message begins with its name.
        """
        parts, functions = [], in_order(functions)
        for function in functions:
            try:
                parts.append(replace(self.part(function), distribution=distribution_of(function, functions)))
            except CannotLower as reason:
                raise CannotLower(f"{function.name}: {reason}") from reason
        helpers = {name for part in parts for name in part.helpers}
        modules = {name for part in parts for name in part.imports}
        modules |= {self.library.needs[name] for name in helpers if name in self.library.needs}
        either = any(part.distribution is not None for part in parts)
        modules |= {NEEDS} if either else set()
        standard = [*(f"import {name}" for name in sorted(modules)), *IMPORTS, ""]
        text = module_documentation(
            [licence for function in functions for licence in self.licences(function)], title, source, unproved(functions)
        )
        definitions = self.definitions(parts)
        head = "\n".join([f'r"""{text}"""', "", *standard, *self.head(functions), "", CALL])
        own = [self.library.takes, *([TEXT] if either else []), *(self.library.helpers[name] for name in sorted(helpers))]
        return "\n\n\n".join([head, *(text.rstrip() for text in own), *definitions]) + "\n"

    def part(self, function: Function) -> Part:
        """The statements of a function."""
        body = self.body(function.program)
        statements = tuple(body.statements())
        return Part(
            function, statements, BATCH if body.one_batch_axis else "...", frozenset(body.helpers), frozenset(body.imports)
        )

    def licences(self, function: Function) -> tuple[Licence, ...]:
        """What the statements of a function rest on."""
        return function.licences

    @abstractmethod
    def body(self, program: Program) -> Expressions:
        """What writes the statements of a program."""

    @abstractmethod
    def head(self, functions: Sequence[Function]) -> Sequence[str]:
        """The lines that import what a module with these functions needs."""

    @abstractmethod
    def argument(self, node: Input, value: Any, differentiated: bool = False) -> str:
        """An argument of an example."""

    @abstractmethod
    def shown(self, expression: str, value: Any) -> list[str]:
        """The lines of an example that print an array, and what they print."""

    def definitions(self, parts: Sequence[Part]) -> list[str]:
        """The texts of the functions."""
        return [self.function(part) for part in parts]

    def function(self, part: Part) -> str:
        """The text of one function."""
        function, array = part.function, self.library.array
        count = len(function.program.outputs)
        returns = f"tuple[{', '.join([array] * count)}]" if count > 1 else array
        either = part.distribution
        weights = None if either is None else either.weights
        doc = documentation(function, [summary(function)], results_text(function, part.lead), part.lead, weights)
        head = "" if either is None else either.decorator(either.soft.name)
        head += decorator(function.arguments, part.lead) + headed(function.name, self.arguments(function, either), returns)
        return defined(head, [*doc, "", *self._example(function)], part.statements)

    def arguments(self, function: Function, either: Distribution | None = None) -> str:
        """The arguments with their types; labels have that of a distribution as well where they can be `either`."""
        array, indices = self.library.array, self.library.indices
        labels = indices if either is None or indices == array else f"{indices} | {array}"
        return ", ".join(f"{node.name}: {labels if node.kind == 'index' else array}" for node in function.arguments)

    def _example(self, function: Function) -> list[str]:
        """A doctest."""
        arrays, results = evaluated(function)
        if not results:
            return []
        program, inputs = function.program, function.arguments
        lines = [f">>> {node.name} = {self.argument(node, arrays[node.name])}" for node in inputs]
        call = f"{function.name}({', '.join(node.name for node in inputs)})"
        if len(program.outputs) == 1:
            return [*lines, *self.shown(call, results[program.outputs[0].name])]
        names = [f"{output.name}_" if output.name in arrays else output.name for output in program.outputs]
        lines.append(f">>> {', '.join(names)} = {call}")
        for name, output in zip(names, program.outputs, strict=True):
            lines += self.shown(name, results[output.name])
        return lines
