"""Billing: fee rules, fee lines, pay batches and exports."""
