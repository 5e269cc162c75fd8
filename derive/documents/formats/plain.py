r"""ASCII mathematics in the prose of a text file: ``a4 = e^z4/(e^z4+e^z5)``, ``y=[0,0,1]``, ``-log(0.6) < -log(0.3)``.

A grammar decides, not a heuristic score: what is taken is the longest chain ``side relation side …`` in which each side
is an expression, beginning at the leftmost place where one can begin. Two words with a space between them are no
product, so a chain ends where English begins; a chain whose end would cut a formula in two is not taken at all.

expression:  sign* factor ((operator sign*)? factor)*
factor:      number, name, call, or a group ``(…)`` ``[…]`` ``{…}`` ``|…|``, then primes, subscripts, ``!``

What is not a claim although it has the shape: case headers (`若 k = j`), ranges (`i = 1, 2, …, n`), keyword arguments,
code, URLs, dates, sums of money, version requirements, tags, arrows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from derive.terms.elementary import BY_WORD

_MASKED = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]{1,15}://\S+|www\.\S+|[A-Za-z0-9._+-]{1,64}@\S+|`[^`\n]*`"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}:\d{2}(?::\d{2})?"
    r"|[$¥€£]\s?\d[\d.,]*|(?<!\d)\d+(?:\.\d+){2,}|<[/!A-Za-z][^<>=]*(?:=\s*[\"'][^<>]*)?>"
)
_CODE_LINE = re.compile(
    r"\s*(?:import |from \w+ import|def |class |return |print\(|for .*:\s*$|while .*:\s*$|elif |"
    r"#include|pip |>>>|\$ |sudo |"
    r"(?:int|float|double|var|let|const|auto)\s+\w+\s*=.*;)|.*[;{]\s*$|.*\+\+;?\s*$"
)
_TOKEN = re.compile(
    r"(?P<arrow><?[-=]{1,2}>|<--?(?=\s)|<->|-{2,}|={3,}|>{2,}|<{2,})"
    r"|(?P<relation><=|>=|!=|==|[=<>≤≥≠])"
    r"|(?P<number>\d+(?:\.\d+)?(?![\d.]*\.\d))"
    r"|(?P<dotted>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)+)"
    r"|(?P<name>[A-Za-z\u0391-\u03c9][A-Za-z0-9\u0391-\u03c9]*"
    r"(?:_(?:\{[^{}\n]{1,20}\}|[A-Za-z0-9\u0391-\u03c9]+))*(?:_(?![A-Za-z0-9]))?)"
    r"|(?P<operator>\*\*|[-+*/^·×−])"
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<bar>\|)|(?P<comma>,)|(?P<prime>'+)|(?P<bang>!)"
)
_SPOKEN_EQUALS = re.compile(r"(?<=[A-Za-z0-9)])(?:就是|等于|等於)(?=[A-Za-z0-9(])")  # as long as "= "
_FUNCTIONS = frozenset({*BY_WORD, "sqrt"})
_HEADER = re.compile(
    r"(?:\b(?:if|when|whenever|case|cases|for|while|unless|until|where|with|and|or|index|indices)\b"
    r"|若|如果|假如|当|當|情况|情形|情況|第.{1,3}[类類种種])\s*[:,(]?\s*$",
    re.IGNORECASE,
)
_DEFINING_HEADER = re.compile(r"\b(?:where|with|and)\s*$", re.IGNORECASE)
_UNITS = frozenset("px ms kg cm mm km GB MB KB Hz fps pt em".split())
_UNIT = re.compile(r"\s?(?:[%$¥€£元块円]|(?:" + "|".join(sorted(_UNITS)) + r")\b)")
_RANGE = re.compile(r"\s*,\s*(?:\d+\s*(?:,|\.\.|…)|\.\.|…|\d+\s*$)|\s*(?:\.\.|…|~)")
_OPERATORS = frozenset("max min lim sup inf argmax argmin sum prod det tr".split())
_SMALL_WORDS = frozenset("is of in to we if so at by or as be an on it no do go my he us am up vs eg ie ok qq".split())
_NO_FORMULA = re.compile(
    r"[\u3040-\u9fff`$#@\\;{}\"“”‘’%&~]|->|<-|=>|\.\.|…|\w\.\w*[A-Za-z]|\+\+|<\w+>|[A-Za-z_]\w*=[A-Za-z]{3,}"
)
_LABEL = re.compile(r"^\s*\(?[A-Za-z0-9]{1,2}[).:](?=\s)|(?<=\s)\([A-Za-z0-9.]{1,4}\)\s*$")
_DEPTH = 40
_NEAR = 200  # how many characters before and behind a chain say what it is


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int
    spaced: bool  # whether white space or a foreign character stands before it
    parted: bool  # whether a foreign character stands before it


def extract(text: str) -> tuple[tuple[int, int], ...]:
    """Where the chains of relations stand in `text`, which is one line or a part of one.

    >>> line = "所以-log(0.6) < -log(0.3), 若 k = j"
    >>> [line[start:end] for start, end in extract(line)]
    ['-log(0.6) < -log(0.3)']
    """
    text = _SPOKEN_EQUALS.sub("= ", text)
    if not re.search(r"[=<>≤≥≠]", text) or _CODE_LINE.match(text):
        return ()
    masked = _MASKED.sub(lambda match: "\0" * len(match.group()), text)
    tokens = _tokens(masked)
    parser = _Parser(tokens)
    spans: list[tuple[int, int]] = []
    index = 0
    while index < len(tokens):
        end, relations = parser.chain(index)
        if relations and _is_claim(masked, tokens, index, end):
            spans.append((tokens[index].start, tokens[end - 1].end))
        index = max(end, index + 1)
    return tuple(spans)


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    for match in _TOKEN.finditer(text):
        between = text[at : match.start()]
        kind = match.lastgroup or ""
        tokens.append(_Token(kind, match.group(), match.start(), match.end(), bool(between), bool(between.strip())))
        at = match.end()
    return tokens


class _Parser:
    """The grammar. Each method returns one behind the last token that it takes, or None; groups are read only once."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._groups: dict[int, int | None] = {}

    def chain(self, index: int) -> tuple[int, int]:
        """The end of ``side (relation side)*`` from `index` on, and the number of relations; `index` if none begins."""
        end = self._expression(index, 0)
        relations = 0
        while end is not None and self._at(end, "relation"):
            side = self._expression(end + 1, 0) if self._joined(end + 1) else None
            if side is None:
                break
            end, relations = side, relations + 1
        return (index if end is None else end), relations

    def _at(self, index: int, *kinds: str) -> bool:
        """Whether a token of these kinds follows, with nothing foreign before it."""
        return self._joined(index) and self._tokens[index].kind in kinds

    def _joined(self, index: int) -> bool:
        return index < len(self._tokens) and not self._tokens[index].parted

    def _expression(self, index: int, depth: int) -> int | None:
        end = self._signed(index, depth)
        while end is not None and self._joined(end):
            token = self._tokens[end]
            if token.kind == "operator":
                after = self._signed(end + 1, depth) if self._joined(end + 1) else None
            elif not token.spaced or self._is_juxtaposed(end):
                after = self._factor(end, depth)
            else:
                after = None
            if after is None:
                break
            end = after
        return end

    def _signed(self, index: int, depth: int) -> int | None:
        while index < len(self._tokens) and self._tokens[index].text in ("-", "+", "−"):
            index += 1
            if not self._joined(index):
                return None
        return self._factor(index, depth)

    def _is_juxtaposed(self, index: int) -> bool:
        """Whether the token, behind a space, is a factor and not a word: ``log p``, ``m x``, but not ``is L``."""
        token, before = self._tokens[index], self._tokens[index - 1]
        if before.text in _FUNCTIONS:
            return token.kind in ("name", "number", "open")
        if token.kind != "name" or before.kind not in ("name", "number", "close") or not _is_short(before):
            return False
        following = self._tokens[index + 1] if index + 1 < len(self._tokens) else None
        if token.text in ("a", "I") and following is not None and following.kind == "name":
            return False
        return _is_short(token) or token.text in _FUNCTIONS

    def _factor(self, index: int, depth: int) -> int | None:
        if index >= len(self._tokens) or depth > _DEPTH:
            return None
        kind = self._tokens[index].kind
        end: int | None = None
        if kind in ("number", "name"):
            end = index + 1
        elif kind == "open":
            end = self._group(index, depth)
        elif kind == "bar":
            inner = self._expression(index + 1, depth + 1)
            end = inner + 1 if inner is not None and self._at(inner, "bar") else None
        while end is not None and end < len(self._tokens) and not self._tokens[end].spaced:
            token, before = self._tokens[end], self._tokens[end - 1]
            if token.kind in ("prime", "bang"):
                end += 1
            elif token.text in ("(", "[") and before.kind in ("name", "prime"):
                group = self._group(end, depth)
                if group is None:
                    break
                end = group
            else:
                break
        return end

    def _group(self, index: int, depth: int) -> int | None:
        """A bracketed list of expressions; ``P(a|b)`` has a bar for a comma, ``[0, 1)`` is a half-open interval."""
        if index not in self._groups:
            self._groups[index] = self._bracketed(index, depth)
        return self._groups[index]

    def _bracketed(self, index: int, depth: int) -> int | None:
        closers = ("}",) if self._tokens[index].text == "{" else (")", "]")
        end = index + 1
        while True:
            inner = self._expression(end, depth + 1)
            if inner is None or not self._joined(inner):
                return None
            if self._tokens[inner].kind in ("comma", "bar"):
                end = inner + 1
            else:
                return inner + 1 if self._tokens[inner].text in closers else None


def _is_short(token: _Token) -> bool:
    """Whether it is a symbol rather than a word: a number, a bracket, one letter, or a name with an index."""
    return token.kind != "name" or len(token.text) == 1 or bool(re.search(r"[\d_]", token.text))


def _is_claim(text: str, tokens: list[_Token], first: int, end: int) -> bool:
    """Whether the chain ``tokens[first:end]`` is a claim, and whole."""
    start, stop = tokens[first].start, tokens[end - 1].end
    chain = tokens[first:end]
    before, after = text[max(0, start - _NEAR) : start], text[stop : stop + _NEAR]
    header = _HEADER.search(before)
    if header and not _DEFINING_HEADER.search(before):
        return False
    if _inside_call(before) or before.endswith(("\0", "-", "--", "#", "\\", ".", "%")):
        return False
    if after.startswith(("\0", "\\")) or _UNIT.match(after) or _RANGE.match(after):
        return False
    if chain[-1].text in _UNITS and chain[-2].kind == "number":
        return False
    if first > 0 and not chain[0].parted and _goes_before(tokens[first - 1]):
        return False
    if end < len(tokens) and not tokens[end].parted and not _ends_before(tokens, end):
        return False
    return not _is_setting(chain) and not re.search(r"\w<\w+>", text[start : stop + 1])


def _goes_before(token: _Token) -> bool:
    """Whether a formula that goes on behind `token` would be cut in two: ``d/dx x = x`` begins with d."""
    if token.kind == "name":
        return token.text in _OPERATORS or len(token.text) == 2 and token.text[0] == "d"
    return token.kind in ("number", "bar", "prime", "bang")


def whole(line: str) -> bool:
    """Whether all of a line is mathematics, so that no part of it may be taken or left alone.

    >>> whole("d/dx x = x"), whole("so x = 1"), whole("(2) x = 1")
    (True, False, False)
    """
    if not re.search(r"[=<>≤≥≠]", line) or _CODE_LINE.match(line) or _MASKED.search(line) or _NO_FORMULA.search(line):
        return False
    words = re.findall(r"[^\W\d_]{2,}", line)
    if any(len(word) > 2 and word not in _FUNCTIONS | _OPERATORS | _UNITS or word.lower() in _SMALL_WORDS for word in words):
        return False
    rest = line
    for start, end in reversed(extract(line)):
        rest = rest[:start] + rest[end:]
    return bool(_LABEL.sub("", rest).strip(" \t,;.，；。"))


def _ends_before(tokens: list[_Token], end: int) -> bool:
    """Whether a formula may end before ``tokens[end]``, or would be cut in two there."""
    token, last = tokens[end], tokens[end - 1]
    if token.kind in ("arrow", "dotted", "bang"):
        return token.kind == "dotted" and token.spaced
    if token.kind in ("operator", "relation"):
        # A dash or a bold mark in prose has a foreign word behind it.
        return end + 1 < len(tokens) and tokens[end + 1].parted and (token.spaced or token.text == "**")
    if token.kind == "open" and not token.spaced:
        return last.kind in ("number", "close")
    if token.kind == "name" and token.spaced:
        return len(token.text) > 1 or token.text in ("a", "I") or last.kind == "number"
    return True


def _inside_call(before: str) -> bool:
    """Whether a bracket that belongs to a name is open: ``f(x, axis=1)``."""
    depth = 0
    for at in range(len(before) - 1, -1, -1):
        if before[at] == ")":
            depth += 1
        elif before[at] == "(":
            if depth == 0:
                return at > 0 and (before[at - 1].isascii() and (before[at - 1].isalnum() or before[at - 1] == "_"))
            depth -= 1
    return False


def _is_setting(chain: list[_Token]) -> bool:
    """Whether it only sets a long word to a word or a long number, or asks for a version."""
    if len(chain) != 3:
        return False
    left, relation, right = chain
    if right.kind == "number" and len(right.text) >= 7 and "." not in right.text:
        return True
    if left.kind != "name" or len(left.text) < 3 or "_" in left.text:
        return False
    is_word = right.kind == "name" and len(right.text) >= 3 and right.text.isalpha()
    return (left.text.isalpha() and is_word) or (relation.text in (">=", "==", "<=", "!=") and not relation.spaced)
