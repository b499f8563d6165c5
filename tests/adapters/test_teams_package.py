"""The package that Teams installs: its files, its manifest, its icons; and the command that writes it."""

import io
import json
import signal
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import typer
from PIL import Image
from typer.testing import CliRunner

from adapters.teams.manifest import COMMANDS_MOST, Version, manifest, package
from bot import msteams
from bot.msteams import offered
from bot.routes import COMMANDS
from bot.settings import SettingsError

SCHEMAS = Path(__file__).parents[3] / "shared/tools/schemas"
VERSIONS: list[Version] = ["1.25", "1.30"]
APP_ID = "8f2c4b6e-1a2b-4c3d-9e8f-0123456789ab"
URL = "https://bot.northwater.example"
TITLE_MAX, DESCRIPTION_MAX = 32, 128  # characters; what of a command Teams shows whole
SCOPES = ["personal", "team", "groupChat"]
TEXTS = {"short": 80, "full": 4000}


def a_manifest(version: Version = "1.25", **more: Any) -> dict[str, Any]:
    about = {"personal": offered(in_rooms=False), "rooms": offered(in_rooms=True), "url": URL, **more}
    return manifest(APP_ID, version=version, **about)


def opened(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist()}


def picture(packed: bytes, name: str) -> Image.Image:
    image = Image.open(io.BytesIO(opened(packed)[name]))
    assert image.format == "PNG"
    return image.convert("RGBA")


def commands_of(found: dict[str, Any], scope: str) -> list[str]:
    (bot,) = found["bots"]
    (listed,) = [each for each in bot["commandLists"] if scope in each["scopes"]]
    return [each["title"] for each in listed["commands"]]


# --- the files


@pytest.mark.parametrize("version", VERSIONS)
def test_the_package_has_a_manifest_and_two_icons_and_nothing_else(version: Version) -> None:
    found = a_manifest(version)
    files = opened(package(found))
    assert sorted(files) == ["color.png", "manifest.json", "outline.png"]
    assert json.loads(files["manifest.json"]) == found
    assert set(found["icons"].values()) == {"color.png", "outline.png"}


def test_the_same_settings_make_the_same_bytes() -> None:
    assert package(a_manifest()) == package(a_manifest())


def test_the_large_icon_has_colour_everywhere() -> None:
    image = picture(package(a_manifest()), "color.png")
    assert image.size == (192, 192)
    assert image.getchannel("A").getextrema() == (255, 255)
    assert len(image.getcolors(192 * 192) or []) > 2


def test_the_small_icon_is_white_on_nothing() -> None:
    image = picture(package(a_manifest()), "outline.png")
    assert image.size == (32, 32)
    colours = {pixel[:3] for _, pixel in image.getcolors(32 * 32) or [] if isinstance(pixel, tuple) and pixel[3]}
    assert colours == {(255, 255, 255)}
    assert image.getchannel("A").getextrema() == (0, 255)


# --- the manifest


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("more", [{}, {"name": "Northwater’s moot", "url": f"{URL}:8443/chat"}])
def test_the_manifest_follows_microsofts_schema(version: Version, more: dict[str, Any]) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed: pip install jsonschema")
    schema = SCHEMAS / f"teams-manifest-{version}.json"
    if not schema.exists():
        pytest.skip(f"there is no schema at {schema}")
    # The schema itself is not checked: some of its patterns are JavaScript's, for parts that this manifest lacks.
    check = jsonschema.Draft4Validator(json.loads(schema.read_text(encoding="utf-8")))
    assert [each.message for each in check.iter_errors(a_manifest(version, **more))] == []


@pytest.mark.parametrize("version", VERSIONS)
def test_every_text_keeps_within_what_teams_shows(version: Version) -> None:
    found = a_manifest(version, name="N" * msteams.NAME_MAX)
    assert {key: len(text) <= TEXTS[key] for key, text in found["description"].items()} == {"short": True, "full": True}
    assert len(found["name"]["short"]) <= 30
    assert len(found["developer"]["name"]) <= 32
    for each in [each for listed in found["bots"][0]["commandLists"] for each in listed["commands"]]:
        assert 0 < len(each["title"]) <= TITLE_MAX, each
        assert 0 < len(each["description"]) <= DESCRIPTION_MAX, each


def test_every_scope_has_a_list_of_its_own() -> None:
    (bot,) = a_manifest()["bots"]
    assert bot["scopes"] == SCOPES
    assert [each["scopes"] for each in bot["commandLists"]] == [[scope] for scope in SCOPES]


@pytest.mark.parametrize("scope", SCOPES)
def test_a_list_offers_no_more_than_teams_takes_and_only_what_the_bot_knows(scope: str) -> None:
    titles = commands_of(a_manifest(), scope)
    assert len(titles) == len(set(titles)) == min(COMMANDS_MOST, len(COMMANDS))
    assert set(titles) <= {each.usage.verb for each in COMMANDS}
    assert titles[0] == "help"


def test_a_room_is_offered_first_what_a_team_begins_with() -> None:
    found = a_manifest()
    assert set(commands_of(found, "team")[1:3]) == {"team setup", "huddle setup"}
    assert commands_of(found, "team") == commands_of(found, "groupChat")
    assert commands_of(found, "personal")[1] == "today"


def test_more_verbs_than_fit_are_left_out_from_the_end() -> None:
    many = {f"verb {number}": "Does something" for number in range(40)}
    found = a_manifest(personal=many, rooms=many)
    assert [commands_of(found, scope) for scope in SCOPES] == [list(many)[:COMMANDS_MOST]] * 3


def test_commands_stand_behind_a_slash_only_in_the_newer_manifest() -> None:
    (older,), (newer,) = a_manifest("1.25")["bots"], a_manifest("1.30")["bots"]
    assert "supportsTargetedMessages" not in older
    assert not [each for each in older["commandLists"] if "triggers" in each]
    assert newer["supportsTargetedMessages"] is True
    assert [each["triggers"] for each in newer["commandLists"]] == [["mention", "slash"]] * 3


def test_the_bot_is_the_app_and_asks_for_no_more_than_it_needs() -> None:
    found = a_manifest()
    assert (found["id"], found["bots"][0]["botId"]) == (APP_ID, APP_ID)
    assert found["permissions"] == ["identity", "messageTeamMembers"]
    assert found["validDomains"] == ["bot.northwater.example"]


# --- as it is typed


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the command runs. It sets logs up for its process, which here is that of the tests."""
    monkeypatch.setattr("bot.terminal.logs.configure", lambda *_, **__: None)
    monkeypatch.setattr("sys.excepthook", sys.excepthook)
    monkeypatch.delenv("FOLKMOOT_PUBLIC_URL", raising=False)
    monkeypatch.setenv("MicrosoftAppId", APP_ID)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def typed(*words: str) -> tuple[int, str, str]:
    """Exit code, what was printed, and why it refused; the program prints that in one line."""
    app = typer.Typer()
    app.add_typer(msteams.app, name="teams")
    ended = CliRunner().invoke(app, ["teams", "package", *words])
    problem = ended.exception
    if problem is not None and not isinstance(problem, SystemExit):
        assert isinstance(problem, msteams.NotDone | SettingsError)
    return ended.exit_code, ended.stdout, str(problem or "")


def test_the_package_is_written_where_it_was_asked_for(folder: Path) -> None:
    code, out, _ = typed("northwater.zip", "--url", URL, "--name", "Moot", "--app-version", "1.2.0")
    assert (code, "northwater.zip is written" in out) == (0, True)
    found = json.loads(opened((folder / "northwater.zip").read_bytes())["manifest.json"])
    assert (found["id"], found["name"]["short"], found["version"]) == (APP_ID, "Moot", "1.2.0")
    assert found["manifestVersion"] == "1.25"
    assert [each.name for each in folder.iterdir()] == ["northwater.zip"], "nothing is left beside it"


def test_without_more_words_the_settings_say_everything(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLKMOOT_PUBLIC_URL", URL)
    assert typed()[0] == 0
    assert opened((folder / "folkmoot-teams.zip").read_bytes())


@pytest.mark.parametrize(("words", "why"), [
    ((), "say --url https://your-bot.example.org, or set FOLKMOOT_PUBLIC_URL"),
    (("--url", "http://bot.northwater.example"), "Teams takes addresses with https only"),
    (("--url", "https://"), "Teams takes addresses with https only"),
    (("--url", "https://[bot"), "Teams takes addresses with https only"),
    (("--url", URL, "--name", "x" * 31), "--name has to have 1 to 30 characters"),
    (("--url", URL, "--name", ""), "--name has to have 1 to 30 characters"),
    (("--url", URL, "--name", "Folk\nmoot"), "--name has to have 1 to 30 characters"),
    (("--url", URL, "--manifest-version", "1.16"), "--manifest-version is '1.16'; it can be 1.25 or 1.30"),
    (("--url", URL, "--app-version", "2"), "--app-version is '2'; it has to be three numbers"),
    (("nowhere/moot.zip", "--url", URL), "nowhere/moot.zip can't be written: No such file or directory"),
    ((".", "--url", URL), ". can't be written: Is a directory"),
])  # fmt: skip
def test_what_teams_would_refuse_is_refused_with_words(folder: Path, words: tuple[str, ...], why: str) -> None:
    code, out, refusal = typed(*words)
    assert (code, out) == (1, "")
    assert why in refusal
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("app_id", "why"), [
    ("", "MicrosoftAppId is not set"),
    ("folkmoot", "MicrosoftAppId is 'folkmoot': that is no App ID; it looks like 8f2c4b6e-"),
])  # fmt: skip
@pytest.mark.usefixtures("folder")
def test_without_the_bots_id_there_is_no_package(monkeypatch: pytest.MonkeyPatch, app_id: str, why: str) -> None:
    monkeypatch.setenv("MicrosoftAppId", app_id)
    code, _, refusal = typed("--url", URL)
    assert (code, why in refusal) == (1, True)


def test_a_package_that_can_not_be_replaced_stays_whole(folder: Path) -> None:
    old = folder / "moot.zip"
    old.mkdir()
    code, _, why = typed("moot.zip", "--url", URL)
    assert (code, why) == (1, "moot.zip can't be written: Is a directory")
    assert [each.name for each in folder.iterdir()] == ["moot.zip"], "what was begun beside it is gone"


def test_a_write_that_breaks_off_leaves_the_older_package_as_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resource = pytest.importorskip("resource", reason="this system has no limits for files")
    old = folder / "moot.zip"
    assert typed("moot.zip", "--url", URL)[0] == 0
    before = old.read_bytes()
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        code, _, why = typed("moot.zip", "--url", URL, "--name", "Moot")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert (code, why) == (1, "moot.zip can't be written: File too large")
    assert old.read_bytes() == before
    assert [each.name for each in folder.iterdir()] == ["moot.zip"]
