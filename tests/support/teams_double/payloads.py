"""What Teams sends and answers, as JSON: pure but for the clock."""

from datetime import UTC, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from tests.support.teams_double.world import SEPARATOR, Conversation, Fields, Realm, TeamRoom, User, World


def member_fields(realm: Realm, user: User) -> Fields:
    """Somebody, as the roster shows them; of a guest little is said."""
    found: Fields = {
        "id": user.id,
        "name": user.name,
        "userPrincipalName": user.principal_name,
        "tenantId": realm.id,
        "userRole": "guest" if user.is_guest else "user",
    }
    if user.aad_object_id:
        found |= {"aadObjectId": user.aad_object_id, "objectId": user.aad_object_id}
    if user.email:
        found["email"] = user.email
    given, _, surname = user.name.partition(" ")
    return found | ({} if user.is_guest else {"givenName": given, "surname": surname})


def activity(
    world: World, realm: Realm, user: User, *, where: Conversation, kind: str, thread: str = "", message_id: str = ""
) -> Fields:
    """What every activity of a person has."""
    now = datetime.fromtimestamp(world.now(), UTC)
    found: Fields = {
        "type": kind,
        "id": message_id or world.message_id(),
        "timestamp": _stamp(now).replace("+00:00", "Z"),
        "channelId": "msteams",
        "serviceUrl": realm.service_url,
        "from": account(user) | {"name": user.name},
        "conversation": conversation_fields(realm, where, thread),
        "recipient": {"id": world.bot_id, "name": world.bot_name},
        "entities": [client_info(user)],
        "channelData": channel_data(realm, where),
        "locale": user.locale,
    }
    if user.timezone:
        local = _stamp(now.astimezone(ZoneInfo(user.timezone)))
        found |= {"localTimestamp": local, "localTimezone": user.timezone}
    return found


def event(world: World, realm: Realm, user: User, *, where: Conversation, kind: str) -> Fields:
    """What every activity has that is about a conversation and not said in it."""
    found = activity(world, realm, user, where=where, kind=kind, message_id=f"f:{uuid4()}")
    del found["entities"]
    found["from"] = account(user)
    return found


def invoke(world: World, realm: Realm, user: User, *, where: Conversation, name: str, thread: str = "") -> Fields:
    """A press or a form that wants an answer in the same breath."""
    found = activity(world, realm, user, where=where, kind="invoke", thread=thread, message_id=f"f:{uuid4()}")
    found["channelData"]["source"] = {"name": "message"}
    return found | {"name": name}


def account(user: User) -> Fields:
    """Somebody's ids."""
    return {"id": user.id} | ({"aadObjectId": user.aad_object_id} if user.aad_object_id else {})


def bot_account(world: World) -> Fields:
    """The bot as a member."""
    return {"id": world.bot_id}


def client_info(user: User) -> Fields:
    """What Teams says of the client that somebody uses."""
    zone = {"timezone": user.timezone} if user.timezone else {}
    info = {"locale": user.locale, "country": user.country, "platform": user.platform}
    return info | zone | {"type": "clientInfo"}


def mention_of(identity: str, name: str) -> Fields:
    """Somebody's name in a text. Teams leaves the text out where the name has an ampersand."""
    found: Fields = {"mentioned": {"id": identity, "name": name}, "type": "mention"}
    return found if "&" in name else found | {"text": f"<at>{name}</at>"}


def conversation_fields(realm: Realm, where: Conversation, thread: str = "") -> Fields:
    """Where something happens; in a channel that is a thread."""
    found: Fields = {
        "id": f"{where.id}{SEPARATOR}{thread}" if thread else where.id,
        "conversationType": where.kind,
        "tenantId": realm.id,
    }
    if where.kind != "personal":
        found["isGroup"] = True
    if where.kind == "groupChat" and where.name:
        found["name"] = where.name
    return found


def channel_data(realm: Realm, where: Conversation) -> Fields:
    """Teams' own addition: the tenant, and in a channel which one and of which team."""
    found: Fields = {"tenant": {"id": realm.id}}
    if where.team_id:
        found |= {
            "teamsChannelId": where.id,
            "teamsTeamId": where.team_id,
            "channel": {"id": where.id},
            "team": {"id": where.team_id},
        }
    return found


def team_data(realm: Realm, team: TeamRoom, event_type: str, channel: Conversation | None = None) -> Fields:
    """Teams' own addition to what happens to a team."""
    about = {"id": team.id, "name": team.name, "aadGroupId": team.aad_group_id}
    found: Fields = {"team": about, "eventType": event_type, "tenant": {"id": realm.id}}
    return found if channel is None else found | {"channel": {"id": channel.id, "name": channel.name}}


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
