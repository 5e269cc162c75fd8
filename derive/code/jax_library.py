"""How JAX writes what an array program needs."""

from __future__ import annotations

from collections.abc import Sequence

from derive.code.torch_library import CALLS, UNSHIFTED, Torch


class Jax(Torch):
    """The spellings of JAX, where they differ from those of PyTorch."""

    name = "JAX"
    short = "jnp"
    array = "Array"
    reserved = frozenset({"jax", "jnp", "Array", "CustomVJPPrimal", "len", "tuple", "unshifted"})
    binds = 0
    axis = "axis"
    maximum = "max"
    helpers = {"unshifted": f'''def unshifted(m: Array) -> Array:
    """{UNSHIFTED}"""
    bound = jnp.log(jnp.finfo(m.dtype).max) / 2
    return jnp.where((m >= 0) & (m <= bound), 0, m)
'''}

    def bounded(self, op: str, text: str, number: str) -> str:
        return self.call(CALLS[op], text, number)

    def vecdot(self, first: str, second: str) -> str:
        return f"jnp.vecdot({first}, {second})"

    def number(self, text: str, like: str) -> str:
        return f"jnp.asarray({text}{self._typed(like)})"

    def eye(self, length: str, like: str) -> str:
        return f"jnp.eye({length}{self._typed(like)})"

    def places(self, length: str, like: str) -> str:
        return f"jnp.arange({length})"

    def full(self, shape: Sequence[str], value: str, like: str) -> str:
        return f"jnp.full(({', '.join(shape)},), {value}{self._typed(like)})"

    def full_like(self, array: str, value: str) -> str:
        return f"jnp.zeros_like({array})" if value == "0" else f"jnp.full_like({array}, {value})"

    def repeated(self, text: str, shape: Sequence[str]) -> str:
        return f"jnp.broadcast_to({text}, ({', '.join(shape)},))"

    def repeated_as(self, text: str, array: str) -> str:
        return f"jnp.broadcast_to({text}, {array}.shape)"

    def permuted(self, text: str, order: Sequence[int]) -> str:
        return f"{text}.transpose({', '.join(map(str, order))})"

    def taken(self, text: str, index: str) -> str:
        return self.taken_along(text, f"{index}[..., None]")

    def taken_along(self, text: str, index: str) -> str:
        return f"jnp.take_along_axis({text}, {index}, axis=-1)[..., 0]"

    def replaced(self, text: str, index: str, value: str) -> str:
        return f"jnp.put_along_axis({text}, {index}, {value}, axis=-1, inplace=False)"

    def _typed(self, like: str) -> str:
        return f", dtype={like}.dtype" if like else ""
