"""What members and moderators can do in Discord: one small cog for each thing."""
