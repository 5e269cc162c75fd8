"""The HTML report as a person meets it, in Chromium: what is seen, what a click and a key open, dark, narrow, printed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.report import chromium as pages

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(pages.MISSING), reason=pages.MISSING or "nothing is missing")]

NOTES = r"""---
derive:
  assume: \sum_k y_k = 1
---
# Notes <i>on</i> $a$

Let $a_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$, of $z$. If $i \ne j$, then

$$\frac{\partial a_i}{\partial z_j} = -a_i a_j$$

and if $i = j$,

$$\frac{\partial a_i}{\partial z_i} = a_i (1 + a_i)$$

<script>window.broken = true</script> ![x](http://x.example/$y$.png) [y](javascript:window.broken=true)

- always $(x+1)^2 = x^2 + 2x + 1 = x^2$, and $\sqrt{x^2} = x$

$$(a+b+c)^4 = a^4+4a^3b+6a^2b^2+4ab^3+b^4+4a^3c+12a^2bc+12ab^2c+4b^3c+6a^2c^2+12abc^2+6b^2c^2+4ac^3+4bc^3+c^4$$
"""
TEX = r"""\documentclass{article}\newcommand{\loss}{\ell}\begin{document}
\section{A section} % a comment
\begin{itemize}\item First $\loss = x^2$ and \emph{so} \begin{align} \frac{d \loss}{d x} &= 2x \\ &= 3x \end{align}
\end{itemize}\end{document}
"""
TEXT = "We know: a4 = e^z4/(e^z4+e^z5)\n\n  indented   (x+1)^2 = x^2 + 1\n```\ncode = 1\n```\n"
WEB = "<html><body><h1>A page</h1><p>Of \\(1 + 1 = 2\\) &lt;b&gt; and \\[ 2 = 3 \\]</p></body></html>"
NOTEBOOK = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {},
    "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": ["# A notebook\n", "\n", "$$\\frac{d}{dx} x^2 = 2x$$ and $2 = 3$"]},
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": "print('<b>1 = 2</b>')"},
    ],
}


@pytest.fixture(scope="module")
def browser():
    with pages.chromium() as found:
        yield found


def report(folder: Path, name: str, *arguments: str) -> Path:
    out = folder / f"{name}.html"
    run = subprocess.run(
        [sys.executable, "-m", "derive", *arguments, "--format", "html", "-o", str(out)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode in (0, 1), run.stderr
    return out


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    (folder / "notes.md").write_text(NOTES, encoding="utf-8")
    return report(folder, "notes", "check", str(folder / "notes.md"))


@pytest.fixture(autouse=True)
def fresh(browser):
    pages.resize(browser, 900, 900)
    pages.media(browser)
    yield
    assert [entry for entry in browser.get_log("browser") if "favicon" not in entry["message"]] == []


def one(browser, selector):
    found = browser.find_elements("css selector", selector)
    assert len(found) >= 1, selector
    return found[0]


def many(browser, selector):
    return browser.find_elements("css selector", selector)


def is_open(browser):
    return browser.execute_script("return [...document.querySelectorAll('.why:popover-open')].map(b => b.innerText)")


def test_the_document_is_seen_with_its_formulas(browser, page):
    pages.open_page(browser, page)
    text = one(browser, ".document").text
    assert "Notes <i>on</i>" in text and "If" in text and "$$" not in text and "\\frac" not in text
    fraction = one(browser, ".document .formula.proved mfrac")
    assert fraction.size["width"] > 8 and fraction.size["height"] > 20
    assert fraction.find_elements("css selector", "msub")[0].size["height"] > 5
    assert browser.execute_script("return window.broken") is None
    assert many(browser, ".document img, .document script, .document i") == []


def test_each_claim_is_marked_by_a_sign_and_a_colour(browser, page):
    pages.open_page(browser, page)
    signs = {
        verdict: {mark.text for mark in many(browser, f".mark.{verdict}")} for verdict in ("proved", "refuted", "conditional")
    }
    assert signs == {"proved": {"✓"}, "refuted": {"✗"}, "conditional": {"!"}}
    colours = {
        one(browser, f".formula.display.{verdict}").value_of_css_property("border-left-color")
        for verdict in ("proved", "refuted")
    }
    assert len(colours) == 2
    chain = one(browser, "li .formula.refuted")  # (x+1)^2 = … ✓ = x^2 ✗
    assert [mark.text for mark in chain.find_elements("css selector", ".mark")] == ["✓", "✗"]


def test_the_counts_are_those_of_the_json_report(browser, page):
    pages.open_page(browser, page)
    source = page.with_suffix(".md")
    run = subprocess.run(
        [sys.executable, "-m", "derive", "check", str(source), "--format", "json"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    claims = [claim for claim in json.loads(run.stdout)["documents"][0]["claims"] if claim["relation"]]
    shown = {button.get_attribute("data-verdict"): int(button.text.split()[-1]) for button in many(browser, ".filter")}
    assert shown == {verdict: sum(claim["verdict"] == verdict for claim in claims) for verdict in shown}
    assert len(many(browser, ".document .mark")) + len(many(browser, ".unplaced .mark")) == sum(shown.values())


def test_a_click_opens_the_witness_and_the_mended_claim(browser, page):
    pages.open_page(browser, page)
    mark = one(browser, ".formula.display .mark.refuted")
    assert is_open(browser) == []
    mark.click()
    (text,) = is_open(browser)
    assert "left side" in text and "right side" in text and "did you mean" in text
    box = one(browser, ".why:popover-open")
    assert box.rect["x"] >= 0 and box.rect["x"] + box.rect["width"] <= 900
    assert box.find_elements("css selector", ".mended mfrac")[0].size["height"] > 10
    one(browser, "h2").click()
    assert is_open(browser) == []


@pytest.mark.parametrize("key", ["\ue007", " "])  # Enter, Space
def test_a_key_opens_and_escape_closes(browser, page, key):
    pages.open_page(browser, page)
    mark = one(browser, ".mark.conditional")
    browser.execute_script("arguments[0].focus()", mark)
    browser.switch_to.active_element.send_keys(key)
    (text,) = is_open(browser)
    assert "condition" in text and "not stated" in text
    browser.switch_to.active_element.send_keys("\ue00c")
    assert is_open(browser) == [] and browser.switch_to.active_element == mark


def test_tab_reaches_the_marks_and_they_have_names(browser, page):
    from selenium.webdriver.common.keys import Keys

    pages.open_page(browser, page)
    reached = set()
    for _ in range(40):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        reached.add(browser.execute_script("return document.activeElement.className"))
    assert "mark refuted" in reached
    mark = one(browser, ".mark.refuted")
    assert mark.aria_role == "button" and mark.accessible_name.startswith("refuted, line ")


def test_hovering_opens(browser, page):
    from selenium.webdriver import ActionChains
    from selenium.webdriver.support.ui import WebDriverWait

    pages.open_page(browser, page)
    ActionChains(browser).move_to_element(one(browser, ".formula.display .mark.proved")).perform()
    WebDriverWait(browser, 10).until(is_open)
    ActionChains(browser).move_to_element(one(browser, "h2")).perform()
    WebDriverWait(browser, 10).until(lambda found: not is_open(found))


def test_the_counts_filter(browser, page):
    pages.open_page(browser, page)
    count, mark = one(browser, ".filter.proved"), one(browser, ".mark.proved")
    assert mark.is_displayed() and count.get_attribute("aria-pressed") == "true"
    count.click()
    assert not mark.is_displayed() and count.get_attribute("aria-pressed") == "false"
    assert one(browser, ".mark.refuted").is_displayed()
    count.click()
    assert mark.is_displayed()


def test_dark(browser, page):
    pages.open_page(browser, page)
    light = one(browser, "body").value_of_css_property("background-color")
    pages.media(browser, scheme="dark")
    dark = one(browser, "body").value_of_css_property("background-color")
    ink = one(browser, "body").value_of_css_property("color")
    levels = [sum(int(part) for part in colour[colour.index("(") + 1 : -1].split(",")[:3]) for colour in (light, dark, ink)]
    assert levels[0] > 700 and levels[1] < 120 and levels[2] > 500


def test_a_narrow_screen_scrolls_formulas_and_not_the_page(browser, page):
    pages.open_page(browser, page)
    pages.resize(browser, 360, 700)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 360
    wide = browser.execute_script(
        "return [...document.querySelectorAll('.formula.display')].filter(f => f.scrollWidth > f.clientWidth).length"
    )
    assert wide >= 1


def test_print_has_the_details(browser, page):
    pages.open_page(browser, page)
    box = one(browser, ".why.refuted")
    assert not box.is_displayed()
    pages.media(browser, "print")
    assert box.is_displayed() and "left side" in box.text


def test_several_documents_of_every_kind_in_one_page(browser, tmp_path):
    (tmp_path / "a.tex").write_text(TEX, encoding="utf-8")
    (tmp_path / "b.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "c.htm").write_text(WEB, encoding="utf-8")
    (tmp_path / "d.ipynb").write_text(json.dumps(NOTEBOOK), encoding="utf-8")
    page = report(tmp_path, "all", "check", *(str(tmp_path / name) for name in ("a.tex", "b.txt", "c.htm", "d.ipynb")))
    pages.open_page(browser, page)
    links = many(browser, "nav > ul > li > a")
    assert [link.text.rsplit("/", 1)[-1] for link in links] == ["a.tex", "b.txt", "c.htm", "d.ipynb"]
    tex, text, web, notebook = many(browser, ".document")
    assert "A section" in tex.text and "a comment" not in tex.text and "\\emph" not in tex.text
    assert [mark.text for mark in tex.find_elements("css selector", ".mark")] == ["≔", "✓", "✗"]
    assert "code = 1" in text.text and len(text.find_elements("css selector", ".mark.refuted")) == 1
    assert "<b>" in web.text and len(web.find_elements("css selector", ".mark.refuted")) == 1
    assert "print('<b>1 = 2</b>')" in notebook.text and "A notebook" in notebook.text
    assert [mark.text for mark in notebook.find_elements("css selector", ".mark")] == ["✓", "✗"]
    assert many(browser, ".unplaced") == []


def test_a_proof(browser, tmp_path):
    page = report(tmp_path, "proof", "prove", "-e", r"\frac{d}{dx} \frac{\ln x}{x}")
    pages.open_page(browser, page)
    rows = many(browser, "table.proof tr")
    assert rows and all(row.find_elements("css selector", "math") for row in rows)
    assert one(browser, "table.proof .rule").text
    assert one(browser, ".result mfrac").size["height"] > 20
