"""Web pages: MathJax delimiters, TeX in elements, entities."""

import pytest

from derive.documents import Declaration, Heading, read


def page(body):
    return read("a.html", f"<html><head><title>$$t$$</title></head>\n<body>{body}</body></html>")


def latex(body):
    return [(formula.kind, formula.latex) for formula in page(body).formulas]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (r"<p>so \(a = b\) and</p>", [("inline", "a = b")]),
        ("<p>$$a = b$$</p>", [("display", "a = b")]),
        ("\\[a\n= b\\]", [("display", "a\n= b")]),
        (r"\(a &lt; b\)", [("inline", "a < b")]),
        (r"\(a &amp; b &#60; c\)", [("inline", "a & b < c")]),
        (r"\(a < b\)", [("inline", "a < b")]),
        ('<script type="math/tex">a<b</script>', [("inline", "a<b")]),
        ('<script type="math/tex; mode=display">a=b</script>', [("display", "a=b")]),
        (r"<p>one<br>\(a\) <b>two</b> \(b\)", [("inline", "a"), ("inline", "b")]),
        (
            '<span class="katex"><math><semantics><mi>a</mi><annotation encoding="application/x-tex">a_i</annotation>'
            '</semantics></math><span aria-hidden="true">a<sub>i</sub> \\(no\\)</span></span> \\(c\\)',
            [("inline", "a_i"), ("inline", "c")],
        ),
    ],
)
def test_formulas(body, expected):
    assert latex(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "<code>$$a$$</code>",
        r"<pre>\(a\)</pre>",
        r"<script>var a = '\\(b\\)';</script>",
        "<style>$$a$$</style>",
        "<p>from $5 to $6, $a$</p>",
        r"<!-- \(a\) -->",
    ],
)
def test_no_formulas(body):
    assert latex(body) == []


def test_words_in_brackets_are_a_formula_for_a_page_and_none_in_markdown():
    assert latex(r"<p>so \[see the note\]</p>") == [("display", "see the note")]
    assert read("a.md", r"so \[see the note\]").formulas == ()


def test_single_dollars_where_the_page_turns_them_on():
    config = "<script>MathJax = {tex: {inlineMath: [['$', '$'], ['\\\\(', '\\\\)']]}};</script>"
    assert latex(config + "<p>so $a=b$</p>") == [("inline", "a=b")]


def test_places():
    document = page("\n<p>A &amp; B\n  \\(a &lt;\n b\\)</p>")
    (formula,) = document.formulas
    assert formula.position(0) == (4, 5)
    assert formula.position(2) == (4, 7)
    assert formula.position(formula.latex.index("b")) == (5, 2)


def test_headings_paragraphs_declarations():
    document = page(r"<h2>On <i>n</i></h2><p>\(a\)</p><p>\(b\)</p><!-- derive: x > 0 -->")
    (heading,) = [block for block in document.blocks if isinstance(block, Heading)]
    assert (heading.text, heading.level) == ("On n", 2)
    first, second = document.formulas
    assert first.paragraph != second.paragraph
    assert [block.text for block in document.blocks if isinstance(block, Declaration)] == ["x > 0"]


def test_mathml_without_tex_is_reported():
    (formula,) = page("<math><mi>a</mi></math>").formulas
    assert formula.problem == "MathML without a TeX annotation is not read"
    assert formula.line == 2


def test_unclosed():
    first, second = page(r"<p>\[ a = b</p><p>\(c\)</p>").formulas
    assert (first.problem, first.latex) == ("unclosed formula: expected \\]", "a = b")
    assert second.latex == "c"


@pytest.mark.parametrize("mark", ["<a ", "<!-- ", "<", "</", "<a b='", "<!", "<?", "&#"])
def test_tags_that_never_close_hide_no_formula(mark):
    found = read("a.html", f"<p>{mark * 20_000} \\(a = b\\) &lt; \\(c\\)").formulas
    assert [formula.latex for formula in found] == ["a = b", "c"]
