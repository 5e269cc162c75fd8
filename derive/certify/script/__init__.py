"""Proof scripts, which need no trust: what is wrong here, Coq rejects."""
