"""Speaking to Milvus: the one module that imports pymilvus."""

from __future__ import annotations

import importlib.util
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydantic import SecretStr

from index.vector_store import VectorsAwayError, VectorStoreError

TOKEN = "MILVUS_TOKEN"  # noqa: S105  # the name of a variable
"""The environment's variable with a token, or `user:password`; it stands in no file and no log."""
LOCAL = ".db"
"""How the address of a local file ends, which Milvus Lite serves inside this process."""
_SECONDS_TO_CONNECT = 3.0


def require_milvus(address: str) -> None:
    """Make sure that the packages are installed that an address needs.

    Raises:
        VectorStoreError: one is not; the message holds the command that installs it.
    """
    needed = ["pymilvus", "milvus_lite"] if is_local(address) else ["pymilvus"]
    missing = [module for module in needed if importlib.util.find_spec(module) is None]
    if missing:
        raise VectorStoreError(
            f"vectors are kept in Milvus, which needs {' and '.join(missing)}. Install with: pip install -e '.[milvus]'"
        )


def is_local(address: str) -> bool:
    """Say whether an address is a file of this machine rather than a server."""
    return address.endswith(LOCAL) and "://" not in address


def connect(address: str) -> Any:
    """Return a client of a server, or of a local file that only this process may open.

    Raises:
        VectorStoreError: a package is missing.
        VectorsAwayError: there is no answer, or it is a refusal.
    """
    require_milvus(address)
    with speaking_to(address):
        from pymilvus import MilvusClient

        # It logs every failed request with three stack traces; what matters of it is in our errors.
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
        token = SecretStr(os.environ.get(TOKEN, ""))
        return MilvusClient(address, token=token.get_secret_value(), timeout=_SECONDS_TO_CONNECT)


@contextmanager
def speaking_to(address: str) -> Iterator[None]:
    """Turn whatever goes wrong between us and Milvus into one error that names the address.

    Raises:
        VectorsAwayError: something did.
    """
    import grpc
    from pymilvus import MilvusException

    try:
        yield
    except (MilvusException, grpc.RpcError, grpc.FutureTimeoutError) as error:
        said = getattr(error, "message", "") or str(error)
        hint = (
            "a local file serves one process only: start `milvus-lite server` and give its address for more"
            if is_local(address)
            else f"is the server up, the address right, and {TOKEN} set?"
        )
        raise VectorsAwayError(f"Milvus at {address} does not answer as it should ({said[:200]}); {hint}") from error


def create(client: Any, collection: str, dimension: int) -> None:
    """Make an empty collection of vectors by their row."""
    from pymilvus import DataType

    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("row", DataType.INT64, is_primary=True)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
    client.create_collection(collection, schema=schema)


def make_searchable(client: Any, collection: str, *, exact: bool) -> None:
    """Index and load what was inserted; a collection that is loaded already stays so."""
    parameters = client.prepare_index_params()
    parameters.add_index("vector", index_type="FLAT" if exact else "AUTOINDEX", metric_type="IP")
    client.create_index(collection, parameters)
    client.load_collection(collection)
