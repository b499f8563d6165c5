"""What a module may be. Pure. Source: domain.md S1-12, S3-22."""

from storage.training import TrainingModule

NAME_MAX = 75  # characters; it is an option in forms and a card's title
PLACE_MAX = 300  # characters
MINUTES_MAX = 480  # a working day


def minutes_of(text: str) -> int | None:
    """`10`, `10 min` as minutes; None for what is none, or longer than a day."""
    bare = text.strip().casefold().removesuffix("minutes").removesuffix("min").strip()
    if not (bare.isascii() and bare.isdigit()) or len(bare) > len(str(MINUTES_MAX)):
        return None
    return int(bare) if 1 <= int(bare) <= MINUTES_MAX else None


def kind_of(text: str) -> TrainingModule.Kind | None:
    """`customer-centricity` or `tool` as a kind; nothing said is a tool."""
    wanted = text.strip().casefold().replace("-", "_").replace(" ", "_") or TrainingModule.Kind.TOOL.value
    return next((each for each in TrainingModule.Kind if each.value == wanted), None)
