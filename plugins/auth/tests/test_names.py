"""Made-up names are names that could have been chosen."""

from plugins.auth.backend.names import ADJECTIVES, NOUNS, friendly_name
from plugins.auth.backend.payloads import GuestCreate


def test_a_friendly_name_passes_as_a_chosen_one() -> None:
    name = friendly_name()
    assert GuestCreate(name=name).name == name


def test_no_word_is_there_twice() -> None:
    assert len({*ADJECTIVES, *NOUNS}) == len(ADJECTIVES) + len(NOUNS)
