r"""A tree of :mod:`tests.identities.notation` as LaTeX, in the spelling of a writing."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.identities.notation import Node

LOOSE, ENTRYWISE, PRODUCT, FACTOR = range(4)
OPERATORS = frozenset({"tr", "diag", "softmax", "logsumexp", "sigmoid"})


@dataclass(frozen=True)
class Spelling:
    r"""How transposes and traces are written, and the names that are set in bold type."""

    transpose: str = "\\top"
    trace: str = "\\operatorname{tr}"
    bold: frozenset[str] = field(default_factory=frozenset)


PLAIN = Spelling()


def latex(node: Node, spelling: Spelling = PLAIN, around: int = LOOSE) -> str:
    """The formula; in brackets where it binds less than what is `around` it."""
    text, binding = _written(node, spelling)
    return f"({text})" if binding < around else text


def _written(node: Node, how: Spelling) -> tuple[str, int]:
    def inner(part: Node, around: int = LOOSE) -> str:
        return latex(part, how, around)

    first = node.parts[0] if node.parts else node
    match node.kind:
        case "num":
            return node.text, FACTOR
        case "name":
            return (f"\\mathbf{{{node.text}}}" if node.text in how.bold else node.text), FACTOR
        case "I":
            return "I", FACTOR
        case "const":
            return f"\\mathbf{{{node.text}}}", FACTOR
        case "add":
            parts = [inner(part, ENTRYWISE) if part.kind != "neg" else _written(part, how)[0] for part in node.parts]
            return "".join(_signed(part) if at else part for at, part in enumerate(parts)), LOOSE
        case "neg":
            return f"-{inner(first, ENTRYWISE)}", LOOSE
        case "odot":
            return " \\odot ".join(inner(part, FACTOR if _ambiguous(part) else PRODUCT) for part in node.parts), ENTRYWISE
        case "mul":
            return " ".join(_factor(part, at, node.parts, how) for at, part in enumerate(node.parts)), PRODUCT
        case "T" if first.kind == "inv":
            return f"{inner(first.parts[0], FACTOR)}^{{-{how.transpose}}}", FACTOR
        case "T":
            return f"{_base(first, how)}^{{{how.transpose}}}", FACTOR
        case "inv":
            return f"{_base(first, how)}^{{-1}}", FACTOR
        case "pow":
            return f"{_base(first, how)}^{{{inner(node.parts[1])}}}", FACTOR
        case "entry":
            base = inner(first, FACTOR) if first.kind in ("name", "fn") else f"({inner(first)})"
            return f"{base}_{{{''.join(inner(part) for part in node.parts[1:])}}}", FACTOR
        case "delta":
            return f"\\delta_{{{''.join(inner(part) for part in node.parts)}}}", FACTOR
        case "sum":
            return f"\\sum_{{{node.text}={inner(node.parts[1])}}}^{{{inner(node.parts[2])}}} {inner(first, PRODUCT)}", PRODUCT
        case "frac":
            return f"\\frac{{{inner(first)}}}{{{inner(node.parts[1])}}}", FACTOR
        case "der":
            below = " ".join(f"\\partial {inner(part, FACTOR)}" for part in node.parts[1:])
            power = "^2" if len(node.parts) > 2 else ""
            return f"\\frac{{\\partial{power}}}{{{below}}} {_derived(first, how)}", PRODUCT
        case "grad":
            power = "^2" if node.text == "2" else ""
            return f"\\nabla_{{{inner(node.parts[1])}}}{power} {_derived(first, how)}", PRODUCT
        case "norm":
            degree = "" if node.text == "2" else f"_{node.text}"
            return f"\\|{inner(first)}\\|{degree}", FACTOR
        case "inner":
            return f"\\langle {inner(first)}, {inner(node.parts[1])} \\rangle", FACTOR
        case "d":
            lone = first.kind == "name" or first.kind == "entry" and first.parts[0].kind == "name"
            return f"d{inner(first, FACTOR)}" if lone else f"d({inner(first)})", FACTOR
        case "fn" if node.text == "sqrt":
            return f"\\sqrt{{{inner(first)}}}", FACTOR
        case "fn":
            word = how.trace if node.text == "tr" else f"\\operatorname{{{node.text}}}"
            return f"{word if node.text in OPERATORS else chr(92) + node.text}({inner(first)})", FACTOR
    raise ValueError(f"no spelling for {node.kind}")


def _signed(term: str) -> str:
    return f" - {term[1:]}" if term.startswith("-") else f" + {term}"


def _derived(node: Node, how: Spelling) -> str:
    """What is differentiated; a product stands in brackets."""
    return latex(node, how, PRODUCT if node.kind == "sum" else FACTOR)


def _ambiguous(node: Node) -> bool:
    return node.kind == "mul" and sum(part.kind != "num" for part in node.parts) > 1


def _base(node: Node, how: Spelling) -> str:
    """What stands below a power: a derivative's name, a function or a power of something goes into brackets."""
    plain = node.kind in ("name", "norm", "num", "const", "I")
    return latex(node, how, FACTOR) if plain else f"({latex(node, how)})"


def _factor(node: Node, at: int, factors: tuple[Node, ...], how: Spelling) -> str:
    """A factor; a sum or a derivative takes all behind it, so that it is the last or stands in brackets."""
    grasping = node.kind in ("sum", "der", "grad")
    if grasping and at < len(factors) - 1:
        return f"({latex(node, how)})"
    text = latex(node, how, PRODUCT if grasping else FACTOR)
    return f"\\cdot {text}" if at and node.kind == "num" else text
