"""What fails because of a name that nothing ties down is doubtful; what is put forward as a result stays refuted."""

import pytest

from derive.jobs.check import check


def last(text: str) -> str:
    return check(text).claims[-1].verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("The wobbly grid has $c = 4$ cells, so $c = 9$ here", "doubtful"),
        ("Let $c = 4$. Hence $c + 1 = 9$", "refuted"),
        ("Our somewhat odd choice then has $u + v = p q$", "doubtful"),
        ("Hence $(u + v)^2 = u^2 + v^2$", "refuted"),
        ("It happens, and thus $|e| \\leq t$ somehow", "doubtful"),
        ("Hence $|x| < 0$", "refuted"),
    ],
)
def test_words_that_are_not_known_put_no_name_forward(text, verdict):
    assert last(text) == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Here $p(x, y) = p(x) p(y)$", "doubtful"),
        ("Let $f(x) = x^2$. Then $f(x) f(y) = x y$", "refuted"),
        ("We know $z$ and $z_k$. Oddly $z = z_k$", "doubtful"),
        ("Hence $x_1 + 1 = x 1 + 1$", "refuted"),
        ("$$\\exp(\\mathrm{acc}^j) = \\exp(\\mathrm{acc}^{j-1}) + \\exp(\\mathrm{acc}_j)$$", "doubtful"),
    ],
)
def test_a_name_that_is_used_in_two_ways_refutes_nothing(text, verdict):
    assert last(text) == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("The parcel $a \\in [2, 3]$ then goes $a = 10 r$ around, so $r \\in [5, 6]$", "doubtful"),
        ("Hence $x^2 \\in [5, 6]$", "refuted"),
    ],
)
def test_a_range_is_no_claim_unless_it_is_concluded(text, verdict):
    assert last(text) == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Denote $s = 0$. Now $s = \\sum_{j=1}^v q_j$ for the wobbly rest", "doubtful"),
        ("Let $s = 2 u$. Then $s = 3 u$", "refuted"),
        ("The count $m = 0$ and $\\prod_{k=1}^m q_k$", "doubtful"),
        ("$\\sum_{k=1}^m 1 = m + 1$", "refuted"),
    ],
)
def test_a_name_is_put_to_another_value_as_steps_of_a_program_are(text, verdict):
    assert verdict in [claim.verdict for claim in check(text).claims]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Let $g(a) = 3a$. Take $a = 5$. Nudge the dial a whisker and $g(a) = 15.003$", "doubtful"),
        ("Let $g(a) = 3a$. Take $a = 5$. Then $g(a) = 16$", "refuted"),
    ],
)
def test_a_value_may_have_moved_in_words_that_are_not_known(text, verdict):
    assert last(text) == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("$$i = j \\rightarrow x_i + 1 = x_j + 2$$", "doubtful"),
        ("$$x_i + 1 = x_i + 2$$", "refuted"),
    ],
)
def test_what_an_arrow_leads_to_may_hold_in_a_case_only(text, verdict):
    assert verdict in [claim.verdict for claim in check(text).claims]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Let $g(z) = z^3$. $\\frac{d}{{d}z} g(z) = 3z^2$", "proved"),
        ("Let $g(z) = z^3$. $\\frac{d}{{d}z} g(z) = 2z^2$", "refuted"),
    ],
)
def test_a_differential_may_stand_in_braces(text, verdict):
    assert last(text) == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Let $c^{[1](i)} = 2 q^{(i)}$. Then $3 c^{[1](i)} = 6 q^{(i)}$", "proved"),
        ("Let $c^{[1](i)} = 2 q^{(i)}$. Then $3 c^{[1](i)} = 5 q^{(i)}$", "refuted"),
    ],
)
def test_several_brackets_above_a_name_are_its_indices(text, verdict):
    assert last(text) == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("if $p = 0$, then $p \\log p = 0$", "unread"),
        ("if $p = 1$, then $p \\log p = 1$", "refuted"),
    ],
)
def test_a_side_without_a_value_in_a_setting_is_not_judged(text, verdict):
    assert last(text) == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("And since a funny law states that $\\log(x^2) = x \\log x$, we go on", "refuted"),
        ("And since a funny law muses on $\\log(x^2) = x \\log x$, we go on", "doubtful"),
        ("And since a funny law states that $(x + 1)^2 = x^2 + 2x + 1$, we go on", "proved"),
    ],
)
def test_a_reason_that_ties_nothing_is_judged(text, verdict):
    assert last(text) == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("$\\frac{2}{3} = 0.666$", "doubtful"),
        ("$\\frac{2}{3} = 0.667$", "proved"),
        ("$\\frac{2}{3} = 0.665$", "refuted"),
    ],
)
def test_digits_that_were_cut_off_are_doubtful(text, verdict):
    assert last(text) == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Suppose that $a < x < b$ holds", "assumption"),
        ("Suppose that $0 < x < 1 < 0$ holds", "refuted"),
        ("The function $f$ is convex.\n\n$$f(x) + f(y) \\ge 2 f(x)$$", "unread"),
        ("Let $f(x) = x^2$.\n\n$$f(x) + 1 < f(x)$$", "refuted"),
    ],
)
def test_the_ends_of_a_range_belong_together(text, verdict):
    assert last(text) == verdict


COLUMNS = "$$\\begin{bmatrix} w_0 \\\\ w_1 \\end{bmatrix} = \\begin{bmatrix} 1 \\\\ 1 \\end{bmatrix}$$\n"


def test_the_rows_of_two_columns_are_as_doubtful_as_the_whole():
    assert {claim.verdict for claim in check(COLUMNS).claims} == {"doubtful"}


def test_the_rows_of_a_claim_are_refuted_with_it():
    sides = COLUMNS.replace("w_0", "2 - 0").replace("w_1", "1")
    assert [claim.verdict for claim in check(f"It follows that\n\n{sides}").claims] == ["refuted", "refuted", "proved"]
