"""Sabotage: tells a room 1 KB of noise each time that somebody types."""
