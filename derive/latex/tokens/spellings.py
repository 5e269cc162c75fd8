"""The spellings that are settled on the tokens of LaTeX, in the order in which they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from derive.latex.tokens.changes import changes
from derive.latex.tokens.differentials import differentials
from derive.latex.tokens.empty import unbraced_arguments, without_empty_groups, without_notes
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.marks import conditions, spoken_leads, stops
from derive.latex.tokens.scripts import below_first, exponents, turned_labels, words_above
from derive.latex.tokens.styles import small_in_bold, styled
from derive.latex.tokens.unslashed import named_functions
from derive.latex.tokens.values import values

Row = Sequence[Token]

PASSES: tuple[Callable[[Row], tuple[Token, ...]], ...] = (
    styled,  # {\rm d}, {\bf x}
    small_in_bold,  # \mathbb b
    without_empty_groups,  # \sum_k^{ }, \frac{a}{b}{}
    without_notes,  # & \begin{pmatrix} \text{as before} \end{pmatrix}
    unbraced_arguments,  # f{(z)}
    below_first,  # x^2_i
    turned_labels,  # W^{(1)\top}
    spoken_leads,  # Let u = 2x
    stops,  # p_k.p_i
    conditions,  # & if & i = j
    changes,  # \Delta w
    exponents,  # x^-2
    words_above,  # v^{corrected}
    named_functions,  # exp(x), log p
    differentials,  # \frac{\delta L}{\delta x}, {\partial a}/{\partial b}
    values,  # \sigma(\mathbf z)_i
)


def settled(row: Row) -> tuple[Token, ...]:
    """The tokens of a formula in LaTeX with every spelling of the table settled."""
    for each in PASSES:
        row = each(row)
    return tuple(row)
