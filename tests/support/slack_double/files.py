"""`files.*`: a picture is uploaded in three steps."""

from adapters.slack.api import Fields
from tests.support.slack_double.calls import Call, Method, Methods, SaysNo
from tests.support.slack_double.world import Message, World

PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8")


def upload_url(call: Call) -> Fields:
    """files.getUploadURLExternal."""
    name, length = call.need("filename"), call.number("length", 0)
    if not length:
        raise SaysNo("invalid_arguments")
    file_id = f"F{call.world.number():06d}"
    call.world.uploads[file_id] = {
        "id": file_id,
        "name": name,
        "length": length,
        "alt_txt": call.text("alt_txt"),
        "body": b"",
        "team_id": call.token.team_id,
    }
    return {"upload_url": f"{call.world.base_url}/upload/{file_id}", "file_id": file_id}


def complete(call: Call) -> Fields:
    """files.completeUploadExternal: the files stand in a channel, when one is named."""
    given = call.packed("files", "invalid_arguments")
    if not isinstance(given, list) or not given:
        raise SaysNo("invalid_arguments")
    files = []
    for each in given:
        upload = call.world.uploads.get(each.get("id", ""))
        if upload is None or not upload["body"]:
            raise SaysNo("file_not_found")
        upload["looks"] = call.world.looks_at_files
        files.append({"id": upload["id"], "name": upload["name"], "title": each.get("title", upload["name"])})
    channel_id = call.text("channel_id")
    if channel_id:
        workspace = next((each for each in call.workspaces if channel_id in each.channels), None)
        if workspace is None:
            raise SaysNo("channel_not_found")
        message = Message(call.world.ts(), author=workspace.bot_user_id, bot_id=workspace.bot_id, text="", files=files)
        message.text, message.thread_ts = call.text("initial_comment"), call.text("thread_ts")
        workspace.channels[channel_id].messages.append(message)
    return {"files": files}


def shows(call: Call, file_id: str) -> bool:
    """Whether a message may show a file: it was uploaded by this installation, and Slack has looked at it."""
    upload = call.world.uploads.get(file_id, {})
    if "looks" not in upload or not upload["body"].startswith(PICTURES) or upload["team_id"] != call.token.team_id:
        return False
    upload["looks"] -= 1
    return bool(upload["looks"] < 0)


def received(world: World, file_id: str, body: bytes) -> bool:
    """The bytes of a file came; whether they are as many as was said."""
    upload = world.uploads.get(file_id)
    if upload is None or len(body) != upload["length"]:
        return False
    upload["body"] = body
    return True


METHODS: Methods = {
    "files.getUploadURLExternal": Method(upload_url, "files:write"),
    "files.completeUploadExternal": Method(complete, "files:write"),
}
