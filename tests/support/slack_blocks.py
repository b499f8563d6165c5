"""Blocks as Slack takes them."""

import json

from slack_sdk.models.blocks import Block

from adapters.slack.api import Fields
from adapters.slack.render import message
from bot.chat.cards import (
    Card,
    Element,
)
from tests.support.slack_drawing import found_in


def blocks_of(*elements: Element, accounts: dict[int, str] | None = None) -> list[Fields]:
    return message(Card("Huddle", elements), accounts=accounts or {}).blocks


def kinds(blocks: list[Fields]) -> list[str]:
    return [block["type"] for block in blocks]


def parts(blocks: list[Fields]) -> list[str]:
    return [part["type"] for block in found_in(blocks, "rich_text") for part in block["elements"]]


def assert_taken(blocks: list[Fields], *, most: int = 50, characters: int = 12_000) -> None:
    """Slack's limits, and its SDK's own opinion of each block."""
    assert 1 <= len(blocks) <= most
    assert len(json.dumps(blocks)) <= characters
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(ids) == len(set(ids))
    for block in blocks:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()
    for text in found_in(blocks, "plain_text"):
        assert text["text"].strip()
        assert text["emoji"] is False
    for leaf in found_in(blocks, "text"):
        assert leaf["text"]
    for section in found_in(blocks, "section"):
        assert len(section.get("text", {}).get("text", "")) <= 3000
    for part in found_in(blocks, "rich_text_section") + found_in(blocks, "rich_text_list"):
        assert part["elements"]
    assert not found_in(blocks, "mrkdwn")
    json.dumps(blocks, ensure_ascii=False).encode()
