"""A busy machine is not a slow bot: where time is not what a test is about, there is plenty of it."""

import pytest

from adapters.slack import desk, files, front, members
from adapters.teams import desk as teams_desk
from adapters.web import health, metrics
from storage import engine
from tests.support.slack_double import courier
from tests.support.teams_double import courier as teams_courier

PLENTY_S = 60.0
LIMITS = (
    (desk, "WITHIN_S"),
    (desk, "MEET_WITHIN_S"),
    (files, "WITHIN_S"),
    (front, "START_WITHIN_S"),
    (members, "ROOM_WITHIN_S"),
    (health, "ANSWER_S"),
    (metrics, "ANSWER_S"),
    (engine, "POOL_TIMEOUT_S"),
    (teams_desk, "WITHIN_S"),
    (courier, "PATIENCE_S"),
    (teams_courier, "PATIENCE_S"),
)


@pytest.fixture(autouse=True)
def unhurried(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every limit of time is wide; as it really is under `@pytest.mark.hurried`, or as the test sets it."""
    if request.node.get_closest_marker("hurried") is None:
        for module, name in LIMITS:
            assert isinstance(getattr(module, name), float)
            monkeypatch.setattr(module, name, PLENTY_S)
