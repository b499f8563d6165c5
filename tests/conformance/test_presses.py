"""A press arrives, and what it changes is seen."""

from tests.conformance.reading import notes
from tests.conformance.screens import Platform, Screen, card, last


async def test_a_press_arrives_with_action_context_and_person(platform: Platform, ada: Screen, ben: Screen) -> None:
    await ada.commands("note Valve checks", "field")
    await ben.presses(await card(ben, "field"), "Who")
    place = platform.place("ben", "field")
    assert (await last(ben, "field")).words == f"note.who of note 1 by Ben in {place}, among others"


async def test_a_press_in_direct_messages_says_so(platform: Platform, ada: Screen) -> None:
    await ada.says("Valve checks")
    await ada.presses(await card(ada), "Who")
    assert (await last(ada)).words == f"note.who of note 1 by Ada in {platform.place('ada', '')}, alone"


async def test_an_edited_card_replaces_the_old_one(ada: Screen, ben: Screen) -> None:
    await ada.commands("note Valve checks", "field")
    before = [each for each in await ben.posts("field") if each.is_from_bot]
    await ben.presses(before[-1], "Shout")
    after = [each for each in await ben.posts("field") if each.is_from_bot]
    assert len(after) == len(before)
    assert "Valve checks" in before[-1].words
    assert "VALVE CHECKS" in after[-1].words
    assert "Valve checks" not in after[-1].words
    assert after[-1].labels == before[-1].labels


async def test_everybody_presses_for_themselves(platform: Platform, ada: Screen, ben: Screen) -> None:
    await ada.commands("note Valve checks", "field")
    for screen in (ada, ben, ada):
        await screen.presses(await card(screen, "field"), "More")
    assert await notes(platform) == ["Valve checks!!!"]
