"""What was understood of a claim is told: role and sign, ranges, names and hypotheses with the lines they come from."""

import json

from derive.jobs.check import check
from derive.jobs.explaining import in_words
from derive.jobs.outcome import Report
from derive.report import write
from derive.report.check.terminal import write as write_terminal

TEXT = """Let $a_i = \\frac{e^{z_i}}{\\sum_k e^{z_k}}$.

Assume $x > 0$.

$$\\sqrt{x^2} = x$$

$$\\sum_{j \\ne i} a_j = 1 - a_i = 1 - a_i$$
"""


def readings(text):
    return [claim.reading for claim in check(text).claims]


def test_the_role_and_the_sign_that_decided_it():
    definition, hypothesis, root, first, link = readings(TEXT)
    assert [each.role for each in (definition, hypothesis, root, first, link)] == [
        "definition",
        "hypothesis",
        "claim",
        "claim",
        "claim",
    ]
    assert link.because == "a link of a chain" and first.because != link.because


def test_every_sum_has_its_range():
    assert readings(TEXT)[3].relation == r"\sum_{j=1, j \ne i}^{n} a_j = 1 - a_i"


def test_names_come_with_their_meaning_and_its_line():
    names = {each.name: (each.meaning, each.line) for each in readings(TEXT)[3].names}
    assert names["a"] == (r"a_i = \frac{e^{z_i}}{\sum_{k=1}^{n} e^{z_k}}", 1)
    assert names["i"] == ("an index over 1..n", None) and names["n"] == ("a size", None)


def test_what_is_in_force_and_what_is_only_said():
    assert [(each.text, each.line) for each in readings(TEXT)[2].in_force] == [("x > 0", 3)]
    (held,) = readings("Assume $x > 0$.\n\nWe no longer assume this.\n\n$$\\sqrt{x^2} = x$$\n")[-1].said
    assert (held.text, held.line) == ("x > 0", 1)
    assert readings("$$\\sqrt{x^2} = x$$\n")[-1].said == ()


def test_what_was_not_read_has_no_reading():
    document = check("$$\\oint x = 1$$\n\n$$x = x$$\n")
    assert [claim.reading is None for claim in document.claims] == [True, False]
    values = json.loads(write(Report((document,)), "json"))["documents"][0]["claims"]
    assert values[0]["reading"] is None
    assert list(values[1]["reading"]) == ["role", "because", "relation", "names", "in_force", "said"]


def test_the_terminal_tells_it_where_it_is_asked():
    report = Report((check(TEXT),))
    told = write_terminal(report, explain=True)
    assert "    role: claim (a link of a chain)" in told and "    in force: x > 0 (line 3)" in told
    assert "role:" not in write_terminal(report)


def test_the_page_opens_it():
    assert "What was understood" in write(Report((check(TEXT),)), "html")


def test_a_certificate_says_how_the_claim_was_read():
    claim = check(TEXT).claims[2]
    words = in_words(claim.latex, claim.reading)
    assert words.startswith(r"\sqrt{x^2} = x; read as ") and words.endswith("in force: x > 0")
    assert in_words("a = b", None) == "a = b"


def meanings(text):
    claim = check(text).claims[-1]
    return {name.name: name.meaning for name in claim.reading.names}


def test_a_vector_and_a_matrix_are_shown_with_their_lengths():
    found = meanings(r"Let $X \in \mathbb R^{n \times d}$ and $w \in \mathbb R^d$. Then $$\nabla_w \|X w\|^2 = 2 X^\top X w$$")
    assert (found["X"], found["w"]) == ("a matrix n × d", "a vector of length d")


def test_what_use_tells_is_shown_as_inferred():
    found = meanings(r"$$\frac{\partial \mathbf W \mathbf x}{\partial \mathbf x} = \mathbf W$$")
    assert found[r"\mathbf{x}"].startswith("a vector of length ") and found[r"\mathbf{x}"].endswith(", inferred from its use")
    assert found[r"\mathbf{W}"].startswith("a matrix ") and found[r"\mathbf{W}"].endswith(", inferred from its use")


def test_a_family_of_which_no_space_is_known_is_no_vector():
    assert meanings(r"$$\frac{\partial}{\partial z_j} \sum_k z_k^2 = 2 z_j$$")["z"] == "a family of numbers"
