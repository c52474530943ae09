"""Computations that give the keys of questions; each function is named like the id of its question."""
