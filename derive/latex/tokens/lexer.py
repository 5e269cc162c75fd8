r"""LaTeX mathematics cut into tokens; spacing, sizes, labels and comments fall away.

``\left(`` is one opening token, ``\text{..}`` one token of text, a run of CJK characters one token of words;
relations have one spelling (``\leqslant`` and ``≤`` are ``<=``). No macro is expanded and no file is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from derive.latex.tokens.errors import Unread, UnreadPart
from derive.latex.tokens.vocabulary import (
    CLOSING,
    COLUMNED,
    CROSSED,
    FUNCTIONS,
    IGNORED,
    IGNORED_WITH_GROUP,
    OPENING,
    RELATIONS,
    ROMAN,
    SAME,
    SIZES,
    SUPERSCRIPTS,
    SWITCHES,
    TEXT,
    UNICODE,
    WIDTHS,
)
from derive.terms.reasons import Why, because

MAX_CHARACTERS = 20_000


@dataclass(frozen=True)
class Token:
    """`kind` is one of number, letter, command, op, relation, open, close, lbrace, rbrace, sub, sup, row, amp, gap,
    comma, words, text, roman, begin, end, prime, strange, switch, stop; `text` is in one spelling; `start` and `end` are
    offsets."""

    kind: str
    text: str
    start: int
    end: int


_NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_GROUPED = re.compile(
    r"(?<![\d.])[1-9]\d{0,2}(?:(?:(?:\{,\}|\\,|~|\\thinspace )\d{3})+|(?:,\d{3}){2,}|,000)(?![\d,])(?:\.\d+)?"
)
_PERCENT = re.compile(r"(?:\s|\\,|~)*\\%")
_COMMAND = re.compile(r"\\(?:[A-Za-z]+\*?|.)", re.DOTALL)
_WORDS = re.compile(r"[\u2e80-\u2fdf\u3005-\u303b\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff①-⑳]+")
_JOINED = re.compile(r"[A-Za-z]+(?:\\_[A-Za-z0-9]+)+")
_SPACE = re.compile(r"\s+")
_GROUP = re.compile(r"\s*\{")
_DELIMITER = re.compile(r"\s*(\\[A-Za-z]+|\\[{}|]|[()\[\]|./<>])")
_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9 -]*")
_RELATION = re.compile(r": ?=|!=|<=|>=|==|[=<>]")
_THIN = re.compile(r"(?:\\[,:;>]\s*){2,}")
_THIN_WIDTHS = {",": 3, ":": 4, ">": 4, ";": 5}
_WIDTH = re.compile(rf"\s*(\d*\.?\d+)\s*({'|'.join(WIDTHS)})\s*")
_UNWORDED = re.compile(r"(?=\D*\d)(?:[\d\s.+\-*/()]|(?<![A-Za-z])[A-Za-z](?![A-Za-z]))+")
"""What stands in ``\\text{..}`` and is no word: numbers, and with them signs and letters alone."""
_CONDITIONED = re.compile(
    r"(\s*[A-Za-z]{2,}[\s~]+)((?:[<>=]|\\[gl]eq?\b|\\neq?\b|[\d\s.+\-*/()]|(?<![A-Za-z\\])[A-Za-z](?![A-Za-z]))+)"
)
"""A word, and a relation of numbers and single letters behind it, as in ``\\text{if x > 0}``."""
_LONE_SIGN = re.compile(r"\s*(?:[<>=]|\\[a-z]+)\s*")
_PRIME = "'′’"
_PUNCTUATION = {
    ",": "comma",
    "，": "comma",
    ";": "comma",
    "；": "comma",
    "、": "comma",
    "。": "comma",
    "&": "amp",
    "_": "sub",
    "^": "sup",
    "{": "lbrace",
    "}": "rbrace",
    "(": "open",
    "[": "open",
    ")": "close",
    "]": "close",
    "（": "open",
    "）": "close",
}
_SAME_CHARACTER = {"（": "(", "）": ")", "，": ",", "；": ";"}


def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of `text`, without a final mark; raises :class:`Unread` for what is no LaTeX mathematics.

    >>> [token.text for token in tokens(r"a_i \\leqslant 0.5")]
    ['a', '_', 'i', '<=', '0.5']
    """
    found, problem = lexed(text)
    if problem is not None:
        raise Unread(problem.reason, problem.start, problem.end, problem.expected)
    return found


def lexed(text: str) -> tuple[tuple[Token, ...], UnreadPart | None]:
    """The tokens of `text`, and the first thing that is no LaTeX mathematics, behind which they go on."""
    if len(text) > MAX_CHARACTERS:
        return (), UnreadPart(because(Why.FORMULA_TOO_LONG, most=MAX_CHARACTERS), 0, len(text))
    lexer = _Lexer(text)
    return _single_braces(lexer.run()), lexer.problem


def _single_braces(found: list[Token]) -> tuple[Token, ...]:
    """``{{x}}`` is ``{x}``: inner braces that hold everything between the outer ones fall away."""
    closing: dict[int, int] = {}
    opened: list[int] = []
    for position, token in enumerate(found):
        if token.kind == "lbrace":
            opened.append(position)
        elif token.kind == "rbrace" and opened:
            closing[opened.pop()] = position
    dropped: set[int] = set()
    for start, end in closing.items():
        if closing.get(start + 1) == end - 1:
            dropped |= {start + 1, end - 1}
    return tuple(token for position, token in enumerate(found) if position not in dropped)


def is_wide(width: str) -> bool:
    """Whether a length sets formulas apart as ``\\quad`` does: ``1in``, ``2em``."""
    found = _WIDTH.fullmatch(width)
    return found is not None and float(found.group(1)) >= WIDTHS[found.group(2)]


def thin_width(spaces: str) -> float:
    r"""The width of thin spaces in em: six of ``\,`` set two formulas apart as ``\quad`` does."""
    return sum(_THIN_WIDTHS[mark] for mark in spaces if mark in _THIN_WIDTHS) / 18


class _Lexer:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: list[Token] = []
        self.problem: UnreadPart | None = None

    def run(self) -> list[Token]:
        while self.at < len(self.text):
            begin = self.at
            try:
                self.step()
            except Unread as error:
                self.problem = self.problem or error.part
                name = _COMMAND.match(self.text, begin)
                end = max(name.end() if name else 0, begin + 1)
                self.emit("strange", self.text[begin:end], begin, end)
        return self.found

    def emit(self, kind: str, text: str, start: int, end: int) -> None:
        self.found.append(Token(kind, text, start, end))
        self.at = end

    def step(self) -> None:
        text, at = self.text, self.at
        character = text[at]
        if space := _SPACE.match(text, at):
            self.at = space.end()
        elif character == "%":
            newline = text.find("\n", at)
            self.at = len(text) if newline < 0 else newline
        elif character == "\\":
            self.command()
        elif number := _GROUPED.match(text, at) or _NUMBER.match(text, at):
            self.number("".join(re.findall(r"[\d.]", number.group())), at, number.end())
        elif relation := _RELATION.match(text, at):
            self.emit("relation", {"==": "=", ": =": ":="}.get(relation.group(), relation.group()), at, relation.end())
        elif text.startswith("...", at):
            self.emit("command", "\\dots", at, at + 3)
        elif text.startswith("..", at):
            self.emit("op", "..", at, at + 2)
        elif joined := _JOINED.match(text, at):  # batch\_size
            self.emit("roman", joined.group(), at, joined.end())
        elif character.isascii() and character.isalpha():
            self.emit("letter", character, at, at + 1)
        elif character in _PUNCTUATION:
            self.emit(_PUNCTUATION[character], _SAME_CHARACTER.get(character, character), at, at + 1)
        elif character in _PRIME:
            self.emit("prime", "'", at, at + 1)
        elif words := _WORDS.match(text, at):
            self.emit("words", words.group(), at, words.end())
        elif character in SUPERSCRIPTS:
            self.superscript()
        elif character in UNICODE:
            kind, spelling = UNICODE[character]
            self.emit(kind, spelling, at, at + 1)
        elif character in "+-*/|!?:.":
            self.emit("op", character, at, at + 1)
        elif character in "~$\u200b\ufeff\u00a0":
            self.at += 1
        elif character in "：":
            self.emit("op", ":", at, at + 1)
        elif character in "？":
            self.emit("op", "?", at, at + 1)
        else:
            raise Unread(because(Why.UNREAD_CHARACTER, character=repr(character)), at, at + 1)

    def superscript(self) -> None:
        """``x²``: the digits that stand above."""
        start, end = self.at, self.at
        while end < len(self.text) and self.text[end] in SUPERSCRIPTS:
            end += 1
        digits = "".join(SUPERSCRIPTS[character] for character in self.text[start:end])
        self.emit("sup", "^", start, start)
        self.emit("lbrace", "{", start, start)
        self.emit("number", digits, start, end)
        self.emit("rbrace", "}", end, end)

    def number(self, digits: str, start: int, end: int) -> None:
        r"""``60{,}000`` is one number, ``12.5\%`` is 0.125."""
        if percent := _PERCENT.match(self.text, end):
            whole, _, fraction = digits.partition(".")
            whole = whole.zfill(3)
            digits, end = f"{whole[:-2]}.{whole[-2:]}{fraction}", percent.end()
        self.emit("number", digits, start, end)

    def command(self) -> None:
        match = _COMMAND.match(self.text, self.at)
        if match is None:  # a lone backslash at the very end
            self.at += 1
            return
        name, start, end = match.group(), self.at, match.end()
        if name.endswith("*") and name[:-1] not in ("\\operatorname", "\\tag", "\\hspace"):
            name, end = name[:-1], end - 1
        name = SAME.get(name, name.rstrip("*"))
        if name in ("\\left", "\\right", "\\middle"):
            self.delimiter(name, start, end)
        elif (spaces := _THIN.match(self.text, start)) and thin_width(spaces.group()) >= 1:
            self.emit("gap", "\\quad", start, spaces.end())
        elif name in SIZES or name in IGNORED or not name[1:].strip():
            self.at = end
        elif name in SWITCHES:
            self.emit("switch", name, start, end)
        elif name in IGNORED_WITH_GROUP:
            width, self.at = self.group(end) if _GROUP.match(self.text, end) else ("", end)
            if name == "\\hspace" and is_wide(width):
                self.emit("gap", name, start, self.at)
        elif name == "\\\\":
            self.emit("row", name, start, self.row_end(end))
        elif name in ("\\quad", "\\qquad"):
            self.emit("gap", name, start, end)
        elif name in ("\\therefore", "\\because"):
            self.emit("words", name, start, end)
        elif name in ("\\begin", "\\end"):
            self.environment(name, start, end)
        elif name in TEXT:
            self.words(start, end)
        elif name in ROMAN:
            self.roman(start, end)
        elif name in ("\\stackrel", "\\overset"):
            self.stacked(name, start, end)
        elif name == "\\not":
            self.crossed(start, end)
        elif name in RELATIONS:
            self.emit("relation", RELATIONS[name], start, end)
        elif name in OPENING:
            self.emit("open", OPENING[name], start, end)
        elif name in CLOSING:
            self.emit("close", CLOSING[name], start, end)
        elif name in ("\\|", "\\Vert", "\\vert"):
            self.emit("op", "|" if name == "\\vert" else "\\|", start, end)
        else:
            self.emit("command", name, start, end)

    def row_end(self, end: int) -> int:
        skip = re.compile(r"\s*\[\s*-?[\d.]+\s*(?:pt|em|ex|mm|cm|in|px)\s*\]").match(self.text, end)
        return skip.end() if skip else end

    def delimiter(self, name: str, start: int, end: int) -> None:
        match = _DELIMITER.match(self.text, end)
        if match is None:
            raise Unread(because(Why.MISSING_DELIMITER, command=name), start, end, "a delimiter such as (")
        mark = match.group(1)
        mark = {"\\lbrace": "\\{", "\\rbrace": "\\}", "\\vert": "|", "\\Vert": "\\|"}.get(mark, mark)
        mark = OPENING.get(mark, CLOSING.get(mark, mark))
        kind = {"\\left": "open", "\\right": "close", "\\middle": "op"}[name]
        self.emit(kind, mark, start, match.end())

    def group(self, end: int) -> tuple[str, int]:
        """The raw text of the braces that start at `end`, or the one character there, and where it ends."""
        match = _GROUP.match(self.text, end)
        if match is None:
            space = _SPACE.match(self.text, end)
            at = space.end() if space else end
            return self.text[at : at + 1], at + 1
        depth, at = 1, match.end()
        while at < len(self.text):
            character = self.text[at]
            if character == "\\":
                at += 1
            elif character == "{":
                depth += 1
            elif character == "}":
                depth -= 1
                if depth == 0:
                    return self.text[match.end() : at], at + 1
            at += 1
        raise Unread(because(Why.OPEN_BRACE), match.end() - 1, match.end(), "}")

    def environment(self, name: str, start: int, end: int) -> None:
        content, after = self.group(end)
        kind = name[1:]
        label = content.strip().rstrip("*")
        self.emit(kind, label, start, after)
        if kind == "begin" and label in COLUMNED:
            option = re.compile(r"\s*\[[^\[\]]*\]").match(self.text, after)
            column, after = self.group(option.end() if option else after)
            self.found[-1] = Token(kind, label, start, after)
            self.at = after
        elif kind == "begin":
            option = re.compile(r"\[[tbc]\]").match(self.text, after)
            self.at = option.end() if option else after

    def words(self, start: int, end: int) -> None:
        r"""``\text{if $i = j$}``: the words, and the mathematics between dollar signs with its places."""
        content, after = self.group(end)
        if "\\" + content.strip() in FUNCTIONS:
            self.emit("command", "\\" + content.strip(), start, after)
            return
        begin = self.text.index(content, end)
        signs = any(_LONE_SIGN.fullmatch(piece) for piece in content.split("$")[1::2])
        found = _CONDITIONED.fullmatch(content.replace("$", " ")) if signs or "$" not in content else None
        if found and re.search(r"[<>=]|\\[gln]e", found[2]):
            self.emit("text", found[1].strip(" ~\t\n"), start, begin + found.end(1))
            begin, content, start = begin + found.end(1), f"${found[2]}", begin + found.end(1)
            begin -= 1
        for position, piece in enumerate(content.split("$")):
            word = piece.strip(" ~\t\n")
            if position % 2 or _UNWORDED.fullmatch(piece):
                inside, problem = lexed(piece)
                for token in inside:
                    self.emit(token.kind, token.text, token.start + begin, token.end + begin)
                if problem is not None and self.problem is None:
                    self.problem = replace(problem, start=problem.start + begin, end=problem.end + begin)
            elif word or "$" not in content:
                self.emit("text", word, start if position == 0 else begin, begin + len(piece) if "$" in content else after)
            begin += len(piece) + 1
        self.at = after

    def roman(self, start: int, end: int) -> None:
        if not _GROUP.match(self.text, end) and not re.compile(r"\s*[A-Za-z]").match(self.text, end):
            self.at = end
            return
        content, after = self.group(end)
        content = content.replace("\\,", "").replace("\\ ", "").strip()
        if "\\" + content.lower() in FUNCTIONS and len(content) > 1:
            self.emit("command", "\\" + content.lower(), start, after)
        elif content in ("e", "i", "d") or _PLAIN_NAME.fullmatch(content):
            self.emit("roman", content, start, after)
        elif _WORDS.search(content):
            self.emit("text", content, start, after)
        else:  # the style of a larger part, as in \mathrm{\hat y}
            self.at = end

    def stacked(self, name: str, start: int, end: int) -> None:
        above, middle = self.group(end)
        if not above.replace("\\,", "").replace("\\ ", "").strip():  # space alone: \overset{\,}{y} is y
            self.at = middle
            return
        inner, after = self.group(middle)
        inside = tokens(inner)
        if len(inside) != 1 or inside[0].kind != "relation":
            raise Unread(because(Why.AROUND_RELATION, command=name), start, after)
        defining = "def" in above or "triangle" in above or "\\Delta" in above
        self.emit("relation", ":=" if defining and inside[0].text == "=" else inside[0].text, start, after)

    def crossed(self, start: int, end: int) -> None:
        following = re.compile(r"\s*(=|<|>|\\[A-Za-z]+)").match(self.text, end)
        if following is None or following.group(1) not in CROSSED:
            raise Unread(because(Why.LONE_NOT), start, end)
        self.emit("relation", CROSSED[following.group(1)], start, following.end())
