"""Chroma: a persistent collection with its own sentence-transformers embedding function."""

from __future__ import annotations

import course

BATCH = 2_000


def load(material: course.Material) -> course.Answer:
    import chromadb
    import numpy as np
    from chromadb.config import Settings
    from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction

    embed = SentenceTransformerEmbeddingFunction(model_name=material.model, device="cpu", normalize_embeddings=True)
    client = chromadb.PersistentClient(str(material.own("chroma")), settings=Settings(anonymized_telemetry=False))
    collection = client.get_or_create_collection(
        "passages", configuration={"hnsw": {"space": "cosine"}}, embedding_function=embed
    )
    if collection.count() == 0:
        passages, vectors = material.passages, np.load(material.folder / course.VECTORS)
        for start in range(0, len(passages), BATCH):
            part = slice(start, start + BATCH)
            ids = [str(number) for number in range(len(passages))[part]]
            collection.add(ids=ids, documents=passages[part], embeddings=vectors[part].tolist())
    return lambda question: collection.query(query_texts=[question], n_results=course.DEPTH)


if __name__ == "__main__":
    course.run(load)
