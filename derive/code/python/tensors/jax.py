"""The JAX target: a module that needs nothing but JAX, each loss with its gradient as a ``jax.custom_vjp``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from derive.code.arrays.program import Input
from derive.code.functions.build import Function
from derive.code.functions.documentation import DIGITS, headed
from derive.code.names import identifier
from derive.code.python.tensors.jax_library import Jax
from derive.code.python.tensors.module import Fused, Slope, TensorWriter

SINGLE = 1e-6
CHOICES = (DIGITS, DIGITS + 1, DIGITS - 1, DIGITS + 2)

RULES = '''{head}
    """The loss, and its gradient, which is kept."""
{first}


def {backward}(kept: tuple[Array, ...], slope: Array) -> tuple[Array | None, ...]:
    """The slope of the loss times the gradient."""
{second}


{loss}.defvjp({forward}, {backward}{symbolic})'''


def write(functions: Sequence[Function], title: str, source: str) -> str:
    """The text of a JAX module with these functions; `title` and `source` say what it was made from.

    Raises:
        CannotLower: if JAX has no code for a part of a function.
    """
    return _Jax().write(functions, title, source)


class _Jax(TensorWriter):
    library = Jax()

    def imports(self, fused: Sequence[Fused]) -> tuple[str, ...]:
        more = ["from jax.custom_derivatives import CustomVJPPrimal"] if any(one.constants for one in fused) else []
        return (*(["import jax"] if fused else []), "import jax.numpy as jnp", "from jax import Array", *more)

    def differentiable(self, fused: Fused, lead: str, taken: set[str]) -> str:
        function, inputs = fused.function, fused.function.arguments
        forward, backward = (identifier(f"{fused.name}_{part}", taken) for part in ("forward", "backward"))
        forward, backward = f"_{forward}", f"_{backward}"
        taken |= {forward, backward}
        call = f"{function.name}({', '.join(node.name for node in inputs)})"
        loss = self.loss_text(fused, lead, [f"return {call}[0]"], "@jax.custom_vjp\n")
        rules = RULES.format(
            forward=forward, backward=backward, loss=fused.name,
            head=headed(forward, self._rule_arguments(fused), "tuple[Array, tuple[Array, ...]]"),
            first=_indented(_forward(fused, inputs)), second=_indented(_backward(fused, inputs)),
            symbolic=", symbolic_zeros=True" if fused.constants else "")
        return f"{loss}\n\n\n{rules}"

    def _rule_arguments(self, fused: Fused) -> str:
        """The arguments of the rule; where some have no gradient, JAX says which are differentiated."""
        if not fused.constants:
            return self.arguments(fused.function)
        return ", ".join(f"{node.name}: CustomVJPPrimal" for node in fused.function.arguments)

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


def _forward(fused: Fused, inputs: Sequence[Input]) -> list[str]:
    constants = fused.constants
    lines = []
    for node in constants:
        lines += [f"if {node.name}.perturbed:",
                  f'    raise NotImplementedError("{fused.name} has no gradient by {node.name}; use stop_gradient")']
    names = ", ".join(f"{node.name}.value" if constants else node.name for node in inputs)
    kept = {slope.gradient: slope for slope in fused.slopes}
    taken = {node.name for node in inputs}
    outputs = fused.function.program.outputs
    read = {fused.loss.name, *kept}
    parts = [identifier(o.name, taken) if o.name in read else "_" for o in outputs]
    gradients = []
    for output, part in zip(outputs[1:], parts[1:], strict=True):
        slope = kept.get(output.name)
        if slope is None:
            continue
        shape = f"{slope.argument.name}{'.value' if constants else ''}.shape"
        gradients.append(f"jnp.broadcast_to({part}, {shape})" if slope.repeated else part)
    lines.append(f"{', '.join(parts)} = {fused.function.name}({names})")
    lines.append(f"return {parts[0]}, ({', '.join(gradients)}{',' if len(gradients) == 1 else ''})")
    return lines


def _backward(fused: Fused, inputs: Sequence[Input]) -> list[str]:
    by_name = {slope.argument.name: slope for slope in fused.slopes}
    names = [slope.gradient for slope in fused.slopes]
    results = []
    for node in inputs:
        slope = by_name.get(node.name)
        product = "None" if slope is None else f"slope{slope.weight} * {slope.gradient}"
        results.append(f"({product}).sum(axis=0)" if slope is not None and slope.summed else product)
    return [f"{', '.join(names) if len(names) > 1 else f'({names[0]},)'} = kept",
            f"return {', '.join(results)}{',' if len(results) == 1 else ''}"]


def _indented(lines: Sequence[str]) -> str:
    return "\n".join(f"    {line}" for line in lines)
