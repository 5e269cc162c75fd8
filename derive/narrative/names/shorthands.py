r"""Commands that a document uses and nowhere defines, where custom has one meaning for them: ``\Vx`` is x in bold type.

The chapters of a book take such commands from a file of their own. That they mean what they usually do is a choice.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from derive.documents import Formula, Macro
from derive.latex.tokens.macros import expanded as pieces
from derive.latex.tokens.vocabulary import ACCENTS, FUNCTIONS, LETTERS, NOT_READ, SAME, SWITCHES

_SMALL, _CAPITAL, _ANY = "small", "capital", "any"

PREFIXES = {
    "V": ("\\mathbf", _ANY),
    "M": ("\\mathbf", _ANY),
    "v": ("\\mathbf", _SMALL),
    "m": ("\\mathbf", _CAPITAL),
    "bf": ("\\mathbf", _ANY),
    "b": ("\\mathbf", _ANY),
    "bs": ("\\mathbf", _ANY),
    "RV": ("\\mathbf", _ANY),
    "Set": ("\\mathbb", _CAPITAL),
    "Cal": ("\\mathcal", _CAPITAL),
    "cal": ("\\mathcal", _CAPITAL),
    "c": ("\\mathcal", _CAPITAL),
    "S": ("", _ANY),
    "RS": ("", _ANY),
}
"""What stands before a letter's name in such a command, the type that it sets the letter in, and which letters it is for."""
WHOLE = {"Tsp": "\\top", "trans": "\\top", "tran": "\\top", "transpose": "\\top", "RR": "\\mathbb{R}", "EE": "\\mathbb{E}"}
_NONE = frozenset("\\" + name for name in ("mp", "bm", "be", "ee", "bs", "cS", "SI", "Sp"))
"""Commands of that form that mean something else."""
_KNOWN = ACCENTS | FUNCTIONS | LETTERS | NOT_READ.keys() | SAME.keys() | SWITCHES.keys() | _NONE


def shorthands(formulas: Iterable[Formula], own: Iterable[str]) -> tuple[Macro, ...]:
    """The customary commands that `formulas` use without an argument, but for those that the document defines, `own`."""
    used: dict[str, bool] = {}
    for formula in formulas:
        written = [piece for piece in pieces(formula.latex, {}) if not piece.text.isspace()]
        for piece, following in pairwise([*written, None]):
            if piece is not None and piece.is_word:
                argument = following is not None and following.text == "{"
                used[piece.text[1:]] = used.get(piece.text[1:], False) or argument
    known = set(own)
    bodies = ((name, _body(name)) for name, argument in used.items() if not argument and name not in known)
    return tuple(Macro(name, 0, body, 0) for name, body in bodies if body)


def names_of(macros: Iterable[Macro]) -> dict[str, str]:
    r"""The names that the commands set in some type, without it, and the command: x of ``\Vx``."""
    return {_letter(macro.name): f"\\{macro.name}" for macro in macros if macro.name not in WHOLE}


def _body(name: str) -> str:
    if f"\\{name}" in _KNOWN:
        return ""
    letter = _letter(name)
    accent = PREFIXES[_prefix(name)][0] if letter else ""
    return WHOLE.get(name, f"{accent}{{{letter}}}" if letter else "")


def _letter(name: str) -> str:
    """The letter, or the command of a Greek one, that a command sets in some type; "" for any other command."""
    prefix = _prefix(name)
    rest = name[len(prefix) :]
    return "" if not prefix else rest if len(rest) == 1 else f"\\{rest}"


def _prefix(name: str) -> str:
    return next((prefix for prefix in sorted(PREFIXES, key=len, reverse=True) if _fits(name, prefix)), "")


def _fits(name: str, prefix: str) -> bool:
    rest = name.removeprefix(prefix)
    which = PREFIXES[prefix][1]
    letter = len(rest) == 1 or f"\\{rest}" in LETTERS
    return rest != name and letter and which in (_ANY, _CAPITAL if rest[0].isupper() else _SMALL)
