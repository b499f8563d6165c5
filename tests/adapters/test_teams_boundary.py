"""Microsoft's SDK stays in one place, which a swap to its successor depends on."""

import ast
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SDK = ("botbuilder", "botframework")
ROOMS = ("adapters", "bench", "bot", "schedules", "storage")
USES_IT = {"adapters/teams/host.py"}
SECOND_OPINION = {"tests/support/teams_double/test_people.py"}
"""It asks the SDK's own types whether they can read what the double sends."""

CONTRACT = "Microsoft's SDK stays in adapters.teams"
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def imported(source: str) -> Iterator[str]:
    """The modules that a file imports, wherever in it; also by name, at run time."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (each.name for each in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module
            case ast.Call(args=[ast.Constant(value=str(name)), *_]):
                yield name
            case _:
                pass


def names_the_sdk(source: str) -> bool:
    return any(each.partition(".")[0] in SDK for each in imported(source))


def files_that_name_the_sdk(*folders: str) -> set[str]:
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return {path.relative_to(ROOT).as_posix() for path in paths if names_the_sdk(path.read_text(encoding="utf-8"))}


def test_microsofts_sdk_is_imported_in_one_file_only() -> None:
    assert files_that_name_the_sdk(*ROOMS) == USES_IT
    assert all(each.startswith("adapters/teams/") for each in USES_IT)


def test_tests_know_the_sdk_only_as_a_second_opinion_on_the_double() -> None:
    assert files_that_name_the_sdk("tests") - {Path(__file__).relative_to(ROOT).as_posix()} == SECOND_OPINION


def test_the_page_about_a_swap_names_every_file_that_it_touches() -> None:
    page = (ROOT / "docs/teams-sdk-swap.md").read_text(encoding="utf-8")
    assert [each for each in USES_IT | SECOND_OPINION if each not in page] == []


@pytest.mark.parametrize("source", [
    "import botbuilder",
    "import botbuilder.core as core",
    "from botframework.connector import auth",
    "def later():\n    from botbuilder.schema import Activity",
    "if TYPE_CHECKING:\n    from botbuilder.schema import Activity",
    "importlib.import_module('botbuilder.core')",
    "__import__('botframework')",
])  # fmt: skip
def test_no_way_to_import_it_is_overlooked(source: str) -> None:
    assert names_the_sdk(source)


@pytest.mark.parametrize("source", ["import bot", "from . import botbuilder", "import botbuilders", "'botbuilder'"])
def test_what_is_not_the_sdk_is_nobodys_business(source: str) -> None:
    assert not names_the_sdk(source)


# --- the contract


def the_contract() -> dict[str, object]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (found,) = [each for each in contracts["contracts"] if each["name"] == CONTRACT]
    return dict(found)


def written(folder: Path, contract: dict[str, object], source: str) -> None:
    """A tree with nothing in it but the modules that the contract is about, each with the same source."""
    modules = contract["source_modules"]
    assert isinstance(modules, list)
    for module in [*modules, "adapters.teams"]:
        place = folder.joinpath(*module.split("."))
        place.mkdir(parents=True, exist_ok=True)
        (place / "__init__.py").write_text(source)
    (folder / "adapters/__init__.py").touch()
    lines = [f"{key} = {json.dumps(value)}" for key, value in contract.items()]
    packages = json.dumps(sorted({module.partition(".")[0] for module in modules}))
    head = f"[tool.importlinter]\nroot_packages = {packages}\ninclude_external_packages = true\n"
    text = "\n".join([head, "[[tool.importlinter.contracts]]", *lines, ""])
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")


def linted(folder: Path) -> subprocess.CompletedProcess[str]:
    unlike_here = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, "-c", LINT, "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=folder, env=unlike_here, capture_output=True, text=True, check=False)


def test_the_contract_names_every_room_but_that_of_teams() -> None:
    adapters = {f"adapters.{each.stem}" for each in (ROOT / "adapters").iterdir() if is_module(each)}
    modules = the_contract()["source_modules"]
    assert isinstance(modules, list)
    assert set(modules) == {*adapters, "bot", "schedules", "storage"} - {"adapters.teams"}


def is_module(path: Path) -> bool:
    return path.name[0] not in "_." and (path.suffix == ".py" or (path / "__init__.py").exists())


def test_the_contract_is_kept_where_nobody_imports_it(tmp_path: Path) -> None:
    written(tmp_path, the_contract(), "import json\n")
    ended = linted(tmp_path)
    assert (ended.returncode, "1 kept, 0 broken" in ended.stdout) == (0, True), ended.stdout


@pytest.mark.parametrize("sdk", SDK)
def test_the_contract_notices_every_room_that_imports_it(tmp_path: Path, sdk: str) -> None:
    contract = the_contract()
    written(tmp_path, contract, f"import {sdk}\n")
    ended = linted(tmp_path)
    assert ended.returncode == 1, ended.stdout
    modules = contract["source_modules"]
    assert isinstance(modules, list)
    assert [each for each in modules if f"{each} is not allowed to import {sdk}" not in ended.stdout] == []
    assert "adapters.teams is not allowed" not in ended.stdout
