"""The larger of two numbers is read, and no other maximum."""

from __future__ import annotations

import pytest

from derive.jobs.check import check


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (r"$$\max(x, 0) + \max(-x, 0) = |x|$$", "proved"),
        (r"$$\max\{x, y\} + \min\{x, y\} = x + y$$", "proved"),
        (r"$$\max(x, y) - \min(x, y) = x - y$$", "refuted"),
        (r"$$\max(x, y) + \min(x, y) = x - y$$", "refuted"),
        (r"Let $z > 0$. Then $$\max(0, z) = z$$", "proved"),
        (r"Let $z < 0$. Then $$\max(0, z) = z$$", "refuted"),
        (r"$$\max(x, y, z) = x$$", "unread"),
        (r"$$\max_j z_j = z_1$$", "unread"),
        (r"$$\max x = x$$", "unread"),
    ],
)
def test_the_larger_of_two_numbers(text, verdict):
    assert check(text, "notes.md").claims[-1].verdict == verdict
