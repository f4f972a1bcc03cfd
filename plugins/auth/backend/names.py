"""Friendly names for guests who give none."""

import secrets

ADJECTIVES = (
    "Amber", "Brave", "Calm", "Clever", "Cosy", "Dewy", "Gentle", "Golden", "Happy", "Kind", "Lively", "Lucky", "Mellow",
    "Misty", "Mossy", "Nimble", "Quiet", "Rosy", "Silver", "Sleepy", "Snug", "Sunny", "Swift", "Velvet", "Warm", "Wild",
)  # fmt: skip
NOUNS = (
    "Acorn", "Badger", "Beech", "Bramble", "Clover", "Fern", "Finch", "Hare", "Hazel", "Heather", "Hedgehog", "Ivy", "Lark",
    "Maple", "Meadow", "Mole", "Moth", "Otter", "Owl", "Pebble", "Pine", "Robin", "Thistle", "Vole", "Willow", "Wren",
)  # fmt: skip


def friendly_name() -> str:
    """Return a name such as `Mossy Hedgehog 42`."""
    return f"{secrets.choice(ADJECTIVES)} {secrets.choice(NOUNS)} {secrets.randbelow(90) + 10}"
