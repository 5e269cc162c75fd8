"""C text to a shared library: compiled once with the system's compiler, kept in a cache, loaded with cffi.

The key of a library is a hash of its text, the flags, and what the compiler says of itself and of this machine. Behind the
library proper its file has the hash of it; one that is damaged, or that somebody else could have written, is built anew.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import subprocess
import tempfile
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from derive.code import cache
from derive.distribution import install

if TYPE_CHECKING:
    from collections.abc import Sequence

# Not -ffast-math: it rewrites the formulas, and linking with it sets flush-to-zero for the whole process.
FLAGS = (
    "-std=c99",
    "-O3",
    "-march=native",
    "-fno-math-errno",
    "-fno-trapping-math",
    "-fno-signed-zeros",
    "-ffp-contract=fast",
    "-fopenmp-simd",
    "-fPIC",
    "-shared",
)
COMPILERS = ("cc", "gcc", "clang")
VECTORS = (("__AVX512F__", 64), ("__AVX__", 32))
# With vectors of 64 bytes in the text, loops that the compiler makes narrower would have them wait for two halves.
WIDE = "-mprefer-vector-width=512"
TIME_LIMIT, DIGEST = 120, 32


class CompilerMissing(RuntimeError):
    """There is no C compiler here, or no cffi to load what it makes."""


class CompilationFailed(RuntimeError):
    """The compiler refused a file that was made here: a bug of the C target. The message is the compiler's."""


def compiler() -> str:
    """The path of the C compiler: ``$CC``, else the first of cc, gcc and clang.

    Raises:
        CompilerMissing: if there is none.
    """
    wanted = os.environ.get("CC")
    for name in (wanted,) if wanted else COMPILERS:
        path = shutil.which(name)
        if path is not None:
            return path
    raise CompilerMissing(f"no C compiler: expected {wanted or ', '.join(COMPILERS)} on the path; NumPy is used instead")


def require() -> None:
    """Nothing, if C can be built and called here.

    Raises:
        CompilerMissing: with the reason, if not.
    """
    if find_spec("cffi") is None:
        raise CompilerMissing(f"no cffi: expected the package cffi to be installed ({install('c')}); NumPy is used instead")
    compiler()


def cache_folder() -> Path:
    """Where libraries are kept: the cache folder, or a private temporary one if it cannot be written or is not wanted."""
    if cache.off():
        return _temporary()
    folder = cache.folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.access(folder, os.W_OK) and cache.own(folder):
            return folder
    except OSError:
        pass
    return _temporary()


def native_flags() -> tuple[str, ...]:
    """The flags for this machine: `FLAGS`, and where its vectors have 64 bytes, that loops shall have as wide ones.

    Raises:
        CompilerMissing: if there is no compiler.
    """
    return (*FLAGS, WIDE) if vector_bytes() == 64 else FLAGS


def build(source: str, flags: Sequence[str] | None = None) -> Path:
    """The shared library of a C file, from the cache if it was built before; without `flags`, with those for this machine.

    Raises:
        CompilerMissing: if there is no compiler.
        CompilationFailed: if the compiler refuses the text.
    """
    path = compiler()
    flags = native_flags() if flags is None else flags
    library = cache_folder() / f"{key(source, path, tuple(flags))}.so"
    if _is_whole(library):
        return library
    with tempfile.TemporaryDirectory(dir=library.parent) as folder:
        text, made = Path(folder) / "source.c", Path(folder) / "library.so"
        text.write_text(source, encoding="utf-8")
        command = [path, *flags, str(text), "-o", str(made), "-lm"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=TIME_LIMIT, check=False)
        except subprocess.TimeoutExpired as error:
            raise CompilationFailed(f"{path} took more than {TIME_LIMIT} s") from error
        if done.returncode:
            raise CompilationFailed(done.stderr.strip() or f"{path} ended with {done.returncode}")
        with made.open("ab") as file:  # what follows the library proper is not loaded
            file.write(_digest(made.read_bytes()))
        os.chmod(made, 0o700)
        os.replace(made, library)
    return library


def load(source: str, declarations: Sequence[str]) -> tuple[Any, Any]:
    """The interface (a ``cffi.FFI``) and the loaded library of a C file.

    Raises:
        CompilerMissing: if there is no compiler, or cffi is not installed.
    """
    require()
    interface = import_module("cffi").FFI()
    interface.cdef("\n".join(declarations))
    return interface, interface.dlopen(str(build(source)))


def key(source: str, path: str, flags: tuple[str, ...]) -> str:
    """The name of the library in the cache."""
    text = "\0".join((source, *flags, _version(path, "-march=native" in flags)))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@lru_cache(maxsize=8)
def _version(path: str, native: bool) -> str:
    """What the compiler says of itself, and what it takes this machine for."""
    asked = [path, "--version"]
    known = subprocess.run(asked, capture_output=True, text=True, timeout=TIME_LIMIT, check=False).stdout
    if native:
        target = [path, "-march=native", "-E", "-dM", "-x", "c", os.devnull]
        known += subprocess.run(target, capture_output=True, text=True, timeout=TIME_LIMIT, check=False).stdout
    return known


def vector_bytes() -> int:
    """The width in bytes of the widest vectors that the compiler uses on this machine.

    Raises:
        CompilerMissing: if there is no compiler.
    """
    known = _version(compiler(), "-march=native" in FLAGS)
    return next((width for macro, width in VECTORS if f"#define {macro} " in known), 16)


@lru_cache(maxsize=1)
def _temporary() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="derive-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _is_whole(library: Path) -> bool:
    """Whether the library is there, ends with its hash, and nobody else can have written it."""
    try:
        data = library.read_bytes()
        return cache.own(library) and data[-DIGEST:] == _digest(data[:-DIGEST])
    except OSError:
        return False


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
