"""A start that is refused: one clear line for whoever starts it."""


class Refusal(Exception):
    """What is wrong and what to do, in one line; the command line prints it and ends with exit code 2."""
