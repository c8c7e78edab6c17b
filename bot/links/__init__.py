"""Whether the works that the library links to can still be reached."""
