"""Text from a document, made harmless for the place where it is printed."""

from __future__ import annotations

import re

# Controls (C0, DEL, C1), line and paragraph separators, marks that turn the direction of writing, halves of characters.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


def visible(text: str) -> str:
    r"""`text` with every control character written out, so that it cannot steer a terminal; line ends and tabs stay.

    >>> visible("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    return _UNSAFE.sub(lambda match: _code(ord(match.group())), text)


def one_line(text: str) -> str:
    r"""`text` on one line: white space becomes one space, control characters are written out.

    >>> one_line("a\n  = b")
    'a = b'
    """
    return visible(" ".join(text.split(None)) if text.isascii() else re.sub(r"[ \t\n\r\f\v]+", " ", text).strip())


def _code(number: int) -> str:
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"
