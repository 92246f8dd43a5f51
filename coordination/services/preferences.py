"""What a person chooses for themselves."""

from coordination.models import User


def choose_language(user: User, *, language: str) -> None:
    """Pages and mails speak this language from now on ("fi", "sv" or "en")."""
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])
