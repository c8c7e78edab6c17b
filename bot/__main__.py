"""The one entry: `python -m bot`."""

import os

if __name__ == "__main__":
    # Matrix products of one question take a millisecond: threads that share one only get in each other's way.
    # Read when NumPy is first imported, so it must be set before anything else is.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

    from bot.cli import main

    main()
