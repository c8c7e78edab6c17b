"""LangChain with FAISS, alone and in the ensemble with BM25 that its documentation calls hybrid search."""

from __future__ import annotations

import re

import exchange
from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_community.vectorstores import FAISS
from langchain_core.embeddings import Embeddings


class Given(Embeddings):
    """The vectors that every system of the comparison gets."""

    def __init__(self, task: exchange.Task) -> None:
        self.vectors = task.vector_of_text

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.vectors[text].tolist() for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self.vectors[text].tolist()


def main() -> None:
    task = exchange.read_task()
    ids = [{"id": key} for key in task.document_ids]
    dense = FAISS.from_texts(task.documents, Given(task), metadatas=ids).as_retriever(search_kwargs={"k": task.depth})
    # The default splits at white space only, which leaves full stops on words: its documentation says to give
    # a tokenizer.
    lexical = BM25Retriever.from_texts(
        task.documents, metadatas=ids, preprocess_func=lambda text: re.findall(r"\w+", text.lower()), k=task.depth
    )
    both = EnsembleRetriever(retrievers=[lexical, dense], weights=[0.5, 0.5], id_key="id")
    for name, retriever in (("LangChain, FAISS", dense), ("LangChain, FAISS and BM25", both)):
        task.answer(
            name, lambda query, found=retriever: exchange.by_rank(item.metadata["id"] for item in found.invoke(query))
        )
    task.write()


if __name__ == "__main__":
    main()
