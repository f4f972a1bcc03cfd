"""The live plugins stay within the byte budgets of their manifests, on the real server."""

from pathlib import Path

from loadtest.bench.plugin_bytes import SETTINGS, measure
from prickle.testing import running_chat
from tests.source_tree import manifests

LIVE = ("typing", "presence", "unread", "reactions")


async def test_the_live_plugins_stay_within_their_budgets(tmp_path: Path) -> None:
    async with running_chat(tmp_path, settings=SETTINGS) as chat:
        measured = await measure(chat, 20, 12)
    assert measured.messages > 5
    assert measured.counts["typing"].notices > measured.messages
    assert measured.counts["unread"].notices
    for plugin in LIVE:
        budget = manifests()[plugin]["max_bytes_per_message"]
        assert budget > 0
        assert measured.per_delivery(plugin) <= budget, plugin
