"""The token that opens the review desk. It comes by a variable: a command line is seen by every user."""

import os

from transforms.util.errors import UserError

TOKEN_VARIABLE = "STRIKELEDGER_EDIT_TOKEN"  # noqa: S105  the name of a variable, no token
LEAST_LETTERS = 16


class TokenUnusable(UserError):
    """There is no token, or one that can be guessed."""


def edit_token() -> str:
    """Return the token.

    Raises:
        TokenUnusable: it is missing or short.
    """
    token = os.environ.get(TOKEN_VARIABLE, "").strip()
    if not token:
        raise TokenUnusable(
            f"--edit needs a token of at least {LEAST_LETTERS} characters in {TOKEN_VARIABLE}; "
            "`openssl rand -hex 16` makes one"
        )
    if len(token) < LEAST_LETTERS:
        raise TokenUnusable(f"{TOKEN_VARIABLE} is too short: a token has at least {LEAST_LETTERS} characters")
    return token
