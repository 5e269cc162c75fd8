"""A reason in words."""

from __future__ import annotations

from collections.abc import Mapping

from derive.terms.reasons import Reason, Why
from derive.writing.messages.english import ENGLISH

EXPECTED = "expected"
"""What could stand where something was not understood; a row that does not name it gets it at its end."""


def rendered(reason: Reason | None, table: Mapping[Why, str] = ENGLISH) -> str:
    """`reason` in the words of `table`, with all that it comes with; "" for None.

    Raises:
        KeyError: if the table has no row for it, or the row names a parameter that the reason does not have.
    """
    if reason is None:
        return ""
    values = {name: rendered(value, table) if isinstance(value, Reason) else str(value) for name, value in reason.parameters}
    row = table[reason.why]
    whole = row.format(**values)
    if whole and EXPECTED in values and f"{{{EXPECTED}}}" not in row:
        whole = f"{whole}: expected {values[EXPECTED]}"
    return "; ".join(part for part in (whole, *(rendered(each, table) for each in reason.more)) if part)
