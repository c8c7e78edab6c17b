"""Settings: one strict YAML file; secrets are in `bot/secrets.py`, from the environment only."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from index.embedding import DEFAULT_MODEL
from index.levels import Level

DEFAULT_FILE = Path("config.yaml")
# A name and a password in it would stand in a file and in logs.
_ADDRESS = re.compile(r"^(https?://[^\s/@:]+(:\d{1,5})?/?|(?!.*://)[^\s@]+\.db)$")
_MAX_BYTES = 100_000
_MAX_NAME, _MAX_PATH = 255, 4_000
_REPOSITORY = Path(__file__).resolve().parent.parent


class ConfigError(Exception):
    """Settings that cannot be used; the message says which, where, and what to write."""


def _speakable(path: Path) -> Path:
    if not str(path).isprintable():
        raise ValueError("a path cannot hold what cannot be printed")
    if any(len(part.encode()) > _MAX_NAME for part in path.parts) or len(str(path).encode()) > _MAX_PATH:
        raise ValueError("too long for a path")
    return path


_Folder = Annotated[Path, AfterValidator(_speakable)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KnowledgeSettings(_Section):
    """Where the content lies."""

    path: _Folder = Path("knowledge")
    git_pull: bool = False
    """Pull the folder's git remote before `/reindex` and `python -m bot index`, fast-forward only."""
    watch: bool = False
    """Rebuild by itself once changes to the folder have settled."""


class StateSettings(_Section):
    """Where generations, the embedding cache and the database live."""

    path: _Folder = Path("var")
    keep_generations: int = Field(default=5, ge=1, le=1000)


class ModelSettings(_Section):
    """Which embedding model to use: the packaged default, a folder, or a model stored on this machine."""

    name: str = DEFAULT_MODEL


class AnswerSettings(_Section):
    """How questions are answered."""

    default_level: Level = Level.INTERMEDIATE
    threshold: float = Field(default=0.5, ge=0.0, le=1.0)
    """Below this confidence the bot says that the library does not cover the question."""
    gap_log: bool = True
    """Whether questions that the library could not answer are kept, without who asked, for ninety days."""


class DiscordSettings(_Section):
    """Who may do what in Discord."""

    home_guilds: tuple[int, ...] = ()
    """Servers whose moderators (Manage Server) may reindex; the library is shared by every server."""


class VectorSettings(_Section):
    """Where vectors are kept and searched: beside the generation, or on a Milvus server."""

    store: Literal["faiss", "milvus"] = "faiss"
    address: str = Field(default="", max_length=500)
    """Of the server, such as `http://milvus:19530`; or a file that ends in `.db`, for one process. The token, or
    `user:password`, comes from the environment's MILVUS_TOKEN."""

    @model_validator(mode="after")
    def _belong_together(self) -> Self:
        if self.store == "milvus" and not self.address:
            raise ValueError("`store: milvus` needs an `address:`, such as http://milvus:19530")
        if self.store == "faiss" and self.address:
            raise ValueError("an `address:` is for `store: milvus`; FAISS keeps vectors in the state folder")
        if self.address and not _ADDRESS.match(self.address):
            raise ValueError(
                "`address:` is http(s)://host:port, without a password (that is MILVUS_TOKEN's), or a file in .db"
            )
        return self

    def based_on(self, folder: Path) -> Self:
        """Return the same with a local file's path counted from a folder."""
        local = bool(self.address) and "://" not in self.address
        return self.model_copy(update={"address": str(folder / self.address)}) if local else self


class LimitSettings(_Section):
    """How much one member, or one channel, may ask; 0 turns a limit off."""

    per_member: int = Field(default=10, ge=0, le=10_000)
    """Questions and commands a minute."""
    per_channel: int = Field(default=60, ge=0, le=10_000)
    """Questions a minute, of all members together."""
    presses_per_member: int = Field(default=60, ge=0, le=10_000)
    """Buttons and menus a minute."""
    at_once: int = Field(default=2, ge=0, le=1_000)
    """Questions of one member that are worked on at the same time; the others wait their turn."""
    longest_wait: float = Field(default=20.0, ge=0.0, le=600.0)
    """Seconds: whoever would have to wait longer for an answer is told at once to ask again later."""


class WatchingSettings(_Section):
    """Where metrics, health and readiness can be read over HTTP."""

    port: int | None = Field(default=None, ge=0, le=65_535)
    """Off without one; 0 takes any free one, which the log names."""
    host: str = "127.0.0.1"
    """This machine only, unless told otherwise: whoever reaches the port can read the numbers."""


class LogFormat(StrEnum):
    """How the log is written."""

    TEXT = "text"
    JSON = "json"


class LogSettings(_Section):
    """What `python -m bot run` writes to standard error."""

    format: LogFormat = LogFormat.TEXT


class Settings(_Section):
    """Everything an operator can set in `config.yaml`."""

    knowledge: KnowledgeSettings = KnowledgeSettings()
    state: StateSettings = StateSettings()
    model: ModelSettings = ModelSettings()
    answers: AnswerSettings = AnswerSettings()
    discord: DiscordSettings = DiscordSettings()
    limits: LimitSettings = LimitSettings()
    watching: WatchingSettings = WatchingSettings()
    logs: LogSettings = LogSettings()
    vectors: VectorSettings = VectorSettings()


def load_settings(file: Path | None, *, knowledge: Path | None = None, state: Path | None = None) -> Settings:
    """Read the settings; options of the command line win over the file.

    Relative paths in the file count from the file's folder. Without a file given, `config.yaml` in the
    working folder is used if it exists.

    Args:
        file: the settings file, or None.
        knowledge: the content folder, in place of the file's.
        state: the state folder, in place of the file's.

    Raises:
        ConfigError: the file is missing, not YAML, or holds something unknown or impossible.
    """
    if file is None and DEFAULT_FILE.is_file():
        file = DEFAULT_FILE
    settings = _read(file) if file is not None else Settings()
    base = file.parent if file is not None else Path()
    content = knowledge or base / settings.knowledge.path
    if knowledge is None and "path" not in settings.knowledge.model_fields_set and not content.is_dir():
        # Run from elsewhere without a word about content: the library that comes with the bot.
        content = _REPOSITORY / "knowledge"
    return settings.model_copy(
        update={
            "knowledge": settings.knowledge.model_copy(update={"path": content}),
            "state": settings.state.model_copy(update={"path": state or base / settings.state.path}),
            "vectors": settings.vectors.based_on(base),
        }
    )


def _read(file: Path) -> Settings:
    try:
        with file.open(encoding="utf-8-sig") as stream:
            text = stream.read(_MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise ConfigError(f"{file}: no such file; leave --config out to use the defaults") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read: {error}") from error
    if len(text) > _MAX_BYTES:
        raise ConfigError(f"{file}: longer than {_MAX_BYTES:,} characters, so these are no settings")
    try:
        data: Any = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError(f"{file}:{line}: not valid YAML: {error.problem}") from error
    except (yaml.YAMLError, RecursionError, ValueError, LookupError, AttributeError, OverflowError) as error:
        # The last three are how PyYAML refuses an empty `!!int`, and the like.
        raise ConfigError(f"{file}: not valid YAML") from error
    if data is None:
        return Settings()
    if not isinstance(data, dict):
        raise ConfigError(f"{file}:1: expected `key: value` lines, such as `knowledge:`")
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        raise ConfigError("\n".join(_explain(file, text, item) for item in error.errors())) from error


def _explain(file: Path, text: str, error: Any) -> str:
    """Say what is wrong with one setting, with its line; the value itself is not repeated."""
    path = [str(part) for part in error["loc"]]
    line = _line_of(text, path)
    name = " ".join(".".join(path).split())
    if error["type"] == "extra_forbidden":
        section: Any = Settings
        for part in path[:-1]:
            section = section.model_fields[part].annotation
        known = ", ".join(f"`{key}`" for key in section.model_fields)
        return f"{file}:{line}: unknown setting `{name}`; known here: {known}"
    return f"{file}:{line}: `{name}`: {error['msg']}"


def _line_of(text: str, path: list[str]) -> int:
    node = yaml.compose(text)
    line = 1
    for part in path:
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        match = next(((key, value) for key, value in pairs if key.value == part), None)
        if match is None:
            break
        line, node = match[0].start_mark.line + 1, match[1]
    return line
