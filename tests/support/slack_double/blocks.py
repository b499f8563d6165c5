"""Whether Slack would take blocks and views: shapes and limits, each problem with a pointer to its place.

Source: https://docs.slack.dev/reference/block-kit and https://docs.slack.dev/reference/views.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator

from adapters.slack.api import Fields

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
BLOCKS_JSON = 12_000  # characters; somewhat more was refused with msg_blocks_too_long
VIEW_JSON = 250_000
ID_LONGEST = 255

INPUTS = frozenset({
    "plain_text_input", "static_select", "multi_static_select", "users_select", "multi_users_select", "checkboxes",
    "radio_buttons", "datepicker", "timepicker", "datetimepicker", "number_input", "email_text_input",
    "url_text_input", "conversations_select", "channels_select",
})  # fmt: skip
OPTIONS_MOST = {"static_select": 100, "multi_static_select": 100, "checkboxes": 10, "radio_buttons": 10, "overflow": 5}
RICH_PARTS = frozenset({"rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"})
RICH_LEAVES = frozenset({
    "text", "link", "user", "usergroup", "channel", "emoji", "date", "broadcast", "color",
})  # fmt: skip

Problems = Iterator[str]


def message_trouble(blocks: object) -> tuple[str, list[str]]:
    """Slack's code for what is wrong with a message's blocks, and each problem; '' and none when all is well."""
    problems = list(_blocks(blocks, most=MESSAGE_BLOCKS, may_ask=False))
    if problems:
        return "invalid_blocks", problems
    # Slack writes signs beyond ASCII as escapes.
    if len(json.dumps(blocks, separators=(",", ":"))) > BLOCKS_JSON:
        return "msg_blocks_too_long", []
    return "", []


def view_trouble(view: Fields) -> list[str]:
    """What is wrong with a modal or a Home."""
    return list(_view(view))


def _view(view: Fields) -> Problems:
    kind = view.get("type")
    if kind not in {"modal", "home"}:
        yield f"/type: {kind!r}"
        return
    if len(json.dumps(view, separators=(",", ":"))) > VIEW_JSON:
        yield "/: view_too_large"
    if kind == "modal":
        yield from _plain(view.get("title"), "/title", 24)
        for name in ("submit", "close"):
            if name in view:
                yield from _plain(view[name], f"/{name}", 24)
    asks = any(isinstance(each, dict) and each.get("type") == "input" for each in view.get("blocks") or [])
    if kind == "modal" and asks and "submit" not in view:
        yield "/submit: a modal with inputs needs it"
    if len(view.get("private_metadata", "")) > 3000:
        yield "/private_metadata: more than 3000 characters"
    if len(view.get("callback_id", "")) > ID_LONGEST:
        yield "/callback_id: more than 255 characters"
    yield from _blocks(view.get("blocks"), most=VIEW_BLOCKS, may_ask=True)


def _blocks(blocks: object, *, most: int, may_ask: bool) -> Problems:
    if not isinstance(blocks, list):
        yield "/blocks: no list"
        return
    if len(blocks) > most:
        yield f"/blocks: {len(blocks)} of them, at most {most}"
    for number, block in enumerate(blocks):
        at = f"/blocks/{number}"
        if not isinstance(block, dict) or block.get("type") not in _CHECKS:
            yield f"{at}: unsupported type"
        elif block["type"] == "input" and not may_ask:
            yield f"{at}: inputs stand in views only"
        else:
            yield from _ids(block, at, "block_id")
            yield from _CHECKS[block["type"]](block, at)
    given = Counter(each["block_id"] for each in blocks if isinstance(each, dict) and "block_id" in each)
    yield from (f"/blocks: block_id {each!r} stands there twice" for each, times in given.items() if times > 1)


def _section(block: Fields, at: str) -> Problems:
    if "text" not in block and "fields" not in block:
        yield f"{at}: neither text nor fields"
    if "text" in block:
        yield from _text(block["text"], f"{at}/text", 3000)
    fields = block.get("fields", [])
    if "fields" in block and not 1 <= len(fields) <= 10:
        yield f"{at}/fields: {len(fields)} of them"
    for number, each in enumerate(fields):
        yield from _text(each, f"{at}/fields/{number}", 2000)
    if "accessory" in block:
        yield from _element(block["accessory"], f"{at}/accessory")


def _header(block: Fields, at: str) -> Problems:
    yield from _plain(block.get("text"), f"{at}/text", 150)


def _divider(_block: Fields, _at: str) -> Problems:
    yield from ()


def _context(block: Fields, at: str) -> Problems:
    elements = block.get("elements") or []
    if not 1 <= len(elements) <= 10:
        yield f"{at}/elements: {len(elements)} of them"
    for number, each in enumerate(elements):
        if isinstance(each, dict) and each.get("type") == "image":
            yield from _image(each, f"{at}/elements/{number}")
        else:
            yield from _text(each, f"{at}/elements/{number}", 3000)


def _actions(block: Fields, at: str) -> Problems:
    elements = block.get("elements") or []
    if not 1 <= len(elements) <= 25:
        yield f"{at}/elements: {len(elements)} of them"
    for number, each in enumerate(elements):
        yield from _element(each, f"{at}/elements/{number}")
    given = Counter(each.get("action_id") for each in elements if isinstance(each, dict) and "action_id" in each)
    yield from (f"{at}: action_id {each!r} stands there twice" for each, times in given.items() if times > 1)


def _image(block: Fields, at: str) -> Problems:
    if not 1 <= len(block.get("alt_text", "")) <= 2000:
        yield f"{at}/alt_text: it has none, or more than 2000 characters"
    url = block.get("image_url", "")
    if "slack_file" not in block and not (url.startswith(("https://", "http://")) and len(url) <= 3000):
        yield f"{at}/image_url: no web address of up to 3000 characters"


def _input(block: Fields, at: str) -> Problems:
    yield from _plain(block.get("label"), f"{at}/label", 2000)
    if "hint" in block:
        yield from _plain(block["hint"], f"{at}/hint", 2000)
    element = block.get("element")
    if not isinstance(element, dict) or element.get("type") not in INPUTS:
        yield f"{at}/element: no input"
        return
    yield from _element(element, f"{at}/element")


def _rich_text(block: Fields, at: str) -> Problems:
    elements = block.get("elements")
    if not isinstance(elements, list):
        yield f"{at}/elements: no list"
        return
    for number, part in enumerate(elements):
        where = f"{at}/elements/{number}"
        if not isinstance(part, dict) or part.get("type") not in RICH_PARTS:
            yield f"{where}: unsupported type"
        elif part["type"] == "rich_text_list":
            if part.get("style") not in {"bullet", "ordered"}:
                yield f"{where}/style: {part.get('style')!r}"
            for place, each in enumerate(part.get("elements") or []):
                yield from _rich_section(each, f"{where}/elements/{place}")
        else:
            yield from _rich_section(part, where)


def _rich_section(part: Fields, at: str) -> Problems:
    for number, leaf in enumerate(part.get("elements") or []):
        where = f"{at}/elements/{number}"
        kind = leaf.get("type")
        if kind not in RICH_LEAVES:
            yield f"{where}: unsupported type {kind!r}"
        if kind == "text" and not leaf.get("text"):
            yield f"{where}/text: empty"
        if kind == "link" and not str(leaf.get("url", "")).startswith(("https://", "http://", "mailto:")):
            yield f"{where}/url: no address"
        if kind == "user" and not leaf.get("user_id"):
            yield f"{where}/user_id: empty"
        if kind == "date" and not (isinstance(leaf.get("timestamp"), int) and "{" in str(leaf.get("format", ""))):
            yield f"{where}: a date needs a whole timestamp and a format with a token"


def _element(element: object, at: str) -> Problems:
    if not isinstance(element, dict):
        yield f"{at}: no element"
        return
    kind = element.get("type")
    yield from _ids(element, at, "action_id")
    if kind == "button":
        yield from _plain(element.get("text"), f"{at}/text", 75)
        if len(element.get("value", "")) > 2000 or len(element.get("url", "")) > 3000:
            yield f"{at}: value or url is too long"
        if element.get("style", "primary") not in {"primary", "danger"}:
            yield f"{at}/style: {element['style']!r}"
        if not 1 <= len(element.get("accessibility_label", "-")) <= 75:
            yield f"{at}/accessibility_label: empty, or more than 75 characters"
    elif kind == "image":
        yield from _image(element, at)
    elif kind in INPUTS or kind == "overflow":
        yield from _entry(element, at)
    else:
        yield f"{at}: unsupported type {kind!r}"


def _entry(element: Fields, at: str) -> Problems:
    kind = element["type"]
    if "placeholder" in element:
        yield from _plain(element["placeholder"], f"{at}/placeholder", 150)
    if kind in OPTIONS_MOST and "option_groups" not in element:
        options = element.get("options") or []
        if not 1 <= len(options) <= OPTIONS_MOST[kind]:
            yield f"{at}/options: {len(options)} of them"
        for number, each in enumerate(options):
            yield from _option(each, f"{at}/options/{number}")
        twice = [value for value, times in Counter(each.get("value") for each in options).items() if times > 1]
        yield from (f"{at}/options: the value {value!r} stands there twice" for value in twice)
        chosen = [
            *element.get("initial_options", []),
            *([element["initial_option"]] if "initial_option" in element else []),
        ]
        yield from (f"{at}/initial_option: {each!r} is none of the options" for each in chosen if each not in options)
        if element.get("initial_options") == []:
            yield f"{at}/initial_options: empty"
    if kind == "plain_text_input":
        longest = element.get("max_length", 3000)
        if not 1 <= longest <= 3000:
            yield f"{at}/max_length: {longest}"
        if len(element.get("initial_value", "")) > longest:
            yield f"{at}/initial_value: longer than max_length"


def _option(option: Fields, at: str) -> Problems:
    yield from _text(option.get("text"), f"{at}/text", 75)
    if "description" in option:
        yield from _plain(option["description"], f"{at}/description", 75)
    if not 1 <= len(option.get("value", "")) <= 150:
        yield f"{at}/value: empty, or more than 150 characters"


def _plain(text: object, at: str, longest: int) -> Problems:
    if isinstance(text, dict) and text.get("type") != "plain_text":
        yield f"{at}: plain_text is needed here"
    yield from _text(text, at, longest)


def _text(text: object, at: str, longest: int) -> Problems:
    if not isinstance(text, dict) or text.get("type") not in {"plain_text", "mrkdwn"}:
        yield f"{at}: no text object"
    elif not isinstance(text.get("text"), str) or not 1 <= len(text["text"]) <= longest:
        yield f"{at}: {len(str(text.get('text', '')))} characters, 1 to {longest} are taken"


def _ids(element: Fields, at: str, name: str) -> Problems:
    if name in element and not (isinstance(element[name], str) and 1 <= len(element[name]) <= ID_LONGEST):
        yield f"{at}/{name}: 1 to 255 characters"


_CHECKS: dict[str, Callable[[Fields, str], Problems]] = {
    "section": _section,
    "header": _header,
    "divider": _divider,
    "context": _context,
    "actions": _actions,
    "image": _image,
    "input": _input,
    "rich_text": _rich_text,
}
