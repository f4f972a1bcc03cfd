"""Reads a room's messages over HTTP, page by page."""

import aiohttp

PAGE_SIZE = 100


def bearer(token: str) -> dict[str, str]:
    """Return the header that says who asks."""
    return {"Authorization": f"Bearer {token}"}


async def read_history(http: aiohttp.ClientSession, url: str, token: str, room: str, after: int = 0) -> dict[int, str]:
    """Return `{seq: text}` of the messages behind `after`."""
    history: dict[int, str] = {}
    query = {"limit": str(PAGE_SIZE)}
    while True:
        async with http.get(f"{url}/api/rooms/{room}/messages", params=query, headers=bearer(token)) as answer:
            answer.raise_for_status()
            page = {message["seq"]: message["text"] for message in await answer.json()}
            cursor = answer.headers.get("X-Next-Cursor")
        history |= {seq: text for seq, text in page.items() if seq > after}
        if cursor is None or min(page) <= after:
            return history
        query["before"] = cursor
