"""What the bot writes to its log: as text or as JSON lines, without questions and secrets."""
