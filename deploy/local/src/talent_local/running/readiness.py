"""Asking the programs whether they can serve."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Iterable
from typing import Final

from talent_local.running.units import Recipe

ASK_SECONDS: Final = 2.0


def is_ready(recipe: Recipe) -> bool:
    """True when the program answers its readiness path with 200; a program without a port is ready at once."""
    if recipe.port is None:
        return True
    connection = http.client.HTTPConnection("127.0.0.1", recipe.port, timeout=ASK_SECONDS)
    try:
        connection.request("GET", recipe.ready)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def await_ready(
    recipes: Iterable[Recipe],
    seconds: float,
    became: Callable[[str], None] = lambda _: None,
    hopeless: Callable[[Recipe], bool] = lambda _: False,
) -> list[Recipe]:
    """Wait until all answer.

    Args:
        recipes: the programs.
        seconds: how long to wait at most.
        became: hears the name of each that answers.
        hopeless: says that waiting for one is in vain; the wait ends.

    Returns:
        Those that do not answer.
    """
    waiting = list(recipes)
    deadline = time.monotonic() + seconds
    while waiting and time.monotonic() < deadline and not any(hopeless(recipe) for recipe in waiting):
        for recipe in [recipe for recipe in waiting if is_ready(recipe)]:
            waiting.remove(recipe)
            became(recipe.name)
        if waiting:
            time.sleep(0.1)
    return waiting
