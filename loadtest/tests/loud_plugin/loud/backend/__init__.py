"""The server side of the sabotage."""
