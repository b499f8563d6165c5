"""`folkmoot doctor` and `folkmoot slack`: what an operator is told about Slack, and what to do about it."""

import asyncio
import base64
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from sqlalchemy import update
from sqlmodel import col, select
from typer.testing import CliRunner

from adapters.slack.api import SlackApi
from adapters.slack.manifest import HISTORY_SCOPES, SCOPES
from adapters.slack.secrets import Vault
from adapters.slack.workspaces import Workspaces
from adapters.wire import a_wire
from bot import slack
from bot.doctor import doctor, examined, lines
from bot.settings import Settings
from storage.engine import Database
from storage.people import Account, Person, Role
from storage.slack import SlackWorkspace
from storage.tx import SYSTEM
from tests.support.slack_double import RateLimit, Refuse, SlackDouble, Team, slack_double

KEYS = f"k1:{base64.b64encode(b'1' * 32).decode()}"
OTHER_KEYS = f"k2:{base64.b64encode(b'2' * 32).decode()}"
NAMES = (
    "FOLKMOOT_PUBLIC_URL", "FOLKMOOT_SECRET_KEYS", "SLACK_APP_TOKEN", "SLACK_BOT_TOKEN", "SLACK_CLIENT_ID",
    "SLACK_CLIENT_SECRET", "SLACK_COMMANDS", "SLACK_SIGNING_SECRET",
)  # fmt: skip


@dataclass
class Practice:
    """An operator's machine, with a Slack that it can reach."""

    slack: SlackDouble
    database: Database
    settings: dict[str, str] = field(default_factory=dict)

    async def lines(self, **settings: str) -> list[str]:
        """What the doctor prints."""
        return lines(await examined(Settings.model_validate(self.settings | settings)))

    async def wrong(self, **settings: str) -> list[str]:
        """What is wrong, each line with what to do."""
        told = await self.lines(**settings)
        return [
            " ".join([line, *(each for each in told[number + 1 : number + 2] if each.startswith(" "))])
            for number, line in enumerate(told)
            if line.startswith("wrong")
        ]

    async def installs(self, team: Team, user: str = "U1") -> None:
        """As its administrator does, by OAuth."""
        async with a_wire("slack") as wire:
            api = SlackApi(wire, self.slack.api_url)
            client = {"client_id": self.slack.world.client_id, "client_secret": self.slack.world.client_secret}
            answer = await api.call("oauth.v2.access", **client, code=team.allows(user, scopes=SCOPES_HELD))
            await Workspaces(self.database, api, Vault.from_text(KEYS)).install(answer)

    async def connects(self, token: str) -> None:
        """As the bot does when it starts."""
        async with a_wire("slack") as wire:
            await Workspaces(self.database, SlackApi(wire, self.slack.api_url), Vault.from_text("")).connect(token)

    async def change(self, statement) -> None:
        async with self.database.write(SYSTEM) as tx:
            await tx.run(statement)


SCOPES_HELD = frozenset({*SCOPES, *HISTORY_SCOPES})


def a_team(practice: Practice, team_id: str = "T1", name: str = "Northwater", **more) -> Team:
    team = practice.slack.add_workspace(team_id, name, **{"installed": False, **more})
    team.add_user("U1", "Ada", admin=True)
    return team


@pytest.fixture
async def practice(sqlite: Database, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Practice]:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    async with slack_double() as double:
        yield Practice(double, sqlite, {"DATABASE_URL": sqlite_url, "SLACK_API_URL": double.api_url})


@pytest.fixture
def by_oauth(practice: Practice) -> Practice:
    """Set up for workspaces that install the app themselves."""
    practice.settings |= {
        "SLACK_CLIENT_ID": practice.slack.world.client_id,
        "SLACK_CLIENT_SECRET": practice.slack.world.client_secret,
        "SLACK_SIGNING_SECRET": "signing",
        "FOLKMOOT_PUBLIC_URL": "https://bot.northwater.example",
        "FOLKMOOT_SECRET_KEYS": KEYS,
    }
    return practice


@pytest.fixture
def by_token(practice: Practice) -> Practice:
    """Set up for one workspace over Socket Mode."""
    team = a_team(practice, installed=True, scopes=SCOPES_HELD)
    practice.settings |= {"SLACK_BOT_TOKEN": team.token, "SLACK_APP_TOKEN": practice.slack.world.app_token}
    return practice


# --- the settings and the database


async def test_with_nothing_set_it_says_what_to_set_and_nothing_is_wrong(practice: Practice) -> None:
    told = await practice.lines()
    assert told[0] == "note  Slack: Slack is not connected; the bot has only its local chat."
    assert "folkmoot slack manifest --socket" in told[1]
    assert told[2].startswith("ok    database: answers in")
    assert len(told) == 3


async def test_a_database_that_is_not_there_is_wrong_and_slack_is_not_asked(by_token: Practice) -> None:
    (wrong,) = await by_token.wrong(DATABASE_URL="sqlite:////nowhere/folkmoot.db")
    assert "there is no database at /nowhere/folkmoot.db" in wrong
    assert by_token.slack.called() == []


async def test_a_database_without_tables_is_to_be_migrated(by_token: Practice, tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    (wrong,) = await by_token.wrong(DATABASE_URL=f"sqlite:///{tmp_path}/empty.db")
    assert "bring it up to date with: folkmoot migrate" in wrong


@pytest.mark.parametrize(("settings", "said"), [
    ({"SLACK_BOT_TOKEN": "xapp-1-A", "SLACK_APP_TOKEN": "xapp-1-A"}, "SLACK_BOT_TOKEN begins with xapp…, but has to"),
    ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN begins with xoxb…, but has to"),
    ({"SLACK_BOT_TOKEN": "xoxb-1"}, "set SLACK_SIGNING_SECRET"),
    ({"SLACK_APP_TOKEN": "xapp-1"}, "needs SLACK_BOT_TOKEN"),
    ({"SLACK_CLIENT_ID": "1", "SLACK_SIGNING_SECRET": "s"}, "SLACK_CLIENT_ID needs SLACK_CLIENT_SECRET"),
    ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_COMMANDS": "root=/status"}, "/status is Slack"),
    ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "FOLKMOOT_SECRET_KEYS": "k1:short"}, "key 1 of"),
    ({"SLACK_CLIENT_ID": "1", "SLACK_CLIENT_SECRET": "2", "SLACK_SIGNING_SECRET": "s",
      "FOLKMOOT_PUBLIC_URL": "https://x.example"}, "needs FOLKMOOT_SECRET_KEYS"),
])  # fmt: skip
async def test_settings_that_do_not_go_together_are_told_before_slack_is_asked(
    practice: Practice, settings: dict[str, str], said: str
) -> None:
    (wrong,) = await practice.wrong(**settings)
    assert said in wrong
    assert practice.slack.called() == []


# --- workspaces


async def test_a_workspace_where_all_is_well_has_no_line_that_asks_for_anything(by_oauth: Practice) -> None:
    await by_oauth.installs(a_team(by_oauth))
    told = await by_oauth.lines()
    assert [line for line in told if not line.startswith("ok")] == []
    assert told[2:] == [
        "ok    Northwater (T1): its token works; the bot is @folkmoot there.",
        "ok    Northwater (T1): it has every scope that the bot needs.",
        "ok    Northwater (T1): it is run by Ada.",
        "ok    Northwater (T1): 1 member can be reached.",
    ]


async def test_every_workspace_is_looked_at_with_its_own_token(by_oauth: Practice) -> None:
    await by_oauth.installs(a_team(by_oauth, "T1", "North"))
    await by_oauth.installs(a_team(by_oauth, "T2", "South"))
    by_oauth.slack.workspace("T2").revoke()
    (wrong,) = await by_oauth.wrong()
    assert "South (T2): Slack does not take its token (token_revoked)" in wrong
    assert "install the app there again" in wrong


async def test_before_anybody_has_installed_it_the_address_to_open_is_told(by_oauth: Practice) -> None:
    told = await by_oauth.lines()
    assert told[-2:] == [
        "note  Slack: no workspace has installed the app yet.",
        "      -> open https://bot.northwater.example/slack/install and choose a workspace",
    ]


async def test_a_workspace_that_took_the_app_out_is_a_note(by_oauth: Practice) -> None:
    await by_oauth.installs(a_team(by_oauth))
    await by_oauth.change(
        update(SlackWorkspace).values(ended_at=datetime(2026, 11, 24, 12, tzinfo=UTC), ended_why="uninstalled")
    )
    told = await by_oauth.lines()
    assert "note  Northwater (T1): the app was taken out on 2026-11-24 12:00 UTC, and nothing is sent there." in told
    assert await by_oauth.wrong() == []


async def test_a_token_that_no_key_opens_says_which_key_is_missing(by_oauth: Practice) -> None:
    await by_oauth.installs(a_team(by_oauth))
    (wrong,) = await by_oauth.wrong(FOLKMOOT_SECRET_KEYS=OTHER_KEYS)
    assert "can't be opened" in wrong
    assert "the key 'k1', which is not in FOLKMOOT_SECRET_KEYS" in wrong


async def test_scopes_that_are_missing_are_named(by_oauth: Practice) -> None:
    await by_oauth.installs(a_team(by_oauth))
    held = ",".join(sorted({*SCOPES} - {"im:write", "im:history"}))
    await by_oauth.change(update(SlackWorkspace).values(scopes=held))
    for token in by_oauth.slack.world.tokens.values():
        token.scopes = frozenset(held.split(","))
    (wrong,) = await by_oauth.wrong()
    assert "it lacks 2 scopes that the bot needs: im:history, im:write" in wrong


async def test_a_workspace_that_nobody_runs_shows_the_command_that_helps(by_oauth: Practice) -> None:
    await by_oauth.installs(a_team(by_oauth))
    await by_oauth.change(update(Person).values(active=False))
    (wrong,) = await by_oauth.wrong()
    assert "folkmoot slack admin USER-ID --workspace T1" in wrong


async def test_members_who_are_not_reached_are_named_with_what_helps(by_oauth: Practice) -> None:
    team = a_team(by_oauth)
    await by_oauth.installs(team)
    team.add_user("U2", "Ben", deleted=True)
    team.add_user("U3", "Cem", guest=True)
    team.add_user("U4", "Dee")
    async with by_oauth.database.write(SYSTEM) as tx:
        first = (await tx.session.scalars(select(Account))).one()
        tx.bind(first.organisation_id)
        tx.acts_for(by=None, event_id=None, now=datetime.now(UTC))
        for user, name in (("U2", "Ben"), ("U3", "Cem"), ("U4", "Dee"), ("U9", "Eve")):
            tx.add(person := Person(name=name, zone="UTC"))
            await tx.flush()
            tx.add(Account(person_id=person.id, install_id=first.install_id, external_id=user, reachable=user != "U4"))
    told = "\n".join(await by_oauth.lines())
    assert "wrong Northwater (T1): Ben (U2) has left Slack." in told
    assert "wrong Northwater (T1): Eve (U9) has left Slack." in told
    assert "wrong Northwater (T1): Dee (U4) can't be reached: Slack refused a message to them." in told
    assert "ask them to write `help` to the bot" in told
    assert "note  Northwater (T1): Cem (U3) is a guest" in told
    assert "ok    Northwater (T1): 2 members can be reached." in told


@pytest.mark.parametrize(("method", "fault", "said"), [
    ("auth.test", RateLimit(7), "slack asks to wait 7 s"),
    ("auth.test", Refuse("internal_error"), "Slack gave no answer that can be used"),
    ("users.list", RateLimit(7), "its members could not be looked at: slack asks to wait 7 s"),
])  # fmt: skip
async def test_what_slack_does_not_answer_now_is_told_as_it_is(
    by_oauth: Practice, method: str, fault: RateLimit | Refuse, said: str
) -> None:
    await by_oauth.installs(a_team(by_oauth))
    by_oauth.slack.faults.next(method, fault)
    (wrong,) = await by_oauth.wrong()
    assert said in wrong


async def test_a_slack_that_is_not_there_is_told(by_oauth: Practice) -> None:
    await by_oauth.installs(a_team(by_oauth))
    (wrong,) = await by_oauth.wrong(SLACK_API_URL="http://127.0.0.1:9/api/")
    assert "look at this machine's network, and at SLACK_API_URL" in wrong


async def test_a_token_of_the_settings_is_looked_at_before_and_after_the_first_start(by_token: Practice) -> None:
    told = await by_token.lines()
    assert "ok    Slack: Socket Mode: Slack takes the app's token." in told
    assert "note  Northwater (T1): the bot has not run with this token yet." in told
    await by_token.connects(by_token.settings["SLACK_BOT_TOKEN"])
    told = await by_token.lines()
    assert "ok    Northwater (T1): it is run by Ada." in told
    assert await by_token.wrong() == []


async def test_wrong_tokens_of_the_settings_are_told_apart(by_token: Practice) -> None:
    wrong = await by_token.wrong(SLACK_BOT_TOKEN="xoxb-old", SLACK_APP_TOKEN="xapp-old")
    assert "Socket Mode does not work" in wrong[0]
    assert "SLACK_BOT_TOKEN: Slack does not take its token (invalid_auth)" in wrong[1]
    assert "copy the Bot User OAuth Token" in wrong[1]
    assert len(wrong) == 2


async def test_the_doctor_changes_nothing(by_oauth: Practice) -> None:
    by_oauth.slack.world.rotates = True
    await by_oauth.installs(a_team(by_oauth))
    by_oauth.slack.time_passes(13 * 60 * 60)
    (wrong,) = await by_oauth.wrong()
    assert "token_expired" in wrong
    assert "start the bot, which renews it" in wrong
    assert len(by_oauth.slack.called("oauth.v2.access")) == 1, "the one that installed it"
    writes = {"chat.postMessage", "conversations.open", "views.publish"}
    assert not writes & {each.method for each in by_oauth.slack.called()}


async def test_no_secret_is_printed(by_oauth: Practice) -> None:
    await by_oauth.installs(a_team(by_oauth))
    by_oauth.slack.workspace("T1").workspace.name = "North\x1b[2J\nwater"
    told = "\n".join(await by_oauth.lines(SLACK_APP_TOKEN="xapp-secret"))
    secrets = [*by_oauth.slack.world.tokens, by_oauth.slack.world.client_secret, "xapp-secret", KEYS]
    assert not [each for each in secrets if each in told]


# --- as it is typed


def typed(practice: Practice, *words: str, **settings: str) -> tuple[int, str, str]:
    """Exit code, what was printed, and why it refused."""
    app = typer.Typer()
    app.command("doctor")(doctor)
    app.add_typer(slack.app, name="slack")
    ended = CliRunner().invoke(app, list(words), env={**practice.settings, **settings})
    return ended.exit_code, ended.stdout, "" if isinstance(ended.exception, SystemExit) else str(ended.exception or "")


@pytest.fixture
def as_logs_were(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A command sets logs up for its process, which here is that of the tests; and it reads a .env beside it."""
    monkeypatch.setattr("bot.terminal.logs.configure", lambda *_, **__: None)
    monkeypatch.setattr("sys.excepthook", sys.excepthook)
    monkeypatch.chdir(tmp_path)


async def test_the_command_ends_with_1_only_when_something_is_wrong(by_token: Practice, as_logs_were: None) -> None:
    code, out, _ = await asyncio.to_thread(typed, by_token, "doctor")
    assert (code, "wrong" in out) == (0, False)
    code, out, _ = await asyncio.to_thread(typed, by_token, "doctor", SLACK_BOT_TOKEN="xoxb-old")
    assert (code, "wrong" in out) == (1, True)


async def test_the_manifest_is_printed_as_json(practice: Practice, as_logs_were: None) -> None:
    code, out, _ = await asyncio.to_thread(
        typed, practice, "slack", "manifest", "--url", "https://bot.northwater.example", SLACK_COMMANDS="root=/fm"
    )
    found = json.loads(out)
    assert code == 0
    assert found["features"]["slash_commands"][0]["command"] == "/fm"
    assert found["settings"]["event_subscriptions"]["request_url"] == "https://bot.northwater.example/slack/events"


@pytest.mark.parametrize(("words", "why"), [
    ((), "say how Slack reaches the bot: --socket"),
    (("--url", "http://bot.northwater.example"), "Slack calls only addresses that begin with https://"),
    (("--socket", "--oauth"), "--oauth needs an address"),
    (("--socket", "--name", "x" * 36), "--name has to have 1 to 35 characters"),
])  # fmt: skip
async def test_a_manifest_that_slack_would_refuse_is_not_printed(
    practice: Practice, as_logs_were: None, words: tuple[str, ...], why: str
) -> None:
    code, out, refusal = await asyncio.to_thread(typed, practice, "slack", "manifest", *words)
    assert (code, out) == (1, "")
    assert why in refusal


async def test_a_reserved_name_is_refused_instead_of_the_manifest(practice: Practice, as_logs_were: None) -> None:
    code, out, why = await asyncio.to_thread(
        typed, practice, "slack", "manifest", "--socket", SLACK_COMMANDS="today=/status"
    )
    assert (code, out) == (1, "")
    assert why.startswith("/status is Slack's own command; give today another name")


async def test_an_operator_makes_somebody_run_the_bot(by_token: Practice, as_logs_were: None) -> None:
    by_token.slack.workspace("T1").add_user("U2", "Ben")
    code, out, why = await asyncio.to_thread(typed, by_token, "slack", "admin", "U2")
    assert (code, out, why) == (0, "Ben runs Folkmoot in Northwater from now on.\n", "")
    async with by_token.database.read(SYSTEM) as tx:
        found = await tx.session.scalars(select(Person.name).join(Role, col(Role.person_id) == Person.id))
        assert sorted(found.all()) == ["Ada", "Ben"]


async def test_somebody_whom_slack_does_not_know_does_not_run_the_bot(by_token: Practice, as_logs_were: None) -> None:
    code, _, why = await asyncio.to_thread(typed, by_token, "slack", "admin", "U9")
    assert (code, why) == (1, "Slack refused users.info: user_not_found")


async def test_where_there_are_several_workspaces_one_has_to_be_named(by_oauth: Practice, as_logs_were: None) -> None:
    for team_id in ("T1", "T2"):
        await by_oauth.installs(a_team(by_oauth, team_id, f"Company {team_id}"))
        by_oauth.slack.workspace(team_id).add_user("U2", f"Ben of {team_id}")
    code, _, why = await asyncio.to_thread(typed, by_oauth, "slack", "admin", "U2")
    assert (code, "--workspace with one of the ids" in why) == (1, True)
    code, _, why = await asyncio.to_thread(typed, by_oauth, "slack", "admin", "U2", "--workspace", "T9")
    assert (code, "there is no such workspace" in why) == (1, True)
    code, out, _ = await asyncio.to_thread(typed, by_oauth, "slack", "admin", "U2", "--workspace", "T2")
    assert (code, out) == (0, "Ben of T2 runs Folkmoot in Company T2 from now on.\n")
