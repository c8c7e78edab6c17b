"""Opening what onnxruntime runs, on one thread."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def open_session(file: Path) -> Any:
    """Return a session that works in the thread that calls it.

    Raises:
        Exception: onnxruntime has exceptions of its own for a file that it cannot read.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # More threads, or threads that wait by spinning, fight with whatever else runs: 16 ms become 500.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
