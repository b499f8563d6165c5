"""From an activity's JSON to what happened: pure, and nothing strange becomes an event."""

import copy
from collections.abc import Iterator, Mapping

import pytest

from adapters.teams import parse
from adapters.teams.happenings import Installed, Members, PressedOn, Renamed, Rewritten, SentForm, Typed
from adapters.teams.parse import ID_MAX, Malformed
from adapters.teams.render_press import press_data
from adapters.teams.wiring import Fields
from bot.ports import Edited, TakenBack
from tests.support.teams_hall import ADA, BEN, FIELD, NORTH, TEAM

BOT = "28:bot"
URL = "https://smba.trafficmanager.net/emea/"
DATA = press_data("note.who", {"note": "1"}, is_reply=False)
FORM = {
    "folkmoot": {"verb": "note.form", "ids": {"note": "0"}, "form": True, "fields": {"words": "text"}},
    "words": "x",
}
STRANGE: tuple[object, ...] = (
    None, 5, -1.5, True, [], ["x"], [[]], [None], {}, {"a": 1}, {"id": 5},
    "", " ", "x" * 5000, "\x00", "\ud800", "a\nb",
)  # fmt: skip


def an_activity(kind: str = "message", **more: object) -> Fields:
    return {
        "type": kind,
        "id": "1",
        "timestamp": "2026-11-24T12:00:00.000Z",
        "serviceUrl": URL,
        "from": {"id": ADA, "name": "Ada"},
        "recipient": {"id": BOT, "name": "Folkmoot"},
        "conversation": {"id": "a:1", "conversationType": "personal", "tenantId": NORTH},
        "channelData": {"tenant": {"id": NORTH}},
        "entities": [{"type": "clientInfo", "timezone": "Europe/London"}],
        "text": "Valve checks",
    } | more


def in_channel(kind: str, event: str = "", **more: object) -> Fields:
    data = {
        "tenant": {"id": NORTH},
        "channel": {"id": FIELD, "name": "field"},
        "team": {"id": TEAM},
        "eventType": event,
    }
    where = {"id": f"{FIELD};messageid=7", "conversationType": "channel", "tenantId": NORTH}
    return an_activity(kind, conversation=where, channelData=data, **more)


ALL: Mapping[str, Fields] = {
    "typed": an_activity(),
    "mentioned": in_channel("message", entities=[{"type": "mention", "text": "x", "mentioned": {"id": BEN}}]),
    "submit": an_activity(value=DATA, replyToId="9"),
    "press": an_activity("invoke", name="adaptiveCard/action", value={"action": {"data": DATA}}, replyToId="9"),
    "fetch": an_activity("invoke", name="task/fetch", value={"data": DATA}),
    "form": an_activity("invoke", name="task/submit", value={"data": FORM}),
    "installed": an_activity("installationUpdate", action="add"),
    "joined": an_activity("conversationUpdate", membersAdded=[{"id": BOT}, {"id": ADA}]),
    "members": in_channel("conversationUpdate", "teamMemberAdded", membersAdded=[{"id": BEN}]),
    "left": in_channel("conversationUpdate", "teamMemberRemoved", membersRemoved=[{"id": BEN}]),
    "renamed": in_channel("conversationUpdate", "channelRenamed"),
}
KINDS = {
    "typed": Typed, "mentioned": Typed, "submit": PressedOn, "press": PressedOn, "fetch": PressedOn, "form": SentForm,
    "installed": Installed, "joined": Installed, "members": Members, "left": Members, "renamed": Renamed,
}  # fmt: skip


def _replaced(activity: object, strange: object) -> Iterator[object]:
    items = (
        activity.items() if isinstance(activity, dict) else enumerate(activity) if isinstance(activity, list) else ()
    )
    for name, value in items:
        for inner in (strange, *_replaced(value, strange)):
            changed = copy.copy(activity)
            changed[name] = inner  # type: ignore[index]
            yield changed
        if isinstance(activity, dict):
            yield {key: each for key, each in activity.items() if key != name}


def _strings(found: object) -> Iterator[str]:
    """Every text in what was found."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, Mapping):
        for name, value in found.items():
            yield from _strings(name)
            yield from _strings(value)
    elif isinstance(found, tuple | list):
        for each in found:
            yield from _strings(each)
    elif hasattr(found, "__dataclass_fields__"):
        for name in found.__dataclass_fields__:
            yield from _strings(getattr(found, name))


@pytest.mark.parametrize("name", list(ALL))
def test_each_activity_is_what_it_is(name: str) -> None:
    assert type(parse.happening(ALL[name])) is KINDS[name]


@pytest.mark.parametrize("name", list(ALL))
def test_whatever_stands_in_an_activity_nothing_strange_comes_of_it(name: str) -> None:
    for strange in STRANGE:
        for changed in _replaced(ALL[name], strange):
            assert isinstance(changed, dict)
            try:
                found = parse.happening(changed)
            except Malformed:
                continue
            if found is None:
                continue
            here, who = found.where, getattr(found, "who", None)
            assert here.tenant, changed
            assert here.conversation, changed
            assert here.service_url, changed
            assert here.bot, changed
            assert who is None or who.user, changed
            assert getattr(found, "event_id", "1") not in {"", "at "}, changed
            for each in (here.tenant, here.conversation, here.thread, here.bot, here.team, who.user if who else ""):
                assert len(each) <= ID_MAX, changed
            for text in _strings(found):
                assert "\x00" not in text, changed
                assert isinstance(text.encode(), bytes), changed


def test_an_activity_without_its_tenant_is_malformed_wherever_it_could_stand() -> None:
    assert parse.where(an_activity(channelData={})).tenant == NORTH
    assert parse.where(an_activity(conversation={"id": "a:1"})).tenant == NORTH
    with pytest.raises(Malformed):
        parse.where(an_activity(channelData={}, conversation={"id": "a:1"}))


@pytest.mark.parametrize("name", ["press", "fetch", "form", "submit"])
def test_nobody_presses_for_nobody(name: str) -> None:
    for sender in ({}, {"id": ""}, {"id": 5}, {"id": None}, None):
        with pytest.raises(Malformed):
            parse.happening(ALL[name] | {"from": sender})


def test_an_activity_that_nothing_tells_from_another_is_malformed() -> None:
    activity = {key: value for key, value in ALL["press"].items() if key not in {"id", "timestamp"}}
    with pytest.raises(Malformed):
        parse.happening(activity)
    by_time = parse.happening(activity | {"timestamp": "2026-11-24T12:00:00.000Z"})
    assert isinstance(by_time, PressedOn)
    assert by_time.event_id == "at 2026-11-24T12:00:00.000Z"


@pytest.mark.parametrize(
    ("action", "is_there"), [("add", True), ("add-upgrade", True), ("remove", False), ("remove-upgrade", None)]
)
def test_an_upgrade_takes_the_app_away_from_nobody(action: str, is_there: bool | None) -> None:
    found = parse.happening(an_activity("installationUpdate", action=action))
    assert (found.is_there if isinstance(found, Installed) else None) is is_there


def test_a_thread_is_told_from_its_channel() -> None:
    found = parse.happening(ALL["mentioned"])
    assert isinstance(found, Typed)
    assert (found.where.conversation, found.where.thread, found.where.full) == (FIELD, "7", f"{FIELD};messageid=7")


def test_a_group_may_be_renamed_too_and_a_name_that_is_missing_renames_nothing() -> None:
    group = {"id": "19:group@thread.v2", "conversationType": "groupChat", "tenantId": NORTH, "name": "Old"}
    told = an_activity("conversationUpdate", conversation=group, topicName="New")
    found = parse.happening(told)
    assert isinstance(found, Renamed)
    assert (found.where.conversation, found.where.name) == ("19:group@thread.v2", "New")
    assert (
        parse.happening(
            in_channel("conversationUpdate", "channelRenamed") | {"channelData": {"eventType": "channelRenamed"}}
        )
        is None
    )


def test_the_bot_does_not_listen_to_itself() -> None:
    assert parse.happening(an_activity() | {"from": {"id": BOT}}) is None


@pytest.mark.parametrize("kind", ["messageReaction", "typing", "event", "trace"])
def test_what_concerns_nobody_here_is_nothing(kind: str) -> None:
    assert parse.happening(an_activity(kind)) is None


@pytest.mark.parametrize(
    ("kind", "change"),
    [("messageUpdate", Edited("1", "Valve checks")), ("messageDelete", TakenBack("1"))],
)
def test_a_line_that_is_changed_or_taken_back_is_named_by_its_id_and_is_an_event_of_its_own(
    kind: str, change: object
) -> None:
    first, second = (parse.happening(an_activity(kind) | {"timestamp": at}) for at in ("1", "2"))
    assert isinstance(first, Rewritten)
    assert isinstance(second, Rewritten)
    assert first.change == second.change == change
    assert len({first.event_id, second.event_id, "1"}) == 3
    assert parse.happening(an_activity(kind) | {"timestamp": "1"}) == first


def test_what_the_bot_itself_changes_is_nothing() -> None:
    own = an_activity("messageUpdate") | {"from": {"id": an_activity("message")["recipient"]["id"]}}
    assert parse.happening(own) is None
