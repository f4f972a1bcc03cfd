"""What reading an image's structure may come to."""


class Malformed(ValueError):
    """The file does not keep to its own format."""
