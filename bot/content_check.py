"""`python -m bot check`: every problem of a content folder, one a line."""

from __future__ import annotations

import sys
from pathlib import Path

from index.embedding import find_model
from index.golden import check_golden, read_golden
from index.library import read_library
from index.library_checks import check_library
from index.problems import Problems, Severity
from index.style_checks import check_style, check_windows
from index.tokenizer import load_tokenizer


def check_content(folder: Path, model_name: str) -> int:
    """Print the problems of a folder and a closing count; return 1 when any is an error, else 0."""
    library = read_library(folder)
    golden = Problems()
    check_golden(read_golden(folder, golden), library, golden)
    tokenizer = load_tokenizer(find_model(model_name))
    problems = [
        *check_library(library),
        *check_style(library),
        *golden,
        *check_windows(library, count_tokens=tokenizer.count_tokens, window=tokenizer.window),
    ]
    for problem in sorted(problems):
        sys.stdout.write(f"{problem}\n")
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    sys.stdout.write(
        f"{len(library.pages)} pages, {len(library.references)} references: "
        f"{errors} errors, {len(problems) - errors} warnings\n"
    )
    return 1 if errors else 0
