"""Settings of the server: each with its flag, environment variable, check and meaning."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from data.errors import AtlasError

EMBED_HOSTS = "ATLAS_EMBED_HOSTS"
DATA = "ATLAS_DATA"
CORRECTIONS = "ATLAS_CORRECTIONS"

_ORIGIN = re.compile(r"https?://(\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?")
_ADDRESS = re.compile(
    r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[^\s\"'<>\\#]*)?|mailto:[^\s\"'<>\\#?&,@]+@[A-Za-z0-9.-]+"
)


@dataclass(frozen=True, slots=True)
class Settings:
    """How the server behaves towards the world.

    ``embed_hosts`` are the origins that may frame ``/embed`` besides the app's own; ``corrections`` is
    where corrections of a row are sent, empty for nowhere.
    """

    embed_hosts: tuple[str, ...] = ()
    corrections: str = ""


def embed_hosts(text: str) -> tuple[str, ...]:
    """Origins separated by spaces or commas.

    Raises
    ------
    AtlasError
        On anything but ``http(s)://host[:port]`` or ``http(s)://*.host``: it would end up in a header.
    """
    origins = tuple(part.rstrip("/") for part in re.split(r"[\s,]+", text) if part)
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise AtlasError(
                what=f"{origin!r} is not an origin that may frame /embed",
                where=EMBED_HOSTS,
                mend="write scheme and host alone, such as https://www.example.org or https://*.example.org",
            )
    return origins


def corrections(text: str) -> str:
    """Address to which corrections of the data are sent; empty for none.

    Raises
    ------
    AtlasError
        On anything but an https address or ``mailto:name@host``: it becomes a link on the page.
    """
    text = text.strip()
    if text and not _ADDRESS.fullmatch(text):
        raise AtlasError(
            what=f"{text!r} is not an address for corrections",
            where=CORRECTIONS,
            mend="write an https address such as https://example.org/corrections, or mailto:name@example.org",
        )
    return text


def from_environment(environ: Mapping[str, str]) -> Settings:
    """Settings from environment variables.

    Raises
    ------
    AtlasError
        Naming the variable that cannot be used.
    """
    return Settings(
        embed_hosts=embed_hosts(environ.get(EMBED_HOSTS, "")),
        corrections=corrections(environ.get(CORRECTIONS, "")),
    )
