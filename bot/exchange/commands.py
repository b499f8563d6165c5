"""`folkmoot export` and `folkmoot import`: lists of work as files."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from sqlmodel import col, select

from bot.exchange import exporting, importing, views
from bot.exchange.exporting import What
from bot.exchange.importing import Sort
from bot.exchange.rules import Format
from bot.terminal import closing, existing, run, say, settings_and_logs
from schedules.simulated import clock_for
from storage.engine import Database
from storage.errors import BotError, Conflict
from storage.organisations import Organisation
from storage.people import Person
from storage.tx import SYSTEM, Tx

Whose = Annotated[str, typer.Option(help="The organisation's name, where there are several.")]
File = Annotated[Path, typer.Argument(help="A CSV file; docs/import.md says which columns it has.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only look at every line; change nothing.")]
By = Annotated[str, typer.Option(help="Who imports it: an e-mail address or a whole name.")]

importer = typer.Typer(no_args_is_help=True, help="Adds actions or milestones from a CSV file: all of it, or nothing.")


class NotDone(BotError):
    """What was asked for can't be done."""


def export(
    what: Annotated[What, typer.Argument(help="Which list.")],
    form: Annotated[Format, typer.Option("--format", help="For programs, or for people.")] = Format.CSV,
    out: Annotated[Path | None, typer.Option(help="The file to write; else it is printed.")] = None,
    organisation: Whose = "",
) -> None:
    """Writes a list of the work: everything of one kind, oldest first."""

    async def work(database: Database) -> None:
        chosen = await _organisation(database, organisation)
        if out is None:
            await _write(database, chosen, (what, form), typer.get_binary_stream("stdout"))
            return
        part = out.with_name(f"{out.name}.part")
        try:
            with part.open("wb") as file:
                number = await _write(database, chosen, (what, form), file)
            part.replace(out)
        except OSError as problem:
            raise NotDone(views.no_file(str(out), problem.strerror or str(problem))) from problem
        finally:
            part.unlink(missing_ok=True)
        say(views.exported(number, str(out)))

    _on_database(work)


async def _write(database: Database, chosen: int, wanted: tuple[What, Format], file: BinaryIO) -> int:
    number = 0
    async with aclosing(exporting.lines(database, chosen, *wanted)) as pieces:
        async for text, rows in pieces:
            file.write(text.encode())
            number += rows
    file.flush()
    return number


@importer.command("actions")
def import_actions(file: File, *, dry_run: DryRun = False, by: By = "", organisation: Whose = "") -> None:
    """Adds actions."""
    _import(importing.ACTIONS, "actions", file, dry_run=dry_run, by=by, organisation=organisation)


@importer.command("milestones")
def import_milestones(file: File, *, dry_run: DryRun = False, by: By = "", organisation: Whose = "") -> None:
    """Adds milestones to initiatives."""
    _import(importing.MILESTONES, "milestones", file, dry_run=dry_run, by=by, organisation=organisation)


def _import(sort: Sort, what: str, file: Path, *, dry_run: bool, by: str, organisation: str) -> None:
    try:
        content = file.read_bytes()
    except OSError as problem:
        raise NotDone(views.no_file(str(file), problem.strerror or str(problem))) from problem

    async def work(database: Database) -> None:
        chosen = await _organisation(database, organisation)
        person = await _person(database, chosen, by) if by else None
        now = (await clock_for(database, None, None)).now()
        found = await importing.checked(database, chosen, sort, content, by=person, now=now)
        for bad in found.bad:
            say(views.bad_line(bad))
        if found.bad:
            raise NotDone(views.refused(found.bad, file.name))
        if dry_run:
            say(views.would_import(len(found.drafts), found.known, what, file.name))
            return
        try:
            codes = await importing.kept(database, chosen, sort, found, file=file.name, by=person, now=now)
        except Conflict as problem:
            raise NotDone(views.beaten()) from problem
        say(views.imported(codes, found.known, what))

    _on_database(work)


async def _organisation(database: Database, name: str) -> int:
    """Raises: NotDone unless exactly one is meant."""
    async with database.read(SYSTEM) as tx:
        every = (await tx.session.execute(select(Organisation.id, Organisation.name))).all()
    meant = [number for number, called in every if not name or called.casefold() == name.casefold()]
    if len(meant) != 1:
        raise NotDone(views.which_organisation([called for _, called in every]))
    return meant[0]


async def _person(database: Database, organisation_id: int, name: str) -> int:
    """Raises: NotDone unless exactly one is meant."""
    async with database.read(organisation_id) as tx:
        found = await _called(tx, name)
    if len(found) != 1:
        raise NotDone(views.nobody(name, len(found)))
    return found[0]


async def _called(tx: Tx, name: str) -> Sequence[int]:
    everybody = await tx.all(select(Person).where(col(Person.active).is_(True)))
    return [each.id for each in everybody if name.casefold() in {each.name.casefold(), (each.email or "").casefold()}]


def _on_database(work: Callable[[Database], Awaitable[None]]) -> None:
    database = existing(settings_and_logs(quiet=True).database_url)

    async def to_its_end() -> None:
        async with closing(database):
            await work(database)

    run(to_its_end())
