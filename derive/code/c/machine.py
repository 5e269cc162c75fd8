"""What the speed of the C target depends on here: the processor, what the compiler takes it for, and the width of vectors."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from derive.code.c.build import TIME_LIMIT, compiler, vector_bytes

# How each compiler says which processor it compiles for: what it is asked, and where the answer stands.
ASKED = (
    (("-march=native", "-Q", "--help=target"), re.compile(r"^\s*-march=\s+(\S+)", re.MULTILINE)),
    (("-march=native", "-###", "-c", "-x", "c", os.devnull), re.compile(r'"-target-cpu" "([^"]+)"')),
)
MODEL = re.compile(r"^model name\s*:\s*(.+)$", re.MULTILINE)
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Machine:
    """The name of the processor, what ``-march=native`` stands for, and the bytes of the vectors that are written for it."""

    processor: str
    march: str
    vector_bytes: int

    def __str__(self) -> str:
        return f"{self.processor} ({self.march}), vectors of {self.vector_bytes} bytes"


def machine() -> Machine:
    """The machine as the C target sees it; what is not known is called unknown.

    Raises:
        CompilerMissing: if there is no compiler.
    """
    return Machine(_processor(), _march(compiler()), vector_bytes())


def _processor() -> str:
    try:
        found = MODEL.search(Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    except OSError:
        found = None
    return found[1].strip() if found else platform.processor() or platform.machine() or UNKNOWN


def _march(path: str) -> str:
    for arguments, answer in ASKED:
        done = subprocess.run([path, *arguments], capture_output=True, text=True, timeout=TIME_LIMIT, check=False)
        found = answer.search(done.stdout + done.stderr)
        if found:
            return found[1]
    return UNKNOWN
