"""Numeric code from terms: array programs, the rewrites that keep them stable, and one file for each target."""
