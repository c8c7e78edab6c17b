"""The panel of `/settings`: every choice of a server, each control with its state in its custom_id."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.language import gettext as _
from bot.language import gettext_noop
from bot.level_names import level_name
from bot.markup import escape, shorten
from bot.storage.server_settings import ServerSettings
from bot.views.lasting import lasting
from index.levels import Level

PATTERN = re.compile(r"fathom:settings:(?P<guild>\d{1,20}):(?P<field>[a-z_]{1,30})(?::(?P<value>on|off))?")
DEFAULT, RESET = "default", "reset"
CHANNEL_TYPES = (
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.forum,
    discord.ChannelType.voice,
)
MAX_CHOSEN = 25
_COLOUR = discord.Colour(0x3E7CB1)
_MAX_NAME = 80
_LANGUAGE_NAMES = {"de": "Deutsch", "en": "English", "es": "Español"}


@dataclass(frozen=True, slots=True)
class Control:
    """What a control of the panel changes: a field of a server's settings, and for a button the value it sets."""

    guild: int
    field: str
    value: str = ""

    def __str__(self) -> str:
        return f"fathom:settings:{self.guild}:{self.field}{f':{self.value}' if self.value else ''}"

    @classmethod
    def parse(cls, custom_id: str) -> Control | None:
        """Return what a custom_id means; None for anything that this bot did not write."""
        match = PATTERN.fullmatch(custom_id)
        return cls(int(match["guild"]), match["field"], match["value"] or "") if match else None


@dataclass(frozen=True, slots=True)
class _Switch:
    """A choice between two: what it is about, and for on and for off what it says and how to get there."""

    field: str
    about: str
    on: str
    off: str
    turn_on: str
    turn_off: str


SWITCHES = (
    _Switch(
        "private_answers",
        gettext_noop("Answers to commands"),
        gettext_noop("only the asker sees them"),
        gettext_noop("everyone in the channel sees them"),
        gettext_noop("Only for the asker"),
        gettext_noop("For everyone"),
    ),
    _Switch(
        "answer_mentions",
        gettext_noop("Mentions"),
        gettext_noop("I answer messages that mention me"),
        gettext_noop("I leave messages that mention me alone; commands work as ever"),
        gettext_noop("Answer mentions"),
        gettext_noop("Leave mentions alone"),
    ),
    _Switch(
        "threads",
        gettext_noop("Follow-ups"),
        gettext_noop("they go on in a thread of their own"),
        gettext_noop("they stay in the channel"),
        gettext_noop("Use threads"),
        gettext_noop("Stay in the channel"),
    ),
    _Switch(
        "anyone_may_press",
        gettext_noop("Buttons under an answer"),
        gettext_noop("anyone can change the answer in place"),
        gettext_noop("only the asker changes it in place; anyone else gets a private copy"),
        gettext_noop("Anyone may press"),
        gettext_noop("Only the asker"),
    ),
)
_AT_HOME = gettext_noop(
    "This is a home server: they may also read the library anew and go back, for every server (`/reindex`, "
    "`/rollback`), and see `/history`, `/gaps` and `/stats`. Discord shows them these commands once Server Settings, "
    "Integrations allows their role."
)
SWITCH_FIELDS = frozenset(switch.field for switch in SWITCHES)


def settings_panel(
    guild: discord.Guild,
    settings: ServerSettings,
    *,
    default_level: Level,
    languages: Iterable[str],
    may_name_moderators: bool,
    at_home: bool = False,
    note: str = "",
) -> ui.LayoutView:
    """Return the panel as a message.

    Args:
        guild: the server.
        settings: what it has chosen.
        default_level: the operator's level, for where it chose none.
        languages: the languages that the library has.
        may_name_moderators: whether the one who looks may change who is a moderator.
        at_home: whether this is a home server, whose moderators answer for the library of every server.
        note: a word on what was just done.
    """
    name = escape(shorten(guild.name, _MAX_NAME))
    title = _("How I behave in {server}").format(server=name)
    head = f"## {title}\n-# {note or _('Every change counts at once. Only you see this panel.')}"
    container: ui.Container[Any] = ui.Container(
        ui.TextDisplay(head),
        ui.Separator(),
        ui.TextDisplay(_("**Level** of members who have not chosen one")),
        _row(_level_menu(guild.id, settings, default_level)),
        ui.TextDisplay(_("**Language** of members who have not chosen one")),
        _row(_language_menu(guild.id, settings, languages)),
        ui.TextDisplay(_("**Channels** where I answer; with none chosen, everywhere")),
        _row(_channel_menu(guild, settings)),
        ui.Separator(),
        *(_section(guild.id, settings, switch) for switch in SWITCHES),
        ui.Separator(),
        ui.TextDisplay(_about_moderators(may_name_moderators=may_name_moderators, at_home=at_home)),
        _row(_role_menu(guild, settings, disabled=not may_name_moderators)),
        _row(
            ui.Button(
                label=_("Back to the defaults"),
                custom_id=str(Control(guild.id, RESET)),
                style=discord.ButtonStyle.danger,
            )
        ),
        accent_colour=_COLOUR,
    )
    return lasting(container)


def _about_moderators(*, may_name_moderators: bool, at_home: bool) -> str:
    lines = [_("**Moderators**: roles that may change these settings, beside Manage Server")]
    lines += [f"-# {_(_AT_HOME)}"] if at_home else []
    lines += [] if may_name_moderators else [f"-# {_('Members with Manage Server choose these.')}"]
    return "\n".join(lines)


def _row(item: ui.Item[Any]) -> ui.ActionRow[Any]:
    return ui.ActionRow(item)


def _section(guild_id: int, settings: ServerSettings, switch: _Switch) -> ui.Section[Any]:
    on = bool(getattr(settings, switch.field))
    button: ui.Button[Any] = ui.Button(
        label=_(switch.turn_off if on else switch.turn_on),
        custom_id=str(Control(guild_id, switch.field, "off" if on else "on")),
        style=discord.ButtonStyle.secondary,
    )
    return ui.Section(f"**{_(switch.about)}**: {_(switch.on if on else switch.off)}", accessory=button)


def _level_menu(guild_id: int, settings: ServerSettings, default_level: Level) -> ui.Select[Any]:
    options = [(DEFAULT, _("{level}, the operator's choice").format(level=level_name(default_level)))]
    options += [(level.value, level_name(level)) for level in Level]
    return _menu(Control(guild_id, "default_level"), options, settings.default_level or DEFAULT)


def _language_menu(guild_id: int, settings: ServerSettings, languages: Iterable[str]) -> ui.Select[Any]:
    codes = sorted({*_LANGUAGE_NAMES, *languages, *filter(None, [settings.default_language])})[: MAX_CHOSEN - 1]
    options = [(DEFAULT, _("Each member's own, as in Discord"))]
    options += [(code, _LANGUAGE_NAMES.get(code, code.upper())) for code in codes]
    return _menu(Control(guild_id, "default_language"), options, settings.default_language or DEFAULT)


def _menu(control: Control, options: Sequence[tuple[str, str]], current: str) -> ui.Select[Any]:
    return ui.Select(
        custom_id=str(control),
        options=[discord.SelectOption(label=label, value=value, default=value == current) for value, label in options],
    )


def _channel_menu(guild: discord.Guild, settings: ServerSettings) -> ui.ChannelSelect[Any]:
    """Return the menu of channels, without those that are gone: Discord refuses a menu that names them."""
    found = (guild.get_channel(number) for number in settings.channels)
    there = [channel for channel in found if channel is not None and channel.type in CHANNEL_TYPES]
    return ui.ChannelSelect(
        custom_id=str(Control(guild.id, "channels")),
        channel_types=list(CHANNEL_TYPES),
        placeholder=_("Everywhere"),
        min_values=0,
        max_values=MAX_CHOSEN,
        default_values=there[:MAX_CHOSEN],
    )


def _role_menu(guild: discord.Guild, settings: ServerSettings, *, disabled: bool) -> ui.RoleSelect[Any]:
    there = [role for number in settings.moderator_roles if (role := guild.get_role(number))]
    return ui.RoleSelect(
        custom_id=str(Control(guild.id, "moderator_roles")),
        placeholder=_("Nobody else"),
        min_values=0,
        max_values=MAX_CHOSEN,
        default_values=there[:MAX_CHOSEN],
        disabled=disabled,
    )
