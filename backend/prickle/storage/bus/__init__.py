"""Carries notices from one replica to the others."""
