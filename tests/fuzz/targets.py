"""Every target by its name."""

from __future__ import annotations

from tests.fuzz.custom_ids import CustomIds
from tests.fuzz.folders import Folders
from tests.fuzz.generations import Generations
from tests.fuzz.pages import Pages
from tests.fuzz.questions import Questions
from tests.fuzz.references import References
from tests.fuzz.settings import SettingsFiles
from tests.fuzz.target import Target

TARGETS: dict[str, type[Target]] = {
    kind.name: kind for kind in (Pages, References, Folders, Questions, SettingsFiles, CustomIds, Generations)
}
