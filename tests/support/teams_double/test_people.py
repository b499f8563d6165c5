"""What people do before the double, and what they see of the answers."""

import pytest
from botbuilder.schema import Activity
from botbuilder.schema.teams import TeamsChannelData

from tests.support.teams_double import TeamsDouble, Tenant
from tests.support.teams_double.sample_app import App

OPS = "19:ops@thread.tacv2"
FIELD = "19:field@thread.tacv2"


async def test_a_line_comes_with_all_that_teams_says(teams: TeamsDouble, tenant: Tenant, app: App) -> None:
    ada = tenant.user("29:ada")
    await ada.says("text <data> & agenda")
    told = app.last
    assert (told["type"], told["channelId"], told["text"]) == ("message", "msteams", "text <data> & agenda")
    assert told["from"] == {"id": "29:ada", "name": "Ada Lovelace", "aadObjectId": ada.user.aad_object_id}
    assert told["recipient"] == {"id": f"28:{teams.app_id}", "name": "Folkmoot"}
    assert told["conversation"] == {"id": ada.chat.id, "conversationType": "personal", "tenantId": "northwater"}
    assert told["channelData"] == {"tenant": {"id": "northwater"}}
    assert told["serviceUrl"] == tenant.service_url
    assert told["entities"] == [
        {"locale": "en-GB", "country": "GB", "platform": "Windows", "timezone": "Europe/London", "type": "clientInfo"}
    ]
    assert [each.words for each in ada.sees()] == ["text <data> & agenda"]


async def test_the_sdk_reads_what_is_sent(tenant: Tenant, app: App) -> None:
    await tenant.user("29:ben").mentions(FIELD, "agenda")
    activity = Activity().deserialize(app.last)
    assert activity.conversation.conversation_type == "channel"
    assert activity.from_property.aad_object_id == tenant.user("29:ben").user.aad_object_id
    assert activity.timestamp is not None
    data = TeamsChannelData().deserialize(app.last["channelData"])
    assert (data.tenant.id, data.team.id, data.channel.id) == ("northwater", OPS, FIELD)


async def test_the_local_time_is_the_persons(tenant: Tenant, app: App) -> None:
    tenant.add_user("29:kim", "Kim", timezone="Asia/Kathmandu")
    tenant.add_user("29:noa", "Noa", timezone="")
    await tenant.user("29:kim").says("agenda")
    assert app.last["localTimestamp"].endswith("+05:45")
    assert app.last["timestamp"].endswith("Z")
    await tenant.user("29:noa").says("agenda")
    assert "localTimestamp" not in app.last
    assert "timezone" not in app.last["entities"][0]


async def test_a_mention_reaches_the_bot_and_talk_among_people_does_not(tenant: Tenant, app: App) -> None:
    ada = tenant.user("29:ada")
    assert await ada.says("Good morning @Ben", FIELD) is None
    await ada.mentions(FIELD, "add @Ben")
    told = app.last
    assert told["text"] == "<at>Folkmoot</at>&nbsp;add <at>Ben</at>\n"
    assert [each.get("text") for each in told["entities"]] == ["<at>Folkmoot</at>", "<at>Ben</at>", None]
    assert told["entities"][1]["mentioned"] == {"id": "29:ben", "name": "Ben"}
    assert told["conversation"]["id"] == f"{FIELD};messageid={told['id']}"
    assert len(app.got) == 1
    assert [each.words.strip() for each in ada.sees(FIELD)] == ["Good morning Ben", "Folkmoot\xa0add Ben"]


async def test_a_name_with_an_ampersand_lacks_its_text(tenant: Tenant, app: App) -> None:
    tenant.add_user("29:rd", "R&D")
    await tenant.joins(OPS, "29:rd")
    await tenant.user("29:ada").mentions(FIELD, "add @R&D")
    assert app.last["entities"][1] == {"mentioned": {"id": "29:rd", "name": "R&D"}, "type": "mention"}


async def test_a_line_in_a_thread_names_its_first_message(tenant: Tenant, app: App) -> None:
    ada = tenant.user("29:ada")
    await ada.says("Valves", FIELD)
    (top,) = ada.sees(FIELD)
    await tenant.user("29:ben").mentions(FIELD, "help", thread=top.id)
    assert app.last["conversation"]["id"] == f"{FIELD};messageid={top.id}"
    assert app.last["id"] != top.id


async def test_a_changed_and_a_deleted_line_are_told(tenant: Tenant, app: App) -> None:
    ada = tenant.user("29:ada")
    await ada.says("Valve chekcs")
    (seen,) = ada.sees()
    await ada.edits(seen, "Valve checks")
    edited = app.last
    await ada.deletes(seen)
    assert [(each["type"], each["id"]) for each in app.activities] == [
        ("message", seen.id),
        ("messageUpdate", seen.id),
        ("messageDelete", seen.id),
    ]
    assert (edited["text"], edited["channelData"]["eventType"]) == ("Valve checks", "editMessage")
    assert app.last["channelData"]["eventType"] == "softDeleteMessage"
    assert ada.sees() == []
    with pytest.raises(LookupError):
        await tenant.user("29:ben").deletes(seen)


async def test_a_redelivery_has_the_same_body(teams: TeamsDouble, tenant: Tenant, app: App) -> None:
    await tenant.user("29:ada").says("Ünïcode 日本")
    await teams.again()
    (first, _), (second, _) = app.got
    assert first == second


async def test_a_bot_that_does_not_answer_is_heard_as_nothing(teams: TeamsDouble, tenant: Tenant, app: App) -> None:
    app.is_stuck, teams.courier.patience_s = True, 0.05
    heard = await tenant.user("29:ada").says("agenda")
    assert heard is not None
    assert (heard.status, heard.is_ok) == (0, False)


async def test_adding_the_app_for_oneself_is_told_twice(teams: TeamsDouble, tenant: Tenant, app: App) -> None:
    gus = tenant.add_user("29:gus", "Gus", installed=False)
    await gus.installs()
    first, second = app.activities
    assert (first["type"], first["action"]) == ("installationUpdate", "add")
    assert second["type"] == "conversationUpdate"
    assert [each["id"] for each in second["membersAdded"]] == [teams.world.bot_id, "29:gus"]
    assert first["conversation"]["conversationType"] == "personal"
    assert gus.user.has_app
    await gus.uninstalls()
    assert (app.last["type"], app.last["action"], gus.user.has_app) == ("installationUpdate", "remove", False)


async def test_adding_the_app_to_a_team_names_the_team_and_the_channel(
    teams: TeamsDouble, tenant: Tenant, app: App
) -> None:
    team = tenant.add_team("19:hr@thread.tacv2", "People", members=["29:ada"], installed=False)
    await tenant.user("29:ada").installs(team.id)
    first, second = app.activities
    assert first["channelData"]["team"] == {"id": team.id, "name": "People", "aadGroupId": team.aad_group_id}
    assert first["channelData"]["settings"] == {"selectedChannel": {"id": team.id}}
    assert (second["channelData"]["eventType"], second["membersAdded"]) == (
        "teamMemberAdded",
        [{"id": teams.world.bot_id}],
    )
    assert (first["conversation"]["id"], first["conversation"]["conversationType"]) == (team.id, "channel")
    await tenant.user("29:ada").uninstalls(team.id)
    assert [each["type"] for each in app.activities[2:]] == ["installationUpdate", "conversationUpdate"]
    assert not team.has_app


async def test_what_happens_to_a_team_is_told(tenant: Tenant, app: App) -> None:
    tenant.add_user("29:gus", "Gus")
    await tenant.joins(OPS, "29:gus", by="29:ada")
    assert app.last["membersAdded"] == [{"id": "29:gus", "aadObjectId": tenant.user("29:gus").user.aad_object_id}]
    assert (app.last["from"]["id"], app.last["channelData"]["eventType"]) == ("29:ada", "teamMemberAdded")
    await tenant.leaves(OPS, "29:gus")
    assert ([each["id"] for each in app.last["membersRemoved"]], app.last["from"]["id"]) == (["29:gus"], "29:gus")
    await tenant.renames(FIELD, "Dispatch")
    assert (app.last["channelData"]["eventType"], app.last["channelData"]["channel"]) == (
        "channelRenamed",
        {"id": FIELD, "name": "Dispatch"},
    )
    await tenant.renames_team(OPS, "Works")
    await tenant.opens_channel(OPS, "19:new@thread.tacv2", "New")
    await tenant.closes_channel("19:new@thread.tacv2")
    kinds = [each["channelData"]["eventType"] for each in app.activities[-3:]]
    assert kinds == ["teamRenamed", "channelCreated", "channelDeleted"]
    assert tenant.user("29:gus").sees(FIELD) == []


async def test_of_a_team_without_the_app_nothing_is_told(tenant: Tenant, app: App) -> None:
    tenant.add_team("19:hr@thread.tacv2", "People", members=["29:ada"], installed=False)
    assert await tenant.renames("19:hr@thread.tacv2", "Team") is None
    assert await tenant.user("29:ada").mentions("19:hr@thread.tacv2", "agenda") is None
    assert app.got == []


async def test_a_group_chat_hears_mentions_and_has_no_threads(tenant: Tenant, app: App) -> None:
    tenant.add_group_chat("19:meet@thread.v2", "Valves", members=["29:ada", "29:ben"])
    await tenant.user("29:ada").mentions("19:meet@thread.v2", "agenda")
    assert app.last["conversation"] == {
        "id": "19:meet@thread.v2",
        "conversationType": "groupChat",
        "tenantId": "northwater",
        "isGroup": True,
        "name": "Valves",
    }
