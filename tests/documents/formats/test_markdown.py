"""Markdown: blocks in order, paragraphs, and the place of every character."""

import pytest

from derive.documents import Declaration, Formula, Heading, Prose, read


def markdown(text):
    return read("notes.md", text)


def latex(text):
    return [formula.latex for formula in markdown(text).formulas]


def assert_places(document):
    """Every character of every formula stands in the file where its position says."""
    assert document.formulas
    for formula in document.formulas:
        for offset, character in enumerate(formula.latex):
            line, column = formula.position(offset)
            assert (document.line(line) + "\n")[column - 1] == character


def test_blocks_keep_the_order_of_the_source():
    document = markdown("# On $n$ classes\n\nIf $i = j$, then\n$$a = b$$\nas $c$ shows.\n\nNext.\n")
    kinds = [type(block).__name__ for block in document.blocks]
    assert kinds == ["Heading", "Formula", "Prose", "Formula", "Prose", "Formula", "Prose", "Formula", "Prose", "Prose"]
    heading, in_heading, prose, first = document.blocks[:4]
    assert isinstance(heading, Heading) and (heading.text, heading.level, heading.line) == ("On $n$ classes", 1, 1)
    assert isinstance(in_heading, Formula) and in_heading.paragraph == heading.paragraph
    assert isinstance(prose, Prose) and prose.text == "If " and prose.starts_paragraph
    assert isinstance(first, Formula) and not first.starts_paragraph
    assert (first.kind, first.line, first.column) == ("inline", 3, 5)
    display = document.blocks[5]
    assert isinstance(display, Formula) and (display.kind, display.line, display.column) == ("display", 4, 3)
    assert display.paragraph == first.paragraph
    assert document.blocks[-1].paragraph != first.paragraph


def test_list_items_and_cells_are_paragraphs_of_their_own():
    blocks = markdown("- if $i=j$\n- if $i\\ne j$\n\n| a | b |\n|---|---|\n| $x$ | $x$ |\n").formulas
    assert len({block.paragraph for block in blocks}) == 4
    assert [(block.line, block.column) for block in blocks] == [(1, 7), (2, 7), (6, 4), (6, 10)]


@pytest.mark.parametrize(
    "text",
    [
        "plain $a_i$ text",
        "> quoted\n> $$\n> a\n> = b\n> $$\n",
        "1. item\n\n   $$\n   a\n   - b\n   = c\n   $$\n\n2. next $d$",
        "- a\n  - b $x\n    = y$ c\n",
        "\ta tab\n\n* $x$\t$y$",
        "Text\r\n$$a\r\n=b$$\r\n",
        "```math\na = b\nc\n```\n",
        "> ```math\n> a = b\n> ```\n",
        "## Head $x$ ##\n",
        "汉字，$y_j=1$，其它$y_i=0$，则\n\\[\n\\delta_k\n\\]",
        "<div>\nso $x = y$\n</div>",
        "a\\\nb $x$",
    ],
)
def test_every_character_has_its_place(text):
    assert_places(markdown(text))


def test_lines_of_a_display_are_not_markdown():
    """A list mark, a heading mark, a quotation mark or an underline inside a formula belong to it."""
    for inside in ("a\n- b", "a\n=\nb", "a\n# b", "a\n> b", "a\n---\nb", "a\n1. b"):
        assert latex(f"so\n$$\n{inside}\n$$\nand $z$") == [inside, "z"]
        assert latex(f"so\n\\[\n{inside}\n\\]\nand $z$") == [inside, "z"]


def test_the_same_lines_outside_are_markdown():
    document = markdown("a\n- b\n\nTitle\n=====\n\nSmaller\n---\n\n# c\n")
    headings = [(block.text.split("\n")[0], block.level) for block in document.blocks if isinstance(block, Heading)]
    assert headings == [("Title", 1), ("Smaller", 2), ("c", 1)]


def test_display_with_words_behind_it():
    assert latex("$$ a\n= b $$ where $c$\n") == ["a\n= b", "c"]


@pytest.mark.parametrize(
    "text",
    [
        "```\n$a=b$\n```",
        "~~~ python\n$$a$$\n~~~",
        "    $a=b$\n",
        "`$a=b$`",
        "<pre>$a$</pre>",
        "<script>\n$$a$$\n</script>",
    ],
)
def test_code_is_no_mathematics(text):
    assert latex(text) == []


def test_environments_outside_dollars():
    assert latex("\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}\n") == ["\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}"]
    assert latex("\\begin{equation}\na = b\n\\end{equation}\n") == ["a = b"]
    assert latex("\\begin{itemize}\n\\end{itemize}\n") == []


def test_front_matter_and_comments_declare():
    text = "---\nindices: i j\nn: size\n---\n\nText <!-- derive: x > 0 --> more.\n\n<!-- derive:\ny one-hot\n-->\n"
    declared = [block for block in markdown(text).blocks if isinstance(block, Declaration)]
    assert [(block.text, block.line) for block in declared] == [
        ("indices: i j\nn: size", 2),
        ("x > 0", 6),
        ("y one-hot", 9),
    ]
    assert declared[0].lines == ((2, "indices: i j"), (3, "n: size"))


def test_what_only_looks_like_a_declaration_is_none():
    text = "Text\n\n---\nnot: front matter\n---\n\n<!-- a remark -->\n\n`<!-- derive: x > 0 -->`\n"
    assert not [block for block in markdown(text).blocks if isinstance(block, Declaration)]


@pytest.mark.parametrize(
    ("text", "problem", "after"),
    [
        ("$$\na = b\n\nNow $c$ is read.\n", "unclosed formula: expected $$", "c"),
        ("```math\na = b\n", "unclosed formula: expected ```", None),
        ("- \\[ a = b\n- $c$\n", "unclosed formula: expected \\]", "c"),
    ],
)
def test_unclosed(text, problem, after):
    formulas = markdown(text).formulas
    assert formulas[0].problem == problem
    assert formulas[0].latex == "a = b"
    assert [formula.latex for formula in formulas[1:]] == ([after] if after else [])


def test_macros_in_a_formula_are_collected_and_are_no_formula():
    document = markdown("$$\\newcommand{\\R}{\\mathbb{R}}$$\n\n$x \\in \\R$\n")
    assert [(macro.name, macro.arity, macro.body) for macro in document.macros] == [("R", 0, "\\mathbb{R}")]
    assert [formula.latex for formula in document.formulas] == ["x \\in \\R"]


def test_pipes_in_a_table():
    document = markdown("| a | b |\n|---|---|\n| $\\|x\\|$ | $y$ |\n")
    assert [(formula.latex, formula.column) for formula in document.formulas] == [("|x|", 5), ("y", 14)]


def test_fences_roles_and_footnotes_are_read():
    text = "```{math}\n:label: a\n\n1 = 2\n```\n\n```math title\n2 = 3\n```\n\n{math}`3 = 4`\n\n[^1]: $4 = 5$\n"
    assert [formula.latex for formula in read("a.md", text).formulas] == ["1 = 2", "2 = 3", "3 = 4", "4 = 5"]
    assert [formula.latex for formula in read("a.qmd", "$$5 = 6$$ {#eq-a}").formulas] == ["5 = 6"]


def test_doubled_dollars_among_words_stand_in_the_line():
    kinds = [formula.kind for formula in read("a.md", "If $$i=j$$, then\n\n$$x = 1$$\n\nSo: $$y = 2$$\n").formulas]
    assert kinds == ["inline", "display", "display"]
