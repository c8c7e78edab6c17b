"""JSON objects as Discord sends them, with the fields that discord.py reads."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

Payload = dict[str, Any]
GUILD_TEXT, DIRECT = 0, 1
MANAGE_GUILD = 1 << 5
# View, send, embed, read history, use commands.
USUAL_PERMISSIONS = (1 << 10) | (1 << 11) | (1 << 14) | (1 << 16) | (1 << 31)


def now() -> str:
    return datetime.now(UTC).isoformat()


def user(user_id: int, name: str, *, bot: bool = False) -> Payload:
    return {
        "id": str(user_id),
        "username": name,
        "discriminator": "0",
        "global_name": None if bot else name.title(),
        "avatar": None,
        "bot": bot,
        "public_flags": 0,
    }


def member(who: Payload, *, permissions: int | None = None) -> Payload:
    found: Payload = {
        "user": who,
        "roles": [],
        "joined_at": "2026-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "flags": 0,
    }
    return found if permissions is None else {**found, "permissions": str(permissions), "pending": False}


def channel(channel_id: int, guild: int | None, recipient: Payload | None = None) -> Payload:
    if guild is None:
        return {"id": str(channel_id), "type": DIRECT, "recipients": [recipient] if recipient else [], "flags": 0}
    return {
        "id": str(channel_id),
        "type": GUILD_TEXT,
        "guild_id": str(guild),
        "name": "ask",
        "position": 0,
        "permission_overwrites": [],
        "topic": None,
        "nsfw": False,
        "parent_id": None,
        "rate_limit_per_user": 0,
        "flags": 0,
    }


def guild(identity: int, channels: list[Payload], me: Payload) -> Payload:
    everyone = {
        "id": str(identity),
        "name": "@everyone",
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": 0,
        "permissions": str(USUAL_PERMISSIONS),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }
    return {
        "id": str(identity),
        "name": f"Server {identity}",
        "owner_id": "1",
        "roles": [everyone],
        "channels": channels,
        "members": [member(me)],
        "member_count": 7,
        "emojis": [],
        "features": [],
        "threads": [],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "verification_level": 0,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "premium_tier": 0,
        "nsfw_level": 0,
        "preferred_locale": "en-US",
        "unavailable": False,
        "large": False,
        "joined_at": "2026-01-01T00:00:00+00:00",
    }


def message(message_id: int, channel_id: int, author: Payload, body: Payload) -> Payload:
    """Return a message with what a request's body says."""
    return {
        "id": str(message_id),
        "channel_id": str(channel_id),
        "author": author,
        "content": body.get("content") or "",
        "timestamp": now(),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": body.get("mentions") or [],
        "mention_roles": [],
        "attachments": [],
        "embeds": body.get("embeds") or [],
        "pinned": False,
        "type": 19 if body.get("message_reference") else 0,
        "flags": body.get("flags") or 0,
        "components": body.get("components") or [],
        **({"message_reference": body["message_reference"]} if body.get("message_reference") else {}),
        **({"nonce": body["nonce"]} if body.get("nonce") else {}),
    }
