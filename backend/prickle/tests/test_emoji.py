"""What counts as exactly one emoji."""

import pytest

from prickle.contract.emoji import qualified_emoji

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
HEDGEHOG = "\U0001f994"
WAVE = "\U0001f44b\U0001f3fd"
HEART = "\u2764\ufe0f"
KOREA = "\U0001f1f0\U0001f1f7"
PIRATES = "\U0001f3f4\u200d\u2620\ufe0f"
KISS = "\U0001f469\U0001f3fb\u200d\u2764\ufe0f\u200d\U0001f48b\u200d\U0001f468\U0001f3fd"


@pytest.mark.parametrize(
    "text", [HEDGEHOG, FAMILY, SCOTLAND, WAVE, HEART, "1\ufe0f\u20e3", KOREA, PIRATES, KISS, "\u2b50"]
)
def test_one_emoji_is_accepted(text: str) -> None:
    assert qualified_emoji(text) == text


@pytest.mark.parametrize(
    ("text", "qualified"),
    [("\u2764", HEART), ("1\u20e3", "1\ufe0f\u20e3"), (PIRATES.replace("\ufe0f", ""), PIRATES)],
)
def test_a_spelling_without_its_variation_selector_is_the_same_emoji(text: str, qualified: str) -> None:
    assert qualified_emoji(text) == qualified


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "a", "ab", "1", "#", "가", HEDGEHOG * 2, HEDGEHOG + "a", "a" + HEDGEHOG, HEDGEHOG + " ", KOREA * 2,
        "\U0001f1f0", "\U0001f1e6\U0001f1e6", "\ufe0f", "\u200d", HEDGEHOG + "\u200d", "\U0001f3fb" * 2,
        HEDGEHOG + "\u200d" + "a", HEDGEHOG + "\u200d" + HEART, HEART + HEART, HEART + "\ufe0f", "\ufe0f" + HEDGEHOG,
        HEDGEHOG + "\ufe0f", HEDGEHOG * 40, "\u200d".join([HEDGEHOG] * 20), "\u20e3", HEDGEHOG + "\n", "\U000e0067" * 40,
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    assert qualified_emoji(text) is None
