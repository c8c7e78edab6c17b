"""Many people asking at once: throughput and the slowest answers of the service that the bot uses."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as `python -m bot` sets it for itself


async def measure(knowledge: Path, state: Path, crowds: list[int], total: int, questions: list[str]) -> None:
    """Print a JSON object a line for each size of the crowd."""
    from bot.answer import Question
    from bot.answer_service import AnswerService
    from bot.config import load_settings
    from index.embedding import find_model
    from index.levels import Level
    from index.serving_form import load_encoder

    settings = load_settings(None, knowledge=knowledge, state=state)
    model = find_model(settings.model.name)
    service = AnswerService(
        state, lambda generation: load_encoder(generation, model), threshold=settings.answers.threshold
    )
    await service.reload()
    for question in questions[:20]:
        await service.explain(Question(question, Level.INTERMEDIATE))
    for crowd in crowds:
        waiting = [questions[number % len(questions)] for number in range(total)]
        taken: list[float] = []

        async def ask(waiting: list[str] = waiting, taken: list[float] = taken) -> None:
            while waiting:
                question = waiting.pop()
                began = time.perf_counter()
                await service.explain(Question(question, Level.INTERMEDIATE))
                taken.append(time.perf_counter() - began)

        began = time.perf_counter()
        await asyncio.gather(*(ask() for _ in range(crowd)))
        seconds = time.perf_counter() - began
        sys.stdout.write(json.dumps({"crowd": crowd, "per_second": total / seconds, "seconds": taken}) + "\n")
        sys.stdout.flush()
    service.close()


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    asyncio.run(
        measure(Path(given["knowledge"]), Path(given["state"]), given["crowds"], given["total"], given["questions"])
    )
