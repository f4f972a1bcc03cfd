"""Holds what is true for as long as a replica lives."""
