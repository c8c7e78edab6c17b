"""LangChain: its FAISS store with its wrapper of sentence-transformers."""

from __future__ import annotations

import course


def load(material: course.Material) -> course.Answer:
    import numpy as np
    from langchain_community.vectorstores import FAISS
    from langchain_huggingface import HuggingFaceEmbeddings

    embed = HuggingFaceEmbeddings(
        model_name=material.model, model_kwargs={"device": "cpu"}, encode_kwargs={"normalize_embeddings": True}
    )
    kept = material.own("langchain")
    if not (kept / "index.faiss").exists():
        vectors = np.load(material.folder / course.VECTORS).tolist()
        FAISS.from_embeddings(list(zip(material.passages, vectors, strict=True)), embed).save_local(str(kept))
    # Written by this very program a moment ago, so it may be unpickled.
    store = FAISS.load_local(str(kept), embed, allow_dangerous_deserialization=True)
    return lambda question: store.similarity_search(question, k=course.DEPTH)


if __name__ == "__main__":
    course.run(load)
