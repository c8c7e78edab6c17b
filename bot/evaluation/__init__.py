"""How well questions are answered: `python -m bot evaluate`."""
