"""Who sees what, and whom the bot serves."""

from adapters.teams.views import IN_OUR_CHAT
from tests.conformance.reading import notes, people
from tests.conformance.screens import Platform, Screen, card, last


async def test_a_private_answer_stays_private(ada: Screen, ben: Screen) -> None:
    await ada.commands("whisper the van is late", "field")
    answer = await last(ada, "field")
    assert (answer.words, answer.is_private) == ("Between us: the van is late", True)
    assert not await _hears(ben, answer.words)


async def test_a_private_answer_to_the_bots_name_stays_private(ada: Screen, ben: Screen) -> None:
    await ada.mentions("whisper the van is late", "field")
    answer = await last(ada, "field")
    assert (answer.words, answer.is_private) == ("Between us: the van is late", True)
    assert not await _hears(ben, answer.words)


async def test_the_answer_to_a_press_stays_private(ada: Screen, ben: Screen) -> None:
    await ada.commands("note Valve checks", "field")
    await ben.presses(await card(ben, "field"), "Who")
    assert (await last(ben, "field")).is_private
    assert not any("note.who" in each.words for each in await ada.posts("field"))


async def test_the_answer_to_a_form_stays_private(ada: Screen, ben: Screen) -> None:
    await ada.commands("ask", "field")
    await ada.submits(words="Valve checks")
    assert not any("noted" in each.words for each in await ben.posts("field"))


async def test_a_refusal_stays_private(ada: Screen, ben: Screen) -> None:
    await ada.commands("nonsense that nobody knows", "field")
    refusal = await last(ada, "field")
    assert refusal.is_private
    assert not await _hears(ben, refusal.words)


async def test_what_is_for_everybody_is_seen_by_everybody(ada: Screen, ben: Screen) -> None:
    await ada.commands("note Valve checks", "field")
    assert "Valve checks" in (await card(ben, "field")).words
    assert not (await card(ben, "field")).is_private
    assert [each for each in await ben.posts("yard") if each.is_from_bot] == []


async def test_direct_messages_are_nobody_elses(ada: Screen, ben: Screen) -> None:
    await ada.says("Valve checks")
    assert await ben.posts() == []
    assert await ben.posts("field") == []


async def test_a_stranger_is_told_kindly(platform: Platform, ada: Screen) -> None:
    await ada.says("Valve checks")
    gus = platform.screen("gus")
    known = await people(platform)
    await gus.says("Meter jobs")
    told = (await last(gus)).words
    assert "don’t know you yet" in told or "don't know you" in told, told
    assert await notes(platform) == ["Valve checks"]
    assert await people(platform) == known


async def _hears(screen: Screen, words: str) -> bool:
    """Whether somebody sees the bot say more in the channel than that it has answered somebody else alone."""
    said = [each.words for room in ("", "field") for each in await screen.posts(room) if each.is_from_bot]
    return any(each != IN_OUR_CHAT or words in each for each in said)
