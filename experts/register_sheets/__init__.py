"""The sheets about people: the register of experts, orientations and work supervision."""

from experts.register_sheets import orientations, people, sentences, supervision

__all__ = ["orientations", "people", "sentences", "supervision"]
