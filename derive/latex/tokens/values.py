r"""An entry of a function's value: ``\sigma(\mathbf z)_i`` and ``\text{softmax}(x, W)_i`` are entries of one family.

The name of the family is what is written up to the subscript, and it has a meaning only where the document defines it:
the entry of another argument is another family. An argument with a subscript of its own hides no index in a name.
"""

from __future__ import annotations

from collections.abc import Sequence

from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import kind
from derive.latex.tokens.vocabulary import ACCENTS, DOTS, LETTERS, UNREAD_FUNCTIONS


def values(row: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens with ``f(x)`` before a subscript as one name."""
    if not any(a.kind == "close" and b.kind == "sub" for a, b in zip(row, row[1:], strict=False)):
        return tuple(row)
    found: list[Token] = []
    at = 0
    while at < len(row):
        name, end = _value(row, at)
        if name:
            found.append(Token("roman", name, row[at].start, row[end - 1].end))
        else:
            end = _behind(row, at)
            found += row[at:end]
        at = end
    return tuple(found)


def _behind(row: Sequence[Token], at: int) -> int:
    """The position behind the letters that touch each other, or behind the one token."""
    end = at + 1
    while row[at].kind == kind(row, end) == "letter" and row[end].start == row[end - 1].end:
        end += 1
    return end


def _value(row: Sequence[Token], at: int) -> tuple[str, int]:
    """The name of the value that starts at `at` and the position of its subscript; "" if there is none.

    It may stand in square brackets, ``[f(x)]_i``.
    """
    bracketed = row[at].text == "[" and kind(row, at - 1) not in ("letter", "roman", "close") and at + 1 < len(row)
    name, end = _called(row, at + bracketed)
    if bracketed:
        end += 1
    closed = not bracketed or kind(row, end - 1) == "close"
    return (name, end) if name and closed and kind(row, end) == "sub" else ("", at)


def _called(row: Sequence[Token], at: int) -> tuple[str, int]:
    """The name of a function with its arguments and the position behind it; "" if there is none."""
    head, after = _name(row, at)
    if (
        not head
        or head in UNREAD_FUNCTIONS
        or kind(row, after) != "open"
        or row[after].text != "("
        or row[after].start != row[after - 1].end
    ):
        return "", at
    arguments, position = [], after + 1
    while True:
        argument, position = _name(row, position)
        if not argument:
            return "", at
        arguments.append(argument)
        if kind(row, position) == "close":
            break
        if kind(row, position) != "comma":
            return "", at
        arguments.append(row[position].text)
        position += 1
    return f"{head}({''.join(arguments)})", position + 1


def _name(row: Sequence[Token], at: int) -> tuple[str, int]:
    """A name without indices and the position behind it; "" if none starts here."""
    token = row[at] if at < len(row) else None
    if token is None:
        return "", at
    if token.kind == "letter":
        end = _behind(row, at)
        return ("", at) if end - at == 2 else ("".join(each.text for each in row[at:end]), end)
    if token.kind == "roman" or token.kind == "text" and token.text.isascii() and token.text.isalnum():
        return token.text, at + 1
    if token.kind != "command" or token.text in DOTS:
        return "", at
    if token.text in LETTERS:
        return token.text, at + 1
    if token.text not in ACCENTS:
        return "", at
    braced = kind(row, at + 1) == "lbrace"
    inner, end = _name(row, at + 2 if braced else at + 1)
    if not inner or braced and kind(row, end) != "rbrace":
        return "", at
    return f"{token.text}{{{inner}}}", end + braced
