"""Which tests need a C compiler."""

from __future__ import annotations

import pytest

from derive.code.c.build import CompilerMissing, require


def _has_compiler() -> bool:
    try:
        require()
    except CompilerMissing:
        return False
    return True


needs_compiler = pytest.mark.skipif(not _has_compiler(), reason="no C compiler or no cffi")
