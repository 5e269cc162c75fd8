"""The JAX target: a module that needs nothing but JAX, each loss with its gradient as a ``jax.custom_jvp``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from derive.code.arrays.program import Input
from derive.code.functions.build import Function
from derive.code.functions.documentation import DIGITS
from derive.code.names import identifier
from derive.code.python.tensors.jax_library import Jax
from derive.code.python.tensors.module import Fused, Slope, TensorWriter, tangents_of

SINGLE = 1e-6
CHOICES = (DIGITS, DIGITS + 1, DIGITS - 1, DIGITS + 2)

RULES = '''@partial({loss}.defjvp, symbolic_zeros=True)
def {rule}(
    primals: tuple[Array, ...], tangents: tuple[Array | SymbolicZero, ...],
) -> tuple[Array, Array]:
    """The loss, and its change along a change of the arguments: the gradient times that."""
{body}'''


def write(functions: Sequence[Function], title: str, source: str) -> str:
    """The text of a JAX module with these functions; `title` and `source` say what it was made from.

    Raises:
        CannotLower: if JAX has no code for a part of a function.
    """
    return _Jax().write(functions, title, source)


class _Jax(TensorWriter):
    library = Jax()

    def imports(self, fused: Sequence[Fused]) -> tuple[str, ...]:
        more = ["from jax.custom_derivatives import SymbolicZero"] if fused else []
        return (
            *(["from functools import partial", ""] if fused else []),
            "import jax",
            "import jax.numpy as jnp",
            "from jax import Array",
            *more,
        )

    def differentiable(self, fused: Fused, lead: str, taken: set[str]) -> str:
        function, inputs = fused.function, fused.function.arguments
        if fused.distribution is not None:
            hard = replace(fused, name=identifier(f"hard_{fused.name}", taken), distribution=None)
            taken.add(hard.name)
            chosen = self.loss_text(fused, lead, [f"return {hard.name}({', '.join(node.name for node in inputs)})"])
            return f"{self.differentiable(hard, lead, taken)}\n\n\n{chosen}"
        rule = f"_{identifier(f'{fused.name}_jvp', taken)}"
        taken.add(rule)
        call = f"{function.name}({', '.join(node.name for node in inputs)})"
        loss = self.loss_text(fused, lead, [f"return {call}[0]"], "@jax.custom_jvp\n")
        return f"{loss}\n\n\n{RULES.format(loss=fused.name, rule=rule, body=_indented(_rule(fused, inputs)))}"

    def argument(self, node: Input, value: Any, differentiated: bool = False) -> str:
        return f"jnp.array({value.tolist()})"

    def shown(self, expression: str, value: Any) -> list[str]:
        """Printed, so that the lines are the same in single and in double precision."""
        import numpy as np

        array = np.asarray(value, dtype=np.float64)
        for digits in CHOICES:
            text, *others = (_printed(array + gap * (1 + abs(array)), digits) for gap in (0, SINGLE, -SINGLE))
            if others == [text, text] and not array.ndim:
                return [f">>> round(float({expression}), {digits})", text]
            if others == [text, text]:
                lines = [f">>> with jnp.printoptions(precision={digits}, suppress=True):", f"...     print({expression})"]
                return [*lines, *(line or "<BLANKLINE>" for line in text.splitlines())]
        return []

    def differentiated(self, fused: Fused, slope: Slope, call: str, gradient: Any) -> list[str]:
        name = slope.argument.name
        total = ".sum()" if fused.loss.axes else ""
        return self.shown(f"jax.grad(lambda {name}: {call}{total})({name})", gradient)


def _printed(array: Any, digits: int) -> str:
    import numpy as np

    return np.array2string(array, precision=digits, suppress_small=True) if array.ndim else str(round(float(array), digits))


def _rule(fused: Fused, inputs: Sequence[Input]) -> list[str]:
    """The lines of the derivative in a direction, linear in it, so that JAX turns it into that of both modes."""
    tangents = dict(zip((node.name for node in inputs), tangents_of(inputs), strict=True))
    comma = "," if len(inputs) == 1 else ""
    lines = [f"{', '.join(node.name for node in inputs)}{comma} = primals", f"{', '.join(tangents.values())}{comma} = tangents"]
    for node in fused.constants:
        lines += [
            f"if not isinstance({tangents[node.name]}, SymbolicZero):",
            f'    raise NotImplementedError("{fused.name} has no gradient by {node.name}; use stop_gradient")',
        ]
    kept = {fused.loss.name, *(slope.gradient for slope in fused.slopes)}
    taken = {node.name for node in inputs} | {"change", *tangents.values()}
    parts = {o.name: identifier(o.name, taken) if o.name in kept else "_" for o in fused.function.program.outputs}
    lines += [
        f"{', '.join(parts.values())} = {fused.function.name}({', '.join(node.name for node in inputs)})",
        f"change = jnp.zeros_like({parts[fused.loss.name]})",
    ]
    for slope in fused.slopes:
        tangent = tangents[slope.argument.name]
        product = slope.product(f"{parts[slope.gradient]} * {tangent}", "axis")
        lines += [f"if not isinstance({tangent}, SymbolicZero):", f"    change += {product}"]
    return [*lines, f"return {parts[fused.loss.name]}, change.astype({parts[fused.loss.name]}.dtype)"]


def _indented(lines: Sequence[str]) -> str:
    return "\n".join(f"    {line}" for line in lines)
