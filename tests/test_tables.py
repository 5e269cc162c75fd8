"""Tests of the generated tables of the documentation."""

from pathlib import Path

import pytest

from tests import tables


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tables, "DOCS", tmp_path)
    path = tmp_path / "page.md"
    path.write_text("Before.\n<!-- table: one -->\nold\n<!-- end of table: one -->\nAfter.\n")
    return path


def test_a_table_is_replaced_and_the_rest_is_kept(page: Path) -> None:
    tables.publish("page.md", "one", "| new |\n")
    assert page.read_text() == "Before.\n<!-- table: one -->\n| new |\n<!-- end of table: one -->\nAfter.\n"
    assert tables.published("page.md", "one") == "| new |"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<!-- table: one -->\n",
        "<!-- end of table: one -->\n<!-- table: one -->\n",
        2 * "<!-- table: one -->\n<!-- end of table: one -->\n",
    ],
)
def test_a_page_without_one_place_for_the_table_is_an_error(page: Path, text: str) -> None:
    page.write_text(text)
    with pytest.raises(ValueError, match="'one'"):
        tables.publish("page.md", "one", "| new |")
    assert page.read_text() == text
