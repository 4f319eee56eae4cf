"""Arithmetic without a world: a frozen problem goes in, a result with its reasons comes out.

Engines know neither Django nor each other; `now`, `seed` and `stop` are arguments.
"""
