"""What is posted to the bot's address, whoever sends it: answered with a status that fits, and never with a failure."""

import copy
import gzip
import json
from collections.abc import Iterator

import pytest
from sqlmodel import select
from structlog.testing import capture_logs

from adapters.teams.host import BODY_MAX
from adapters.teams.render_press import press_data
from storage.customers import VocItem
from storage.engine import Database
from storage.events import EventSeen
from storage.msteams import TeamsConversation
from storage.organisations import Install
from storage.people import Account
from storage.places import Place
from tests.support.teams_double import Flaw
from tests.support.teams_double.world import Fields
from tests.support.teams_hall import ADA, BEN, FIELD, NORTH, TEAM, Hall, a_hall

STRANGE = (None, 5, ["x"], {"a": 1}, "x" * 60_000, "\ud800\x00")
QUIET = (
    "messageReaction", "typing", "endOfConversation", "event", "trace",
    "contactRelationUpdate", "handoff", "deleteUserData", "suggestion", "command", "somethingNew", "",
)  # fmt: skip


def _activity(hall: Hall, kind: str, **more: object) -> Fields:
    """An activity with everything that one has."""
    return {
        "type": kind,
        "id": "1795360026917",
        "timestamp": "2026-11-24T12:00:00.000Z",
        "channelId": "msteams",
        "serviceUrl": hall.north.service_url,
        "from": {"id": ADA, "name": "Ada", "aadObjectId": "a"},
        "conversation": {"id": hall.ada.chat.id, "conversationType": "personal", "tenantId": NORTH},
        "recipient": {"id": hall.double.world.bot_id, "name": "Folkmoot"},
        "entities": [{"type": "clientInfo", "timezone": "Europe/London", "locale": "en-GB"}],
        "channelData": {"tenant": {"id": NORTH}},
        "locale": "en-GB",
        "localTimestamp": "2026-11-24T12:00:00.000Z",
        "localTimezone": "Europe/London",
    } | more


def _kinds(hall: Hall) -> dict[str, Fields]:
    mention = {"type": "mention", "text": "<at>Ben</at>", "mentioned": {"id": BEN, "name": "Ben"}}
    room = {
        "conversation": {"id": f"{FIELD};messageid=1", "conversationType": "channel", "tenantId": NORTH},
        "channelData": {
            "tenant": {"id": NORTH},
            "channel": {"id": FIELD, "name": "field"},
            "team": {"id": TEAM},
            "eventType": "channelRenamed",
        },
    }
    data = press_data("note.who", {"note": "1"}, is_reply=False)
    form = {"folkmoot": {"verb": "note.form", "ids": {"note": "0"}, "form": True, "fields": {"words": "text"}}}
    task = {"data": data, "context": {"theme": "default"}}
    return {
        "message": _activity(hall, "message", text="note <at>Ben</at>", textFormat="plain", entities=[mention]),
        "submit": _activity(hall, "message", value=data, replyToId="1"),
        "press": _activity(
            hall, "invoke", name="adaptiveCard/action", replyToId="1",
            value={"action": {"type": "Action.Execute", "verb": "press", "data": data}, "trigger": "manual"},
        ),
        "fetch": _activity(hall, "invoke", name="task/fetch", value=task),
        "form": _activity(
            hall, "invoke", name="task/submit", value={"data": form | {"words": "Valve checks"}, "context": {}}
        ),
        "installed": _activity(hall, "installationUpdate", action="add"),
        "renamed": _activity(hall, "conversationUpdate", **room),
        "members": _activity(
            hall, "conversationUpdate", membersAdded=[{"id": BEN}], membersRemoved=[{"id": ADA}], topicName="x"
        ),
    }  # fmt: skip


def _replaced(activity: object, strange: object) -> Iterator[object]:
    """The activity many times, each with something strange in another place."""
    items = (
        activity.items() if isinstance(activity, dict) else enumerate(activity) if isinstance(activity, list) else ()
    )
    for name, value in items:
        for inner in (strange, *_replaced(value, strange)):
            changed = copy.copy(activity)
            changed[name] = inner  # type: ignore[index]
            yield changed


@pytest.mark.parametrize(
    "kind",
    [
        "message",
        "press",
        *(
            pytest.param(each, marks=pytest.mark.slow)
            for each in ("submit", "fetch", "form", "installed", "renamed", "members")
        ),
    ],
)
async def test_whatever_stands_in_an_activity_it_is_no_failure_and_becomes_nothing_strange(
    sqlite: Database, kind: str
) -> None:
    async with a_hall(sqlite) as hall:
        statuses: dict[int, int] = {}
        for strange in STRANGE:
            for number, changed in enumerate(_replaced(_kinds(hall)[kind], strange)):
                if isinstance(changed, dict) and changed.get("id") == "1795360026917":
                    changed = {**changed, "id": f"{kind}-{STRANGE.index(strange)}-{number}"}  # noqa: PLW2901
                body = json.dumps(changed).encode()
                address = changed.get("serviceUrl") if isinstance(changed, dict) else ""
                headers = hall.double.courier.headers({"serviceUrl": address})
                with capture_logs() as logs:
                    heard = await hall.double.courier.post(body, headers)
                assert heard.status in {200, 400, 401, 403, 501}, (heard.status, changed, logs)
                assert not [each for each in logs if each["log_level"] == "error"], (changed, logs)
                statuses[heard.status] = statuses.get(heard.status, 0) + 1
            await hall.settled()
        assert min(statuses.get(200, 0), statuses.get(400, 0)) > 10, statuses
        assert {each.external_id for each in await hall.all(select(Install))} == {NORTH}
        assert {each.external_id for each in await hall.all(select(Account))} == {ADA}
        ids = [each.external_id for each in await hall.all(select(TeamsConversation))]
        ids += [each.external_id for each in await hall.all(select(Place))]
        ids += [each.external_id for each in await hall.all(select(EventSeen))]
        assert all(0 < len(each) <= 500 and each.isprintable() for each in ids), ids
        hall.double.complaints.clear()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"null", 400),
        (b"5", 400),
        (b'"text"', 400),
        (b"[]", 400),
        (b"{}", 400),
        (b'{"type": 5}', 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b'{"type": ' + b'{"a":' * 50_000, 400),
        (b'{"type": "message", "id": ' + b"9" * 10_000 + b"}", 400),
        (b'{"type": "message"}', 401),
        (b'{"type": "' + b"x" * BODY_MAX + b'"}', 413),
    ],
)
async def test_what_is_no_activity_is_refused(sqlite: Database, body: bytes, status: int) -> None:
    async with a_hall(sqlite, installed=False) as hall:
        assert (await hall.post(body)).status == status
        assert await hall.all(select(Install)) == []


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "", "json;;"])
async def test_another_content_type_is_refused(sqlite: Database, kind: str) -> None:
    async with a_hall(sqlite, installed=False) as hall:
        activity = _activity(hall, "message", text="Valve checks")
        assert (await hall.post(activity, **{"Content-Type": kind})).status == 415
        assert await hall.all(select(Install)) == []


async def test_a_body_that_is_packed_otherwise_than_it_says_is_refused(sqlite: Database) -> None:
    async with a_hall(sqlite, installed=False) as hall:
        for packed in (b"no gzip", gzip.compress(b"{}")[:-4]):
            heard = await hall.post(packed, **{"Content-Encoding": "gzip"})
            assert heard.status == 400
        heard = await hall.post(gzip.compress(b" " * 50_000_000), **{"Content-Encoding": "gzip"})
        assert heard.status == 413


async def test_only_teams_is_served(sqlite: Database) -> None:
    async with a_hall(sqlite, installed=False) as hall:
        for channel in ("directline", "webchat", "emulator", 5, None):
            activity = _activity(hall, "message", text="Valve checks", channelId=channel)
            assert (await hall.post(activity)).status in {400, 401}
        assert await hall.all(select(Install)) == []


async def test_a_service_address_that_is_not_microsoft_s_is_refused_even_with_a_token_for_it(sqlite: Database) -> None:
    async with a_hall(sqlite, installed=False) as hall:
        for url in ("https://example.org/", "http://127.0.0.1.example.org/", "https://127.0.0.1@example.org/"):
            activity = _activity(hall, "message", text="Valve checks", serviceUrl=url)
            heard = await hall.double.courier.bring(activity)
            assert heard.status == 401
        assert await hall.all(select(Install)) == []


@pytest.mark.parametrize("kind", QUIET)
async def test_what_concerns_nobody_here_is_taken_without_work(sqlite: Database, kind: str) -> None:
    async with a_hall(sqlite) as hall:
        said = len(hall.said)
        heard = await hall.post(_activity(hall, kind, text="Valve checks", value={"a": 1}, reactionsAdded=[{}]))
        await hall.settled()
        assert (heard.status, heard.body) == (200, "")
        assert len(hall.said) == said
        assert await hall.all(select(EventSeen)) == []


async def test_what_somebody_edits_or_takes_back_changes_no_note(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        await hall.says(hall.ada, "Valve checks")
        (line,) = [each for each in hall.ada.sees() if not each.is_from_bot]
        for heard in (await hall.ada.edits(line, "Pump checks"), await hall.ada.deletes(line)):
            assert heard is not None
            assert (heard.status, heard.body) == (200, "")
        await hall.settled()
        assert [each.words for each in await hall.all(select(VocItem))] == ["Valve checks"]


@pytest.mark.parametrize(
    "name",
    [
        "signin/verifyState",  # nobody signs in here, and so says botbuilder too
        "signin/tokenExchange",
        "composeExtension/query",
        "fileConsent/invoke",
        "message/submitAction",
        "config/fetch",
        "task/unknown",
        "",
        None,
        5,
    ],
)
async def test_an_invoke_that_nobody_knows_is_answered_as_not_implemented(sqlite: Database, name: object) -> None:
    async with a_hall(sqlite) as hall:
        heard = await hall.post(_activity(hall, "invoke", name=name, value={"state": "1"}))
        assert (heard.status, heard.body) == (501, "")
        assert await hall.all(select(EventSeen)) == []


@pytest.mark.parametrize("name", ["adaptiveCard/action", "task/fetch", "task/submit"])
@pytest.mark.parametrize(
    "value", [None, {}, [], {"data": {"folkmoot": 5}}, {"action": {"data": {"folkmoot": {"verb": 5, "ids": {}}}}}]
)
async def test_a_press_on_what_is_no_button_of_ours_is_refused(sqlite: Database, name: str, value: object) -> None:
    async with a_hall(sqlite) as hall:
        heard = await hall.post(_activity(hall, "invoke", name=name, value=value))
        assert heard.status == 400
        assert await hall.all(select(EventSeen)) == []


async def test_a_refused_request_does_not_delay_the_next_one(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        hall.double.spoil(Flaw.TAMPERED)
        await hall.ada.says("Valve checks")
        await hall.says(hall.ada, "Pump checks")
        assert [each.words for each in await hall.all(select(VocItem))] == ["Pump checks"]
