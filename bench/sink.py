"""A Slack that takes every post at once and counts it by its key: `python -m bench.sink PORT`."""

import sys
from collections import Counter

from aiohttp import web


class Sink:
    """What came in."""

    def __init__(self) -> None:
        self._posts: Counter[str] = Counter()
        self._number = 0

    async def post(self, request: web.Request) -> web.Response:
        """`chat.postMessage`."""
        asked = await request.json()
        self._number += 1
        self._posts[asked["metadata"]["event_payload"]["key"]] += 1
        return web.json_response({"ok": True, "channel": asked["channel"], "ts": f"{self._number}.000000"})

    async def open(self, request: web.Request) -> web.Response:
        """`conversations.open`: the room of a user is called after them."""
        asked = await request.json()
        return web.json_response({"ok": True, "channel": {"id": f"D{asked['users']}"}})

    async def counted(self, _: web.Request) -> web.Response:
        """How many messages came, and how many of them more than once; then it begins anew."""
        counted = {"messages": len(self._posts), "twice": sum(count > 1 for count in self._posts.values())}
        self._posts.clear()
        return web.json_response(counted)


def served() -> web.Application:
    """It at the paths of Slack's Web API."""
    sink, app = Sink(), web.Application()
    app.router.add_post("/api/chat.postMessage", sink.post)
    app.router.add_post("/api/conversations.open", sink.open)
    app.router.add_post("/counted", sink.counted)
    return app


if __name__ == "__main__":
    web.run_app(served(), host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
