"""Prickle's core: it loads plugins and carries what no plugin could carry for the others."""

__version__ = "0.1.0"
