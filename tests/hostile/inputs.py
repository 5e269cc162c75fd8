r"""Inputs that no author means: formulas from a grammar and mutants of the project's own, in documents of every kind.

A document is put together from pieces, so that it is known where each formula stands in the file, whatever becomes of
its text. What is put between delimiters never holds a delimiter, a blank line or a mark of the format around it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[2]
KINDS = ("md", "tex", "txt", "ipynb", "html")
_LEAVES = (
    "x",
    "a_i",
    "z_k",
    "y_{kj}",
    "2",
    "0.5",
    "\\pi",
    "e",
    "n",
    "\\delta_{ij}",
    "L",
    "S_i",
    "\\hat y_i",
    "w_{i+1}",
    "10^6",
    "f(x)",
    "\\text{net}_k",
    "\\mathbf{x}",
    "\\ell",
    "a^{(1)}_j",
    "E'",
    "-1",
    "\\infty",
    "\\dots",
    "?",
)
_WRONG = (
    "\\frac{1}",
    "\\frac",
    "{",
    "}",
    "^",
    "_",
    "&",
    "\\\\",
    "\\left(",
    "\\right)",
    "\\sum",
    "\\sum_{k",
    "||",
    "|",
    "\\begin{cases}",
    "\\end{cases}",
    "\\begin{aligned}",
    "\\input{/etc/passwd}",
    "\\write18{ls}",
    "\\def\\a{\\a\\a}\\a",
    "\\newcommand{\\b}{\\b}\\b",
    "\\csname",
    "\\catcode",
    "^^5c",
    "#1",
    "~",
    "\u202e",
    "\x1b[31m",
    "\u0000"[:0] + "\ufeff",
    "\U0001d4d0",
    "é",
    "若",
    "；",
    "=",
    "==",
    ">=<",
    "\\ne",
    "\\in",
    ":=",
    "''''",
    "!!!",
    "\\not",
    "\\sqrt[",
    "\\limits",
    "\\operatorname{",
    "\\text{",
    "\\partial",
    "\\nabla",
    "\\frac{d}{dx}",
    "\\frac{\\partial a_i}{\\partial",
    "\\int_0^1",
    "\\lim_{x\\to0}",
    "\\prod_{k}",
    "[",
    "]",
    "\\{",
    "1e999",
    "99999999999999999999",
    "x_{x_{x_x}}",
    "x^{x^{x^x}}",
    "__",
    "^^",
    "\\,",
    "\\quad",
    "\\text{if } i = j",
    ",",
    ";",
    ".",
    "%",
    "\\",
    "\\top",
    "\\cdot",
    "\\odot",
    "\\|",
    "\\dots",
)
_PROSE = (
    "We have",
    "and so, if i is not j,",
    "Let",
    "where",
    "Assume that",
    "so that for all k",
    "because of",
    "The loss is",
    "So",
    "若",
    "Then",
)


@dataclass(frozen=True)
class Placed:
    """A document's name and text, and between which offsets of it each formula stands, with what was put there."""

    name: str
    text: str
    formulas: tuple[tuple[int, int, str], ...] = ()


def seeds() -> tuple[str, ...]:
    """The formulas of the library and of the table of claims."""
    found = [
        display or inline
        for path in sorted((ROOT / "proofs").rglob("*.md"))
        for display, inline in re.findall(r"\$\$([^$]+)\$\$|\$([^$\n]+)\$", path.read_text(encoding="utf-8"))
    ]
    rows = (ROOT / "tests" / "corpus" / "claims.tsv").read_text(encoding="utf-8").splitlines()[1:]
    found += [cell for row in rows for cell in row.split("\t") if "=" in cell or "<" in cell]
    return tuple(dict.fromkeys(" ".join(formula.split()) for formula in found))


def term(source: Random, depth: int) -> str:
    """A term of the notation that is read."""

    def below() -> str:
        return term(source, depth - 1)

    if depth <= 0 or source.random() < 0.1:
        return source.choice(_LEAVES)
    return source.choice(
        (
            lambda: f"{below()} + {below()}",
            lambda: f"{below()} - {below()}",
            lambda: f"{below()} {below()}",
            lambda: f"-{below()}",
            lambda: f"\\frac{{{below()}}}{{{below()}}}",
            lambda: f"({below()})",
            lambda: f"\\left({below()}\\right)^2",
            lambda: f"e^{{{below()}}}",
            lambda: f"\\ln({below()})",
            lambda: f"\\log {below()}",
            lambda: f"\\sqrt{{{below()}}}",
            lambda: f"\\sum_{{k=1}}^{{n}} {below()}",
            lambda: f"\\sum_k {below()}",
            lambda: f"\\sum_{{j \\ne i}} {below()}",
            lambda: f"\\frac{{\\partial}}{{\\partial z_i}} ({below()})",
            lambda: f"\\frac{{\\partial {source.choice(_LEAVES)}}}{{\\partial z_j}}",
            lambda: f"\\begin{{cases}} {below()} & i = j \\\\ {below()} & i \\ne j \\end{{cases}}",
            lambda: f"|{below()}|",
            lambda: f"({below()})'",
            lambda: f"\\sin {below()}",
            lambda: f"{below()} \\cdot {below()}",
            lambda: f"\\max({below()}, 0)",
            lambda: f"{{{below()}}}^{{{below()}}}",
            lambda: f"\\underbrace{{{below()}}}_{{x}}",
            lambda: f"x_{{{below()}}}",
        )
    )()


def formula(source: Random, known: tuple[str, ...]) -> str:
    """A formula: from the grammar, one of `known`, or a mutant of either; without delimiters, on one line."""
    kind = source.random()
    if kind < 0.4:
        left, relation = term(source, source.choice((1, 2, 3))), source.choice(("=", "=", "=", "<", "\\le", ":="))
        made = f"{left} {relation} {term(source, 2)}"
    else:
        made = source.choice(known)
    if source.random() < 0.7:
        made = mutant(source, made, known)
    made = re.sub(r"\$|`|\\[()\[\]]|\\(?:begin|end)\{(?!cases|aligned|pmatrix|bmatrix)|\s+|<!--|-->|\x00", " ", made).strip()
    return made if re.search(r"\w", made) else f"x {made}"


def mutant(source: Random, text: str, known: tuple[str, ...]) -> str:
    """`text` after one to six edits."""
    for _ in range(source.choice((1, 1, 1, 2, 3, 6))):
        text = _edited(source, text, known)[:3000]
    return text


def _edited(source: Random, text: str, known: tuple[str, ...]) -> str:
    """`text` after one edit at a random place."""
    at = source.randrange(len(text) + 1)
    to = min(len(text), at + source.choice((1, 1, 2, 5, 20)))
    return source.choice(
        (
            lambda: text[:at] + text[to:],
            lambda: text[:at] + source.choice(_WRONG) + text[at:],
            lambda: text[:at] + text[at:to] * source.choice((2, 3, 40)) + text[to:],
            lambda: text[:at] + source.choice(known) + text[to:],
            lambda: text[:at] + source.choice("{}()[]_^&\\=+-*/|!',;:.0123") + text[to:],
            lambda: text[:at] + chr(source.choice((source.randrange(32, 127), source.randrange(0xA0, 0xD7FF)))) + text[at:],
            lambda: text[:at] + source.choice("([{") * source.choice((3, 50)) + text[at:],
            lambda: text[at:] + text[:at],
        )
    )()


def document(source: Random, kind: str, formulas: tuple[str, ...]) -> Placed:
    """A document of this kind around `formulas`, each between delimiters that it knows."""
    pieces: list[tuple[str, bool]] = []
    for one in formulas:
        # A comment ends with its line and a backslash would take the delimiter with it.
        inside = one.replace("%", " ") if kind == "tex" else one
        inside = inside.rstrip("\\").strip() or "x"
        pieces.append((f"{source.choice(_PROSE)} ", False))
        opening, closing = source.choice(_DELIMITERS[kind])
        # Behind a row's command or inside braces the dollar of an inline formula would be another one.
        if opening == "$" and (inside[-1:].isspace() or "{" in inside or "}" in inside):
            opening, closing = _DELIMITERS[kind][0]
        pieces += [(opening, False), (inside, True), (closing, False), (".\n\n", False)]
    return _joined(kind, pieces)


_DELIMITERS = {
    "md": (("\n\n$$\n", "\n$$\n\n"), ("\n\n$$", "$$\n\n"), ("$", "$")),
    "tex": (("\n\\begin{equation}\n", "\n\\end{equation}\n"), ("\\[", "\\]"), ("$$", "$$"), ("\\(", "\\)")),
    "txt": (("\n\n$$\n", "\n$$\n\n"), ("\n\n\\[", "\\]\n\n")),
    "ipynb": (("\n\n$$\n", "\n$$\n\n"), ("\n\n$$", "$$\n\n")),
    "html": (("<p>$$", "$$</p>"), ("<p>\\[", "\\]</p>"), ('<script type="math/tex; mode=display">', "</script>")),
}


def _joined(kind: str, pieces: list[tuple[str, bool]]) -> Placed:
    before, after = {
        "ipynb": ('{"cells": [{"cell_type": "markdown", "metadata": {}, "source": "', '"}], "nbformat": 4}'),
        "html": ("<html><body>", "</body></html>"),
        "tex": ("\\documentclass{article}\n\\begin{document}\n", "\\end{document}\n"),
    }.get(kind, ("", ""))
    text, places, script = before, [], False
    for piece, is_formula in pieces:
        written = piece
        if kind == "ipynb":
            written = json.dumps(piece)[1:-1]
        elif kind == "html" and is_formula:
            # In a script nothing is escaped, and its end must not stand in it.
            written = piece.replace("<", " ") if script else escape(piece)
        script = piece.startswith("<script")
        if is_formula:
            places.append((len(text), len(text) + len(written), piece))
        text += written
    return Placed(f"fuzz.{kind}", text + after, tuple(places))
