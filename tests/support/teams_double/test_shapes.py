"""Whatever a bot posts, it is taken and can be read, or it is refused; the double itself never fails over it."""

import copy
import json
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from tests.support.examples import examples
from tests.support.teams_double.calls import Call, SaysNo, body_of
from tests.support.teams_double.connector import create, send
from tests.support.teams_double.reading import message_seen
from tests.support.teams_double.sample_app import ANSWER, FOCUS, HEADER, HELPER, SEND, SKIP, card, message
from tests.support.teams_double.world import Conversation, Realm, User, World

CHAT = "19:meet@thread.v2"
ADA = {"type": "mention", "text": "<at>Ada</at>", "mentioned": {"id": "29:ada", "name": "Ada"}}
TEXT = {"type": "TextBlock", "text": "Next is <at>Ada</at>"}
TABLE = {"type": "Table", "columns": [{"width": 1}], "rows": [{"cells": [{"type": "TableCell", "items": [TEXT]}]}]}
RICH = {"type": "RichTextBlock", "inlines": ["as it ", {"type": "TextRun", "text": "stands"}]}
FACTS = {"type": "FactSet", "facts": [{"title": "Run", "value": "7"}]}
MORE = {"type": "Action.ShowCard", "title": "More", "card": card(FOCUS | {"id": "later"}, actions=(SEND,))}
GOOD = message(
    card(
        *(HEADER, FOCUS, HELPER, TABLE, RICH, FACTS, {"type": "Badge", "fallback": TEXT}),
        actions=(SKIP, SEND, ANSWER, MORE),
        refresh={"action": SKIP, "userIds": ["29:ada"]},
        msteams={"entities": [ADA]},
    ),
    text="Hello <at>Ada</at>",
    entities=[ADA],
    conversation={"tenantId": "northwater"},
    **{"from": {"id": "28:bot"}},
)
BEGINNING = {"isGroup": True, "members": [{"id": "29:ada"}], "tenantId": "northwater", "activity": GOOD}

LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=3), st.sampled_from(["TextBlock", "Input.Text", "drop"])
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(st.sampled_from(["type", "text", "id", "items", "card", "value"]), inner, max_size=2),
    ),
    max_leaves=4,
)


def _places(value: object, at: tuple = ()) -> Iterator[tuple]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inside:
        yield (*at, name)
        yield from _places(each, (*at, name))


def _with(value: dict, place: tuple, new: object) -> bytes:
    changed = holder = copy.deepcopy(value)
    for name in place[:-1]:
        holder = holder[name]
    holder[place[-1]] = new
    return json.dumps(changed).encode()


@examples(200)
@given(st.sampled_from([(GOOD, send, place) for place in _places(GOOD)]), ANYTHING)
def test_a_message_with_anything_anywhere_is_shown_or_refused(at: tuple, new: object) -> None:
    _shown_or_refused(*at, new=new)


@examples(200)
@given(st.sampled_from([(BEGINNING, create, place) for place in _places(BEGINNING)]), ANYTHING)
def test_a_chat_that_begins_with_anything_is_shown_or_refused(at: tuple, new: object) -> None:
    _shown_or_refused(*at, new=new)


def _shown_or_refused(good: dict, run, place: tuple, *, new: object) -> None:
    world, realm = World(), Realm("northwater", "http://127.0.0.1/emea/")
    world.realms["northwater"] = realm
    realm.users["29:ada"] = User("29:ada", "Ada")
    realm.conversations[CHAT] = Conversation(CHAT, "groupChat", members={"29:ada"})
    try:
        answer = run(Call(world, {"conversation": CHAT}, {}, body_of(_with(good, place, new))))
    except SaysNo:
        return
    assert answer.status in {201, 202}
    for conversation in realm.conversations.values():
        for each in conversation.messages:
            seen = message_seen(realm, conversation, each, by="29:ada")
            assert all(isinstance(text, str) for text in (seen.words, *seen.labels, *seen.asks.values()))
