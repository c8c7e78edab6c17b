"""A Discord on this machine (requests and gateway) for the real bot in a process of its own."""
