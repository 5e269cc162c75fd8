"""Rewrites that keep the value and its digits, each proved by the judge."""
