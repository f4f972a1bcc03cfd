"""Prickle's built-in plugins; each folder is one, named by its id."""
