"""How PyTorch writes what an array program needs, where it does so otherwise than NumPy."""

from __future__ import annotations

from collections.abc import Sequence

from derive.code.python.library import ATOM, SHIFT, Library


class Torch(Library):
    """The spellings of PyTorch; no array is overwritten, so that it can differentiate through what is written."""

    name = "PyTorch"
    short = "torch"
    array = indices = "Tensor"
    binds = ATOM
    axis = "dim"
    maximum = "amax"
    helpers = {"shift": f'''def shift(m: Tensor) -> Tensor:
    """{SHIFT}"""
    highest = m.new_tensor(torch.finfo(m.dtype).max).log()
    bound = torch.maximum(highest - 22, highest / 2)
    return torch.trunc(torch.clamp(m, min=torch.finfo(m.dtype).min) - torch.minimum(torch.abs(m), bound))
'''}

    def bounded(self, op: str, text: str, number: str) -> str:
        return f"torch.clamp({text}, {'min' if op == 'max' else 'max'}={number})"

    def vecdot(self, first: str, second: str) -> str:
        return f"torch.linalg.vecdot({first}, {second})"

    def einsum(self, axes: str, arrays: Sequence[str]) -> str:
        return self.call("einsum", f'"{axes}"', *arrays)

    def number(self, text: str, like: str) -> str:
        return f"{like}.new_tensor({text})" if like else f"torch.tensor(float({text}))"

    def places(self, length: str, like: str) -> str:
        return f"torch.arange({length}, device={like}.device)"

    def repeated(self, text: str, shape: Sequence[str]) -> str:
        return f"{text}.expand({', '.join(shape)})"

    def repeated_as(self, text: str, array: str) -> str:
        return f"{text}.expand_as({array})"

    def permuted(self, text: str, order: Sequence[int]) -> str:
        return f"{text}.permute({', '.join(map(str, order))})"

    def taken(self, text: str, index: str) -> str:
        return f"{text}.gather(-1, {index}[..., None])[..., 0]"

    def taken_along(self, text: str, index: str) -> str:
        return f"torch.take_along_dim({text}, {index}, dim=-1)[..., 0]"

    def replaced(self, text: str, index: str, value: str) -> str:
        return f"{text}.scatter(-1, {index}, {value})"

    def typed(self, like: str) -> str:
        return f", dtype={like}.dtype, device={like}.device" if like else ""
