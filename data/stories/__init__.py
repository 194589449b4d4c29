"""Stories: views in order, each with a sentence; ``*.toml`` beside this file are bundled."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from data.errors import AtlasError, quote
from data.stories.story import MOST_BYTES, MOST_VIEWS, Shown, Story, StoryView, as_json, read_story, shown, story_of

FOLDER = Path(__file__).parent

__all__ = [
    "MOST_BYTES",
    "MOST_VIEWS",
    "Shown",
    "Story",
    "StoryView",
    "as_json",
    "bundled",
    "find_story",
    "read_story",
    "shown",
    "source_of",
    "story_of",
]


@lru_cache(maxsize=1)
def bundled() -> dict[str, Story]:
    """Return the bundled stories by name, in the order of their names."""
    return {path.stem: read_story(path.read_bytes(), path.name) for path in sorted(FOLDER.glob("*.toml"))}


def source_of(name: str) -> bytes:
    """Return the file of a bundled story; KeyError where there is none of that name."""
    return (FOLDER / bundled()[name].where).read_bytes()


def find_story(name: str) -> Story:
    """Return a bundled story by its name, or one read from a file.

    Raises
    ------
    AtlasError
        When there is neither, or the file cannot be read as a story.
    """
    if name in bundled():
        return bundled()[name]
    path = Path(name)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise AtlasError(what="is too large for a story", where=name, mend=f"keep to {MOST_BYTES:,} bytes")
        return read_story(path.read_bytes(), name)
    except (OSError, ValueError) as why:  # ValueError: a name with a null character
        raise AtlasError(
            what=f"there is no story {quote(name)}",
            where="--story",
            mend="name a file, or one of " + ", ".join(bundled()),
        ) from why
