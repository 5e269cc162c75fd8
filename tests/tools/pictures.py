"""The pictures of the documentation: ``python -m tests.tools.pictures [FOLDER]`` makes them anew with Chromium."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from derive.jobs.check import check_paths
from derive.report import write
from tests.report import chromium as pages

ROOT = Path(__file__).resolve().parents[2]
SOFTMAX = r"""Let $a_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$ be the probabilities that softmax makes of scores $z$.
If $i \ne j$, then

$$\frac{\partial a_i}{\partial z_j} = -a_i a_j$$

and if $i = j$,

$$\frac{\partial a_i}{\partial z_i} = a_i (1 + a_i)$$

Along the way we use that $\ln \frac{a_i}{a_j} = z_i - z_j$, and that $\sqrt{x^2} = x$.
"""


def main(folder: Path) -> None:
    """Writes the pictures into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, pages.chromium() as browser:
        notes = Path(scratch) / "softmax.md"
        notes.write_text(SOFTMAX, encoding="utf-8")
        text = write(check_paths([notes], (), (), 1), "html").replace(str(notes), notes.name)
        page = notes.with_suffix(".html")
        page.write_text(text, encoding="utf-8")
        pages.resize(browser, 860, 520)
        pages.open_page(browser, page)
        browser.find_element("css selector", ".formula.display .mark.refuted").click()
        browser.save_screenshot(str(folder / "report.png"))


if __name__ == "__main__":
    if pages.MISSING:
        sys.exit(pages.MISSING)
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
