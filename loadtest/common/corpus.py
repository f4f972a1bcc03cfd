"""What people say: texts drawn from lines that people could have written, each a little different."""

import random
import re
from itertools import accumulate
from pathlib import Path

from loadtest.common.options import CORPORA

FOLDER = Path(__file__).resolve().parents[1] / "corpus"
TWO_LINES = 0.15
TYPOS = 0.25
"""Of the words; more than people make, in place of all the words that a list of this length lacks."""
_SLOT = re.compile(r"\{(\w+)\}")


class Corpus:
    """Lines to draw from. A line may have slots such as `{place}`; the lines `place: a | b` say what fits."""

    def __init__(self, lines: list[str]) -> None:
        self._fillings: dict[str, list[str]] = {}
        self._lines: list[str] = []
        for line in lines:
            name, is_filling, choices = line.partition(": ")
            if is_filling and " | " in choices and name.isidentifier():
                self._fillings[name] = choices.split(" | ")
            elif line and not line.startswith("#"):
                self._lines.append(line)
        # A line with slots stands for many; by this, texts deflate about as real chat does (README, "The corpus").
        self._weights = list(accumulate(1 + len(_SLOT.findall(line)) for line in self._lines))

    def text(self, dice: random.Random) -> str:
        """Return what somebody says: a line, or now and then two."""
        line = " ".join(dice.choices(self._lines, cum_weights=self._weights, k=2 if dice.random() < TWO_LINES else 1))
        text = _SLOT.sub(lambda slot: self._filling(slot[1], dice), line)
        return " ".join(mistyped(word, dice) if dice.random() < TYPOS else word for word in text.split(" "))

    def _filling(self, name: str, dice: random.Random) -> str:
        return str(dice.randint(2, 59)) if name == "number" else dice.choice(self._fillings[name])


def mistyped(word: str, dice: random.Random) -> str:
    """Return the word with two neighbouring letters swapped, or one doubled."""
    if len(word) < 2:
        return word
    at = dice.randrange(len(word) - 1)
    if dice.random() < 0.5:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[: at + 1] + word[at:]


def read_corpus(name: str) -> Corpus:
    """Return the corpus of this name, or the file at this path."""
    if name not in CORPORA:
        return Corpus(Path(name).read_text(encoding="utf-8").splitlines())
    languages = ("english", "korean") if name == "mixed" else (name,)
    return Corpus([line for language in languages for line in _lines(language)])


def _lines(language: str) -> list[str]:
    return (FOLDER / f"{language}.txt").read_text(encoding="utf-8").splitlines()
