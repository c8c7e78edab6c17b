from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.config import ConfigError, load_settings
from bot.secrets import Secrets
from index.levels import Level


def write(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "config.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_defaults_need_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings(None)
    assert settings.answers.default_level is Level.INTERMEDIATE
    assert (settings.knowledge.path / "en" / "alignment.md").is_file(), "the library that comes with the bot"
    assert settings.state.path == Path("var")


def test_paths_count_from_the_files_folder_and_options_win(tmp_path: Path) -> None:
    file = write(tmp_path, "knowledge:\n  path: content\nstate:\n  path: s\nanswers:\n  default_level: basic\n")
    settings = load_settings(file)
    assert settings.knowledge.path == tmp_path / "content"
    assert settings.state.path == tmp_path / "s"
    assert settings.answers.default_level is Level.BASIC
    assert load_settings(file, knowledge=Path("k"), state=Path("t")).knowledge.path == Path("k")


def test_the_file_in_the_working_folder_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "answers:\n  threshold: 0.9\n")
    monkeypatch.chdir(tmp_path)
    assert load_settings(None).answers.threshold == 0.9


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (
            "answers:\n  treshold: 0.5",
            2,
            "unknown setting `answers.treshold`; known here: `default_level`, `threshold`, `gap_log`",
        ),
        ("unknown: 1", 1, "unknown setting `unknown`"),
        ("answers:\n  threshold: 2", 2, "`answers.threshold`"),
        ("state:\n  keep_generations: none", 2, "`state.keep_generations`"),
        ("discord:\n  home_guilds: [x]", 2, "`discord.home_guilds"),
        ("discord_token: secret", 1, "unknown setting `discord_token`"),
        ("vectors: {store: milvus}", 1, "needs an `address:`"),
        ("vectors:\n  address: http://milvus:19530", 1, "is for `store: milvus`"),
        ("\nvectors: {store: milvus, address: 'http://me:secret@milvus:19530'}", 2, "without a password"),
        ("vectors: {store: milvus, address: 'ftp://secret'}", 1, "http(s)://host:port"),
        ("vectors: {store: milvus, token: secret}", 1, "unknown setting `vectors.token`"),
        ("answers: [", 1, "not valid YAML"),
        ("- a", 1, "expected `key: value`"),
        ('limits: {"6\\n0": 1}', 1, "unknown setting `limits.6 0`"),
        ('state:\n  path: "a\\0b"', 2, "`state.path`: Value error, a path cannot hold what cannot be printed"),
        ("knowledge:\n  path: /" + "9" * 256, 2, "`knowledge.path`: Value error, too long for a path"),
    ],
)
def test_what_is_wrong_says_where(tmp_path: Path, text: str, line: int, message: str) -> None:
    file = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_settings(file)
    assert f"{file}:{line}: " in str(caught.value)
    assert message in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("text", ["!!int", "!!bool", "!!timestamp", "!!bool x", "a: !!float ''", "x: " + "y" * 100_001])
def test_what_the_yaml_library_stumbles_over_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"config\.yaml: "):
        load_settings(write(tmp_path, text))


def test_a_missing_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        load_settings(tmp_path / "nowhere.yaml")


@settings(deadline=None)
@given(st.text(max_size=100))
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.getbasetemp() / "any.yaml"
    file.write_text(text, encoding="utf-8", errors="replace")
    with suppress(ConfigError):
        load_settings(file)


def test_the_token_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "very-secret")
    secrets = Secrets()
    assert secrets.discord_token is not None
    assert secrets.discord_token.get_secret_value() == "very-secret"
    assert "very-secret" not in f"{secrets!r} {secrets} {secrets.model_dump()} {secrets.model_dump_json()}"


def test_where_vectors_are_is_kept_from_the_settings_folder(tmp_path: Path) -> None:
    local = load_settings(write(tmp_path, "vectors: {store: milvus, address: vectors.db}"))
    assert local.vectors.address == str(tmp_path / "vectors.db")
    server = load_settings(write(tmp_path, "vectors: {store: milvus, address: 'http://milvus:19530'}"))
    assert server.vectors.address == "http://milvus:19530"
    assert load_settings(write(tmp_path, "vectors: {store: faiss}")).vectors.address == ""
