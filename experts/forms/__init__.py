"""Forms of the experts package: they validate and give final types."""
