"""What Teams takes of cards and messages, and what of it a well-behaved bot never does."""

import pytest

from tests.support.teams_double import TeamsDouble, Tenant
from tests.support.teams_double.cards import card_manners, card_trouble
from tests.support.teams_double.sample_app import ANSWER, FOCUS, HEADER, HELPER, SEND, SKIP, Client, at, card, message
from tests.support.teams_double.world import Fields

FIELD = "19:field@thread.tacv2"
BADGE: Fields = {"type": "Badge", "text": "New"}
TEXT: Fields = {"type": "TextBlock", "text": "Hello"}
ADA: Fields = {"type": "mention", "text": "<at>Ada</at>", "mentioned": {"id": "29:ada", "name": "Ada"}}


def _table() -> Fields:
    cell = {"type": "TableCell", "items": [TEXT]}
    return {"type": "Table", "columns": [{"width": 1}], "rows": [{"type": "TableRow", "cells": [cell]}]}


@pytest.mark.parametrize(
    "good",
    [
        card(HEADER, FOCUS, HELPER, actions=(SKIP, SEND, ANSWER)),
        card(_table()),
        card(BADGE | {"fallback": TEXT}, BADGE | {"fallback": "drop"}, TEXT),
        card({"type": "ColumnSet", "columns": [{"items": [TEXT], "width": "auto"}]}),
        card({"type": "Container", "items": [{"type": "ActionSet", "actions": [SEND]}], "selectAction": SEND}),
        card(TEXT, actions=({"type": "Action.ShowCard", "title": "More", "card": card(FOCUS, actions=(SEND,))},)),
        card(TEXT, refresh={"action": SKIP, "userIds": ["29:ada"]}),
        card({"type": "FactSet", "facts": [{"title": "Run", "value": "7"}]}),
        card({"type": "RichTextBlock", "inlines": ["plain", {"type": "TextRun", "text": "bold", "weight": "Bolder"}]}),
        card({"type": "Input.Date", "id": "due", "label": "Due", "value": "2026-11-23"}),
    ],
)
def test_a_good_card_is_taken(good: Fields) -> None:
    assert card_trouble(good) == []


@pytest.mark.parametrize(
    ("bad", "place"),
    [
        ({"type": "HeroCard"}, "/type"),
        ("a card", "/type"),
        (card(TEXT, version="1.6"), "/version"),
        (card(TEXT, version=1.5), "/version"),
        (card(), "/body"),
        (card(BADGE), "/body/0"),
        (card({"type": "TextBlock", "text": ""}), "/body/0/text"),
        (card({"type": "Input.Text", "label": "Your focus"}), "/body/0/id"),
        (card(FOCUS, FOCUS), "/: the id"),
        (card(FOCUS | {"value": "x" * 21}), "/body/0/value"),
        (card(HELPER | {"choices": []}), "/body/0/choices"),
        (card(HELPER | {"value": "9"}), "/body/0/value"),
        (card(HELPER | {"choices": [*HELPER["choices"], *HELPER["choices"]]}), "/body/0/choices"),
        (card({"type": "Input.Number", "id": "n", "label": "How many", "value": "3"}), "/body/0/value"),
        (card({"type": "Input.Toggle", "id": "t", "label": "Urgent"}), "/body/0/title"),
        (card({"type": "Container", "items": [BADGE]}), "/body/0/items/0"),
        (card({"type": "ColumnSet", "columns": [{"items": [BADGE]}]}), "/body/0/columns/0/items/0"),
        (card({"type": "FactSet", "facts": [{"title": "Run"}]}), "/body/0/facts"),
        (card({"type": "Image", "url": "http://example.org/a.png"}), "/body/0/url"),
        (card(TEXT, actions=(SEND,) * 7), "/actions"),
        (card(TEXT, actions=(SEND | {"data": "run 7"},)), "/actions/0/data"),
        (card(TEXT, actions=(SKIP | {"fallback": {"type": "Action.Http"}},)), "/actions/0/fallback"),
        (card(TEXT, actions=({"type": "Action.OpenUrl", "url": "javascript:x"},)), "/actions/0/url"),
        (card(TEXT, refresh={"action": SEND}), "/refresh/action"),
    ],
)
def test_a_card_that_teams_would_not_show_is_refused_with_its_place(bad: object, place: str) -> None:
    (problem, *_) = card_trouble(bad)
    assert problem.startswith(place)


def test_a_dialog_takes_no_action_execute() -> None:
    assert card_trouble(card(TEXT, actions=(SKIP,)), in_dialog=True) != []
    assert card_trouble(card(TEXT, actions=(SKIP,))) == []


@pytest.mark.parametrize(
    ("rude", "words"),
    [
        (card(TEXT, fallbackText=""), "fallbackText"),
        (card(FOCUS | {"label": ""}), "label"),
        (card(FOCUS | {"errorMessage": ""}), "errorMessage"),
        (card({"type": "Image", "url": "https://example.org/a.png"}), "altText"),
        (card({"type": "TextBlock", "text": "x" * 41}), "wrap"),
        (card(TEXT, actions=({"type": "Action.Submit"},)), "title"),
        (card(TEXT, actions=({"type": "Action.Execute", "title": "Skip"},)), "fallback"),
    ],
)
def test_a_card_that_is_hard_to_use_is_complained_of(rude: Fields, words: str) -> None:
    (complaint,) = card_manners(rude)
    assert words in complaint


async def test_a_bad_card_is_refused_when_it_is_posted(client: Client, tenant: Tenant) -> None:
    status, found = await client.call("POST", f"conversations/{at(FIELD)}/activities", message(card(BADGE)))
    assert (status, found["error"]["code"]) == (400, "BadSyntax")
    assert "/body/0" in found["error"]["message"]
    assert tenant.user("29:ada").sees(FIELD) == []


@pytest.mark.parametrize(("signs", "status"), [("a" * 20_000, 201), ("a" * 20_480, 413), ("日" * 20_480, 413)])
async def test_a_message_is_measured_in_two_bytes_for_each_sign(client: Client, signs: str, status: int) -> None:
    answer = await client.call("POST", f"conversations/{at(FIELD)}/activities", message(text=signs))
    assert answer[0] == status


@pytest.mark.parametrize(
    ("activity", "words"),
    [
        (message(card(TEXT), summary=""), "neither summary nor text"),
        (message(card(TEXT)) | {"attachments": message(card(TEXT))["attachments"] * 2}, "several cards"),
        (message(text="Hello <at>Ada</at>"), "no entity"),
        (
            message(
                text="<at>Everyone</at>",
                entities=[ADA | {"text": "<at>Everyone</at>", "mentioned": {"id": FIELD, "name": "Everyone"}}],
            ),
            "calls everybody",
        ),
        (
            message(
                text="<at>Field</at>",
                entities=[ADA | {"text": "<at>Field</at>", "mentioned": {"id": FIELD, "name": "Field"}}],
            ),
            "calls everybody",
        ),
        (message(text="<at>Ada</at>", entities=[ADA | {"mentioned": {"id": "29:eve", "name": "Eve"}}]), "unknown"),
        (message(text="<at>Ada</at>", entities=[ADA | {"mentioned": {"id": "29:zoe", "name": "Zoe"}}]), "not there"),
        (message(text="Hello", **{"from": {"id": "29:ada"}}), "from a person"),
    ],
)
async def test_what_no_well_behaved_bot_posts_is_complained_of(
    teams: TeamsDouble, tenant: Tenant, client: Client, activity: Fields, words: str
) -> None:
    tenant.add_user("29:zoe", "Zoe")
    await client.posts(FIELD, activity)
    assert any(words in each for each in teams.complaints), teams.complaints


@pytest.mark.parametrize(
    "activity",
    [
        message(text="Hello Ada", entities=[ADA]),
        message(text="<at>Ada</at>", entities=[ADA | {"mentioned": {"name": "Ada"}}]),
        message(card(TEXT, msteams={"entities": [ADA]})),
    ],
)
async def test_a_mention_that_does_not_match_its_text_is_refused(client: Client, activity: Fields) -> None:
    assert (await client.call("POST", f"conversations/{at(FIELD)}/activities", activity))[0] == 400


async def test_a_mention_in_a_text_or_a_card_tells_who_is_meant(
    teams: TeamsDouble, tenant: Tenant, client: Client
) -> None:
    ben = {"type": "mention", "text": "<at>Ben</at>", "mentioned": {"id": "29:ben", "name": "Ben"}}
    shown = card({"type": "TextBlock", "text": "Next is <at>Ben</at>"}, msteams={"entities": [ben]})
    await client.posts(FIELD, message(shown, text="Hello <at>Ada</at>", entities=[ADA]))
    (seen,) = tenant.user("29:ada").sees(FIELD)
    assert (seen.words, seen.seen.mentions) == ("Hello Ada\nNext is Ben", ("29:ada", "29:ben"))
    assert teams.complaints == []
