"""Moves everything from any engines to any engines, through one file."""

from prickle.transfer.archive import export_to, import_from

__all__ = ["export_to", "import_from"]
