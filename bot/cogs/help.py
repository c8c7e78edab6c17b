"""What a member who has never seen the bot needs: `/help`."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.language import gettext as _
from bot.language import gettext_noop
from bot.services import Services

_HELP = (
    gettext_noop("## Ask me about AI safety"),
    gettext_noop(
        "I explain ideas from a library written and checked by people. I quote it word for word, link every source, "
        "and tell you when it has no answer."
    ),
    gettext_noop("- `/ask` **a question** in your own words. You can also mention me, or write to me directly."),
    gettext_noop("- **Simpler** and **Deeper** under an answer change its depth; **Sources** lists what it rests on."),
    gettext_noop(
        "- **Related** shows what to understand first; **Was this right?** tells those who write the library."
    ),
    gettext_noop("- On any message, under Apps: **Explain this**, and **Explain the terms here**."),
    gettext_noop("- Mention me with `[[a term]]` in your message, and I say in one sentence what it means."),
    gettext_noop("- `/why` says how I came to my last answer."),
    gettext_noop(
        "- `/level` sets the depth you like: **Basic** has no jargon, **Intermediate** says how it works, "
        "**Advanced** says what the literature says."
    ),
    gettext_noop(
        "- `/topics` shows everything I can explain; `/path` says what to read first, and remembers what you "
        "understood."
    ),
    gettext_noop(
        "- `/language` chooses English, German or Spanish; `/privacy` shows and deletes what I keep about you."
    ),
    gettext_noop("Try: `/ask question: why would an AI resist being switched off?`"),
)
_EVERYWHERE = gettext_noop(
    "-# `/status` says whether I am well. Moderators: `/settings` decides how I behave in this server."
)
_MODERATORS = gettext_noop(
    "-# Moderators of a home server: `/reindex` reads the library anew after it was changed, "
    "`/rollback` serves an earlier state again, `/history` says who did what, `/gaps` lists what people asked in vain, "
    "`/stats` how I am used."
)


class HelpCog(commands.Cog):
    """Says what the bot can do, in words for a first visit."""

    def __init__(self, bot: commands.AutoShardedBot, services: Services) -> None:
        """Use the shared services."""
        self._bot = bot
        self._services = services

    @app_commands.command(name="help", description="What I can do, and how to ask")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def help(self, interaction: discord.Interaction[Any]) -> None:
        """Show the help, privately."""
        home = interaction.guild_id in self._services.settings.discord.home_guilds
        container: ui.Container[ui.LayoutView] = ui.Container(
            ui.TextDisplay("\n".join(_(line) for line in _HELP)),
            ui.TextDisplay(_(_EVERYWHERE)),
            accent_colour=discord.Colour(0x3E7CB1),
        )
        if home:
            container.add_item(ui.TextDisplay(_(_MODERATORS)))
        view = ui.LayoutView(timeout=None)
        view.add_item(container)
        await interaction.response.send_message(view=view, ephemeral=True)
