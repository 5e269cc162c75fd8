"""Bytes to text: UTF-8 first, byte order marks, and else what a detector is sure of.

A wrong guess would change the words around the formulas, and with them what is assumed. So another encoding is only
taken where the detector prefers it clearly to everything that gives a different text.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from derive.documents.parts.document import DocumentError

# The mark of UTF-32 (little end first) begins with that of UTF-16, so it is tried before.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ENOUGH = 0.05  # confidence: pages of prose in Latin letters have 0.09, one foreign word has 0.02
_CLEAR = 1.25  # the times by which it must be above that of the next different text
_REMEDY = "save it as UTF-8"


@dataclass(frozen=True)
class Decoded:
    """A text, and the name of the encoding where it is not UTF-8 and no mark said so."""

    text: str
    guessed: str = ""


def decode(data: bytes, name: str) -> Decoded:
    """The text that `data`, the content of the document `name`, stands for.

    Raises:
        DocumentError: if it is no text, or its encoding is not certain.
    """
    encoding = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "")
    try:
        return Decoded(_text(data.decode(encoding or "utf-8"), name))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = f"not {(encoding or 'utf-8').removesuffix('-sig').upper()} text (line {line})"
        if encoding:
            raise DocumentError(f"{name}: cannot be read: {problem}") from error
    except DocumentError:  # UTF-16 without a mark is valid UTF-8 as long as all letters are of ASCII
        found = _guesses(data)
        if not (found and found[0][0].startswith("utf-")):
            raise
        problem = ""
    return _detected(data, name, problem)


def _text(text: str, name: str) -> str:
    if "\0" in text:
        raise DocumentError(f"{name}: cannot be read: a binary file")
    return text


def _detected(data: bytes, name: str, problem: str) -> Decoded:
    guesses = _guesses(data)
    texts = [(encoding, confidence, text) for encoding, confidence in guesses if (text := _decoded(data, encoding)) is not None]
    if not texts:
        raise DocumentError(f"{name}: cannot be read: {problem}, and in no known encoding; {_REMEDY}")
    best, confidence, text = texts[0]
    others = [each for each in texts[1:] if each[2] != text]
    if confidence < _ENOUGH or (others and confidence < _CLEAR * others[0][1]):
        names = " or ".join([best, *(each[0] for each in others[:1])])
        raise DocumentError(
            f"{name}: cannot be read: {problem}, and its encoding is not certain (perhaps {names}); {_REMEDY}, "
            f"as with: iconv -f {best} -t UTF-8"
        )
    return Decoded(_text(text, name), best)


def _guesses(data: bytes) -> list[tuple[str, float]]:
    """Encodings with the detector's confidence, the best first."""
    import chardet
    from chardet import EncodingEra

    era = EncodingEra.MODERN_WEB | EncodingEra.LEGACY_ISO
    found = chardet.detect_all(data, ignore_threshold=True, encoding_era=era)
    return [(str(each["encoding"]), float(each["confidence"])) for each in found if each["encoding"]]


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
