"""What a press and a form bring to the bot, and what its answer changes on the screen."""

import pytest

from tests.support.teams_double import Member, TeamsDouble, Tenant
from tests.support.teams_double.people import NOT_SENT, TROUBLE
from tests.support.teams_double.sample_app import (
    ANSWER,
    FOCUS,
    HEADER,
    HELPER,
    SEND,
    SKIP,
    App,
    Client,
    card,
    dialog,
    message,
    shown_instead,
)
from tests.support.teams_double.world import Fields

FIELD = "19:field@thread.tacv2"
FORM = card(FOCUS, HELPER, actions=(SEND,))


async def test_a_press_carries_its_verb_and_what_was_entered(tenant: Tenant, client: Client, app: App) -> None:
    posted = await client.posts(FIELD, message(card(HEADER, FOCUS, actions=(SKIP | {"associatedInputs": "auto"},))))
    ada = tenant.user("29:ada")
    app.answer = shown_instead(card({"type": "TextBlock", "text": "Skipped"}))
    await ada.presses(ada.sees(FIELD)[-1], "Skip today", {"focus": "Valves"})
    told = app.last
    assert (told["type"], told["name"], told["replyToId"]) == ("invoke", "adaptiveCard/action", posted)
    assert told["conversation"]["id"] == f"{FIELD};messageid={posted}"
    assert told["value"]["trigger"] == "manual"
    action = told["value"]["action"]
    assert (action["type"], action["verb"], action["data"]) == (
        "Action.Execute",
        "huddle.skip",
        {"run": "7", "focus": "Valves"},
    )


async def test_an_answered_press_replaces_the_card_for_who_pressed_until_they_reload(
    teams: TeamsDouble, tenant: Tenant, client: Client, app: App
) -> None:
    await client.posts(FIELD, message(card(HEADER, actions=(SKIP,))))
    ada, ben = tenant.user("29:ada"), tenant.user("29:ben")
    app.answer = shown_instead(card({"type": "TextBlock", "text": "Ada skips today"}))
    await ada.presses(ada.sees(FIELD)[-1], "Skip today")
    assert [ada.sees(FIELD)[-1].words, ben.sees(FIELD)[-1].words] == ["Ada skips today", "Huddle of Northwater"]
    ada.reloads()
    assert ada.sees(FIELD)[-1].words == "Huddle of Northwater"
    assert teams.complaints == []


async def test_an_update_is_seen_by_everybody(tenant: Tenant, client: Client, app: App) -> None:
    posted = await client.posts(FIELD, message(card(HEADER, actions=(SKIP,))))
    ada = tenant.user("29:ada")
    app.answer = shown_instead(card({"type": "TextBlock", "text": "Ada skips today"}))
    await ada.presses(ada.sees(FIELD)[-1], "Skip today")
    closed = message(card({"type": "TextBlock", "text": "Closed"}))
    assert (await client.call("PUT", f"conversations/{FIELD}/activities/{posted}", closed))[0] == 200
    assert [tenant.user(each).sees(FIELD)[-1].words for each in ("29:ada", "29:ben")] == ["Closed", "Closed"]


async def test_a_toast_leaves_the_card_and_is_shown_once(tenant: Tenant, client: Client, app: App) -> None:
    ada = await _with_card(tenant, client, card(HEADER, actions=(SKIP,)))
    app.answer = {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": "It is closed."}
    heard = await ada.presses(ada.sees()[-1], "Skip today")
    assert (heard.toast, ada.notices, ada.sees()[-1].labels) == ("It is closed.", ["It is closed."], ("Skip today",))


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (200, None),
        (500, None),
        (200, {"statusCode": 400, "type": "application/vnd.microsoft.error", "value": {"code": "x", "message": "y"}}),
        (200, {"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": {"type": "nothing"}}),
        (200, {"task": {"type": "message", "value": "no card's answer"}}),
    ],
)
async def test_an_answer_that_teams_can_not_use_is_seen_as_trouble(
    tenant: Tenant, client: Client, app: App, status: int, answer: Fields | None
) -> None:
    ada = await _with_card(tenant, client, card(HEADER, actions=(SKIP,)))
    app.status, app.answer = status, answer
    heard = await ada.presses(ada.sees()[-1], "Skip today")
    assert (heard.toast, ada.notices) == (TROUBLE, [TROUBLE])


async def test_an_old_client_sends_the_fallback_as_a_message(tenant: Tenant, client: Client, app: App) -> None:
    ada = await _with_card(tenant, client, card(HEADER, actions=(SKIP,)))
    await ada.presses(ada.sees()[-1], "Skip today", on_old=True)
    told = app.last
    assert (told["type"], told["value"], "text" in told) == ("message", {"verb": "huddle.skip", "run": "7"}, False)
    assert told["replyToId"] == ada.sees()[-1].id
    without = {name: value for name, value in SKIP.items() if name != "fallback"}
    ada = await _with_card(tenant, client, card(HEADER, actions=(without,)))
    with pytest.raises(LookupError, match="Skip today"):
        await ada.presses(ada.sees()[-1], "Skip today", on_old=True)


async def test_a_button_can_stand_for_words(tenant: Tenant, client: Client, app: App) -> None:
    says = SEND | {"data": {"msteams": {"type": "messageBack", "text": "agenda"}}}
    ada = await _with_card(tenant, client, card(HEADER, actions=(says,)))
    await ada.presses(ada.sees()[-1], "Send")
    assert (app.last["type"], app.last["text"]) == ("message", "agenda")


async def test_a_stale_button_can_still_be_pressed_and_a_deleted_one_not(
    tenant: Tenant, client: Client, app: App
) -> None:
    ada = await _with_card(tenant, client, card(HEADER, actions=(SKIP,)))
    (seen,) = ada.sees()
    path = f"conversations/{ada.chat.id}/activities/{seen.id}"
    await client.call("PUT", path, message(text="It is closed"))
    await ada.presses(seen, "Skip today")
    assert app.last["replyToId"] == seen.id
    with pytest.raises(LookupError, match="Skip today"):
        await ada.presses(ada.sees()[-1], "Skip today")
    await client.call("DELETE", path)
    with pytest.raises(LookupError):
        await ada.presses(seen, "Skip today")


async def test_inputs_that_stay_live_after_a_press_are_complained_of(
    teams: TeamsDouble, tenant: Tenant, client: Client, app: App
) -> None:
    shown = card(HEADER, FOCUS, actions=(SEND,))
    ada = await _with_card(tenant, client, shown)
    (seen,) = ada.sees()
    await ada.presses(seen, "Send", {"focus": "Valves"})
    assert app.last["value"] == {"run": "7", "focus": "Valves"}
    assert [each.id for each in teams.left_open] == [seen.id]
    path = f"conversations/{ada.chat.id}/activities/{seen.id}"
    await client.call("PUT", path, message(card(FOCUS | {"value": "Valves"}, actions=(SEND,))))
    assert teams.complaints == []
    await ada.presses(ada.sees()[-1], "Send", {"focus": "Pumps"})
    await client.call("PUT", path, message(shown))
    (complaint,) = teams.complaints
    assert "still asks: focus" in complaint
    assert teams.left_open == []


async def test_a_card_that_was_replaced_before_the_answer_is_not_left_open(
    teams: TeamsDouble, tenant: Tenant, client: Client, app: App
) -> None:
    ada = await _with_card(tenant, client, card(HEADER, FOCUS, actions=(SEND,)))
    (seen,) = ada.sees()
    path = f"conversations/{ada.chat.id}/activities/{seen.id}"
    app.first = lambda: client.call("PUT", path, message(card(FOCUS | {"id": "plan"}, actions=(SEND,))))
    await ada.presses(seen, "Send", {"focus": "Valves"})
    assert (teams.left_open, teams.complaints) == ([], [])


async def test_a_press_that_failed_leaves_nothing_open(
    teams: TeamsDouble, tenant: Tenant, client: Client, app: App
) -> None:
    ada = await _with_card(tenant, client, card(HEADER, FOCUS, actions=(SEND,)))
    app.status = 500
    await ada.presses(ada.sees()[-1], "Send", {"focus": "Valves"})
    assert teams.left_open == []


async def test_what_is_required_is_asked_for_before_anything_is_sent(tenant: Tenant, client: Client, app: App) -> None:
    ada = await _with_card(tenant, client, card(HEADER, FOCUS, actions=(SEND,)))
    heard = await ada.presses(ada.sees()[-1], "Send")
    assert (heard.status, heard.body, heard.errors) == (0, NOT_SENT, {"focus": "Please say what you work on."})
    assert app.got == []


async def test_a_card_can_ask_to_be_made_anew_for_some(tenant: Tenant, client: Client, app: App) -> None:
    refresh = {"action": SKIP | {"verb": "huddle.show"}, "userIds": ["29:ada"]}
    await client.posts(FIELD, message(card(HEADER, refresh=refresh)))
    app.answer = shown_instead(card({"type": "TextBlock", "text": "For Ada"}))
    assert await tenant.user("29:ben").refreshes(tenant.user("29:ben").sees(FIELD)[-1]) is None
    await tenant.user("29:ada").refreshes(tenant.user("29:ada").sees(FIELD)[-1])
    assert app.last["value"]["trigger"] == "automatic"
    assert tenant.user("29:ada").sees(FIELD)[-1].words == "For Ada"


async def test_a_dialog_opens_from_its_button(tenant: Tenant, client: Client, app: App) -> None:
    ada = await _with_dialog(tenant, client, app)
    told = app.last
    assert (told["name"], told["value"]["data"]) == ("task/fetch", {"msteams": {"type": "task/fetch"}, "run": "7"})
    assert ada.dialog is not None
    assert (ada.dialog.title, ada.dialog.labels) == ("Your answer", ("Send",))
    assert ada.dialog.asks == {"focus": "Your focus", "helper": "Who can help?"}
    assert ada.dialog.offers == {"helper": ("Call centre", "Crew north")}
    assert ada.dialog.holds == {"focus": "", "helper": ""}


async def test_a_dialog_is_sent_refused_and_taken(teams: TeamsDouble, tenant: Tenant, client: Client, app: App) -> None:
    ada = await _with_dialog(tenant, client, app)
    assert ada.dialog is not None
    missing = await ada.submits(ada.dialog, {"helper": "Crew north"})
    assert (missing.status, ada.dialog.errors) == (0, {"focus": "Please say what you work on."})
    refusal = {"type": "TextBlock", "text": "Please say more."}
    filled = card(refusal, FOCUS | {"value": "Valves"}, HELPER | {"value": "2"}, actions=(SEND,))
    app.answer = dialog(filled)
    before = ada.dialog
    await ada.submits(ada.dialog, {"focus": "Valves"})
    assert (app.last["name"], app.last["value"]["data"]) == (
        "task/submit",
        {"run": "7", "focus": "Valves", "helper": "2"},
    )
    assert ada.dialog.words.startswith("Please say more.")
    assert ada.dialog.holds == {"focus": "Valves", "helper": "2"}
    assert teams.complaints == []
    with pytest.raises(LookupError, match="not on Ada Lovelace's screen"):
        await ada.submits(before, {})
    app.answer = None
    await ada.submits(ada.dialog, {})
    assert ada.dialog is None


async def test_a_dialog_that_forgets_what_was_typed_is_complained_of(
    teams: TeamsDouble, tenant: Tenant, client: Client, app: App
) -> None:
    ada = await _with_dialog(tenant, client, app)
    assert ada.dialog is not None
    await ada.submits(ada.dialog, {"focus": "Valves"})
    assert teams.complaints == ["a dialog came back without what was typed: focus"]


async def test_a_dialog_can_end_with_a_message(tenant: Tenant, client: Client, app: App) -> None:
    ada = await _with_dialog(tenant, client, app)
    app.answer = {"task": {"type": "message", "value": "Thank you"}}
    assert ada.dialog is not None
    heard = await ada.submits(ada.dialog, {"focus": "Valves"})
    assert (heard.toast, ada.notices) == ("Thank you", ["Thank you"])
    assert ada.dialog is None


async def test_a_dialog_whose_answer_fails_stays_with_what_was_typed(
    teams: TeamsDouble, tenant: Tenant, client: Client, app: App
) -> None:
    ada = await _with_dialog(tenant, client, app)
    assert ada.dialog is not None
    app.status, app.answer = 500, None
    heard = await ada.submits(ada.dialog, {"focus": "Valves"})
    assert (heard.errors, ada.dialog.holds["focus"]) == ({"": TROUBLE}, "Valves")
    app.status, app.answer = 200, dialog(card(FOCUS, actions=(SKIP,)))
    await ada.submits(ada.dialog, {})
    assert "takes no Action.Execute" in teams.complaints[-1]
    ada.closes()
    assert ada.dialog is None


async def _with_card(tenant: Tenant, client: Client, shown: Fields) -> Member:
    ada = tenant.user("29:ada")
    await client.posts(ada.chat.id, message(shown))
    return ada


async def _with_dialog(tenant: Tenant, client: Client, app: App) -> Member:
    ada = await _with_card(tenant, client, card(HEADER, actions=(ANSWER,)))
    app.answer = dialog(FORM)
    await ada.presses(ada.sees()[-1], "Answer")
    return ada
