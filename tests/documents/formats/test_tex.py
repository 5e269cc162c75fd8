"""TeX files: what is cut out, and the places of what remains."""

import pytest

from derive.documents import Declaration, Heading, Prose, read

PREAMBLE = "\\documentclass{article}\n\\newcommand{\\R}{\\mathbb{R}}\n% derive: x > 0\n$not = read$\n\\begin{document}\n"


def tex(body):
    return read("paper.tex", PREAMBLE + body + "\n\\end{document}\n$nor = this$\n")


def latex(body):
    return [formula.latex for formula in tex(body).formulas]


def test_body_only_and_preamble_for_macros():
    document = tex("$a = b$")
    assert [(formula.latex, formula.line, formula.column) for formula in document.formulas] == [("a = b", 6, 2)]
    assert [(macro.name, macro.body, macro.line) for macro in document.macros] == [("R", "\\mathbb{R}", 2)]


def test_a_part_of_a_paper_has_no_preamble():
    assert [formula.latex for formula in read("part.tex", "so $a = b$\n").formulas] == ["a = b"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("\\begin{equation}\\label{e} a = b\\end{equation}", ["\\label{e} a = b"]),
        ("\\begin{align}a&=b\\end{align}", ["\\begin{align}a&=b\\end{align}"]),
        ("\\begin{eqnarray*}a&=&b\\end{eqnarray*}", ["\\begin{eqnarray*}a&=&b\\end{eqnarray*}"]),
        ("\\begin{math}a\\end{math}, \\begin{displaymath}b\\end{displaymath}", ["a", "b"]),
        ("\\[a\\] \\(b\\) $$c$$ $d$", ["a", "b", "c", "d"]),
        ("50\\% of $a$", ["a"]),
        ("$ a = b $", ["a = b"]),
    ],
)
def test_formulas(body, expected):
    assert latex(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "% $a = b$",
        "\\begin{verbatim}\n$a$\n\\end{verbatim}",
        "\\verb|$a$|",
        "\\begin{comment}\n$a$\n\\end{comment}",
        "\\iffalse $a$ \\fi",
        "\\$5 and \\$6",
        "\\newcommand{\\x}{$a$}",
        "a \\\\[2pt] b",
    ],
)
def test_no_formulas(body):
    assert latex(body) == []


def test_comments_inside_a_formula_are_cut_and_places_stay():
    document = tex("\\begin{align}\na &= b \\\\ % first $x$\n% whole line\nc &= d\n\\end{align}")
    (formula,) = document.formulas
    assert formula.latex == "\\begin{align}\na &= b \\\\ \nc &= d\n\\end{align}"
    assert formula.position(formula.latex.index("c &=")) == (9, 1)
    for offset, character in enumerate(formula.latex):
        line, column = formula.position(offset)
        assert (document.line(line) + "\n")[column - 1] in (character, "%")


def test_a_comment_line_does_not_part_a_paragraph_but_a_blank_line_does():
    together = [block.paragraph for block in tex("one $a$\n%\ntwo $b$").formulas]
    apart = [block.paragraph for block in tex("one $a$\n\ntwo $b$").formulas]
    assert together[0] == together[1]
    assert apart[0] != apart[1]


def test_headings_items_and_declarations():
    document = tex("\\section{On $n$}\n\\begin{itemize}\n\\item if $a$\n\\item if $b$\n\\end{itemize}\n% derive: y one-hot\n")
    (heading,) = [block for block in document.blocks if isinstance(block, Heading)]
    assert (heading.text, heading.level, heading.line) == ("On $n$", 3, 6)
    first, second = [block for block in document.blocks if isinstance(block, Prose)]
    assert first.paragraph != second.paragraph
    declared = [(block.text, block.line) for block in document.blocks if isinstance(block, Declaration)]
    assert declared == [("x > 0", 3), ("y one-hot", 11)]


def test_a_comment_that_declares_nothing():
    assert not [block for block in read("a.tex", "% derived: x > 0\n").blocks if isinstance(block, Declaration)]


def test_included_files_are_noted_and_not_read():
    document = tex("\\input{secret} $a$")
    assert [(note.text, note.line) for note in document.notes] == [("secret: an included file is not read", 6)]


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ("\\newcommand{\\v}[1]{\\mathbf{#1}}", [("v", 1, "\\mathbf{#1}")]),
        ("\\def\\pair#1#2{(#1,#2)}", [("pair", 2, "(#1,#2)")]),
        ("\\DeclareMathOperator{\\tr}{tr}", [("tr", 0, "\\operatorname{tr}")]),
        ("\\DeclareMathOperator*{\\argmax}{arg\\,max}", [("argmax", 0, "\\operatorname*{arg\\,max}")]),
        ("\\renewcommand\\e{\\mathrm{e}}", [("e", 0, "\\mathrm{e}")]),
    ],
)
def test_macros(definition, expected):
    assert [(macro.name, macro.arity, macro.body) for macro in read("a.tex", definition).macros] == expected


def test_a_macro_that_is_not_closed_swallows_no_formula():
    document = tex("\\(x \\def\\a{\\a\\)\n\nThen \\(b\\) and $c}$.")
    assert "a" not in {macro.name for macro in document.macros}
    assert [formula.latex for formula in document.formulas] == ["x \\def\\a{\\a", "b", "c}"]


def test_macros_that_are_too_clever_are_noted():
    document = read("a.tex", "\\newcommand{\\p}[2][x]{#1#2}\n\\def\\q(#1){#1}\n")
    assert document.macros == ()
    assert [note.text for note in document.notes] == [
        "\\p: a macro with optional or delimited arguments is not read",
        "\\q: a macro with optional or delimited arguments is not read",
    ]


def test_unclosed_environment():
    first, second = tex("\\begin{align} a &= b\n\nthen $c$").formulas
    assert (first.problem, first.latex) == ("unclosed formula: expected \\end{align}", "a &= b")
    assert second.latex == "c"


def test_files_of_the_same_folder_are_included_and_others_are_not(tmp_path):
    folder = tmp_path / "paper"
    (folder / "parts").mkdir(parents=True)
    (tmp_path / "outside.tex").write_text("$5 = 6$")
    (folder / "parts" / "one.tex").write_text("First $1 = 2$ \\input{main} % $7 = 8$\n")
    main = folder / "main.tex"
    main.write_text("\\begin{document}\n\\input{parts/one}\n\\input{../outside}\n\\input{missing}\n$3 = 4$\n\\end{document}\n")
    document = read(main)
    assert [(formula.latex, formula.line) for formula in document.formulas] == [("1 = 2", 2), ("3 = 4", 5)]
    assert len(document.notes) == 3


def test_files_that_include_each_other_many_times_end(tmp_path):
    for number in range(6):
        (tmp_path / f"f{number}.tex").write_text(f"\\input{{f{number + 1}}}" * 12 + "x" * 2000)
    (tmp_path / "f6.tex").write_text("$1 = 2$" * 50)
    assert read(tmp_path / "f0.tex").notes


def test_macros_and_environments_that_open_a_formula():
    text = (
        "\\newcommand{\\be}{\\begin{align}}\\newcommand{\\ee}{\\end{align}}"
        "\\newcommand{\\eqn}[1]{\\begin{equation}#1\\end{equation}}\n"
        "\\newenvironment{eqs}{\\begin{equation}}{\\end{equation}}\n\\begin{document}\n"
        "\\be 1 = 2 \\ee\n\n\\eqn{2 = 3}\n\n\\begin{eqs}3 = 4\\end{eqs}\n\n"
        "\\begin {equation}4 = 5\\end {equation}\n\\end{document}"
    )
    found = read("a.tex", text).formulas
    assert [formula.line for formula in found] == [4, 6, 8, 10]
    assert [formula.latex for formula in found[1:]] == ["2 = 3", "3 = 4", "4 = 5"]
