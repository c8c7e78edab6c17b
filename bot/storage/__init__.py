"""What the bot remembers between restarts."""
