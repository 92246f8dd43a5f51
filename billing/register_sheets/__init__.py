"""The sheet about money: fee rules."""

from billing.register_sheets import fee_rules, sentences

__all__ = ["fee_rules", "sentences"]
