"""Publishes a library: its catalogue into PostgreSQL, samples and raw sets into a store of files."""

from typing import TYPE_CHECKING

from retrorig.lazy import on_use

if TYPE_CHECKING:
    from retrorig.publish.address import is_address
    from retrorig.publish.asking import SamplesAnswer, question_of, questions
    from retrorig.publish.following import ChangePublisher
    from retrorig.publish.publishing import PublishResult, publish
    from retrorig.publish.reading import PublishedCopy, ask, published, published_copy
    from retrorig.publish.target import roles_sql, tables_sql

__all__ = [
    "ChangePublisher",
    "PublishResult",
    "PublishedCopy",
    "SamplesAnswer",
    "ask",
    "is_address",
    "publish",
    "published",
    "published_copy",
    "question_of",
    "questions",
    "roles_sql",
    "tables_sql",
]

__getattr__ = on_use(
    __name__,
    {
        "address": ("is_address",),
        "asking": ("SamplesAnswer", "question_of", "questions"),
        "following": ("ChangePublisher",),
        "publishing": ("PublishResult", "publish"),
        "reading": ("PublishedCopy", "ask", "published", "published_copy"),
        "target": ("roles_sql", "tables_sql"),
    },
)
