"""What is sent to the second reader for an article, and the version of the reader that follows from it."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from schemas.records import Article
from transforms.nlp.second_reader.answer_schema import answer_schema
from transforms.nlp.second_reader.reader_settings import ReaderSettings
from transforms.util.data_files import digest_of

READER = "second-1"
"""Raise the number when answers are checked in another way: stored answers then count as those of another reader."""
_DIGEST_CHARS = 10
_CHARACTERS_A_TOKEN = 4
_REPAIR = (
    "Your answer cannot be used: {fault}. Answer again with nothing but one JSON object that fits the schema, "
    "without any other text."
)


@cache
def instructions() -> str:
    """Return what the reader is told to do."""
    return (files("transforms.nlp.second_reader") / "instructions.txt").read_text("utf-8")


def reader_version(settings: ReaderSettings) -> str:
    """Return the name of the reader: its model, with a digest of all else that its answers depend on.

    The address, the budget and the scope are no part of it.
    """
    parts = {
        "instructions": instructions(),
        "schema": json.dumps(answer_schema(), sort_keys=True),
        "repair": _REPAIR,
        "sent": json.dumps(
            [settings.max_characters, settings.max_answer_tokens, dict(settings.request)], sort_keys=True
        ),
    }
    digest = digest_of({name: text.encode() for name, text in parts.items()})[:_DIGEST_CHARS]
    return f"{READER}.{digest}+{settings.model}"


def request_of(article: Article, settings: ReaderSettings) -> dict[str, Any]:
    """Return the request for the reading of an article, as JSON has it.

    The article is one JSON object in a message of its own, so that no text in it can end it and speak as the user.
    """
    data = {
        "headline": article.title,
        "published_at": article.published_at,
        "source": article.source_name,
        "text": article.text[: settings.max_characters],
    }
    return {
        "temperature": 0,
        **settings.request,
        "model": settings.model,
        "max_tokens": settings.max_answer_tokens,
        "messages": [
            {"role": "system", "content": instructions()},
            {"role": "user", "content": json.dumps({"article": data}, ensure_ascii=False)},
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "strikes", "strict": True, "schema": answer_schema()},
        },
    }


def repair_of(request: Mapping[str, Any], answer: str, fault: str, most_characters: int) -> dict[str, Any]:
    """Return the request that asks once more, because an answer cannot be used.

    Args:
        request: the first one.
        answer: what came of it.
        fault: what is wrong with it.
        most_characters: of the answer, as many are sent back.
    """
    turns = [
        {"role": "assistant", "content": answer[:most_characters]},
        {"role": "user", "content": _REPAIR.format(fault=fault)},
    ]
    return {**request, "messages": [*request["messages"], *turns]}


def estimated_tokens(request: Mapping[str, Any]) -> int:
    """Return about how many tokens the messages and the schema of a request have: a quarter of their characters."""
    characters = sum(len(message["content"]) for message in request["messages"])
    return (characters + len(json.dumps(request["response_format"]))) // _CHARACTERS_A_TOKEN


def estimated_answer_tokens(answer: str) -> int:
    """Return about how many tokens an answer has: a quarter of its characters."""
    return len(answer) // _CHARACTERS_A_TOKEN
