"""Which stretches of a text are formulas, and which only look like one."""

import time

import pytest

from derive.documents.parts.delimiters import HTML, HTML_WITH_DOLLARS, MARKDOWN, TEX, TEXT, scan


def formulas(text, dialect=MARKDOWN):
    return [text[slice(*found.inner)].strip() for found in scan(text, dialect) if found.kind in ("inline", "display")]


def problems(text, dialect=MARKDOWN):
    return [found.problem for found in scan(text, dialect) if found.problem]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("so $a=b$, and", ["a=b"]),
        ("因为$y_j=1$，所以", ["y_j=1"]),
        (r"\(a\) and \[b = c\] and $$d$$", ["a", "b = c", "d"]),
        (r"\\(x_i\\) in Jekyll", ["x_i"]),
        ("$`a=b`$ as on a code host", ["a=b"]),
        ("typed $ x = 1 $ with blanks", ["x = 1"]),
        ("$y = [0, 1]$ ，也就是说", ["y = [0, 1]"]),
        (r"$\text{if $i=j$}$ done", [r"\text{if $i=j$}"]),
        ("over\n$$\na\n= b\n$$\nlines", ["a\n= b"]),
        ("$$\na\n\n= b\n$$", ["a\n\n= b"]),
        (r"\begin{equation}a=b\end{equation}", ["a=b"]),
        (r"\begin{align*}a&=b\end{align*}", [r"\begin{align*}a&=b\end{align*}"]),
        (r"$$\begin{aligned}a&=b\\ c&=d\end{aligned}$$", [r"\begin{aligned}a&=b\\ c&=d\end{aligned}"]),
        (r"\(E = \ln a \\\)", [r"E = \ln a \\"]),
        ("$1 \\times T$ and $T-1$", ["1 \\times T", "T-1"]),
        ("it costs $5, and $x = 1$ holds", ["x = 1"]),
    ],
)
def test_formula(text, expected):
    assert formulas(text) == expected
    assert not problems(text)


@pytest.mark.parametrize(
    "text",
    [
        "from $5 and $6",
        "US$5 or US$6.",
        r"a price of \$5 and \$6",
        "`$a=b$` is code",
        "``a ` $b$ `` too",
        "<!-- $a=b$ -->",
        "$5 per item and 6 $ for shipping",
        r"\(see below, please\)",
        r"\[not a formula\]",
        "in the shell, $HOME/bin_x or $PATH",
        "$$ $$ and $$$$",
    ],
)
def test_no_formula(text):
    assert formulas(text) == []
    assert not problems(text)


@pytest.mark.parametrize(
    ("text", "expected", "first"),
    [
        ("$$ a = b\n\nnext $c=d$ is read", "unclosed formula: expected $$", "a = b"),
        ("\\[ a = b\n\nnext $c=d$", "unclosed formula: expected \\]", "a = b"),
        ("\\( a = b\nnext $c=d$", "unclosed formula: expected \\)", "a = b"),
        ("$a = b and\nnext $c=d$", "unclosed formula: expected $", "a = b and"),
        ("\\begin{align} a &= b\n\n$c=d$", "unclosed formula: expected \\end{align}", "a &= b"),
        ("$$ a = b\nthen $c=d$ is read", "unclosed formula: expected $$", "a = b"),
    ],
)
def test_unclosed_formula_is_reported_and_the_rest_is_read(text, expected, first):
    assert problems(text) == [expected]
    assert formulas(text) == [first, "c=d"]


def test_closed_formula_has_no_problem():
    assert problems("$$ a = b $$\n\nnext $c=d$") == []


def test_prose_between_two_displays_is_not_a_formula():
    """A closing dollar pair that is missing does not turn the document inside out."""
    text = "$$ a = b\n\nThis is a sentence with words.\n\n$$ c = d $$\n\nMore words."
    assert formulas(text) == ["a = b", "c = d"]
    assert problems(text) == ["unclosed formula: expected $$"]


@pytest.mark.parametrize(
    ("dialect", "text", "expected"),
    [
        (TEX, "$5 and $6", ["5 and"]),
        (TEX, "\\verb and `$a$'", ["a"]),
        (TEXT, "`$a$` $b$", ["b"]),
        (HTML, "$a$ and \\(b\\) and $$c$$", ["b", "c"]),
        (HTML_WITH_DOLLARS, "$a$ and \\(b\\)", ["a", "b"]),
        (TEX, "a \\\\[2pt] b", []),
    ],
)
def test_dialects(dialect, text, expected):
    assert formulas(text, dialect) == expected


@pytest.mark.parametrize("piece", ["\\(", "\\[", "$$", "$a ", "`", "<!--", "\\begin{align}", "$", "\\\\("])
def test_hostile_text_takes_linear_time(piece):
    start = time.perf_counter()
    scan(piece * 20_000, MARKDOWN)
    assert time.perf_counter() - start < 5
