"""A curve in one line of text."""

from __future__ import annotations

import math
from collections.abc import Sequence

BARS = "▁▂▃▄▅▆▇█"
WIDTH = 60


def sparkline(values: Sequence[float], width: int = WIDTH, logarithmic: bool = False) -> str:
    """The means of `width` parts of `values` as bars, from the smallest to the largest of them.

    >>> sparkline([3.0, 2.0, 1.0, 0.0])
    '█▆▃▁'
    >>> sparkline([1.0, 10.0, 100.0], logarithmic=True)
    '▁▅█'
    """
    finite = [v for v in values if math.isfinite(v) and (v > 0 or not logarithmic)]
    if not finite:
        return ""
    parts = min(width, len(finite))
    edges = [round(place * len(finite) / parts) for place in range(parts + 1)]
    means = [sum(finite[a:b]) / (b - a) for a, b in zip(edges, edges[1:], strict=False)]
    levels = [math.log10(mean) for mean in means] if logarithmic else means
    low, high = min(levels), max(levels)
    if high == low:
        return BARS[0] * parts
    return "".join(BARS[round((level - low) / (high - low) * (len(BARS) - 1))] for level in levels)
