"""The NumPy target: a module that a person could have written, which needs nothing but NumPy.

Every function says what it computes in LaTeX and the shapes of its arguments, and shows an example whose numbers were
compared with the ball evaluation of the formula.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from sympy import Indexed, Symbol, preorder_traversal

from derive.algebra.unfold import name_of
from derive.code.build import Function
from derive.code.examples import example
from derive.code.interpret import evaluate
from derive.code.numpy_body import Body
from derive.code.program import BATCH, Gather, Identity, Input, Output, Program, Put, Ref, operands_of

DIGITS = 4
WIDTH = 100

HELPERS = {"unshifted": '''def unshifted(m: Array) -> Array:
    """The shift for exponents up to m: none while exponentials are far from overflow (it would round), else m itself."""
    bound = np.finfo(m.dtype).maxexp / 3
    return np.where((m >= 0) & (m <= bound), m.dtype.type(0), m)
'''}


def write(functions: Sequence[Function], title: str, source: str) -> str:
    """The text of a module with these functions; `title` and `source` say what it was made from."""
    bodies = [Body(function.program) for function in functions]
    written = [_function(function, body) for function, body in zip(functions, bodies, strict=True)]
    used = sorted({helper for body in bodies for helper in body.helpers})
    with_labels = any(node.kind == "index" for function in functions for node in function.program.inputs)
    lines = [f'r"""{_docstring(functions, title, source)}"""', "", "import numpy as np", "from numpy.typing import NDArray",
             "", "Array = NDArray[np.floating]"]
    if with_labels:
        lines.append("Indices = NDArray[np.integer]")
    parts = ["\n".join(lines), *(HELPERS[name].rstrip() for name in used), *written]
    return "\n\n\n".join(parts) + "\n"


def _docstring(functions: Sequence[Function], title: str, source: str) -> str:
    text = f"{_safe(title)}.\n\nMade by derive from {_safe(source)}."
    licences = [licence for function in functions for licence in function.licences if licence.law != "cases"]
    if licences:
        names = sorted({name for licence in licences for name in licence.arbitrary})
        also = f", and for any {' and '.join(names)}" if names else ""
        claims = dict.fromkeys(licence.latex for licence in licences)
        intro = f"How it is computed rests on these equations. Each was proved, for every size and all arguments{also}."
        text += "\n\n" + textwrap.fill(intro, WIDTH) + "\n\n" + "\n".join(f"$${_safe(claim)}$$" for claim in claims) + "\n"
    return text


def _function(function: Function, body: Body) -> str:
    program, signature = function.program, function.signature
    inputs = ordered_inputs(function)
    arguments = ", ".join(f"{node.name}: {'Indices' if node.kind == 'index' else 'Array'}" for node in inputs)
    several = len(program.outputs) > 1
    returns = f"tuple[{', '.join(['Array'] * len(program.outputs))}]" if several else "Array"
    lead = leading(program)
    doc = [_summary(function), ""]
    doc += [f"$${_safe(result.formula)}$$" for result in signature.results]
    if signature.mean:
        doc += ["", "All of it for the mean over the batch."]
    doc += ["", "Args:"]
    doc += [f"    {node.name}: {_about(node, lead)}" for node in inputs]
    doc += ["", "Returns:"]
    doc += [f"    {(output.name + ': ') if several else ''}{_shape(output, lead)}." for output in program.outputs]
    doc += ["", *_example(function)]
    head = f"def {function.name}({arguments}) -> {returns}:"
    quoted = textwrap.indent("\n".join(doc).strip(), "    ").lstrip()
    statements = textwrap.indent("\n".join(body.statements()), "    ")
    return f'{head}\n    r"""{quoted}\n    """\n{statements}'


def ordered_inputs(function: Function) -> list[Input]:
    """The arguments: as the document declares them, else as it defines with them; a vector to multiply with; labels."""
    context = function.signature.context
    named = [name for name, _ in context.shapes]
    for definition in context.definitions:
        named += [name_of(node) for node in preorder_traversal(definition.body) if isinstance(node, Indexed | Symbol)]
    known = {name: place for place, name in reversed(list(enumerate(named)))}
    spelled = {wanted: name for name, wanted in function.spelling.items()}
    return sorted(function.program.inputs,
                  key=lambda node: (node.kind == "index", known.get(spelled.get(node.name, ""), len(named))))


def leading(program: Program) -> str:
    """How the examples are written in a shape: ``...`` where any number of leading axes will do."""
    for node in program.nodes:
        if isinstance(node, Gather | Put) and isinstance(node.index, Ref):
            return BATCH
        if isinstance(node, Identity):
            return BATCH
        if any(BATCH in ref.axes for ref in operands_of(node)) and all(axis.size != BATCH for axis in node.axes):
            return BATCH
        if not isinstance(node, Input) and len(node.axes) > 2:
            return BATCH
    return "..."


def _shape(node: Input | Output, lead: str) -> str:
    sizes = [lead if axis.size == BATCH else axis.size for axis in node.axes]
    if not sizes:
        return "a number"
    return f"shape ({', '.join(sizes)}{',' if len(sizes) == 1 and sizes != ['...'] else ''})"


def _about(node: Input, lead: str) -> str:
    what = _shape(node, lead)
    return f"{what}, the places of the labels, from 0 to {node.below} - 1." if node.kind == "index" else f"{what}."


def _summary(function: Function) -> str:
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


def _example(function: Function) -> list[str]:
    """A doctest; the function was compared with the ball evaluation before."""
    import numpy as np

    program = function.program
    arrays = example(function)
    with np.errstate(all="ignore"):
        results = evaluate(program, arrays)
    if any(not np.isfinite(result).all() for result in results.values()):
        return []
    lines = []
    for node in ordered_inputs(function):
        value = arrays[node.name].tolist()
        lines.append(f">>> {node.name} = np.array({value})")
    call = f"{function.name}({', '.join(node.name for node in ordered_inputs(function))})"
    if len(program.outputs) == 1:
        result = results[program.outputs[0].name]
        return [*lines, f">>> {call}.round({DIGITS}).tolist()", str(_rounded(result))]
    names = [f"{output.name}_" if output.name in arrays else output.name for output in program.outputs]
    lines.append(f">>> {', '.join(names)} = {call}")
    for name, output in zip(names, program.outputs, strict=True):
        lines += [f">>> {name}.round({DIGITS}).tolist()", str(_rounded(results[output.name]))]
    return lines


def _rounded(result: object) -> object:
    import numpy as np

    return np.round(np.asarray(result), DIGITS).tolist()


def _safe(text: str) -> str:
    """Text of a document inside a raw docstring: it cannot end it."""
    printable = "".join(c if c.isprintable() else " " for c in text)
    kept = printable.replace('"""', "'''").replace(">>>", "> > >")
    return kept.rstrip("\\").replace('"', "'") if kept.endswith(("\\", '"')) else kept
