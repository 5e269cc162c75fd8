"""How PyTorch writes what an array program needs, where it does so otherwise than NumPy."""

from __future__ import annotations

from collections.abc import Sequence

from derive.code.python.arguments import TORCH
from derive.code.python.library import ATOM, LOG_DET, SHIFT, SOLVED, Library


class Torch(Library):
    """The spellings of PyTorch; no array is overwritten, so that it can differentiate through what is written."""

    name = "PyTorch"
    column = "torch"
    short = "torch"
    array = indices = "Tensor"
    binds = ATOM
    axis = "dim"
    maximum = "amax"
    takes = TORCH
    needs = {"shift": "math", "supported": "math", "is_moderate": "math"}
    helpers = {
        "shift": f'''def shift(m: Tensor) -> Tensor:
    """{SHIFT}"""
    highest = math.log(torch.finfo(m.dtype).max)
    bound = max(highest - 22, highest / 2)
    return torch.trunc(torch.clamp(m, min=torch.finfo(m.dtype).min) - torch.clamp(torch.abs(m), max=bound))
''',
        "supported": '''def supported(x: Tensor, factor: Tensor) -> Tensor:
    """What x can be multiplied by so that 0 times infinity is 0: `factor`, with 0 where x is 0 if anything is infinite."""
    if factor.numel() and factor.device.type == "cpu" and max(map(abs, map(float, torch.aminmax(factor)))) < math.inf:
        return factor
    return torch.where(x == 0, 0, factor)
''',
        "others": '''def others(x: Tensor, top: Tensor) -> Tensor:
    """The sum over the last axis of all entries but one of the largest, which are `top`; no entry is negative.

    Summed up are the entries that differ from the largest; of the largest, all but one are added, if there are more.
    """
    rest = torch.ops.aten.threshold_backward(x, top[..., None] - x, 0).sum(dim=-1)
    count = torch.round((x.sum(dim=-1) - rest) / torch.clamp(top, min=torch.finfo(top.dtype).tiny))
    return rest + torch.clamp(count - 1, min=0) * top
''',
        "log_det": LOG_DET.format(array="Tensor", short="torch"),
        "solved": SOLVED.format(array="Tensor", short="torch"),
        "is_moderate": '''def is_moderate(z: Tensor) -> bool:
    """Whether no exponential of z, nor a quotient of sums of up to a million of them, comes near overflow or underflow."""
    if z.device.type != "cpu" or z.numel() == 0:
        return False
    bound = math.frexp(torch.finfo(z.dtype).max)[1] / 3 - 7
    low, high = torch.aminmax(z)
    return float(low) >= -bound and float(high) <= bound
''',
    }

    def bounded(self, op: str, text: str, number: str) -> str:
        return f"torch.clamp({text}, {'min' if op == 'max' else 'max'}={number})"

    def step(self, name: str) -> str:
        return f"({name} > 0).to({name}.dtype)"

    def bounded_by_zero(self, op: str, name: str) -> str:
        return self.call("relu", name) if op == "max" else self.bounded(op, name, "0")

    def opposite_size(self, name: str) -> str:
        return f"torch.clamp({name}, max=0) - torch.relu({name})"

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
