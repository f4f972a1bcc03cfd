"""The command `prickle`."""
