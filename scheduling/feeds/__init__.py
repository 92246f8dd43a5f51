"""Calendar feeds: one address per calendar, read by the calendar programs people already have."""
