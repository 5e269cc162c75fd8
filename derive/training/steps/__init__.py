"""Networks of generated functions and the steps that train them."""
