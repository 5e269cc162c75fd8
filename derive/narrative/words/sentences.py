"""Where sentences end."""

from __future__ import annotations

from derive.narrative.words.tables import GAP, wording

_BREAK = r"\n+\s*(?=[-*•①-⑳]|\d+[.)])|\n\s*\n"
_SENTENCE_END = (
    rf"(?<!i\.e\.)(?<!e\.g\.)(?<!s\.t\.)(?<!w\.r\.t\.)(?<=[.!?。!?;;])(?=[)}}\]]*(?:\s|$)|[\u4e00-\u9fff①-⑳])|(?<=[。!?;])|{_BREAK}|"
    rf"(?<={GAP})(?=\s+<begins>\b|"
    r"[ \t]*\n\s*[A-Z][a-z])"
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence."""
    cuts = [0, *(m.start() for m in wording(_SENTENCE_END).finditer(text)), len(text)]
    return [(a, b) for a, b in zip(cuts, cuts[1:], strict=False) if text[a:b].strip()]
