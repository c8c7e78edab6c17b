"""Judges of every request that the bot sends: Discord's own description of its API, and the limits it documents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

URI = "urn:discord"
COMPONENTS_V2 = 1 << 15
TEXT_DISPLAY, ACTION_ROW, BUTTON = 10, 1, 2


class ApiDescription:
    """Discord's OpenAPI description as a validator of request bodies."""

    def __init__(self, file: Path) -> None:
        document = json.loads(file.read_text())
        resource = Resource.from_contents(document, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource(URI, resource)
        self._operations: list[tuple[str, re.Pattern[str], list[str]]] = []
        for path, item in document["paths"].items():
            for method, operation in item.items():
                content = operation.get("requestBody", {}).get("content", {}) if isinstance(operation, dict) else {}
                if "application/json" in content:
                    pattern = re.compile(re.sub(r"\\\{[^}]*\\\}", r"[^/]+", re.escape(path)) + "$")
                    place = ["paths", path, method, "requestBody", "content", "application/json", "schema"]
                    self._operations.append((method.upper(), pattern, place))

    def problems(self, method: str, path: str, body: Any) -> list[str]:
        """Return what the description forbids; an unknown operation with a body is a problem too."""
        for known, pattern, place in self._operations:
            if known == method and pattern.match(path):
                pointer = "/".join(part.replace("~", "~0").replace("/", "~1") for part in place)
                validator = Draft202012Validator({"$ref": f"{URI}#/{pointer}"}, registry=self._registry)
                errors = validator.iter_errors(_with_text_ids(body))
                return [f"{error.json_path}: {error.message[:200]}" for error in errors]
        return [f"no such operation: {method} {path}"]


def _with_text_ids(value: Any, key: str = "") -> Any:
    """Return a body with its ids as text: discord.py sends some as numbers, which Discord takes as well."""
    if isinstance(value, dict):
        texts = {name: _with_text_ids(item, name) for name, item in value.items()}
        # The number of a file in the same request stands where an attachment that exists has its id.
        return {**texts, "id": str(texts["id"])} if key == "attachments" and "id" in texts else texts
    if isinstance(value, list):
        return [_with_text_ids(item, key) for item in value]
    return str(value) if (key == "id" or key.endswith("_id")) and isinstance(value, int) and value > 1 << 32 else value


def limit_problems(path: str, body: Any) -> list[str]:
    """Return where a body breaks a documented limit, or could ping anyone."""
    problems: list[str] = []
    if isinstance(body, list) or path.endswith("/commands"):
        return [problem for command in body for problem in _command_problems(command)]
    message = body.get("data") or {} if path.endswith("/callback") else body
    if not isinstance(message, dict):
        return problems
    if len(message.get("choices") or []) > 25:
        problems.append("more than 25 choices")
    if not {"content", "components", "embeds"} & message.keys():
        return problems
    content = message.get("content") or ""
    components = list(walk(message.get("components") or []))
    texts = [item["content"] for item in components if item.get("type") == TEXT_DISPLAY]
    found = {
        f"content of {len(content)} characters": len(content) > 2000,
        "content or embeds beside components": bool(
            (message.get("flags") or 0) & COMPONENTS_V2 and (content or message.get("embeds"))
        ),
        f"{len(components)} components": len(components) > 40,
        f"{sum(map(len, texts))} characters of text": sum(map(len, texts)) > 4000,
        "an empty text": any(not text.strip() for text in texts),
    }
    problems += [problem for problem, holds in found.items() if holds]
    return problems + _button_problems(components) + _mention_problems(message, [content, *texts])


def _button_problems(components: list[dict[str, Any]]) -> list[str]:
    ids = [item["custom_id"] for item in components if item.get("custom_id")]
    problems = [f"custom_id {item!r}" for item in ids if len(item) > 100 or ids.count(item) > 1]
    for item in components:
        label = item.get("label") or ""
        if item.get("type") == BUTTON and not 1 <= len(label.strip()) <= len(label) <= 80:
            problems.append(f"a label of {len(label)} characters")
        if item.get("type") == ACTION_ROW and not 1 <= len(item.get("components") or []) <= 5:
            problems.append("an action row without or with more than five buttons")
    return problems


def label_problems(body: Any) -> list[str]:
    """Return the buttons and choices that only a picture names; a screen reader needs a word."""
    message = (body.get("data") or body) if isinstance(body, dict) else {}
    items = list(walk(message.get("components") or []))
    named = [item for item in items if item.get("type") == BUTTON]
    named += [option for item in items for option in item.get("options") or []]
    labels = [item.get("label") or "" for item in named]
    return [f"a label without a word: {label!r}" for label in labels if not any(map(str.isalnum, label))]


def walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield all components, nested ones included."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        if accessory := component.get("accessory"):
            yield accessory


def _mention_problems(message: dict[str, Any], texts: list[str]) -> list[str]:
    live = [text[:80] for text in texts if re.search(r"@everyone|@here|<@[!&]?\d+>|<#\d+>", text)]
    problems = [f"a live mention: {text!r}" for text in live]
    allowed = message.get("allowed_mentions") or {}
    if allowed.get("parse") or allowed.get("users") or allowed.get("roles") or allowed.get("replied_user"):
        problems.append(f"mentions are allowed: {allowed}")
    return problems


def _command_problems(command: dict[str, Any]) -> list[str]:
    name, problems = command["name"], []
    if command.get("type", 1) == 1:
        if not re.fullmatch(r"[-_'\w]{1,32}", name) or name != name.lower():
            problems.append(f"command name {name!r}")
        if not 1 <= len(command.get("description") or "") <= 100:
            problems.append(f"/{name}: description")
    size = len(name) + len(command.get("description") or "")
    for option in command.get("options") or []:
        if not re.fullmatch(r"[-_'\w]{1,32}", option["name"]) or not 1 <= len(option["description"]) <= 100:
            problems.append(f"/{name} {option['name']}")
        choices = option.get("choices") or []
        if len(choices) > 25 or any(not 1 <= len(choice["name"]) <= 100 for choice in choices):
            problems.append(f"/{name} {option['name']}: choices")
        size += len(option["name"]) + len(option["description"]) + sum(len(choice["name"]) for choice in choices)
    return [*problems, *([f"/{name}: {size} characters"] if size > 8000 else [])]
