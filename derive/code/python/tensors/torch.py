"""The PyTorch target: a module that needs nothing but PyTorch, each loss with its gradient as a ``torch.autograd.Function``.

The other functions overwrite nothing, so that autograd differentiates through them.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from derive.code.arrays.peaks import with_one_sum, without_places
from derive.code.arrays.program import BATCH, Elementwise, Input, Output, Program
from derive.code.functions.build import Function
from derive.code.functions.documentation import DIGITS, rounded
from derive.code.names import identifier
from derive.code.python.module import Part
from derive.code.python.tensors.module import Fused, Slope, TensorWriter, fused_of
from derive.code.python.tensors.overwriting import Overwriting
from derive.code.python.tensors.torch_library import Torch
from derive.code.stable.licences import Licence
from derive.code.stable.stabiliser import CannotLower

TRANSFORMED = '''def is_varied(x: Tensor) -> bool:
    """Whether something is to be differentiated by x."""
    return x.requires_grad or torch.autograd.forward_ad.unpack_dual(x).tangent is not None


def is_transformed(*given: Tensor) -> bool:
    """Whether PyTorch transforms what is written: in torch.compile, by torch.func, or in forward mode."""
    return (torch.compiler.is_compiling() or torch._C._are_functorch_transforms_active()
            or torch.autograd.forward_ad._current_level >= 0
            and any(torch.autograd.forward_ad.unpack_dual(x).tangent is not None for x in given))


def is_recorded(*given: Tensor) -> bool:
    """Whether PyTorch keeps what is done with these, to differentiate it backwards."""
    return torch.is_grad_enabled() and any(x.requires_grad for x in given)
'''

PARTS = '''def in_parts(function: Callable[..., Any], most: int, axes: tuple[int, ...], *given: Tensor) -> Any:
    """What a function gives for the examples, computed for some at a time, so that what is made in between is small.

    At a time `most` numbers are worked on. `axes` are the numbers of axes of each argument besides those of the examples, -1 of
    an argument that all examples share.
    """
    count = -(-max(x.numel() for x in given) // most)
    lengths = [x.shape[0] if x.dim() > own else 0 for x, own in zip(given, axes) if own >= 0]
    if count < 2 or min(lengths) < count or given[0].device.type != "cpu":
        return function(*given)
    found = [function(*part) for part in zip(*(
        [x] * count if own < 0 else x.tensor_split(count) for x, own in zip(given, axes)))]
    return tuple(torch.cat(parts) for parts in zip(*found)) if isinstance(found[0], tuple) else torch.cat(found)
'''
MOST = 2**21
"""So many numbers may be made in between; more are slower, as memory is given back to the system and asked for again."""

FUNCTION = '''class {name}(torch.autograd.Function):
    """Differentiates `{loss}` by the gradient of `{function}`."""

    @staticmethod
    def computed({arguments}) -> tuple[{types}]:
        """The loss and its gradient."""
{forward}
{alone}
    @staticmethod
    def forward(ctx: FunctionCtx, {arguments}) -> Tensor:
        """The loss; kept are the gradient, and the arguments, from which it is computed again to be differentiated itself."""
        {results} = {computed}
        ctx.set_materialize_grads(False)
        ctx.save_for_backward({names}, {gradients})
        return {loss_result}

    @staticmethod
    def backward(ctx: BackwardCFunction, slope: Tensor | None) -> tuple[Tensor | None, ...]:
        """The slope of the loss times the gradient."""
{backward}'''


ALONE = '''
    @staticmethod
    def alone({arguments}) -> Tensor:
        """The loss."""
{loss}
'''


def write(functions: Sequence[Function], title: str, source: str) -> str:
    """The text of a PyTorch module with these functions; `title` and `source` say what it was made from.

    Raises:
        CannotLower: if PyTorch has no code for a part of a function.
    """
    return _Torch().write(functions, title, source)


class _Torch(TensorWriter):
    library = Torch()

    def imports(self, fused: Sequence[Fused]) -> tuple[str, ...]:
        more = "from torch.autograd.function import BackwardCFunction, FunctionCtx"
        return ("import torch", "from torch import Tensor", *([more] if fused else []))

    def part(self, function: Function) -> Part:
        """What its differentiable loss calls is added to the functions that it calls."""
        part, helpers = super().part(function), set[str]()
        fused = fused_of(function, set())
        if fused is not None:
            for outputs in (function.program.outputs[:1], function.program.outputs):
                _overwriting(function.program.with_outputs(outputs), helpers)
                _if_moderate(fused, outputs, helpers)
        return replace(part, helpers=part.helpers | helpers)

    def licences(self, function: Function) -> tuple[Licence, ...]:
        is_short = function.moderate is not None and fused_of(function, set()) is not None
        return (*function.licences, *function.moderate.licences) if is_short and function.moderate else function.licences

    def definitions(self, parts: Sequence[Part]) -> list[str]:
        texts = super().definitions(parts)
        before = [(TRANSFORMED, ".apply("), (PARTS, "in_parts(")]
        return [*(text.rstrip() for text, call in before if any(call in other for other in texts)), *texts]

    def differentiable(self, fused: Fused, lead: str, taken: set[str]) -> str:
        name = identifier("".join(part.capitalize() for part in fused.name.split("_")), taken)
        taken.add(name)
        function, inputs = fused.function, fused.function.arguments
        names = ", ".join(node.name for node in inputs)
        kept = {node.name for node in inputs} | {"ctx"}
        results = [identifier(part, kept) for part in (fused.loss.name, *(slope.gradient for slope in fused.slopes))]
        alone = _alone(fused)
        text = FUNCTION.format(
            name=name,
            loss=fused.name,
            function=function.name,
            arguments=self.arguments(function),
            types=", ".join(["Tensor"] * (1 + len(fused.slopes))),
            forward=_indented(_forward(fused, names)),
            alone=ALONE.format(arguments=self.arguments(function), loss=_indented(alone)) if alone else "",
            computed=_in_parts(fused, f"{name}.computed", lead, function.program.outputs),
            backward=_indented(_backward(fused, inputs)),
            names=names,
            results=", ".join(results),
            loss_result=results[0],
            gradients=", ".join(results[1:]),
        )
        lines = _loss(fused, name, names, _in_parts(fused, f"{name}.alone", lead, [fused.loss]) if alone else "")
        return f"{text}\n\n\n{self.loss_text(fused, lead, lines)}"

    def argument(self, node: Input, value: Any, differentiated: bool = False) -> str:
        typed = "" if node.kind == "index" else ", dtype=torch.float64"
        return f"torch.tensor({value.tolist()}{typed}{', requires_grad=True' if differentiated else ''})"

    def shown(self, expression: str, value: Any) -> list[str]:
        return [f">>> {expression}.round(decimals={DIGITS}).tolist()", str(rounded(value))]

    def differentiated(self, fused: Fused, slope: Slope, call: str, gradient: Any) -> list[str]:
        total = ".sum()" if fused.loss.axes else ""
        return [f">>> {call}{total}.backward()", *self.shown(f"{slope.argument.name}.grad", gradient)]


def _forward(fused: Fused, names: str) -> list[str]:
    """The loss and its gradients as they are kept; autograd wants no argument itself among them."""
    program = fused.function.program
    nodes = {output.name: program.nodes[output.ref.node] for output in program.outputs}
    kept = {slope.gradient: slope for slope in fused.slopes}
    results, changed = [], False
    taken = {node.name for node in program.inputs}
    read = {fused.loss.name, *kept}
    parts = [identifier(o.name, taken) if o.name in read else "_" for o in program.outputs]
    for output, part in zip(program.outputs, parts, strict=True):
        slope = kept.get(output.name)
        if slope is not None and (slope.repeated or isinstance(nodes[output.name], Input)):
            results.append(f"{part}.expand_as({slope.argument.name})")
            changed = True
        elif part != "_":
            results.append(part)
    call = f"{fused.function.name}({names})"
    if not changed and "_" not in parts:
        alone = _overwriting(program)
        return [*_if_moderate(fused, program.outputs), *alone] if alone else [f"return {call}"]
    return [f"{', '.join(parts)} = {call}", f"return {', '.join(results)}"]


def _backward(fused: Fused, inputs: Sequence[Input]) -> list[str]:
    by_name = {slope.argument.name: slope for slope in fused.slopes}
    names = [slope.gradient for slope in fused.slopes]
    lines = []
    for place, node in enumerate(inputs):
        if node in fused.constants:
            lines += [
                f"if ctx.needs_input_grad[{place}]:",
                f'    raise NotImplementedError("{fused.name} has no gradient by {node.name}; detach it")',
            ]
    nothing = ", ".join(["None"] * len(inputs)) + ("," if len(inputs) == 1 else "")
    lines += ["if slope is None:", f"    return {nothing}"]
    lines.append(f"{', '.join([*(node.name for node in inputs), *names])} = ctx.saved_tensors")
    lines += ["if torch.is_grad_enabled():", *(f"    {line}" for line in _gradients(fused, inputs))]
    results = []
    for node in inputs:
        slope = by_name.get(node.name)
        if slope is None:
            results.append("None")
            continue
        product = f"slope{slope.weight} * {slope.gradient}"
        results.append(f"({product}).sum(dim=0)" if slope.summed else product)
    return [*lines, f"return {', '.join(results)}{',' if len(results) == 1 else ''}"]


def _gradients(fused: Fused, inputs: Sequence[Input]) -> list[str]:
    """The gradients from the arguments, as the function gives them: all that it does can be differentiated."""
    kept = {slope.gradient for slope in fused.slopes}
    parts = [output.name if output.name in kept else "_" for output in fused.function.program.outputs]
    return [f"{', '.join(parts)} = {fused.function.name}({', '.join(node.name for node in inputs)})"]


def _alone(fused: Fused) -> list[str]:
    """The statements of the loss without a gradient, none where they cannot be written."""
    program = fused.function.program
    lines = _overwriting(program.with_outputs(program.outputs[:1]))
    return [*_if_moderate(fused, program.outputs[:1]), *lines] if lines else []


def _in_parts(fused: Fused, function: str, lead: str, outputs: Sequence[Output]) -> str:
    """The call of what computes a loss, for some of the examples at a time if each is computed by itself."""
    inputs, program = fused.function.arguments, fused.function.program.with_outputs(outputs)
    names = ", ".join(node.name for node in inputs)
    if lead == BATCH or not all(any(axis.size == BATCH for axis in output.axes) for output in program.outputs):
        return f"{function}({names})"
    axes = [len(node.axes) - 1 if any(axis.size == BATCH for axis in node.axes) else -1 for node in inputs]
    made = sum(isinstance(node, Elementwise) and any(axis.size != BATCH for axis in node.axes) for node in program.nodes)
    return f"in_parts({function}, {MOST // max(made, 1)}, ({', '.join(map(str, axes))},), {names})"


def _loss(fused: Fused, name: str, names: str, alone: str) -> list[str]:
    """The lines of the loss: by the derived gradient, or, where PyTorch transforms what is written, as it is written."""
    lines = ["if is_transformed(" + names + "):"]
    for node in fused.constants:
        lines += [
            f"    if is_varied({node.name}):",
            f'        raise NotImplementedError("{fused.name} has no gradient by {node.name}; detach it")',
        ]
    lines.append(f"    return {fused.function.name}({names})[0]")
    if alone:
        lines += [f"if not is_recorded({names}):", f"    return {alone}"]
    return [*lines, f"return {name}.apply({names})"]


def _if_moderate(fused: Fused, outputs: Sequence[Output], helpers: set[str] | None = None) -> list[str]:
    """The shorter statements for moderate exponents, where there are some."""
    moderate = fused.function.moderate
    if moderate is None:
        return []
    wanted = {output.name for output in outputs}
    lines = _overwriting(moderate.program.with_outputs([o for o in moderate.program.outputs if o.name in wanted]), helpers)
    if not lines:
        return []
    (set() if helpers is None else helpers).add("is_moderate")
    return [f"if {' and '.join(f'is_moderate({name})' for name in moderate.exponents)}:", *(f"    {line}" for line in lines)]


def _overwriting(program: Program, helpers: set[str] | None = None) -> list[str]:
    """The statements that nothing differentiates, none where they cannot be written; what they call goes into `helpers`."""
    body = Overwriting(with_one_sum(without_places(program)), _Torch.library)
    try:
        lines = body.statements()
    except CannotLower:
        return []
    if body.imports:
        return []
    (set() if helpers is None else helpers).update(body.helpers)
    return lines


def _indented(lines: Sequence[str]) -> str:
    return textwrap.indent("\n".join(lines), " " * 8)
