"""From a folder of tiered pages to ranked passages.

The room between the content (`knowledge/`) and everything that talks to people (`bot/`): it reads and
checks the content, cuts passages, embeds them, and searches them. It never imports `bot` or `discord`.
"""
