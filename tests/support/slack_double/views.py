"""`views.*`: modals open within their trigger, are replaced and stacked; Homes are published."""

from adapters.slack.api import Fields
from tests.support.slack_double.blocks import view_trouble
from tests.support.slack_double.calls import Call, Method, Methods, SaysNo
from tests.support.slack_double.payloads import view_fields
from tests.support.slack_double.world import TRIGGER_S, Trigger, View, Workspace, World

STACK_MOST = 3


def open_view(call: Call) -> Fields:
    """views.open: what stood on the screen before is gone."""
    given = checked(call, kind="modal")
    workspace, trigger = _trigger(call)
    view = call.world.new_view(given)
    workspace.modals[trigger.user_id] = [view]
    return {"view": view_fields(call.world, workspace, view)}


def push(call: Call) -> Fields:
    """views.push: on top of the modal in which the trigger came about."""
    given = checked(call, kind="modal")
    workspace, trigger = _trigger(call)
    stack = workspace.modals.setdefault(trigger.user_id, [])
    if not trigger.from_view or not stack:
        raise SaysNo("invalid_trigger_id")
    if len(stack) >= STACK_MOST:
        raise SaysNo("push_limit_reached")
    view = call.world.new_view(given)
    stack.append(view)
    return {"view": view_fields(call.world, workspace, view)}


def update(call: Call) -> Fields:
    """views.update, by id or by external_id."""
    given = checked(call, kind="")
    workspace, view = _found(call)
    wanted = call.text("hash")
    if wanted and wanted != view.hash:
        raise SaysNo("hash_conflict")
    replace_view(call.world, view, given)
    return {"view": view_fields(call.world, workspace, view)}


def publish(call: Call) -> Fields:
    """views.publish: somebody's Home."""
    given = checked(call, kind="home")
    workspace, user = call.user(call.need("user_id"))
    standing = workspace.homes.get(user.id)
    wanted = call.text("hash")
    if wanted and standing is not None and wanted != standing.hash:
        raise SaysNo("hash_conflict")
    if user.deleted or user.is_stranger:
        raise SaysNo("not_enabled")
    view = workspace.homes[user.id] = call.world.new_view(given)
    return {"view": view_fields(call.world, workspace, view)}


def checked(call: Call, *, kind: str) -> Fields:
    """The view that is sent, when Slack would take it."""
    found = call.packed("view", "invalid_arguments")
    if not isinstance(found, dict):
        raise SaysNo("invalid_arguments", response_metadata={"messages": ["[ERROR] missing required field: view"]})
    problems = view_trouble(found)
    if kind and found.get("type") != kind:
        problems.append(f"/type: {found.get('type')!r} instead of {kind!r}")
    if problems:
        raise SaysNo("invalid_arguments", response_metadata={"messages": [f"[ERROR] {each}" for each in problems]})
    return with_block_ids(call.world, found)


def with_block_ids(world: World, given: Fields) -> Fields:
    """A view whose blocks and inputs all have their ids, as Slack gives them where they are missing."""
    blocks = [dict(each) for each in given.get("blocks", [])]
    for block in blocks:
        block.setdefault("block_id", f"b{world.number()}")
        if block.get("type") == "input":
            block["element"] = {"action_id": f"a{world.number()}"} | block["element"]
    return given | {"blocks": blocks}


def replace_view(world: World, view: View, given: Fields) -> None:
    """Another content on the same screen; what was typed stays in inputs whose ids stay."""
    standing = set(_inputs(given))
    before = set(_inputs(view.given))
    view.typed = {
        block: value for (block, action), value in _typed(view).items() if (block, action) in standing & before
    }
    view.given, view.hash, view.errors = given, f"{world.number()}.new", {}


def _typed(view: View) -> dict[tuple[str, str], str]:
    actions = dict(_inputs(view.given))
    return {(block, actions.get(block, "")): value for block, value in view.typed.items()}


def _inputs(given: Fields) -> list[tuple[str, str]]:
    blocks = given.get("blocks", [])
    return [(each["block_id"], each["element"]["action_id"]) for each in blocks if each.get("type") == "input"]


def _trigger(call: Call) -> tuple[Workspace, Trigger]:
    trigger = call.world.triggers.get(call.need("trigger_id"))
    workspace = None if trigger is None else next((w for w in call.workspaces if w.id == trigger.team_id), None)
    if trigger is None or workspace is None:
        raise SaysNo("invalid_trigger_id")
    if trigger.is_used:
        raise SaysNo("exchanged_trigger_id")
    if call.world.now() - trigger.made_at > TRIGGER_S:
        raise SaysNo("expired_trigger_id")
    trigger.is_used = True
    return workspace, trigger


def _found(call: Call) -> tuple[Workspace, View]:
    wanted, external = call.text("view_id"), call.text("external_id")
    for workspace in call.workspaces:
        for view in (*workspace.homes.values(), *(each for stack in workspace.modals.values() for each in stack)):
            if view.id == wanted or (external and view.given.get("external_id") == external):
                return workspace, view
    raise SaysNo("not_found")


METHODS: Methods = {
    "views.open": Method(open_view),
    "views.push": Method(push),
    "views.update": Method(update),
    "views.publish": Method(publish),
}
