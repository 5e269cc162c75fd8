"""Formulas to statements: chains, rows, columns, conditions and remarks beside them, holes, definitions."""

import pytest

from derive.latex.reading import read_formula
from derive.terms.terms import Call, Partial, family, index, scalar, size
from derive.writing.messages.rendering import rendered

A, Y, Z = (family(name) for name in "ayz")
I, J, K, N = index("i"), index("j"), index("k"), size("n")
X = scalar("x")


def one(formula: str, **options):
    found = read_formula(formula, **options)
    assert not found.unread
    assert len(found.claims) == 1
    return found.claims[0]


def term(formula: str, **options):
    found = read_formula(formula, **options)
    assert not found.unread
    return found.statements[0].sides[0]


def test_plus_minus_makes_two_claims():
    claims = read_formula(r"(u \pm v)' = u' \pm v'").claims
    u, v = Call("u", [X]), Call("v", [X])
    assert [claim.left for claim in claims] == [Partial(u + v, X), Partial(u - v, X)]
    mixed = read_formula(r"a \pm b \mp c = 0").claims
    assert [claim.left for claim in mixed] == [term("a + b - c"), term("a - b + c")]


def test_a_chain_shares_its_sides():
    found = read_formula("0 < a_i < b_i = 1")
    assert [claim.relation for claim in found.claims] == ["<", "<", "="]
    assert found.claims[0].right == found.claims[1].left


def test_rows_continue_the_chain():
    text = "\\begin{aligned}\n\\delta_k &= a_k \\\\\n&= b_k \\\\\n c_k &= 1 \\\\\n\\end{aligned}"
    found = read_formula(text)
    assert [len(statement.relations) for statement in found.statements] == [2, 1]
    second = found.statements[0].relations[1]
    assert text[slice(*second.right_span)] == "b_k"
    assert text[second.row_start :].startswith("= b_k") or text[second.row_start :].startswith("&= b_k")
    assert second.latex == "a_k = b_k"


def test_a_row_may_go_on_with_the_expression():
    claim = one("\\begin{split} a &= b + \\\\ & c \\end{split}")
    assert claim.right == scalar("b") + scalar("c")
    claim = one("\\begin{split} a &= b \\\\ & - c \\end{split}")
    assert claim.right == scalar("b") - scalar("c")
    assert len(read_formula("\\begin{align} a &= b \\\\ -c &= d \\end{align}").statements) == 2


def test_a_break_inside_brackets_is_none():
    assert one("\\begin{aligned} a &= ( b + \\\\ & c ) \\end{aligned}").right == scalar("b") + scalar("c")


def test_columns_are_statements():
    assert len(read_formula("\\begin{align} x &= 1 & y &= 2 \\end{align}").statements) == 2
    two_marks = read_formula("\\begin{aligned} x &= y\n&= z \\end{aligned}")
    assert [len(s.relations) for s in two_marks.statements] == [2]


def test_an_unread_side_spoils_only_its_own_relations():
    found = read_formula(r"a = b = \int x = c = d, \quad p = q")
    read = [relation.unread is None for s in found.statements for relation in s.relations]
    assert read == [True, False, False, True, True]
    assert len(found.unread) == 1
    assert "integrals" in rendered(found.unread[0].reason)


def test_two_statements_and_chinese_words():
    found = read_formula(r" a_k \in [0.0, 1.0] 以及 \sum_{k=1}^n a_k= 1 ")
    assert [(c.relation, c.right) for c in found.claims] == [(">=", 0), ("<=", 1), ("=", 1)]
    assert found.statements[1].lead == "以及"


def test_a_remark_in_brackets_is_kept():
    found = read_formula(r"a_k = \frac{t_k}{\sum_{i} t_i} 且t_i(包括t_k) >0.0")
    assert [c.relation for c in found.claims] == ["=", ">"]
    assert [remark.text for remark in found.statements[1].remarks] == ["包括t_k"]


def test_holes():
    found = read_formula(r" E = ?从而 \delta_k =a_k - y_k ")
    assert found.statements[0].holes == (1,)
    assert found.statements[0].relations[0].hole
    assert len(found.claims) == 1
    expected = read_formula(r"\delta_k = ?(应该为a_k - y_k)")
    assert expected.statements[0].holes == (1,)
    assert expected.claims[0].right == A[K] - Y[K]


@pytest.mark.parametrize(
    "formula",
    [
        r"y_i = 0 \; (i \neq j)",
        r"y_i = 0 \quad \text{for } i \ne j",
        r"y_i = 0, \text{ if } i \neq j",
        r"y_i = 0 (i \ne j)",
        r"\text{若 } y_i = 0 \text{ 当 } i \ne j",
        r"y_i = 0 \quad \text{if $i \ne j$}",
    ],
)
def test_a_condition_beside_a_statement(formula):
    statement = read_formula(formula).statements[0]
    conditions = [c for remark in statement.remarks for c in remark.conditions]
    assert [(c.left, c.relation, c.right) for c in conditions][-1:] == [(I, "!=", J)] or "若" in formula


@pytest.mark.parametrize(
    "formula",
    [
        r"y_i = 0 \text{ if } i = j \text{ or } i = k",
        r"y_i = 0 (i = j \text{ or } i = k)",
        r"y_i = 0 \quad (不包括 i = j)",
        r"y_i = 0 \text{ unless } i = j",
    ],
)
def test_what_a_remark_denies_or_leaves_open_is_no_condition(formula):
    found = read_formula(formula)
    assert not any(remark.conditions for statement in found.statements for remark in statement.remarks)
    assert found.statements[0].remarks or found.unread


def test_conditions_with_and_are_both_kept():
    statement = read_formula(r"y_i = 0 (i \ne j \text{ and } i \ne k)").statements[0]
    assert [c.right for remark in statement.remarks for c in remark.conditions] == [J, K]


@pytest.mark.parametrize("formula", [r"x = 1 \text{ or } x = 2", "x = 1 或 x = 2", r"\text{not } x = 1", "不是 x = 1"])
def test_alternatives_and_denials_are_no_claims(formula):
    found = read_formula(formula)
    assert found.unread
    assert not found.claims


def test_a_factor_in_brackets_is_no_remark():
    assert one("y = x (1 - x)").right == X * (1 - X)
    assert one("P(X = x) = 1").left == Call("P[X=·]", [X])
    assert read_formula("2 (X = x) = 1").unread


def test_a_running_number_is_no_factor():
    found = read_formula(r"(2) \quad (Cu)' = Cu' \quad (C \text{ 是常数})")
    assert found.claims[0].right == scalar("C") * Call("u", [X], [1])
    assert [remark.text for remark in found.statements[0].remarks] == ["(2)", r"C \text{ 是常数}"]


def test_an_index_range():
    statement = read_formula(r"i = 1, 2, \ldots, n").statements[0]
    assert [(r.symbol, r.low, r.high) for r in statement.ranges] == [(I, 1, N)]
    assert not statement.relations[0].claims
    assert read_formula(r"a_i > 0, \quad i = 1, \dots, n").statements[0].relations[0].claims
    assert read_formula(r"i \in \{1, 3, \ldots, n\}").unread


def test_definitions():
    assert read_formula("a := b").statements[0].relations[0].is_definition
    assert not read_formula("a = b").statements[0].relations[0].is_definition


@pytest.mark.parametrize("formula", [r"a \approx b", r"x \to y", r"a \propto b"])
def test_relations_that_are_not_read(formula):
    found = read_formula(formula)
    assert found.unread
    assert not found.claims


def test_an_unknown_word_is_not_dropped():
    assert read_formula(r"\textrm{Var}[x] = y").unread
    assert read_formula(r"y = 3 \text{apples}").unread


def test_a_bracket_with_words_is_an_argument_or_a_remark():
    assert read_formula(r"1 - P(\text{heads}) = x").unread
    assert not read_formula(r"x = 1 \; (\text{heads})").unread


def test_redundant_braces_change_nothing():
    assert one(r"\frac{{dL}}{{dz}} = 1").left == Partial(scalar("L"), scalar("z"))
    assert one(r"{z}_{i} = 1").left == Z[I]


def test_punctuation_and_labels_fall_away():
    assert one(r"\therefore a = b . \label{eq:1}").latex == "a = b"
