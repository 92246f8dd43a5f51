"""Text for spreadsheets: nothing somebody typed becomes a formula."""


def safe_text(text: str) -> str:
    """Text that no spreadsheet takes for a formula: a quote before = + - @ tab or return.

    Source: lessons.md, "Security and data". Amounts go into typed cells instead.
    """
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
