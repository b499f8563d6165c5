"""What every platform does alike: the laws of this suite by platform, as a page; which there are is read from files."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

SUITE = Path(__file__).parent
PAGE = SUITE.parents[1] / "docs/parity.md"

PLATFORMS: Mapping[str, str] = {
    "local": "local chat",
    "slack": "Slack over HTTP",
    "slack-socket": "Slack over Socket Mode",
    "teams": "Microsoft Teams",
}
"""As the suite calls them, and as the page does."""

ALONE = "test_on_"
"""How the files are named whose laws are one platform's alone."""

NOT_RUN = "–"

REMARKS: Mapping[tuple[str, str], str] = {
    ("test_a_private_answer_stays_private", "teams"): (
        "In a channel nobody can be shown anything alone: the answer stands in the personal chat, and a line in the "
        "channel says so."
    ),
    ("test_a_form_opens_from_a_command_and_brings_what_was_filled_in", "teams"): (
        "Teams opens forms from buttons alone: the line is answered with a button, and the form opens with that press."
    ),
    ("test_the_bot_ignores_its_own_messages", "teams"): "Teams does not tell a bot of its own messages.",
    ("test_the_bot_ignores_its_own_messages", "local"): "The local chat does not tell the bot of its own messages.",
    ("test_a_dishonest_or_broken_request_is_refused_without_an_event", "slack-socket"): (
        "There are no requests to forge: the bot opened the connection, and nobody but Slack speaks on it."
    ),
}
"""Where a law is kept in a platform's own way, or can't be broken there at all."""

HEAD = """\
# Parity: what every platform does alike

One suite of laws runs over every platform, each with a double that speaks the platform's own protocol; `make parity`
runs it and writes this page. What people rely on (who sees what, what a press does, what comes of a form) is the same
everywhere; how it looks is each platform's own.
"""


class Outcome(StrEnum):
    """What became of a case, best first."""

    PASS = "pass"
    SKIPPED = "skipped"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Law:
    """A test of the suite; `alone` names the platform where it is one platform's alone."""

    file: str
    name: str
    alone: str = ""

    @property
    def words(self) -> str:
        """The name as a sentence."""
        plain = re.sub(r"\b(bot|else)s\b", r"\1's", self.name.removeprefix("test_").replace("_", " "))
        return f"{plain[0].upper()}{plain[1:]}."


Results = Mapping[tuple[str, str, str], Sequence[Outcome]]
"""What became of a law, by its file, its name and the platform."""


def laws(suite: Path = SUITE) -> list[Law]:
    """Every law, by file and then as they stand in it; what is one platform's alone comes last."""
    paths = sorted(suite.glob("test_*.py"), key=lambda path: (path.name.startswith(ALONE), path.name))
    return [law for path in paths for law in _laws_in(path)]


def about(suite: Path, file: str) -> str:
    """What a file says of itself."""
    return ast.get_docstring(ast.parse((suite / file).read_text(encoding="utf-8"))) or ""


def page(found: Iterable[Law], results: Results, suite: Path = SUITE) -> str:
    """The whole page."""
    everything = list(found)
    shared = [each for each in everything if not each.alone]
    parts = [HEAD, f"**{counts(everything, results)}**\n"]
    parts += [_shared(file, shared, results, suite) for file in _files(shared)]
    own = [each for each in everything if each.alone]
    parts += [_own(file, own, results, suite) for file in _files(own)]
    notes = [f"{number}. {text}" for number, text in enumerate(_remarks(shared).values(), 1)]
    return "\n".join([*parts, "## Remarks\n", *notes, ""])


def counts(found: Sequence[Law], results: Results) -> str:
    """How many laws there are, and on which platforms all of the shared ones hold."""
    shared = [each for each in found if not each.alone]
    hold = [title for key, title in PLATFORMS.items() if all(_cell(each, key, results) == "pass" for each in shared)]
    own = f", and {len(found) - len(shared)} that are one platform's alone" if len(found) > len(shared) else ""
    return f"{len(shared)} laws for all{own}; all of the shared ones hold on: {', '.join(hold) or 'none'}"


def named(text: str) -> list[str]:
    """The laws that a page lists, in its order."""
    cells = [line.strip("| ").split(" | ")[0] for line in text.splitlines() if line.startswith("| ")]
    return [each for each in cells if each not in {"law", "---"}]


def _laws_in(path: Path) -> Iterator[Law]:
    alone = path.stem.removeprefix(ALONE) if path.stem.startswith(ALONE) else ""
    # Tests of the page itself stand beside the laws and ask for no platform.
    wanted = {alone} if alone else {"platform", "ada", "ben"}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        match node:
            case ast.AsyncFunctionDef(name=name) | ast.FunctionDef(name=name) if name.startswith("test_"):
                if wanted & {each.arg for each in node.args.args}:
                    yield Law(path.name, name, alone)


def _files(found: Iterable[Law]) -> list[str]:
    return list(dict.fromkeys(each.file for each in found))


def _shared(file: str, found: Sequence[Law], results: Results, suite: Path) -> str:
    numbers = {key: number for number, key in enumerate(_remarks(found), 1)}
    rows = []
    for law in [each for each in found if each.file == file]:
        cells = []
        for platform in PLATFORMS:
            number = numbers.get((law.name, platform))
            cells.append(f"{_cell(law, platform, results)}{f' ({number})' if number else ''}")
        rows.append(f"| {law.words} | {' | '.join(cells)} |")
    head = ["law", *PLATFORMS.values()]
    return "\n".join([f"## {about(suite, file)}\n", _row(head), _row(["---"] * len(head)), *rows, ""])


def _own(file: str, found: Sequence[Law], results: Results, suite: Path) -> str:
    rows = [_row([each.words, _cell(each, each.alone, results)]) for each in found if each.file == file]
    (alone,) = {each.alone for each in found if each.file == file}
    head = ["law", PLATFORMS.get(alone, alone)]
    return "\n".join([f"## {about(suite, file)}\n", _row(head), _row(["---"] * len(head)), *rows, ""])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _remarks(found: Iterable[Law]) -> dict[tuple[str, str], str]:
    """The remarks that the page needs, in the order in which their laws stand on it."""
    keys = [(law.name, platform) for law in found for platform in PLATFORMS]
    return {key: REMARKS[key] for key in keys if key in REMARKS}


def _cell(law: Law, platform: str, results: Results) -> str:
    outcomes = results.get((law.file, law.name, platform), ())
    ranked = (Outcome.FAIL, Outcome.PASS, Outcome.SKIPPED)
    return next((each.value for each in ranked if each in outcomes), NOT_RUN)
