"""Chroma: its local collections search by vectors only."""

from __future__ import annotations

import chromadb
import exchange
from chromadb.config import Settings

BATCH = 2_000


def main() -> None:
    task = exchange.read_task()
    client = chromadb.EphemeralClient(Settings(anonymized_telemetry=False))
    collection = client.create_collection(
        "documents", configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
    )
    for start in range(0, len(task.documents), BATCH):
        part = slice(start, start + BATCH)
        collection.add(
            ids=task.document_ids[part],
            documents=task.documents[part],
            embeddings=[task.vector_of_text[text] for text in task.documents[part]],
        )

    def search(query: str) -> dict[str, float]:
        found = collection.query(
            query_embeddings=[task.vector_of_text[query]], n_results=task.depth, include=["distances"]
        )
        return {key: -distance for key, distance in zip(found["ids"][0], found["distances"][0], strict=True)}

    task.answer("Chroma", search)
    task.write()


if __name__ == "__main__":
    main()
