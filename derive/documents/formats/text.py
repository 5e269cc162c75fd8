r"""Plain text: the usual delimiters, lines of bare LaTeX, and ASCII mathematics inside of prose.

Each line is a paragraph, unless it plainly goes on with the sentence of the line before. Only text files are read for
formulas without delimiters; in the other formats the author had a way to mark them.
"""

from __future__ import annotations

import re

from derive.documents.formats.plain import extract
from derive.documents.formats.plain import whole as is_whole
from derive.documents.parts.builder import Builder
from derive.documents.parts.delimiters import TEXT, scan
from derive.documents.parts.passage import Passage

_FENCE = re.compile(r"^[ \t]*(```+|~~~+)[^\n]*\n.*?(?:^[ \t]*\1[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_BULLET = re.compile(r"\s*(?:[-*•]\s+|\d{1,2}[.)、]\s*(?=\D)|\(\d{1,2}\)\s+(?=[^\s=<>+*/^-]))")
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_WORD = re.compile(r"[A-Za-z]{2,}")
_MATHS_COMMANDS = frozenset(
    "frac dfrac tfrac cfrac partial sum prod int lim log ln exp sqrt sin cos tan nabla infty cdot times div pm mp "
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau "
    "upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega "
    "left right begin hat bar tilde vec dot mathbf mathrm mathbb mathcal boldsymbol operatorname overline "
    "le ge leq geq neq ne approx equiv propto sim in to quad qquad max min arg det top odot ell".split()
)


def read_text(builder: Builder, passage: Passage) -> None:
    """The blocks of a plain text into `builder`."""
    fences = [match.span() for match in _FENCE.finditer(passage.text)]
    passage = passage.without(fences) if fences else passage
    builder.paragraph()
    at = 0
    for found in scan(passage.text, TEXT):
        _prose(builder, passage, at, found.start)
        inner = passage.cut(*found.inner)
        if found.kind == "comment":
            builder.comment(inner)
        elif found.kind == "display" or found.kind == "inline":
            builder.formula(inner, found.kind, found.problem, passage.cut(found.start, found.end))
        at = found.end
    _prose(builder, passage, at, len(passage.text))


def _prose(builder: Builder, passage: Passage, start: int, end: int) -> None:
    """The lines, or parts of lines, from `start` to `end`."""
    text = passage.text
    while start <= end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        whole = (start == 0 or text[start - 1] == "\n") and (stop == len(text) or text[stop] == "\n")
        _line(builder, passage.cut(start, stop), whole, start == 0 or text[start - 1] == "\n")
        if stop == end:
            return
        if not _goes_on(text, stop):
            builder.paragraph()
        start = stop + 1


def _line(builder: Builder, line: Passage, whole: bool, begins: bool) -> None:
    if whole and is_bare(line.text):
        builder.formula(line.strip(), "bare")
        return
    bullet = _BULLET.match(line.text) if begins else None
    if bullet:
        line = line.cut(bullet.end(), len(line.text))
    if whole and is_whole(line.text):
        builder.formula(line.strip(), "plain")
        return
    at = 0
    for low, high in extract(line.text):
        builder.prose(line.cut(at, low))
        builder.formula(line.cut(low, high), "plain")
        at = high
    builder.prose(line.cut(at, len(line.text)))


def is_bare(line: str) -> bool:
    r"""Whether a line is a formula in LaTeX without delimiters: it has a command, and no words side by side.

    >>> is_bare(r"W^{+} = W-\eta \frac{\partial Loss}{\partial W}"), is_bare(r"the rate \eta is a number")
    (True, False)
    """
    commands = _COMMAND.findall(line)
    if not _MATHS_COMMANDS.intersection(commands) or re.search(r"[\u3040-\u9fff]|\w:[\\/]|://", line):
        return False
    words = _COMMAND.sub(" \\\\ ", re.sub(r"\\(?:text|mathrm|operatorname|begin|end)\*?\{[^{}]*\}", " \\\\ ", line))
    return not re.search(r"(?<![{A-Za-z_^])[A-Za-z]{2,}[ ,]+[A-Za-z]{2,}", words) and _outside(words)


def _outside(words: str) -> bool:
    """Whether a command is in first place, or there is a relation: a lone ``\\log`` in a sentence is no formula."""
    return words.lstrip().startswith("\\") or bool(re.search(r"[=<>]", words)) or not _WORD.search(words)


def _goes_on(text: str, newline: int) -> bool:
    """Whether the line behind `newline` goes on with the sentence: hard-wrapped text of an alphabetic script."""
    before = text[text.rfind("\n", 0, newline) + 1 : newline].rstrip()
    after = text[newline + 1 : newline + 3].lstrip()
    wide = 40 <= len(before) <= 120 and before.isascii()
    return wide and not before.endswith((".", ":", ";", "!", "?")) and bool(re.match(r"[a-z$]|\\\(", after))
