"""txtai with its sentence-transformers vectors and a FAISS index, texts kept beside it."""

from __future__ import annotations

import course


def load(material: course.Material) -> course.Answer:
    from txtai import Embeddings

    kept = material.own("txtai") / "index"
    embeddings = Embeddings(path=material.model, method="sentence-transformers", content=True, gpu=False)
    if not kept.exists():
        embeddings.index(enumerate(material.passages))
        embeddings.save(str(kept))
    else:
        embeddings.load(str(kept))
    return lambda question: embeddings.search(question, course.DEPTH)


if __name__ == "__main__":
    course.run(load)
