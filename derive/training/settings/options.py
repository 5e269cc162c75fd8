"""What the options of training can be; light, for the command line."""

from __future__ import annotations

from typing import Literal

Target = Literal["lambdify", "numpy", "c", "torch", "jax"]
Model = Literal["softmax", "mlp"]
Activation = Literal["sigmoid", "tanh"]
MODEL_HELP = "Softmax regression, or a multilayer perceptron. [softmax]"
