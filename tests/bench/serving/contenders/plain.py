"""What everyone writes first: sentence-transformers and a flat FAISS index."""

from __future__ import annotations

import course


def load(material: course.Material) -> course.Answer:
    import faiss
    import numpy as np
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(material.model, device="cpu", local_files_only=True)
    passages = material.passages
    kept = material.own("plain") / "index.faiss"
    if not kept.exists():
        vectors = np.load(material.folder / course.VECTORS)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        faiss.write_index(index, str(kept))
    index = faiss.read_index(str(kept))

    def answer(question: str) -> object:
        vectors = model.encode([question], normalize_embeddings=True, show_progress_bar=False)
        _, rows = index.search(vectors, course.DEPTH)
        return [passages[row] for row in rows[0]]

    return answer


if __name__ == "__main__":
    course.run(load)
