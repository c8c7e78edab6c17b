"""Everything that talks to people: the explainer, the Discord bot, the terminal, settings and storage."""
