"""What the use of names tells of their shapes, where nothing declares them: each reading with a false twin."""

import pytest

from derive.jobs.check import check
from tests.narrative.twins import assert_told_apart, last

ELSEWHERE = r"""# An example

$$\mathbf W = \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}$$

# The layer

Let $\mathbf x \in \mathbb R^d$ and $\mathbf c \in \mathbb R^m$.

"""


def test_what_an_equation_of_another_section_writes_out_does_not_make_a_name_of_this_one_small():
    assert_told_apart(
        ELSEWHERE,
        r"\mathbf c^\top \mathbf W \mathbf x = \mathbf x^\top \mathbf W^\top \mathbf c",
        r"\mathbf c^\top \mathbf W \mathbf x = 2 \mathbf x^\top \mathbf W^\top \mathbf c",
    )


def test_in_its_own_section_it_is_what_is_written_out():
    own = r"Let $W = \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}$. "
    assert_told_apart(own, r"\det W = -2", r"\det W = 2")
    assert last(own + r"Let $x \in \mathbb R^3$. ", r"W x = x").verdict not in ("proved", "conditional")


UNKNOWN = r"Let $\mathbf v \in \mathbb R^d$ and $$\mathbf y = q(\mathbf U \mathbf v + \mathbf b).$$" + "\n\n"


def test_a_statement_that_is_read_in_part_teaches_the_shapes_of_its_parts():
    assert_told_apart(
        UNKNOWN,
        r"\mathbf b^\top (\mathbf U \mathbf v + \mathbf b) = \mathbf b^\top \mathbf U \mathbf v + \mathbf b^\top \mathbf b",
        r"\mathbf b^\top (\mathbf U \mathbf v + \mathbf b) = \mathbf b^\top \mathbf U \mathbf v + 2 \mathbf b^\top \mathbf b",
    )


@pytest.mark.parametrize(
    ("text", "true", "false"),
    [
        (
            r"Let $\mathbf w \in \mathbb R^d$. ",
            r"(\mathbf S_a + \mathbf S_u) \mathbf w = \mathbf S_u \mathbf w + \mathbf S_a \mathbf w",
            r"(\mathbf S_a - \mathbf S_u) \mathbf w = \mathbf S_u \mathbf w + \mathbf S_a \mathbf w",
        ),
        (
            r"Let $\mathbf H \in \mathbb R^{d \times d}$ and $\mathbf x^* = \mathbf H \mathbf b$. ",
            r"\mathbf H \mathbf x^* = \mathbf H \mathbf H \mathbf b",
            r"\mathbf H \mathbf x^* = \mathbf H \mathbf b",
        ),
        (
            r"Let $\mathbf x \in \mathbb R^d$. ",
            r"\mathbf x^\top (\mathbf w' + \mathbf u) = \mathbf u^\top \mathbf x + \mathbf x^\top \mathbf w'",
            r"\mathbf x^\top (\mathbf w' - \mathbf u) = \mathbf u^\top \mathbf x + \mathbf x^\top \mathbf w'",
        ),
        (
            r"Let $\mathbf x \in \mathbb R^d$ and $\mathbf z^{(1)} = \mathbf W^{(1)} \mathbf x$. ",
            r"\|\mathbf z^{(1)}\|^2 = \mathbf x^\top \mathbf W^{(1)\top} \mathbf W^{(1)} \mathbf x",
            r"\|\mathbf z^{(1)}\|^2 = 2 \mathbf x^\top \mathbf W^{(1)\top} \mathbf W^{(1)} \mathbf x",
        ),
    ],
)
def test_labels_primes_and_marks_are_parts_of_the_names_of_vectors(text, true, false):
    assert_told_apart(text, true, false)


def test_a_prime_before_a_factor_may_be_a_transpose():
    text = r"Let $\mathbf a, \mathbf b \in \mathbb R^d$. "
    assert last(text, r"\mathbf a' \mathbf b = \mathbf b' \mathbf a").verdict == "unread"


ROWS = r"Let $\mathbf r \in \mathbb R^{1 \times d}$, $M \in \mathbb R^{d \times m}$ and $\mathbf z = \mathbf r M$. "


def test_a_row_has_a_unit_axis_in_front():
    assert_told_apart(ROWS, r"\mathbf z \mathbf z^\top = \mathbf r M M^\top \mathbf r^\top", r"\mathbf z \mathbf z^\top = 0")
    assert last(ROWS, r"\mathbf z^\top \mathbf z = \mathbf r M M^\top \mathbf r^\top").verdict not in ("proved", "conditional")


BIAS = (
    r"Let $\mathbf X \in \mathbb R^{n \times d}$, $\mathbf W \in \mathbb R^{d \times q}$, "
    r"$\mathbf b \in \mathbb R^{1 \times q}$, $\mathbf u \in \mathbb R^q$ and $\mathbf O = \mathbf X \mathbf W + \mathbf b$. "
)


def test_a_row_beside_a_matrix_is_added_to_each_of_its_rows():
    total = r"\mathbf 1^\top \mathbf O = \mathbf 1^\top \mathbf X \mathbf W"
    assert_told_apart(BIAS, rf"{total} + n \mathbf b", rf"{total} + \mathbf b")
    assert last(BIAS, r"\mathbf X \mathbf W + \mathbf u^\top = \mathbf u^\top + \mathbf X \mathbf W").verdict != "proved"


def test_a_column_may_have_one_behind():
    text = r"Let $u, v \in \mathbb R^{d \times 1}$. "
    assert_told_apart(text, r"u^\top v = v^\top u", r"u^\top v = 2 v^\top u")


BATCH = r"Let $X \in \mathbb R^{m \times d}$, $W \in \mathbb R^{d \times c}$ and $Z = X W$. "


def test_rows_and_columns_of_matrices():
    assert_told_apart(BATCH, r"X_{i,:} W_{:,j} = Z_{ij}", r"X_{i,:} W_{:,j} = Z_{ji}")
    assert_told_apart(BATCH, r"X_{i,:} W = Z_{i,:}", r"X_{i,:} W = 2 Z_{i,:}")
    assert last(BATCH, r"X_{:,i} W = Z_{i,:}").verdict not in ("proved", "conditional")


def test_the_larger_of_two_is_taken_of_each_entry():
    text = r"Let $\mathbf a, \mathbf b \in \mathbb R^d$ and $\mathbf h = \max\{\mathbf a, \mathbf b\}$. "
    assert_told_apart(
        text,
        r"\mathbf h + \min\{\mathbf a, \mathbf b\} = \mathbf a + \mathbf b",
        r"\mathbf h + \min\{\mathbf a, \mathbf b\} = \mathbf a",
    )


SAMPLES = r"Let $x_1, \dots, x_n \in \mathbb R^d$ and let $\bar x = \frac1n \sum_{i=1}^n x_i$. "


def test_the_samples_of_a_list_are_vectors_and_so_is_their_mean():
    scatter = r"\sum_{i=1}^n (x_i - \bar x)(x_i - \bar x)^\top = \sum_{i=1}^n x_i x_i^\top"
    assert_told_apart(SAMPLES, rf"{scatter} - n \bar x \bar x^\top", rf"{scatter} - \bar x \bar x^\top")


def test_next_values_of_vectors_are_updates():
    text = r"Let $\mathbf w, \mathbf g \in \mathbb R^d$. "
    assert last(text, r"\mathbf w \leftarrow \mathbf w - \eta \mathbf g").verdict == "definition"
    assert last(text, r"\mathbf w \leftarrow \mathbf w - \eta \mathbf g \mathbf g^\top").verdict not in ("definition", "proved")


LAYERS = r"""Let $z^l_j = \sum_k w^l_{jk} a^{l-1}_k + b^l_j$.

"""


def test_a_step_above_a_name_with_places_elsewhere_is_a_vector_and_no_power():
    found = check(LAYERS + r"$$z^l = w^l a^{l-1} + b^l$$" + "\n").claims[-1]
    assert found.verdict not in ("unread", "refuted")
    assert last(LAYERS, r"w^l a^{l-1} = a^{l-1} w^l").verdict not in ("proved", "conditional")


SPACES = r"Let $X \in \mathbb R^{n \times d}$, $w \in \mathbb R^d$ and $y \in \mathbb R^n$. Hence" + "\n\n"


def test_the_space_that_is_claimed_of_an_expression_is_judged():
    assert last(SPACES, r"X^\top (X w - y) \in \mathbb R^d").verdict == "proved"
    assert last(SPACES, r"X w \in \mathbb R^d").verdict not in ("proved", "conditional", "assumption")
    assert last(SPACES, r"X^\top X \in \mathbb R^{d \times d}").verdict == "proved"
    assert last(SPACES, r"X^\top X \in \mathbb R^{n \times n}").verdict not in ("proved", "conditional", "assumption")
    assert last(SPACES, r"2 y \in \mathbb R^n").verdict == "proved"
    assert last(SPACES, r"2 y \in \mathbb R^d").verdict not in ("proved", "conditional", "assumption")


UNEXPLAINED = r"""Let $\mathbf y = g(\mathbf x)$ and $\mathbf x_1 = f(\mathbf y_1) + \mathbf x_0$.

"""


def test_values_of_functions_that_nothing_explains_are_vectors_beside_vectors():
    found = check(UNEXPLAINED).claims
    assert [each.verdict for each in found] == ["definition", "definition"]
    assert last(UNEXPLAINED, r"g(\mathbf x) + \mathbf y = 3 g(\mathbf x)").verdict not in ("proved", "conditional")


def test_a_name_that_is_put_into_the_numbers_is_none_of_vectors():
    text = r"Let $x \in \mathbb R^n$ and $b \in \mathbb R$. Later we choose $b = \max(0, x)$." + "\n\n"
    assert_told_apart(text, r"e^{x_i - b} e^b = e^{x_i}", r"e^{x_i - b} e^b = e^{x_i - b}")


def test_the_determinant_is_written_between_bars():
    text = r"Let $S \in \mathbb R^{d \times d}$ be invertible. "
    assert_told_apart(
        text, r"\frac{\partial}{\partial S} \log |S| = S^{-\top}", r"\frac{\partial}{\partial S} \log |S| = S^{-1}"
    )


def test_the_entries_of_a_list_with_dots_are_no_ground_to_refute():
    text = (
        r"Let $\tilde{\mathbf x} = \begin{bmatrix} 1 \\ x_1 \\ \vdots \\ x_N \end{bmatrix}$ "
        r"and $\mathbf w = \begin{bmatrix} w_0 \\ w_1 \\ \vdots \\ w_N \end{bmatrix}$. Then" + "\n\n"
    )
    assert last(text, r"\tilde{\mathbf x}^\top \mathbf w = w_0 + \sum_{i=1}^N x_i w_i").verdict != "refuted"
    assert last(text, r"\tilde{\mathbf x}^\top \mathbf w = w_0 - \sum_{i=1}^N x_i w_i").verdict not in ("proved", "conditional")
