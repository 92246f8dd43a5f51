"""Coordination: people, places, agreements, messages and the shell all pages stand in."""
