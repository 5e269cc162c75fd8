"""The frame of a page: its style and script inside of it, and a policy that lets nothing else in."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from importlib.resources import files

from derive.report.text.escape import visible


def page(title: str, content: str, lang: str = "en", script: bool = False) -> str:
    """A whole page; nothing is loaded from anywhere, and no script runs but our own."""
    style = _file("page.css")
    code = _file("page.js") if script else ""
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src {repr(_hash(code)) if code else repr('none')}; "
        "base-uri 'none'; form-action 'none'"
    )
    behind = f"<script>{code}</script>" if code else ""
    return visible(
        f'<!DOCTYPE html>\n<html lang="{escape(lang)}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)}</title><style>{style}</style></head>\n<body>\n{content}\n{behind}</body></html>\n"
    )


def fragment(content: str) -> str:
    """A part of somebody else's page, such as the output of a notebook's cell, with a style of its own."""
    return visible(f'<div class="derive"><style>{_file("notebook.css")}</style>\n{content}</div>\n')


def _file(name: str) -> str:
    return (files("derive.report.web") / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
