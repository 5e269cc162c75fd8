r"""How names are spelled: the letter, word or LaTeX fragment by which a document calls a quantity.

A name is safe if it is built from letters, known commands and subscripts or superscripts of these
(``net``, ``eta``, ``\hat{y}``, ``W^{+}``); it is then written as mathematics. Every other name is quoted
inside ``\text{}`` with its special characters escaped: a name never brings a command of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from derive.latex.tokens.vocabulary import LETTERS, UNICODE

GREEK = frozenset(command[1:] for command in LETTERS)

_MARKS = ("prime", "ast", "star", "dagger", "ddagger", "top", "circ", "pm", "cdot")
_SHORT = {command: chr(0xE000 + place) for place, command in enumerate([*sorted(GREEK), *_MARKS])}
"""Each command of a letter or mark as one private character, so that the pattern of a name is short."""
_LONG = {ord(short): f"\\{command}" for command, short in _SHORT.items()}
_WHOLE = re.compile(r"\A\\Delta|\\[A-Za-z]+")

_LETTERS = "".join(_SHORT[command] for command in sorted(GREEK))
_FONTS = "mathrm|mathbf|mathit|mathsf|mathcal|mathbb|mathfrak|mathscr|boldsymbol|bm|text|textrm|textbf|operatorname"
_ACCENTS = "hat|bar|tilde|vec|dot|ddot|overline|underline|widehat|widetilde|check|breve"

_COMMAND = f"[{''.join(_SHORT.values())}]"
_LETTER = f"[A-Za-z{_LETTERS}]"
_PLAIN = r"[^\W_](?:[^\W_]|[ .\-])*"
_STYLED = rf"\\(?:{_FONTS})\{{(?:{_PLAIN}|{_LETTER})\}}"
_UNDER = rf"(?:[A-Za-z][A-Za-z0-9]*|{_LETTER}|{_STYLED})(?:_\{{\\text\{{{_PLAIN}\}}\}})?"
_ACCENTED = rf"\\(?:{_ACCENTS})(?:\{{{_UNDER}\}}|[ ]?{_LETTER})"
_STYLED_ACCENT = rf"\\(?:{_FONTS})\{{{_ACCENTED}\}}"
_FRAGMENT = rf"(?:{_STYLED}|{_ACCENTED}|{_STYLED_ACCENT})"
_ATOM = rf"(?:{_LETTER}|{_FRAGMENT})"
_INSIDE = rf"(?:[A-Za-z0-9+\-*,()=' ]|{_COMMAND}|{_FRAGMENT})+"
_MARK = rf"(?:[A-Za-z0-9*+\-]|{_COMMAND}|\{{{_INSIDE}\}})"
_NAME = re.compile(
    rf"(?P<base>(?:{_SHORT['Delta']}[ ]?)?{_ATOM}|[A-Za-z][A-Za-z0-9]*)(?P<primes>'*)"
    rf"(?:_(?P<low>{_MARK}|[A-Za-z0-9]+))?(?:\^(?P<high>{_MARK}))?(?:_(?P<late>{_MARK}))?"
)

_SLOTS = ("\\cdot", "·")

_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "%": r"\%",
    "#": r"\#",
    "&": r"\&",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "`": r"\textasciigrave{}",
}

_VALUE = re.compile(r"(?P<head>[^()]{1,60})\((?P<arguments>[^()]{1,200})\)")
"""The entries of a function's value are a family whose name is the function at its arguments."""


@dataclass(frozen=True)
class Spelling:
    r"""A name taken apart into LaTeX fragments: base, subscript, superscript (empty where there is none).

    A superscript may have a slot, as in ``y^{(\cdot)}``: the last index of a member is written there.
    """

    base: str
    subscript: str = ""
    superscript: str = ""

    @property
    def decorated(self) -> bool:
        """Whether a power or a prime written right after the name could be taken for a part of it."""
        return bool(self.superscript) or self.base.endswith("'")

    def fill(self, positions: Sequence[str]) -> tuple[Spelling, tuple[str, ...]]:
        """The spelling of a member: the index that goes into the slot, and those that are left for the subscript."""
        slot = next((mark for mark in _SLOTS if mark in self.superscript), "")
        if not slot or not positions:
            return self, tuple(positions)
        return replace(self, superscript=self.superscript.replace(slot, positions[-1])), tuple(positions[:-1])


@lru_cache(maxsize=4096)
def spell(name: str) -> Spelling:
    r"""The LaTeX spelling of `name`.

    >>> spell("eta").base, spell("net").base, spell("100%").base
    ('\\eta', '\\mathrm{net}', '\\text{100\\%}')
    >>> spell("W^{+}")
    Spelling(base='W', subscript='', superscript='+')
    >>> spell(r"\sigma(\mathbf{z})").base
    '\\sigma(\\mathbf{z})'
    """
    value = _VALUE.fullmatch(name)
    if value is not None:
        arguments = ", ".join(spell(argument).base for argument in re.split(r"[,;]", value["arguments"]))
        return Spelling(f"{spell(value['head']).base}({arguments})")
    found = _parts(name)
    if found is None or (found["low"] and found["late"]):
        _, command = UNICODE.get(name, ("", ""))
        return Spelling(command if command in LETTERS else rf"\text{{{escape(name)}}}")
    low = found["low"] or found["late"]
    return Spelling(_word(found["base"]) + found["primes"], _inside(low), _inside(found["high"]))


def escape(text: str) -> str:
    r"""`text` for the inside of ``\text{}``: no command, brace or comment of its own, control characters by number.

    >>> escape(r"\input{x}")
    '\\textbackslash{}input\\{x\\}'
    """
    return "".join(_ESCAPES.get(character, character) for character in printable(text))


def printable(text: str) -> str:
    """`text` with what cannot be seen (control, direction and private characters) given by its number."""
    return "".join(c if c.isprintable() else f"(U+{ord(c):04X})" for c in text)


def plain(fragment: str) -> str:
    r"""A safe LaTeX fragment without its markup.

    >>> plain(r"\mathrm{net}"), plain(r"\eta"), plain(r"\hat{y}")
    ('net', 'eta', 'hat(y)')
    """
    text = re.sub(rf"\\(?:{_FONTS})\{{([^{{}}]*)\}}", r"\1", fragment)
    text = re.sub(r"([_^])\{([^{}]*)\}", r"\1\2", text)
    text = re.sub(rf"\\({_ACCENTS})(?:\{{([^{{}}]*)\}}|[ ]?([A-Za-z]))", r"\1(\2\3)", text)
    text = re.sub(rf"\\(?:{_FONTS})\{{([^{{}}]*)\}}", r"\1", text)
    return text.replace("\\prime", "'").replace("\\cdot", "·").replace("\\", "").replace("{", "").replace("}", "")


def plain_spelling(name: str) -> Spelling:
    """The spelling of `name` in plain text."""
    found = spell(name)
    if found.base.startswith(r"\text{") and _parts(name) is None:
        return Spelling(printable(name))
    return Spelling(plain(found.base), plain(found.subscript), plain(found.superscript))


def _parts(name: str) -> dict[str, str] | None:
    """The parts of a safe name, empty where it has none; None for any other."""
    if any(ord(character) in _LONG for character in name):
        return None
    found = _NAME.fullmatch(_WHOLE.sub(lambda command: _SHORT.get(command[0][1:], command[0]), name))
    return None if found is None else {part: (text or "").translate(_LONG) for part, text in found.groupdict().items()}


def _word(base: str) -> str:
    if base in GREEK:
        return "\\" + base
    if len(base) > 1 and base.isalnum():
        return rf"\mathrm{{{base}}}"
    return base


def _inside(mark: str) -> str:
    """The content of a subscript or superscript, a word of several letters set upright."""
    content = mark[1:-1] if mark.startswith("{") else mark
    return content if content.isdigit() else _word(content)
