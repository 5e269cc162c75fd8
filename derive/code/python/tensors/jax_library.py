"""How JAX writes what an array program needs, where it does so otherwise than NumPy."""

from __future__ import annotations

from derive.code.python.arguments import JAX
from derive.code.python.library import LOG_DET, SHIFT, SOLVED, Library


class Jax(Library):
    """The spellings of JAX."""

    name = "JAX"
    short = "jnp"
    column = "jax"
    array = indices = "Array"
    takes = JAX
    helpers = {
        "shift": f'''def shift(m: Array) -> Array:
    """{SHIFT}"""
    highest = jnp.log(jnp.finfo(m.dtype).max)
    bound = jnp.maximum(highest - 22, highest / 2)
    return jnp.trunc(jnp.maximum(m, jnp.finfo(m.dtype).min) - jnp.minimum(jnp.abs(m), bound))
''',
        "log_det": LOG_DET.format(array="Array", short="jnp"),
        "solved": SOLVED.format(array="Array", short="jnp"),
    }

    def step(self, name: str) -> str:
        return self.call("heaviside", name, f"{name}.dtype.type(0)")

    def bounded_by_zero(self, op: str, name: str) -> str:
        return self.call("where", f"{name} {'<=' if op == 'max' else '>'} 0", "0", name)

    def opposite_size(self, name: str) -> str:
        return self.call("where", f"{name} > 0", f"-{name}", name)
