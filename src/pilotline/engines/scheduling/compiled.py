"""The same code twice: compiled where numba is installed (extra `planning`), plain otherwise."""

from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

import numpy as np

numba: Any
try:
    numba = import_module("numba")
except ImportError:  # the extra is not installed
    numba = None

IS_COMPILED = numba is not None and not numba.config.DISABLE_JIT
F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile on first use and keep the machine code; without numba the function itself.

    What is decorated speaks of whole numbers, floats and flat arrays only, so that both ways
    give the same answer.
    """
    if not IS_COMPILED:
        return function
    try:
        return numba.njit(cache=True)(function)  # type: ignore[no-any-return]
    except RuntimeError:  # nowhere to keep machine code: compile anew in each process
        return numba.njit(function)  # type: ignore[no-any-return]


def whole(values: Any) -> Any:
    """Whole numbers for compiled code; a list in plain Python, which reads lists faster."""
    array = np.asarray(values, dtype=np.int64).ravel()
    return array if IS_COMPILED else array.tolist()


def real(values: Any) -> Any:
    """The same for floats."""
    array = np.asarray(values, dtype=np.float64).ravel()
    return array if IS_COMPILED else array.tolist()
