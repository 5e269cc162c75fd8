"""Whole epochs of training in C."""
