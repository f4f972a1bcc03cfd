"""Breaks a running chat in every way that deployments break, and checks that no promise about delivery was broken."""
