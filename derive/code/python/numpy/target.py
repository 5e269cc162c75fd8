"""The NumPy target: a module that a person could have written, which needs nothing but NumPy.

Every function says what it computes in LaTeX and the shapes of its arguments, and shows an example whose numbers were
compared with the ball evaluation of the formula.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from derive.code.arrays.peaks import with_one_sum
from derive.code.arrays.program import Input, Program
from derive.code.functions.build import Function
from derive.code.functions.documentation import DIGITS, rounded
from derive.code.python.expressions import Expressions
from derive.code.python.library import Library
from derive.code.python.module import ModuleWriter, Part
from derive.code.python.numpy.body import Body
from derive.code.python.numpy.moderate import ModerateBody, with_inverses
from derive.code.stable.licences import Licence


def write(functions: Sequence[Function], title: str, source: str) -> str:
    """The text of a module with these functions; `title` and `source` say what it was made from.

    Raises:
        CannotLower: if NumPy has no code for a part of a function.
    """
    return _NumPy().write(functions, title, source)


class _NumPy(ModuleWriter):
    library = Library()

    def body(self, program: Program) -> Expressions:
        return Body(with_one_sum(program), self.library)

    def part(self, function: Function) -> Part:
        """The shorter statements for moderate exponents come first, where there are some."""
        part, moderate = super().part(function), function.moderate
        if moderate is None:
            return part
        body = ModerateBody(with_inverses(with_one_sum(moderate.program)), self.library)
        lines = body.statements()
        guard = " and ".join(f"is_moderate({name})" for name in moderate.exponents)
        return replace(
            part,
            statements=(*body.before, f"if {guard}:", *(f"    {line}" for line in lines), *part.statements),
            helpers=part.helpers | body.helpers | {"is_moderate"},
            imports=part.imports | body.imports,
        )

    def licences(self, function: Function) -> tuple[Licence, ...]:
        return function.licences if function.moderate is None else (*function.licences, *function.moderate.licences)

    def head(self, functions: Sequence[Function]) -> Sequence[str]:
        with_labels = any(node.kind == "index" for function in functions for node in function.program.inputs)
        return [
            "import numpy as np",
            "from numpy.typing import NDArray",
            "",
            "Array = NDArray[np.floating]",
            *(["Indices = NDArray[np.integer]"] if with_labels else []),
        ]

    def argument(self, node: Input, value: Any, differentiated: bool = False) -> str:
        return f"np.array({value.tolist()})"

    def shown(self, expression: str, value: Any) -> list[str]:
        return [f">>> {expression}.round({DIGITS}).tolist()", str(rounded(value))]
