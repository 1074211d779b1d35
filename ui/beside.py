"""The fields around the prompt of a form, by the key of the form."""

from ui import session


def field(key: str, name: str) -> str:
    """The key of such a field."""
    return f"prompting_{key}_{name}"


def put(key: str, name: str, value: object) -> None:
    """Before the field is drawn, or in a callback."""
    session.detail_field(f"{key}_{name}", "prompting", value)


def held(key: str, name: str) -> object:
    """What stands in it."""
    return session.detail_value(f"{key}_{name}", "prompting")
