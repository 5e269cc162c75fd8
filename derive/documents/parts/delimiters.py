r"""Where the formulas of a text begin and end: ``$…$``, ``$$…$$``, ``\(…\)``, ``\[…\]`` and environments.

The text is scanned once from left to right. A formula ends before a blank line, except that a display may have blank
lines as long as nothing behind them reads like prose. What opens and does not close is reported with the closing
delimiter that was expected, up to the next delimiter or the end of its paragraph, and the scan goes on behind it.

A single dollar sign may be a price. Where the dialect has prices, Pandoc's rule holds: no white space behind the
opening and before the closing dollar, and no digit behind the closing one. ``$ x = 1 $`` is taken as well when it
has the marks of mathematics, because a formula must not be dropped in silence.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import Literal

# Environments that are only delimiters, and those that also say how their rows are to be read.
_PLAIN_ENVIRONMENTS = ("equation", "displaymath", "math")
_ROW_ENVIRONMENTS = (
    "align",
    "alignat",
    "flalign",
    "gather",
    "multline",
    "eqnarray",
    "dmath",
    "dgroup",
    "xalignat",
    "xxalignat",
    "IEEEeqnarray",
    "IEEEeqnarraybox",
    "empheq",
    "numcases",
    "subnumcases",
    "darray",
)
FORMULAS = _PLAIN_ENVIRONMENTS + _ROW_ENVIRONMENTS
_NAMES = "|".join(FORMULAS)
_ENVIRONMENT = re.compile(rf"\\begin\s*\{{({_NAMES})(\*?)\}}")
_OPENER = re.compile(
    r"(?P<role>(?:\{math\}|:math:)`+(?!`))"
    r"|(?P<code>(?<!`)`+(?!`))"
    r"|(?P<comment><!--)"
    r"|(?P<environment>\\begin\s*\{(?:" + _NAMES + r")\*?\})"
    r"|(?P<doubled>\\\\[(\[])"
    r"|(?P<bracket>\\[(\[])"
    r"|(?P<escape>\\.)"
    r"|(?P<dollars>\$\$)"
    r"|(?P<dollar>\$)",
    re.DOTALL,
)
_BLANK = re.compile(r"\n[ \t]*(?=\n)")
_MARKS = re.compile(r"[\\_^=<>]")
_COMMENT_END = re.compile("-->")
_SIGNS = re.compile(r"[+*/|]| - ")
_SPOKEN = re.compile(r"[^$\\]*[^\W\d_]")
_WORD = re.compile(r"[A-Za-z]{2,}")
_PROSE_LINE = re.compile(
    r"^\s*(?:#|[-*+]\s|\d+[.)]\s|>)|[\u3040-\u9fff]"
    r"|(?<![\\{A-Za-z])[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}"
)
_BESIDE = 200  # how many characters of its line say whether a formula stands in a sentence
_REACH = 4000  # how many characters behind a blank line a display may close


@dataclass(frozen=True)
class Dialect:
    """What a format knows: code spans, HTML comments, prices in dollars, ``\\\\(`` for ``\\(``, single dollars, ``\\(``."""

    code: bool = True
    comments: bool = True
    prices: bool = True
    doubled: bool = True
    dollar: bool = True
    brackets: bool = True


MARKDOWN = Dialect()
TEXT = Dialect(doubled=False)
RESTRUCTURED = Dialect(comments=False, doubled=False, dollar=False, brackets=False)
TEX = Dialect(code=False, comments=False, prices=False, doubled=False)
HTML = Dialect(code=False, comments=False, dollar=False)
HTML_WITH_DOLLARS = Dialect(code=False, comments=False)


@dataclass(frozen=True)
class Found:
    """A formula or a comment (or a code span, in passing): `start` to `end` with delimiters, `inner` without."""

    start: int
    end: int
    inner: tuple[int, int]
    kind: Literal["display", "inline", "comment", "code"]
    problem: str = ""


def scan(text: str, dialect: Dialect) -> tuple[Found, ...]:
    r"""All formulas and comments of `text`, from left to right.

    >>> [text[slice(*found.inner)] for text in [r"so $a=b$, for $5 and $6"] for found in scan(text, MARKDOWN)]
    ['a=b']
    >>> scan(r"\[ a = b", TEX)[0].problem
    'unclosed formula: expected \\]'
    """
    return tuple(_Scan(text, dialect).run())


class _Scan:
    """One pass over one text; it remembers which closers are known to be missing, so that it stays linear."""

    def __init__(self, text: str, dialect: Dialect) -> None:
        self.text = text
        self.dialect = dialect
        self.blanks = [match.start() for match in _BLANK.finditer(text)]
        self.missing: set[tuple[str, int]] = set()

    def run(self) -> list[Found]:
        found: list[Found] = []
        at = 0
        while match := _OPENER.search(self.text, at):
            item = self._read(match)
            if item is None:
                at = match.end()
                continue
            is_formula = item.kind in ("display", "inline")
            if item.problem or item.kind == "comment" or (is_formula and self.text[slice(*item.inner)].strip()):
                found.append(item)
            at = max(item.end, match.end())
        return found

    def _read(self, match: re.Match[str]) -> Found | None:
        group, start, inner = match.lastgroup, match.start(), match.end()
        if group == "code" and self.dialect.code:
            close = self._find(re.compile(rf"(?<!`){match.group()}(?!`)"), match.group(), inner, self._limit(inner))
            return None if close is None else Found(start, close + len(match.group()), (inner, close), "code")
        if group == "role" and self.dialect.code:
            mark = "`" * match.group().count("`")
            close = self._find(re.compile(rf"(?<!`){mark}(?!`)"), mark, inner, self._limit(inner))
            return None if close is None else Found(start, close + len(mark), (inner, close), "inline")
        if group == "comment" and self.dialect.comments:
            close = self._find(_COMMENT_END, "-->", inner, len(self.text))
            return None if close is None else Found(start, close + 3, (inner, close), "comment")
        if group == "environment":
            return self._environment(start, inner)
        if group == "doubled" and self.dialect.doubled:
            closer = "\\\\" + (")" if match.group().endswith("(") else "]")
            close = self._find(re.compile(re.escape(closer)), closer, inner, self._limit(inner))
            if close is not None:
                kind: Literal["display", "inline"] = "inline" if closer.endswith(")") else "display"
                return Found(start, close + len(closer), (inner, close), kind)
            return None
        if group == "bracket" and self.dialect.brackets:
            return self._bracket(start, inner, match.group())
        if group == "dollars" and self.dialect.brackets:
            return self._display(start, inner, "$$", r"(\$\$)|\\.")
        if group == "dollar" and self.dialect.dollar:
            return self._dollar(start)
        return None

    def _environment(self, start: int, inner: int) -> Found | None:
        match = _ENVIRONMENT.match(self.text, start)
        if match is None:
            return None
        closer = f"\\end{{{match[1]}{match[2]}}}"
        name = re.escape(match[1] + match[2])
        found = self._display(start, inner, closer, rf"(\\end\s*\{{{name}\}})|\\\\")
        if found is None or found.problem or match[1] in _PLAIN_ENVIRONMENTS:
            return found
        return Found(found.start, found.end, (found.start, found.end), "display")

    def _bracket(self, start: int, inner: int, opener: str) -> Found | None:
        if opener == "\\[":
            found = self._display(start, inner, "\\]", r"(\\\])|\\.")
        else:
            limit = self._limit(inner)
            close = self._find(re.compile(r"(\\\))|\\.", re.DOTALL), "\\)", inner, limit)
            if close is not None:
                found = Found(start, close + 2, (inner, close), "inline")
            else:
                found = self._unclosed(start, inner, self._line_end(inner), "inline", "\\)")
        escapes = self.dialect.prices and self.dialect.code
        if found is not None and escapes and _reads_like_words(self.text[slice(*found.inner)]):
            return None  # Markdown's escaped brackets around words
        return found

    def _display(self, start: int, inner: int, closer: str, pattern: str) -> Found | None:
        compiled = re.compile(pattern, re.DOTALL)
        limit = self._limit(inner)
        close = self._find(compiled, closer, inner, limit)
        if close is None and limit < len(self.text):
            close = self._find(compiled, closer + " far", inner, min(limit + _REACH, len(self.text)))
            if close is not None and any(map(_PROSE_LINE.search, self.text[limit:close].split("\n"))):
                close = None
        if close is None:
            return self._unclosed(start, inner, limit, "display", closer)
        ending = compiled.match(self.text, close)
        end = ending.end() if ending else close + len(closer)
        within = closer == "$$" and self.dialect.code and self._in_a_line(start, inner, close, end)
        return Found(start, end, (inner, close), "inline" if within else "display")

    def _in_a_line(self, start: int, inner: int, close: int, end: int) -> bool:
        """Whether words follow, and others stand before it, in the line of ``$$i = j$$``, as kramdown has it."""
        line = self.text[end : end + _BESIDE].partition("\n")[0]
        before = self.text[max(0, start - _BESIDE) : start].rpartition("\n")[2]
        return "\n" not in self.text[inner:close] and bool(_SPOKEN.search(before)) and bool(_SPOKEN.match(line))

    def _dollar(self, start: int) -> Found | None:
        inner, limit = start + 1, self._limit(start)
        if self.dialect.prices and self.text.startswith("`", inner):
            close = self.text.find("`$", inner + 1, limit)
            if close >= 0:
                return Found(start, close + 2, (inner + 1, close), "inline")
        close_at = self._closing_dollar(inner, limit)
        if close_at is not None:
            content, after = self.text[inner:close_at], self.text[close_at + 1 : close_at + 2]
            if not self.dialect.prices or _is_formula(content, after):
                return Found(start, close_at + 1, (inner, close_at), "inline")
        end = close_at if close_at is not None else limit
        end = min(end, self._line_end(inner))
        before, content = self.text[start - 1 : start], self.text[inner:end]
        if self.dialect.prices and not _looks_unclosed(before, content):
            return None
        return Found(start, end, (inner, end), "inline", "unclosed formula: expected $")

    def _closing_dollar(self, inner: int, limit: int) -> int | None:
        """The first dollar outside braces (``\\text{if $i$}`` has its own), else the first dollar at all."""
        if ("$", limit) in self.missing:
            return None
        depth = 0
        first = None
        for match in re.compile(r"\$|\\.|[{}]", re.DOTALL).finditer(self.text, inner, limit):
            token = match.group()
            if token == "$":
                first = match.start() if first is None else first
                if depth <= 0:
                    return match.start()
            elif token in "{}":
                depth += 1 if token == "{" else -1
        if first is None:
            self.missing.add(("$", limit))
        return first

    def _unclosed(self, start: int, inner: int, limit: int, kind: Literal["display", "inline"], closer: str) -> Found | None:
        end = limit
        for line in re.compile(r"\n").finditer(self.text, inner, limit):
            if re.compile(r"[^\n]*(?:\$|\\[(\[]|\\begin\{)").match(self.text, line.end(), limit):
                end = line.start()
                break
        content = self.text[inner:end]
        if self.dialect.prices and not _MARKS.search(content) and closer in ("\\]", "\\)"):
            return None
        return Found(start, end, (inner, end), kind, f"unclosed formula: expected {closer}")

    def _find(self, pattern: re.Pattern[str], closer: str, start: int, limit: int) -> int | None:
        """Where `pattern` matches its first group (or, without groups, at all) between `start` and `limit`."""
        if (closer, limit) in self.missing:
            return None
        for match in pattern.finditer(self.text, start, limit):
            if not pattern.groups or match.group(1):
                return match.start()
        self.missing.add((closer, limit))
        return None

    def _limit(self, at: int) -> int:
        blank = bisect_left(self.blanks, at)
        return self.blanks[blank] if blank < len(self.blanks) else len(self.text)

    def _line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return end if end >= 0 else len(self.text)


def _is_formula(content: str, after: str) -> bool:
    if not content.strip() or after.isdigit():
        return False
    if content[0].isspace() or content[-1].isspace():
        return bool(_MARKS.search(content)) and "\n" not in content and not after.isalnum() and after != "\\"
    price = content[0].isdigit() and re.search(r"\s[A-Za-z]{3,}", content) and not re.search(r"[\\_^=]", content)
    return not price


def _looks_unclosed(before: str, content: str) -> bool:
    if not content or content[0].isspace() or content[0].isdigit() or before.isalnum() or before == "$":
        return False
    shell = re.match(r"[A-Z_]{2,}|[A-Za-z_]\w*[/.]|[({]", content)
    return not shell and bool(re.search(r"[\\_^=]", content))


def _reads_like_words(content: str) -> bool:
    return len(_WORD.findall(content)) >= 2 and not _MARKS.search(content) and not _SIGNS.search(content)
