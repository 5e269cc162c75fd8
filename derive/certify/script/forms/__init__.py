"""The normal form that proof scripts aim at, in the terms of statements."""
