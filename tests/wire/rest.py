"""The routes that the bot asks for."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from tests.wire.gateway import Gateway
from tests.wire.interactions import Callback, Interaction
from tests.wire.payloads import Payload, user
from tests.wire.world import APPLICATION, OWNER, Channel, RefusedError, World

_EPHEMERAL, _LOADING = 1 << 6, 1 << 7
BODY: web.RequestKey[Any] = web.RequestKey("body", object)
"""What a request says, read once."""


def answer(data: Any, status: int = 200) -> web.Response:
    # discord.py reads a body as JSON only when the type is exactly this, without a charset.
    return web.Response(body=json.dumps(data).encode(), status=status, headers={"Content-Type": "application/json"})


class Rest:
    """Handlers over the world, the gateway and the interactions."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self._world = world
        self._gateway = gateway
        self.interactions: dict[str, Interaction] = {}
        """By token."""

    def routes(self) -> list[web.RouteDef]:
        original = "/webhooks/{application}/{token}/messages/{message}"
        return [
            web.get("/users/@me", self._me),
            web.get("/oauth2/applications/@me", self._application),
            web.get("/gateway/bot", self._gateway_bot),
            web.get("/applications/{application}/commands", self._commands),
            web.put("/applications/{application}/commands", self._put_commands),
            web.post("/interactions/{id}/{token}/callback", self._callback),
            web.post("/webhooks/{application}/{token}", self._follow_up),
            web.get(original, self._get_original),
            web.patch(original, self._edit_original),
            web.get("/channels/{channel}", self._channel),
            web.get("/channels/{channel}/messages", self._history),
            web.post("/channels/{channel}/messages", self._send),
            web.get("/channels/{channel}/messages/{message}", self._message),
            web.patch("/channels/{channel}/messages/{message}", self._edit),
            web.post("/channels/{channel}/typing", self._typing),
            web.post("/users/@me/channels", self._open_direct),
        ]

    async def _me(self, _: web.Request) -> web.Response:
        return answer({**self._world.me, "verified": True, "mfa_enabled": True, "locale": "en-US", "email": None})

    async def _application(self, _: web.Request) -> web.Response:
        return answer(
            {
                "id": str(APPLICATION),
                "name": "fathom",
                "description": "",
                "icon": None,
                "bot_public": True,
                "bot_require_code_grant": False,
                "owner": user(OWNER, "owner"),
                "verify_key": "0" * 64,
                "flags": 0,
                "team": None,
            }
        )

    async def _gateway_bot(self, _: web.Request) -> web.Response:
        left = self._gateway.session_starts_left
        if left <= 0:
            # Asked a second time, the wait is over: these limits are renewed every second and a half.
            self._gateway.session_starts_left = 1000
        limits = {
            "total": 1000,
            "remaining": left,
            "reset_after": 1500,
            "max_concurrency": self._gateway.max_concurrency,
        }
        return answer({"url": self._gateway.url, "shards": self._gateway.shards, "session_start_limit": limits})

    async def _commands(self, _: web.Request) -> web.Response:
        return answer(self._world.commands)

    async def _put_commands(self, request: web.Request) -> web.Response:
        # Discord gives back commands of the message menu with an empty description.
        commands = [{"description": "", **command} for command in request[BODY]]
        return answer(self._world.register(commands))

    async def _callback(self, request: web.Request) -> web.Response:
        body = request[BODY]
        interaction = self._interaction(request)
        callback = Callback(body["type"])
        interaction.acknowledge(callback)
        data: Payload = body.get("data") or {}
        if callback is Callback.CHOICES:
            interaction.choices = data.get("choices") or []
            interaction.answer(interaction.choices)
        elif callback in {Callback.MESSAGE, Callback.DEFERRED_MESSAGE}:
            deferred = callback is Callback.DEFERRED_MESSAGE
            flags = (data.get("flags") or 0) | (_LOADING if deferred else 0)
            interaction.message = await self._add(interaction.channel, {**data, "flags": flags})
            if not deferred:
                interaction.answer(data)
        else:
            interaction.message = interaction.source
            if callback is Callback.UPDATE:
                self._change(interaction.source, data)
                interaction.answer(data)
        if not request.query.get("with_response"):
            return web.Response(status=204)
        about = {"id": str(interaction.id), "type": int(interaction.kind)}
        shown = interaction.message if callback in {Callback.MESSAGE, Callback.DEFERRED_MESSAGE} else None
        if shown:
            about["response_message_id"] = shown["id"]
        resource: Payload = {"type": int(callback)} | ({"message": shown} if shown else {})
        return answer({"interaction": about, "resource": resource})

    async def _get_original(self, request: web.Request) -> web.Response:
        interaction = self._interaction(request)
        interaction.check_token()
        return answer(self._original(interaction))

    async def _edit_original(self, request: web.Request) -> web.Response:
        body = request[BODY]
        interaction = self._interaction(request)
        interaction.check_token()
        message = self._original(interaction)
        self._change(message, body)
        interaction.answer(body)
        return answer(message)

    async def _follow_up(self, request: web.Request) -> web.Response:
        body = request[BODY]
        interaction = self._interaction(request)
        interaction.check_token()
        message = await self._add(interaction.channel, body)
        interaction.answer(body)
        return answer(message)

    async def _channel(self, request: web.Request) -> web.Response:
        return answer(self._channel_of(request).payload())

    async def _history(self, request: web.Request) -> web.Response:
        channel = self._channel_of(request)
        before = int(request.query.get("before") or 1 << 63)
        found = [message for key, message in reversed(channel.messages.items()) if key < before]
        return answer(found[: int(request.query.get("limit") or 50)])

    async def _send(self, request: web.Request) -> web.Response:
        return answer(await self._add(self._channel_of(request), request[BODY]))

    async def _message(self, request: web.Request) -> web.Response:
        return answer(self._message_of(request))

    async def _edit(self, request: web.Request) -> web.Response:
        message = self._message_of(request)
        self._change(message, request[BODY])
        return answer(message)

    async def _typing(self, request: web.Request) -> web.Response:
        self._channel_of(request)
        return web.Response(status=204)

    async def _open_direct(self, request: web.Request) -> web.Response:
        recipient = int(request[BODY]["recipient_id"])
        for channel in self._world.channels.values():
            if channel.recipient and int(channel.recipient["id"]) == recipient:
                return answer(channel.payload())
        raise RefusedError(404, 10013, "Unknown User")

    async def _add(self, channel: Channel, body: Payload) -> Payload:
        """Put a message of the bot's into a channel; it hears of it like everyone else."""
        before = len(channel.messages)
        message = self._world.add_message(channel, self._world.me, body)
        if len(channel.messages) != before and not message["flags"] & _EPHEMERAL:
            place: Payload = {"guild_id": str(channel.guild)} if channel.guild else {}
            await self._gateway.dispatch("MESSAGE_CREATE", {**message, **place}, guild=channel.guild)
        return message

    def _interaction(self, request: web.Request) -> Interaction:
        interaction = self.interactions.get(request.match_info["token"])
        if interaction is None:
            raise RefusedError(404, 10062, "Unknown interaction")
        return interaction

    def _original(self, interaction: Interaction) -> Payload:
        message = interaction.message
        if message is None or interaction.channel.deleted:
            raise RefusedError(404, 10008, "Unknown Message")
        return message

    def _channel_of(self, request: web.Request) -> Channel:
        return self._world.channel(int(request.match_info["channel"]))

    def _message_of(self, request: web.Request) -> Payload:
        message = self._channel_of(request).messages.get(int(request.match_info["message"]))
        if message is None:
            raise RefusedError(404, 10008, "Unknown Message")
        return message

    @staticmethod
    def _change(message: Payload | None, body: Payload) -> None:
        if message is not None:
            changed = {key: value for key, value in body.items() if key in {"content", "components", "embeds"}}
            message.update({key: value or ("" if key == "content" else []) for key, value in changed.items()})
            message["flags"] = ((message["flags"] | (body.get("flags") or 0)) & ~_LOADING) or 0
