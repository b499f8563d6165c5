"""What a batch of prompts or nudges needs is read at once, and not once for each."""

from collections.abc import Sequence

from bot.chat.routing import Wanted
from bot.huddles.scene import asked_by, scene_of
from storage.huddles_ahead import foresee_people
from storage.messages import foresee_keyed
from storage.tx import Tx


async def prompts(tx: Tx, wanted: Sequence[Wanted]) -> None:
    """For messages to people about runs: `run` among their ids."""
    people: dict[int, list[int]] = {}
    for each in wanted:
        if each.person_id is not None:
            people.setdefault(each.ids["run"], []).append(each.person_id)
    for run_id, person_ids in people.items():
        around = await scene_of(tx, run_id)
        if around is not None:
            await foresee_people(tx, around.run, person_ids)
            await foresee_keyed(tx, [asked_by(around.run, person_id) for person_id in person_ids])
