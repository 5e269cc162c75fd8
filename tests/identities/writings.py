r"""The three writings of an identity as documents: with indices, with declared shapes, and as people write.

The first has the families and the hypotheses in front matter and a formula between entries; the second declares shapes and
keeps the notation of matrices; in the third words and ``\in \mathbb R^{n \times n}`` say what the names are, with ``\top`` or
``T`` for transposes, and in every third row names in bold type.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.identities.entries import LETTERS, SCALAR, Lowering, Shape
from tests.identities.latex import PLAIN, Spelling, latex
from tests.identities.notation import Node, parsed
from tests.identities.rows import NONZERO, Identity, Name, Sides

WRITINGS = ("indices", "declared", "as people write")
ENTRY = {
    "symmetric": "{0}_{{ij}} = {0}_{{ji}}",
    "antisymmetric": "{0}_{{ij}} = -{0}_{{ji}}",
    "definite": "{0}_{{ij}} = {0}_{{ji}}; \\det({0}) > 0",
    "determined": "\\det({0}) > 0",
    "invertible": "\\det({0}) \\ne 0",
    "orthogonal": "\\sum_{{k=1}}^n {0}_{{ki}} {0}_{{kj}} = \\delta_{{ij}}",
    "idempotent": "\\sum_{{k=1}}^n {0}_{{ik}} {0}_{{kj}} = {0}_{{ij}}",
    "unit": "\\sum_{{k=1}}^n {0}_k^2 = 1",
    "total": "\\sum_{{k=1}}^n {0}_k = 1",
    "positive": "{0} > 0",
    "inverting": "\\sum_{{k=1}}^n {1}_{{ik}} {0}_{{kj}} = \\delta_{{ij}}",
}
WHOLE = {
    "symmetric": "{0}^\\top = {0}",
    "antisymmetric": "{0}^\\top = -{0}",
    "definite": "{0}^\\top = {0}; \\det({0}) > 0",
    "determined": "\\det({0}) > 0",
    "invertible": "\\det({0}) \\ne 0",
    "orthogonal": "{0}^\\top {0} = I",
    "idempotent": "{0} {0} = {0}",
    "unit": "{0}^\\top {0} = 1",
    "total": "\\mathbf 1^\\top {0} = 1",
    "positive": "{0} > 0",
    "inverting": "{1} {0} = I",
}
WORDS = {
    "symmetric": "symmetric",
    "antisymmetric": "antisymmetric",
    "definite": "symmetric",
    "orthogonal": "orthogonal",
    "idempotent": "idempotent",
    "invertible": "invertible",
    "fixed": "constant",
}
"""What is said of a name: *Let A be invertible*."""
SAID = {
    "definite": "Suppose that $\\det {0} > 0$.",
    "determined": "Suppose that $\\det {0} > 0$.",
    "unit": "Suppose that $\\|{0}\\| = 1$.",
    "total": "Suppose that $\\sum_{{k=1}}^n {0}_k = 1$.",
    "positive": "Let ${0} > 0$.",
    "inverting": "Suppose that ${1} {0} = I$.",
}
LAYOUT = "We use the {} layout for derivatives by vectors.\n\n"


def document(row: Identity, sides: Sides, writing: str) -> str:
    """The claim with all that it needs, in Markdown; it stands last."""
    if writing == WRITINGS[0]:
        return _with_indices(row, sides)
    how = spelling(row) if writing == WRITINGS[2] else PLAIN
    layout = LAYOUT.format(row.layout) if row.layout else ""
    lets = "".join(f"$${_respelt(head, how)} = {_respelt(body, how)}$$\n\n" for head, body in row.lets)
    claim = f"$${_respelt(sides.left, how)} = {_respelt(sides.right, how)}$$\n"
    before = _declared(row) if writing == WRITINGS[1] else _worded(row, how)
    return f"{before}{layout}{lets}We find\n\n{claim}"


def spelling(row: Identity) -> Spelling:
    """How a row is written by people: each in one of three ways."""
    bold = frozenset(name.text for name in row.names if name.lengths and name.text.isalpha())
    return (PLAIN, Spelling(transpose="T", trace="\\mathrm{tr}"), Spelling(bold=bold | _vectors(row)))[row.number % 3]


def _vectors(row: Identity) -> frozenset[str]:
    lowering = lowering_of(row)
    return frozenset(head for head, _ in row.lets if lowering.shapes[head] != SCALAR)


def _respelt(text: str, how: Spelling) -> str:
    return text if how == PLAIN else latex(parsed(text), how)


def _named(name: Name, how: Spelling) -> str:
    return f"\\mathbf{{{name.text}}}" if name.text in how.bold else name.text


def _kinds(name: Name) -> tuple[str, str]:
    return (name.kinds[0], name.kinds[1]) if name.kinds[:1] == ("inverting",) else ("", "")


def _supposed(row: Identity, table: dict[str, str], how: Spelling = PLAIN) -> Iterator[str]:
    for name in row.names:
        kinds = name.kinds[:1] if name.kinds[:1] == ("inverting",) else name.kinds
        for kind in kinds:
            if kind in table:
                yield table[kind].format(_named(name, how), _kinds(name)[1])


def _front(lines: list[str]) -> str:
    return "---\nderive:\n" + "".join(f"  {line}\n" for line in lines) + "---\n\n"


def _declared(row: Identity) -> str:
    shapes = [f"{name.text} in {' x '.join(name.lengths)}" for name in row.names if name.lengths]
    scalars = [f"scalars: {name.text}" for name in row.names if not name.lengths]
    supposed = [f"assume: {each}" for each in (*_supposed(row, WHOLE), *(f"{each}{NONZERO}" for each in row.nonzero))]
    return _front([f"shapes: {'; '.join(shapes)}", *scalars, *_constants(row), *supposed])


def _constants(row: Identity) -> list[str]:
    return [f"constants: {name.text}" for name in row.names if "fixed" in name.kinds]


def _worded(row: Identity, how: Spelling) -> str:
    spaces = []
    for name in row.names:
        if name.lengths:
            lengths = " \\times ".join(name.lengths)
            spaces.append(f"${_named(name, how)} \\in \\mathbb{{R}}^{{{lengths}}}$")
    listed = " and ".join([", ".join(spaces[:-1]), spaces[-1]]) if len(spaces) > 1 else spaces[0]
    called = [
        f"Let ${_named(name, how)}$ be {' and '.join(words)}."
        for name in row.names
        if (words := [WORDS[kind] for kind in name.kinds if kind in WORDS])
    ]
    given = [f"Suppose that ${_respelt(each, how)}{NONZERO}$." for each in row.nonzero]
    return " ".join([f"Let {listed}.", *called, *_supposed(row, SAID, how), *given]) + "\n\n"


# -- with indices -----------------------------------------------------------------------------------------------------


def lowering_of(row: Identity) -> Lowering:
    """The shapes of the names of a row, defined ones too."""
    shapes: dict[str, Shape] = {name.text: _shape(name.lengths) for name in row.names}
    for head, body in row.lets:
        shapes[head] = Lowering(shapes, row.layout).shape(parsed(body))
    return Lowering(shapes, row.layout)


def _shape(lengths: str) -> Shape:
    return (lengths[0] if lengths else None, lengths[1] if len(lengths) > 1 else None)


def lowered(row: Identity, left: str, right: str) -> tuple[Node, Node]:
    """Both sides of an equation at the same free indices."""
    lowering = lowering_of(row)
    shape = max((lowering.shape(parsed(side)) for side in (left, right)), key=lambda each: sum(map(bool, each)))
    taken: frozenset[str] = frozenset()
    places: list[Node | None] = []
    for length in shape:
        place = None if length is None else lowering.fresh(length, taken)
        taken = taken if place is None else taken | {place.text}
        places.append(place)
    one, other = (lowering.entry(_fitted(parsed(side)), places[0], places[1], taken) for side in (left, right))
    return one, other


def _fitted(node: Node) -> Node:
    return Node("num", (), "0") if node in (Node("const", (), "0"), Node("num", (), "0")) else node


def _with_indices(row: Identity, sides: Sides) -> str:
    lowering = lowering_of(row)
    sizes = sorted({length for name in row.names for length in name.lengths})
    ranges = [f"{', '.join(c for c in LETTERS[size] if c not in lowering.shapes)} in 1..{size}" for size in sizes]
    families = [f"{name.text}_{{{_letters(name.lengths, lowering)}}}" for name in row.names if name.lengths]
    heads = [
        f"{head}_{{{_letters(lengths, lowering)}}}"
        for head, _ in row.lets
        if (lengths := "".join(length for length in lowering.shapes[head] if length))
    ]
    scalars = [f"scalars: {name.text}" for name in row.names if not name.lengths]
    supposed = [f"assume: {each}" for each in _supposed(row, ENTRY)]
    supposed += [f"assume: {latex(lowering.entry(parsed(each), None, None, frozenset()))}{NONZERO}" for each in row.nonzero]
    named = [f"indices: {'; '.join(ranges)}", f"families: {', '.join([*families, *heads])}"]
    front = _front([*named, *scalars, *_constants(row), *supposed])
    lets = "".join(f"$${_equation(*lowered(row, head, body))}$$\n\n" for head, body in row.lets)
    return f"{front}{lets}We find\n\n$${_equation(*lowered(row, sides.left, sides.right))}$$\n"


def _letters(lengths: str, lowering: Lowering) -> str:
    found: list[str] = []
    for length in lengths:
        found.append(lowering.fresh(length, frozenset(found)).text)
    return "".join(found)


def _equation(left: Node, right: Node) -> str:
    return f"{latex(left)} = {latex(right)}"
