"""How many examples a property is tried on: few in the usual run, as many as FOLKMOOT_EXAMPLES says on demand."""

import os
from collections.abc import Callable

from hypothesis import HealthCheck, Phase, settings

NewUrl = Callable[[], str]
"""Gives the address of an empty database, one for each example."""


def examples(usual: int) -> settings:
    """Settings for a property whose examples each need a database; FOLKMOOT_SHRINK=1 makes what fails shorter."""
    # A failing story is shown as it was drawn: to make it shorter takes many minutes, in which nothing else is told.
    phases = tuple(Phase) if os.environ.get("FOLKMOOT_SHRINK") else (Phase.explicit, Phase.reuse, Phase.generate)
    return settings(
        max_examples=int(os.environ.get("FOLKMOOT_EXAMPLES") or usual),
        phases=phases,
        # A database for each is slow, and a fixture that gives them lives longer than an example on purpose.
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
