"""Coq from outside, and the vocabulary and laws that certificates rest on."""
