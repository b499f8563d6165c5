"""Cards and forms as Slack and Teams show them, as pictures; `renderers/package.json` names what draws them.

`python -m tests.browser.as_seen FOLDER prompt summary` draws these for both platforms, light and dark; `--light`
leaves out the dark ones. What draws them is installed by `make pictures`.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, TypeAlias

from PIL import Image
from playwright.sync_api import Page

from bot.chat.cards import Card
from bot.chat.forms import Form
from tests.support.chromium import open_browser
from tests.support.shown import SHOWN
from tests.support.slack_drawing import shown_in_slack
from tests.support.teams_drawing import shown_in_teams

Platform: TypeAlias = Literal["slack", "teams"]
Scheme: TypeAlias = Literal["light", "dark"]
PLATFORMS: tuple[Platform, ...] = ("slack", "teams")
SCHEMES: tuple[Scheme, ...] = ("light", "dark")

ROOT = Path(__file__).parents[2]
PACKAGES = ROOT / ".pictures"
RENDERERS = Path(__file__).parent / "renderers"
NINE_FIFTEEN = datetime(2026, 11, 24, 9, 15, tzinfo=UTC)
WIDTH = 600  # CSS pixels: a chat in a window of middling width
SCALE = 1.25
COLOURS = 24  # enough for text, hints and buttons on two grounds, and a file half as big

ENTER = "<p>\u21b5 Please &#x27;enter&#x27; to submit</p>"  # in Slack nothing stands there

FRAME = {
    ("slack", "light"): ("#ffffff", "#1d1c1d", "#ffffff", "#dddddd", "#868686"),
    ("slack", "dark"): ("#1a1d21", "#d1d2d3", "#1a1d21", "#565856", "#868686"),
    ("teams", "light"): ("#f5f5f5", "#242424", "#ffffff", "#d1d1d1", "#707070"),
    ("teams", "dark"): ("#1f1f1f", "#ffffff", "#292929", "#616161", "#999999"),
}
"""The page, its text, a dialog or card on it, its border, and what an empty input says."""

STYLE = """
body { margin: 0; background: %(page)s; color: %(text)s;
  font: 15px/1.46 "Liberation Sans", "Noto Color Emoji", sans-serif; }
#seen { width: %(width)spx; box-sizing: border-box; padding: 14px 16px; }
.dialog, .card { background: %(card)s; border: 1px solid %(border)s; border-radius: 8px; }
.dialog header { font-size: 19px; font-weight: 700; padding: 14px 20px 6px; }
.dialog .body { padding: 0 20px 8px; }
.dialog footer { border-top: 1px solid %(border)s; padding: 12px 20px; text-align: right; }
.dialog footer b { border: 1px solid %(border)s; border-radius: 4px; padding: 6px 14px;
  margin-left: 8px; display: inline-block; }
.dialog footer b.primary { background: #007a5a; border-color: #007a5a; color: #fff; }
.from { font-size: 12px; margin: 0 0 4px 2px; } .from b { font-size: 13px; }
.teams input, .teams textarea, .teams select { box-sizing: border-box; width: 100%%; font: inherit; padding: 6px;
  border: 1px solid %(border)s; border-radius: 4px; background: %(card)s; color: inherit; }
textarea::placeholder, input::placeholder, .slack_blocks_to_jsx__plain_text_input_element > .absolute * {
  color: %(hint)s !important; opacity: 1; }
.teams textarea { field-sizing: content; min-height: 3.6em; }
.teams input[type=checkbox], .teams input[type=radio] { width: auto; }
.ac-pushButton { font: 600 14px "Liberation Sans", sans-serif; padding: 6px 12px; border: 1px solid %(border)s;
  border-radius: 4px; background: %(card)s; color: inherit; }
.ac-pushButton.style-positive, .ac-pushButton.primary { background: #5b5fc7; border-color: #5b5fc7; color: #fff; }
"""

ADAPTIVE = """([card, host]) => {
  AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = markdownit().disable(["table", "image"]).render(text);
    result.didProcess = true;
  };
  const made = new AdaptiveCards.AdaptiveCard();
  made.hostConfig = new AdaptiveCards.HostConfig(host);
  made.parse(card, new AdaptiveCards.SerializationContext(AdaptiveCards.Versions.v1_5));
  document.querySelector(".card, .body").appendChild(made.render());
}"""


class RenderersMissing(Exception):
    """What draws Block Kit and Adaptive Cards is not installed."""


@dataclass(frozen=True)
class Seen:
    """One card or form as one platform shows it in one scheme; a message says when it came."""

    shown: Card | Form
    platform: Platform
    scheme: Scheme
    at: datetime = NINE_FIFTEEN

    @property
    def content(self) -> dict[str, Any]:
        return shown_in_slack(self.shown) if self.platform == "slack" else shown_in_teams(self.shown)


def draw(wanted: Sequence[Seen], *, width: int = WIDTH) -> Iterator[Image.Image]:
    """The pictures, in the order in which they are wanted.

    Raises: RenderersMissing, BrowserMissing.
    """
    if not (PACKAGES / "node_modules").is_dir():
        raise RenderersMissing(f"{PACKAGES.name}/node_modules is not there: `make pictures` installs it, with npm")
    blocks = _blocks([each for each in wanted if each.platform == "slack"])
    with _page(width) as page:
        for each in wanted:
            _style(page, each, width)
            if each.platform == "slack":
                style, markup = next(blocks)
                page.add_style_tag(content=style + _flat(each))
                _fill(page, _in_slack(each, markup))
            else:
                _fill(page, _in_teams(each))
                page.evaluate(ADAPTIVE, [each.content, host(each.scheme)])
            yield Image.open(BytesIO(page.locator("#seen").screenshot()))


def beside(rows: Sequence[Sequence[Image.Image]]) -> Image.Image:
    """One picture of them all: each row's pictures side by side, on their own ground."""
    widths = [max(each.width for each in column) for column in zip(*rows, strict=True)]
    heights = [max(each.height for each in row) for row in rows]
    whole = Image.new("RGB", (sum(widths), sum(heights)))
    for row, pictures in enumerate(rows):
        for column, picture in enumerate(pictures):
            left, top = sum(widths[:column]), sum(heights[:row])
            ground = picture.crop((0, 0, 1, 1)).resize((widths[column], heights[row]))
            whole.paste(ground, (left, top))
            whole.paste(picture, (left, top))
    return whole


def keep(picture: Image.Image, path: Path, colours: int = COLOURS) -> None:
    """Writes a PNG that has no more colours than it needs."""
    few = picture.convert("RGB").quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


def host(scheme: Scheme) -> dict[str, Any]:
    """What Teams tells the renderer of its letters, colours and distances.

    Source: https://learn.microsoft.com/adaptive-cards/rendering-cards/host-config, and how cards look in Teams.
    """
    text, quiet, ground = {
        "light": ("#ff242424", "#bf242424", "#f9f8f7"),
        "dark": ("#ffffffff", "#bfffffff", "#1f1f1f"),
    }[scheme]
    hues = {"good": "#5a8a1e", "warning": "#a86b00", "attention": "#c4314b", "accent": "#6264a7"}
    if scheme == "dark":
        hues = {"good": "#92c353", "warning": "#f8d22a", "attention": "#e9757f", "accent": "#a6a7dc"}
    colours = {name: {"default": hue, "subtle": hue} for name, hue in hues.items()}
    plain = colours | {"default": {"default": text, "subtle": quiet}}
    return {
        "supportsInteractivity": True,
        "spacing": {"small": 8, "default": 12, "medium": 16, "large": 20, "extraLarge": 24, "padding": 16},
        "separator": {"lineThickness": 1, "lineColor": quiet},
        "fontFamily": '"Segoe UI", "Liberation Sans", sans-serif',
        "fontSizes": {"small": 12, "default": 14, "medium": 14, "large": 18, "extraLarge": 24},
        "fontWeights": {"lighter": 200, "default": 400, "bolder": 600},
        "containerStyles": {
            "default": {"foregroundColors": plain, "backgroundColor": "#00000000"},
            "emphasis": {"foregroundColors": plain, "backgroundColor": ground},
        },
        "actions": {"maxActions": 6, "buttonSpacing": 8, "actionsOrientation": "horizontal", "actionAlignment": "left"},
        "textStyles": {"heading": {"size": "large", "weight": "bolder"}},
    }


def _blocks(wanted: Sequence[Seen]) -> Iterator[tuple[str, str]]:
    """Style sheet and markup of each, made by one run of Node."""
    messages = [
        {
            "blocks": [_as_slack_draws(block) for block in each.content["blocks"]],
            "theme": each.scheme,
            "time": each.at.isoformat(),
            "framed": isinstance(each.shown, Card),
        }
        for each in wanted
    ]
    made = subprocess.run(
        ["node", str(RENDERERS / "blocks.mjs")],
        input=json.dumps({"packages": str(PACKAGES), "messages": messages}),
        capture_output=True,
        text=True,
        check=True,
        env={"TZ": "UTC", "PATH": "/usr/local/bin:/usr/bin:/bin"},
    )
    answer = json.loads(made.stdout)
    return ((answer["style"], markup.replace(ENTER, "")) for markup in answer["drawn"])


def _as_slack_draws(block: dict[str, Any]) -> dict[str, Any]:
    """What draws the blocks here leaves out "(optional)" and what is chosen in a list; it takes both as words."""
    if block.get("optional"):
        block = block | {"label": block["label"] | {"text": f"{block['label']['text']} (optional)"}}
    chosen = block.get("element", {}).get("initial_option")
    if chosen and block["element"]["type"] == "static_select":
        block = block | {"element": block["element"] | {"placeholder": chosen["text"]}}
    return block


def _flat(seen: Seen) -> str:
    """Style for inputs of one line, which it draws as high as those of many."""
    lines = [each for each in seen.content["blocks"] if each.get("element", {}).get("type") == "plain_text_input"]
    names = [f"[id='{each['block_id']}'] textarea" for each in lines if not each["element"].get("multiline")]
    return ", ".join(names) + " { min-height: 0 !important; height: 38px !important; }" if names else ""


@contextmanager
def _page(width: int) -> Iterator[Page]:
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": width, "height": 600}, device_scale_factor=SCALE)
        page.route("http*://**", lambda route: route.abort())  # nothing is fetched for a picture
        try:
            yield page
        finally:
            page.close()


def _style(page: Page, seen: Seen, width: int) -> None:
    ground, text, card, border, hint = FRAME[seen.platform, seen.scheme]
    style = STYLE % {"page": ground, "text": text, "card": card, "border": border, "hint": hint, "width": width}
    page.set_content(f'<!doctype html><meta charset="utf-8"><style>{style}</style><div id="seen"></div>')
    if seen.platform == "teams":
        for script in ("adaptivecards/dist/adaptivecards.js", "markdown-it/dist/markdown-it.min.js"):
            page.add_script_tag(path=PACKAGES / "node_modules" / script)


def _fill(page: Page, markup: str) -> None:
    page.evaluate("markup => { document.getElementById('seen').innerHTML = markup; }", markup)


def _in_slack(seen: Seen, markup: str) -> str:
    if isinstance(seen.shown, Card):
        return markup
    view = seen.content
    title, submit = escape(view["title"]["text"]), escape(view["submit"]["text"])
    foot = f'<footer><b>{escape(view["close"]["text"])}</b><b class="primary">{submit}</b></footer>'
    return f'<div class="dialog"><header>{title}</header><div class="body">{markup}</div>{foot}</div>'


def _in_teams(seen: Seen) -> str:
    if isinstance(seen.shown, Form):
        head = f"<header>{escape(seen.shown.title)}</header>"
        return f'<div class="dialog teams">{head}<div class="body"></div></div>'
    return f'<p class="from"><b>Folkmoot</b> &nbsp;{seen.at:%H:%M}</p><div class="card teams"></div>'


def main(folder: str, *names: str) -> None:
    """Draws each of `names` into `folder`, to be looked at: `prompt-slack-light.png` and so on."""
    schemes = SCHEMES[:1] if "--light" in names else SCHEMES
    wanted = [
        (f"{name}-{platform}-{scheme}", Seen(SHOWN[name], platform, scheme))
        for name in names
        if name != "--light"
        for platform in PLATFORMS
        for scheme in schemes
    ]
    for (label, _), picture in zip(wanted, draw([seen for _, seen in wanted]), strict=True):
        picture.save(Path(folder) / f"{label}.png")


if __name__ == "__main__":
    main(*sys.argv[1:])
