"""Settings of the server: each with its flag, environment variable, check and meaning."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from data.errors import AtlasError

EMBED_HOSTS = "ATLAS_EMBED_HOSTS"
DATA = "ATLAS_DATA"

_ORIGIN = re.compile(r"https?://(\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Settings:
    """How the server behaves towards the world.

    ``embed_hosts`` are the origins that may frame ``/embed`` besides the app's own.
    """

    embed_hosts: tuple[str, ...] = ()


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


def from_environment(environ: Mapping[str, str]) -> Settings:
    """Settings from environment variables.

    Raises
    ------
    AtlasError
        Naming the variable that cannot be used.
    """
    return Settings(embed_hosts=embed_hosts(environ.get(EMBED_HOSTS, "")))
