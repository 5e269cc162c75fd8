"""What every target says of a module and of its functions: what they compute in LaTeX, the shapes, examples."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from derive.code.arrays.program import BATCH, Elementwise, Input, Output
from derive.code.functions.build import Function
from derive.code.functions.examples import example
from derive.code.functions.interpret import evaluate
from derive.code.stable.licences import Licence

DIGITS = 4
WIDTH = 100


UNPROVED = "These were not proved. What rests on them is computed as it is written, and may lose digits or be NaN."


def unproved(functions: Sequence[Function]) -> tuple[str, ...]:
    """What would keep more digits of some function and was not proved, each once."""
    return tuple(dict.fromkeys(safe(claim) for function in functions for claim in function.unproved))


def module_documentation(given: Sequence[Licence], title: str, source: str, refused: Sequence[str] = ()) -> str:
    """What a module was made from, the equations, each of them proved, that license how it computes, and those not proved."""
    text = f"{safe(title)}.\n\nMade by derive from {safe(source)}."
    licences = [licence for licence in given if licence.law != "cases"]
    if licences:
        names = sorted({name for licence in licences for name in licence.arbitrary})
        also = f", and for any {' and '.join(names)}" if names else ""
        claims = dict.fromkeys(licence.latex for licence in licences)
        intro = f"How it is computed rests on these equations. Each was proved, for every size and all arguments{also}."
        text += "\n\n" + textwrap.fill(intro, WIDTH) + "\n\n" + "\n".join(f"$${safe(claim)}$$" for claim in claims) + "\n"
    if refused:
        text += "\n\n" + textwrap.fill(UNPROVED, WIDTH) + "\n\n" + "\n".join(f"$${claim}$$" for claim in refused) + "\n"
    return text


def summary(function: Function) -> str:
    """One line that says what the function computes."""
    kind, labels = function.signature.kind, function.signature.labels
    if kind == "forward":
        each = " for each example" if any(a.size == BATCH for node in function.program.inputs for a in node.axes) else ""
        return f"The value of `{function.name}`{each}."
    if kind == "jvp":
        return "The Jacobian times v, without the Jacobian."
    if kind == "vjp":
        return "v times the Jacobian, without the Jacobian."
    if kind == "hvp":
        return "The Hessian times v, without the Hessian."
    if kind == "fused":
        where = "" if labels is None else f", where {labels.family} is 1 at the label {labels.point} and 0 elsewhere"
        return f"The loss and its gradient{where}."
    return "The derivative."


def documentation(
    function: Function, head: Sequence[str], results: Sequence[str], lead: str, weights: Input | None = None
) -> list[str]:
    """The lines of a docstring but for the example: the `head`, the formulas, the arguments, the `results`.

    `lead` is how the axes of the examples are written in a shape, `weights` what can be given in the place of labels.
    """
    signature = function.signature
    lines = [*head, "", *(f"$${safe(result.formula)}$$" for result in signature.results)]
    if any(isinstance(node, Elementwise) and node.op == "support" for node in function.program.nodes):
        lines += ["", "A product with a logarithm counts as 0 where its other factor is 0."]
    if signature.mean:
        lines += ["", "All of it for the mean over the batch."]
    lines += ["", "Args:", *(f"    {node.name}: {argument_text(node, lead, weights)}" for node in function.arguments)]
    return [*lines, "", "Returns:", *(f"    {result}" for result in results)]


def results_text(function: Function, lead: str) -> list[str]:
    """The shape of each result, with its name where there are several."""
    outputs = function.program.outputs
    return [f"{(output.name + ': ') if len(outputs) > 1 else ''}{shape_text(output, lead)}." for output in outputs]


def shape_text(node: Input | Output, lead: str) -> str:
    """The shape of an array in words."""
    sizes = [lead if axis.size == BATCH else axis.size for axis in node.axes]
    if not sizes:
        return "a number"
    return f"shape ({', '.join(sizes)}{',' if len(sizes) == 1 and sizes != ['...'] else ''})"


def argument_text(node: Input, lead: str, weights: Input | None = None) -> str:
    """What an argument is; labels can be given as `weights`, where there are some."""
    what = shape_text(node, lead)
    if node.kind != "index":
        return f"{what}."
    places = f"{what}, the places of the labels, from 0 to {node.below} - 1"
    return f"{places}." if weights is None else f"{places}; or {shape_text(weights, lead)}, `{weights.name}` itself."


def evaluated(function: Function) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Arguments for an example and the results; no results where one of them is not finite.

    The function was compared with the ball evaluation before.
    """
    import numpy as np

    arrays = example(function)
    with np.errstate(all="ignore"):
        results = evaluate(function.program, arrays)
    return arrays, results if all(np.isfinite(result).all() for result in results.values()) else {}


def rounded(result: object) -> object:
    """The numbers of an example as they are shown."""
    import numpy as np

    return np.round(np.asarray(result), DIGITS).tolist()


def safe(text: str) -> str:
    """Text of a document inside a raw docstring: it cannot end it."""
    printable = "".join(c if c.isprintable() else " " for c in text)
    kept = printable.replace('"""', "'''").replace(">>>", "> > >")
    return kept.rstrip("\\").replace('"', "'") if kept.endswith(("\\", '"')) else kept


def headed(name: str, arguments: str, returns: str) -> str:
    """The head of a definition, on two more lines where one is too long."""
    line = f"def {name}({arguments}) -> {returns}:"
    return line if len(line) <= WIDTH else f"def {name}(\n    {arguments},\n) -> {returns}:"


def defined(head: str, doc: Sequence[str], statements: Sequence[str]) -> str:
    """The text of a definition."""
    quoted = textwrap.indent("\n".join(doc).strip(), "    ").lstrip()
    return f'{head}\n    r"""{quoted}\n    """\n{textwrap.indent(chr(10).join(statements), "    ")}'
