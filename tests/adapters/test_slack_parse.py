"""From Slack's requests to what a person did."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.api import Fields
from adapters.slack.parse import Changed, Ended, Opened, PressedOn, SentForm, Shortcut, Typed, happening, plain
from bot.ports import Press, Submission

BOT = "UBOT"
OWN = {"/agenda": "agenda", "/meeting": "council"}


def read(body: Fields) -> object:
    return happening(body, bot_user=BOT, root="/cx", own=OWN)


def command(name: str, text: str = "", **more: str) -> Fields:
    """A slash command's fields, as Slack sends them."""
    return {
        "command": name,
        "text": text,
        "user_id": "U1",
        "team_id": "T1",
        "channel_id": "C1",
        "channel_name": "field-dispatch",
        "trigger_id": "1.2.abc",
        "response_url": "https://hooks.slack.com/commands/1",
        **more,
    }


def event(**fields: object) -> Fields:
    """An event's envelope."""
    return {"type": "event_callback", "event_id": "Ev1", "event_time": 1_790_000_000, "event": fields}


def message(text: str, **more: object) -> Fields:
    """A line in direct messages."""
    return event(type="message", channel_type="im", channel="D1", user="U1", text=text, **more)


@pytest.mark.parametrize(
    ("name", "text", "meant"),
    [
        ("/cx", "huddle answer", "/huddle answer"),
        ("/cx", "/huddle answer", "/huddle answer"),
        ("/cx", "", "/help"),
        ("/agenda", "add Van stock", "/agenda add Van stock"),
        ("/agenda", "", "/agenda"),
        ("/meeting", "next", "/council next"),
        ("/cx", "huddle away <@U2|ben> until fri", "/huddle away @[U2] until fri"),
        ("/cx", "huddle skip tomorrow A &lt;b&gt; &amp; c", "/huddle skip tomorrow A <b> & c"),
    ],
)
def test_a_slash_command_is_the_line_it_stands_for(name: str, text: str, meant: str) -> None:
    typed = read(command(name, text))
    assert isinstance(typed, Typed)
    assert (typed.text, typed.trigger, typed.event_id, typed.where.name) == (
        meant,
        "1.2.abc",
        "1.2.abc",
        "field-dispatch",
    )


def test_a_command_in_direct_messages_is_direct() -> None:
    typed = read(command("/cx", "today", channel_id="D9", channel_name="directmessage"))
    assert isinstance(typed, Typed)
    assert (typed.where.is_direct, typed.where.name) == (True, "")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("<@UBOT> huddle", "huddle"),
        ("ask <@U2> and <@U3|cem>", "ask @[U2] and @[U3]"),
        ("see <#C2|billing> or <#C3>", "see #billing or #C3"),
        ("<https://example.org/a?b=1&amp;c=2|the page> <https://example.org>", "the page https://example.org"),
        ("<!here> <!channel> <!subteam^S1|@leads>", "@here @channel @leads"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
        ("&lt;@UBOT&gt; is no mention", "<@UBOT> is no mention"),
        ("one\r\ntwo\x00\x1b[31m", "one\ntwo[31m"),
    ],
)
def test_what_is_written_comes_without_mark_up(text: str, meant: str) -> None:
    assert plain(text, BOT) == meant


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_what_is_typed_comes_back_as_it_was_typed(text: str) -> None:
    sent = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert plain(sent, BOT) == text.strip()


@pytest.mark.parametrize(
    "body",
    [
        message("hello", bot_id="B1"),
        event(type="message", channel_type="im", channel="D1", user=BOT, text="hello"),
        message("hello", subtype="message_changed"),
        message("joined", subtype="channel_join"),
        event(type="message", channel_type="channel", channel="C1", user="U1", text="talk among people"),
        event(type="reaction_added", user="U1"),
        event(type="app_home_opened", user="U1", tab="messages"),
        event(type="tokens_revoked", tokens={"oauth": ["U1"]}),
        {"type": "view_closed"},
        {"type": "block_actions", "actions": [{"type": "button", "action_id": "link:1", "url": "https://example.org"}]},
        {"type": "block_actions", "actions": []},
        {"type": "something new"},
        {},
    ],
)
def test_what_is_not_for_the_bot_is_left_alone(body: Fields) -> None:
    assert read(body) is None


def test_a_line_in_a_thread_keeps_its_thread() -> None:
    typed = read(message("done", thread_ts="17.5"))
    assert isinstance(typed, Typed)
    assert (typed.where.thread, typed.where.is_direct, typed.trigger) == ("17.5", True, "")


def test_a_mention_in_a_channel_is_for_the_bot() -> None:
    typed = read(event(type="app_mention", channel="C1", user="U1", text="<@UBOT> huddle summary", user_team="T2"))
    assert isinstance(typed, Typed)
    assert (typed.text, typed.where.is_direct, typed.who.home_team) == ("huddle summary", False, "T2")


def press(**more: object) -> Fields:
    """A pressed button."""
    return {
        "type": "block_actions",
        "trigger_id": "9.8.x",
        "response_url": "https://hooks.slack.com/actions/1",
        "user": {"id": "U1", "team_id": "T1"},
        "channel": {"id": "C1", "name": "field-dispatch"},
        "container": {"type": "message", "message_ts": "17.1", "channel_id": "C1", "is_ephemeral": False},
        "message": {"ts": "17.1", "thread_ts": "16.0"},
        "actions": [
            {
                "type": "button",
                "action_id": "press:0",
                "block_id": "card-3",
                "value": '{"v":"huddle.form","i":{"run":"4"}}',
            }
        ],
        **more,
    }


def test_a_press_says_what_on_which_message_and_where() -> None:
    pressed = read(press())
    assert isinstance(pressed, PressedOn)
    assert pressed.press == Press("huddle.form", {"run": "4"})
    assert (pressed.where.conversation, pressed.where.thread, pressed.message) == ("C1", "16.0", "17.1")
    assert (pressed.is_reply, pressed.is_ephemeral, pressed.event_id) == (False, False, "9.8.x")


def test_a_press_on_the_home_is_with_its_person_alone() -> None:
    pressed = read(press(channel=None, message=None, container={"type": "view", "view_id": "V1"}))
    assert isinstance(pressed, PressedOn)
    assert (pressed.where.conversation, pressed.where.is_direct) == ("home:U1", True)


def test_a_sent_form_brings_its_values_and_where_it_was_opened() -> None:
    state = {"values": {"focus": {"focus": {"type": "plain_text_input", "value": "Valves\r\n& pumps"}}}}
    view = {
        "id": "V1",
        "private_metadata": '{"v":"huddle.answer","i":{"run":"4"},"c":"C1","t":"16.0","d":false}',
        "state": state,
    }
    sent = read({"type": "view_submission", "trigger_id": "3.4.y", "user": {"id": "U1", "team_id": "T1"}, "view": view})
    assert isinstance(sent, SentForm)
    assert sent.submission == Submission("huddle.answer", {"focus": "Valves\n& pumps"}, {"run": "4"})
    assert (sent.where.conversation, sent.where.thread, sent.where.is_direct) == ("C1", "16.0", False)


def test_a_shortcut_brings_the_message() -> None:
    body = press(type="message_action", callback_id="make_action", message={"ts": "17.1", "text": "Fix &lt;b&gt;"})
    shortcut = read(body)
    assert isinstance(shortcut, Shortcut)
    assert (shortcut.callback, shortcut.text, shortcut.message) == ("make_action", "Fix <b>", "17.1")


def test_home_members_and_the_end() -> None:
    opened = read(event(type="app_home_opened", user="U1", tab="home"))
    changed = read(event(type="user_change", user={"id": "U1", "tz": "Asia/Tokyo"}))
    assert isinstance(opened, Opened)
    assert isinstance(changed, Changed)
    assert changed.user["tz"] == "Asia/Tokyo"
    assert read(event(type="app_uninstalled")) == Ended(1_790_000_000, is_uninstall=True)
    assert read(event(type="tokens_revoked", tokens={"bot": ["UBOT"]})) == Ended(1_790_000_000, is_uninstall=False)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = (
    "type",
    "event",
    "actions",
    "view",
    "user",
    "channel",
    "container",
    "message",
    "command",
    "text",
    "callback_id",
)
TYPES = ("event_callback", "block_actions", "view_submission", "message_action", None)


@given(st.sampled_from(TYPES), st.dictionaries(st.sampled_from(NAMES[1:]), JSON, max_size=8))
def test_a_payload_of_any_shape_is_read_or_left_alone(kind: str | None, fields: Fields) -> None:
    found = read({**fields, "type": kind})
    assert found is None or isinstance(found, Typed | PressedOn | SentForm | Shortcut | Opened | Changed | Ended)
