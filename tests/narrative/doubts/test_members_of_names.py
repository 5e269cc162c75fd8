"""A name that is defined by the members of one index, under a sum over that index: which is meant, the text does not say."""

from derive.jobs.check import check


def last(text):
    return check(text).claims[-1].verdict


def test_a_sum_over_what_has_no_index_is_in_doubt():
    text = "Let $u = y_i - w x_i$ and $J(w) = \\frac{1}{m} \\sum_{i=1}^m u^2$.\n\n$$\\frac{dJ}{dw} = "
    assert last(text + "\\frac{2}{m} \\sum_{i=1}^m (w x_i - y_i) x_i$$") == "doubtful"
    named = text.replace("u =", "u_i =").replace("u^2", "u_i^2")
    assert last(named + "\\frac{2}{m} \\sum_{i=1}^m (w x_i - y_i) x_i$$") == "proved"
    assert last(named + "\\frac{2}{m} \\sum_{i=1}^m (w x_i + y_i) x_i$$") == "refuted"
