"""The PyTorch and the JAX target."""
