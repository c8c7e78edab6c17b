"""Errors as a user of the command line reads them."""

from __future__ import annotations

import sys


def explain_failure(error: Exception) -> str | None:
    """Return what to tell the user about an error that they can mend; None for a fault of ours.

    Looks only at modules that are loaded already, so that a quick command stays quick.
    """
    known = (
        ("bot.config", "ConfigError"),
        ("bot.content_pull", "PullError"),
        ("bot.evaluation.questions", "EvaluationError"),
        ("bot.extras", "MissingExtraError"),
        ("bot.local_answers", "NoIndexError"),
        ("bot.run", "StartError"),
        ("bot.storage.database", "StorageError"),
        ("bot.watching.endpoints", "WatchingError"),
        ("index.build", "BuildError"),
        ("index.embedding", "ModelError"),
        ("index.library", "LibraryError"),
        ("index.rollback", "RollbackError"),
        ("index.vector_store", "VectorStoreError"),
    )
    for module, name in known:
        kind = getattr(sys.modules.get(module), name, None)
        if isinstance(kind, type) and isinstance(error, kind):
            return f"error: {error}"
    if isinstance(error, OSError) and error.filename:
        return f"error: {error.filename}: {error.strerror or error}"
    return None
