"""Haystack: a pipeline of its text embedder and its retriever over the in-memory store."""

from __future__ import annotations

import course


def load(material: course.Material) -> course.Answer:
    import numpy as np
    from haystack import Document, Pipeline
    from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from haystack.utils import ComponentDevice
    from haystack_integrations.components.embedders.sentence_transformers import SentenceTransformersTextEmbedder

    kept = material.own("haystack") / "store.json"
    if not kept.exists():
        store = InMemoryDocumentStore(embedding_similarity_function="dot_product")
        vectors = np.load(material.folder / course.VECTORS).tolist()
        store.write_documents(
            [
                Document(id=str(number), content=text, embedding=vector)
                for number, (text, vector) in enumerate(zip(material.passages, vectors, strict=True))
            ]
        )
        store.save_to_disk(str(kept))
    store = InMemoryDocumentStore.load_from_disk(str(kept))
    pipeline = Pipeline()
    embedder = SentenceTransformersTextEmbedder(
        model=material.model,
        device=ComponentDevice.from_str("cpu"),
        normalize_embeddings=True,
        progress_bar=False,
        local_files_only=True,
    )
    pipeline.add_component("embedder", embedder)
    pipeline.add_component("retriever", InMemoryEmbeddingRetriever(store, top_k=course.DEPTH))
    pipeline.connect("embedder.embedding", "retriever.query_embedding")
    return lambda question: pipeline.run({"embedder": {"text": question}})


if __name__ == "__main__":
    course.run(load)
