"""txtai's hybrid index, as its documentation sets it up: vectors and BM25, half each."""

from __future__ import annotations

import exchange
import numpy as np
from txtai import Embeddings


def main() -> None:
    task = exchange.read_task()

    def vectors(texts: list[str]) -> np.ndarray:
        return np.stack([task.vector_of_text[text] for text in texts])

    # Exact search: by default more than 5,000 documents are searched approximately, which could only cost quality.
    embeddings = Embeddings(
        hybrid=True, method="external", transform=vectors, faiss={"components": "IDMap,Flat"}, backend="faiss"
    )
    embeddings.index(zip(task.document_ids, task.documents, strict=True))
    task.answer("txtai hybrid", lambda query: dict(embeddings.search(query, task.depth)))
    task.write()


if __name__ == "__main__":
    main()
