"""Experts: who can, the register, availability, the diary and supervision."""
