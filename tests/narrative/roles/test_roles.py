"""A false equation never hides as a definition or as an assumption."""

import pytest

from derive.jobs.check import check

LOSS = "$$L = -\\sum_k y_k \\log a_k, \\quad a_i = \\frac{e^{z_i}}{\\sum_k e^{z_k}},$$\n\nwhere $\\sum_k y_k = 1$."


def last(text, name="notes.md"):
    return check(text, name).claims[-1].verdict


def first(text):
    return check(text, "notes.md").claims[0]


def test_a_result_told_before_its_loss_is_judged():
    assert first("We show $\\frac{\\partial L}{\\partial z_i} = y_i - a_i$ for\n\n" + LOSS).verdict == "refuted"
    told = first("We show $\\frac{\\partial L}{\\partial z_i} = a_i \\sum_k y_k - y_i$ for\n\n" + LOSS)
    assert told.verdict == "proved"


def test_a_slope_of_what_is_never_explained_is_a_definition():
    assert first("$\\frac{\\partial E}{\\partial w} = r s$").verdict == "definition"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("We have $L = 3 + 4$. Hence $L = 7$.", "proved"),
        ("We have $L = 3 + 4$. Hence $L = 8$.", "refuted"),
        ("The count is $c = 5$. So $c = 6$.", "refuted"),
        ("For $x = 1$ it is small. For $x = 2$", "assumption"),
        ("$p = [0.1, 0.9]$ gives $L = 1$. $p = [0.5, 0.5]$ gives $L = 2$", "doubtful"),
        ("$f(x) = x^2$. Now let $f(x) = x^3$", "definition"),
        ("$f(x) = x^2$. We can write $f(x) = x^3$", "refuted"),
        ("$R := x$ and $R := x^2$", "definition"),
        ("$R := x$ and $R = x^2$", "refuted"),
        ("$a_i = e^{z_i}$. The formula gives $a_i = e^{w_i}$", "refuted"),
        ("$a_i = e^{z_i}$. Let $a_1 = 5$", "refuted"),
        ("Let $a = b$ and $b = a$", "proved"),
        ("Let $a = b$ and $b = a + 1$", "refuted"),
        ("Suppose $x = x + 1$", "refuted"),
        ("We define $(x+1)^2 = x^2 + 1$", "refuted"),
    ],
)
def test_a_name_has_one_meaning_until_words_change_it(text, verdict):
    assert last(text) == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Suppose $\\sum_k y_k = 2$. Then $\\sum_k 3 y_k = 6$", "proved"),
        ("With the labels we obtain $\\sum_k y_k = 2$. Then $\\sum_k 3 y_k = 6$", "refuted"),
        ("The values satisfy $u + v = 2$. Then $2u + 2v = 4$", "proved"),
        ("The values satisfy $u + v = 2$. Then $u = v$", "refuted"),
        ("We know $p_k$ and $q_k$. Assume $p_k = q_k$", "assumption"),
        ("We know $p_k$ and $q_k$. Hence $p_k = q_k$", "refuted"),
        ("With $n \\ge 2$: $\\sqrt{(n-5)^2} = n - 5$", "refuted"),
        ("Let $a_i = e^{z_i}$. Assume $a_i = 3$", "refuted"),
        ("Assume $x > 0$. Then assume $x < 0$", "refuted"),
        ("For $i < j$", "assumption"),
        ("We compare $i < j$", "assumption"),
        ("We compare $i < j$. Hence $i < j$", "refuted"),
        ("Assume $t < T$. Then $$\\sum_{k=t}^T y_k = y_t + \\sum_{k=t+1}^T y_k$$", "proved"),
        ("Assume $t > T$. Then $$\\sum_{k=t}^T y_k = y_t + \\sum_{k=t+1}^T y_k$$", "refuted"),
        ("It holds for all $t$. Hence $i < j$", "refuted"),
    ],
)
def test_only_words_make_an_assumption_and_a_conclusion_is_none(text, verdict):
    assert last(text) == verdict


def test_of_an_unexplained_function_nothing_is_said():
    claim = first("$\\frac{d}{dz} g(z) = g(z)(1 - g(z)) + e^{-z} - e^{-z}$")
    assert claim.verdict != "proved"
    alone = first("$\\frac{1}{1 + e^{-z}} = g(z) + 1$")
    assert alone.verdict in ("unread", "definition")
    assert last("Let $g(z) = \\frac{1}{1 + e^{-z}}$. Then $\\frac{1}{1 + e^{-z}} = g(z) + 1$") == "refuted"


def test_macros_are_expanded_and_a_bomb_is_not():
    head = "\\newcommand{\\pd}[2]{\\frac{\\partial #1}{\\partial #2}}\n\\def\\a{\\a x}\\begin{document}\n"
    body = "$L = z_i^2$\n\n$\\pd{L}{z_i} = 2 z_i$ and $\\pd{L}{z_i} = z_i$ and $\\a = 1$"
    claims = check(head + body, "n.tex").claims
    assert [claim.verdict for claim in claims] == ["definition", "proved", "refuted", "unread"]
    assert "macros" in claims[-1].message
    assert claims[1].line == 5


@pytest.mark.parametrize(
    "macros", [r"\def\a{\a}", r"\def\a{\a\a}", r"\def\a{x\a}", r"\def\a{\b}\def\b{\a}", r"\newcommand{\a}[1]{\a{#1#1}}"]
)
def test_macros_without_end_are_given_up(macros):
    (claim,) = check(f"$${macros} \\a{{x}} = 1$$", "n.md").claims
    assert (claim.verdict, claim.message) == ("unread", "the document's macros in this formula do not come to an end")


def test_many_macros_come_to_an_end():
    claims = check("$$\\newcommand{\\R}{y_k}$$ $$" + "\\R + " * 300 + "1 = 300 \\R + 1$$", "n.md").claims
    assert [claim.verdict for claim in claims] == ["proved"]


@pytest.mark.parametrize(
    ("macros", "ends"),
    [
        ("\\def\\a{\\b + 1}\\def\\b{x}", True),
        ("\\def\\a{\\a + 1}", False),
        ("\\def\\a{\\b + 1}\\def\\b{\\a}", False),
        ("\\def\\a{\\b{\\b{x}}}\\newcommand{\\b}[1]{(#1 + 1)}", True),
    ],
)
def test_a_macro_that_uses_itself_does_not_come_to_an_end(macros, ends):
    (claim,) = check(f"{macros}\n\n\\(\\a = \\a\\)", "notes.tex").claims
    assert (claim.verdict, "do not come to an end" in claim.message) == (("proved", False) if ends else ("unread", True))


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("For a general weight,\n\n$$|w| + w = 2w$$", "conditional"),
        ("For a general weight,\n\n$$|w| + w = |w| + 2w - w$$", "proved"),
        ("The special case of interest:\n\n$$1 + 2 = 4$$", "refuted"),
        ("For a number in the interval, $x > 0$, we have $|x| = x$.", "proved"),
    ],
)
def test_words_of_their_own_part_a_condition_from_a_claim(text, verdict):
    assert check(text, "notes.md").claims[-1].verdict == verdict


@pytest.mark.parametrize(("last", "verdict"), [(r"\beta g_1 + g_2", "proved"), (r"\beta (g_1 + g_2)", "refuted")])
def test_numbered_members_are_defined_one_by_one(last, verdict):
    text = f"Two steps of momentum:\n\n$$v_1 = g_1$$\n\n$$v_2 = \\beta v_1 + g_2$$\n\nHence\n\n$$v_2 = {last}$$"
    assert check(text, "notes.md").claims[-1].verdict == verdict


@pytest.mark.parametrize("formula", [r"\phi = x^2 + 1", r"\sum_{k=1}^{K} y_k = 1"])
def test_what_is_talked_about_is_not_taken_in_silence(formula):
    text = f"It is not obvious that $\\phi = x^2$.\n\nThe vector $y$ need not be one-hot; not even so\n\n$${formula}$$"
    assert check(text, "notes.md").claims[-1].verdict == "doubtful"
