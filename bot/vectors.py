"""From the settings to where vectors are kept."""

from __future__ import annotations

from bot.config import Settings
from bot.extras import require_extra
from index.vector_store import IN_FOLDER, VectorStore


def vector_store(settings: Settings) -> VectorStore:
    """Return where the settings want vectors to be kept; asks no server.

    Raises:
        MissingExtraError: a package that this needs is not installed.
    """
    if settings.vectors.store == "faiss":
        return IN_FOLDER
    from index.milvus_client import is_local
    from index.milvus_store import MilvusStore

    address = settings.vectors.address
    require_extra("milvus", "pymilvus", *(["milvus_lite"] if is_local(address) else []))
    return MilvusStore(address)
