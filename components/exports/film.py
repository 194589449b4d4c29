"""A film of one view over the years: a sheet for each year, put together by ffmpeg."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from components.brief import Room, compose, room_of
from components.exports.render import Drawn, studio
from data.briefing import SHAPES, Briefing, briefing, facts
from data.errors import AtlasError
from data.grammar import Served
from data.index import index
from data.selection import Selection
from data.words import subject

RATE = 24
"""Pictures a second in the file: players skip and stop badly in films of fewer."""
MOST_FPS = 12
LAST_S = 1.5
"""How much longer the last year stands."""


def _ffmpeg() -> str:
    found = shutil.which("ffmpeg")
    if not found:
        raise AtlasError(
            what="no ffmpeg was found, which puts a film together",
            where="export",
            mend="install it (on Debian: apt-get install ffmpeg)",
        )
    return found


def command(ffmpeg: str, told: Briefing, fps: float, size: tuple[int, int], out: Path) -> list[str]:
    """Return the command line of ffmpeg: PNG in, H.264 that every player and PowerPoint take."""
    w, h = size
    about = {
        "title": told.title,
        "comment": " ".join(filter(None, [told.synthetic, told.source, told.link])),
        "date": told.day,
        "artist": "Alliance Atlas",
    }
    return [
        ffmpeg, "-loglevel", "error", "-nostdin", "-y",
        "-f", "image2pipe", "-framerate", f"{fps:g}", "-c:v", "png", "-i", "pipe:0",
        "-vf", f"scale={w}:{h},fps={RATE},tpad=stop_mode=clone:stop_duration={LAST_S},format=yuv420p",
        "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-tune", "stillimage", "-movflags", "+faststart",
        *(part for key, text in about.items() for part in ("-metadata", f"{key}={text}")),
        "-f", "mp4", str(out),
    ]  # fmt: skip


def _told(done: int, of: int) -> None:
    """Progress: one line that is written over on a terminal, else a line now and then."""
    if sys.stderr.isatty():
        print(f"\r{done} of {of} years drawn", end="\n" if done == of else "", file=sys.stderr, flush=True)
    elif done == of or done % 10 == 0:
        print(f"{done} of {of} years drawn", file=sys.stderr, flush=True)


def frames(
    selection: Selection, years: Sequence[int], served: Served, *, size: tuple[int, int], base: str, day: date
) -> Iterator[Drawn]:
    """Yield a sheet for each year; map and chart stand still, in the room that the fullest year leaves."""
    index_ = index(served[selection.dataset])
    each = [replace(selection, year=year) for year in years]
    told = [briefing(one, served, base=base, day=day) for one in each]
    rooms = [room_of(index_, one, b) for one, b in zip(each, told, strict=True)]
    room = Room(max(r.head for r in rooms), max(r.legend_rows for r in rooms))
    _, w, h = SHAPES[selection.shape]
    for one, b in zip(each, told, strict=True):
        yield Drawn(compose(index_, one, b, room).figure, facts(b), w, h, "png", size[0] / w)


def film(
    selection: Selection, years: Sequence[int], served: Served, out: Path, *, size: tuple[int, int], fps: float,
    base: str, day: date,
) -> None:  # fmt: skip
    """Write a film; progress goes to stderr.

    Parameters
    ----------
    out
        The file, which is replaced.
    size
        Pixels, both even.
    fps
        Years a second.

    Raises
    ------
    AtlasError
        Where there is no ffmpeg or no Chromium, or ffmpeg fails.
    """
    shown = replace(selection, year=years[0])
    told = briefing(shown, served, base=base, day=day)
    if selection.title is None:
        told = replace(told, title=f"{subject(index(served[selection.dataset]), selection)}, {years[0]} to {years[-1]}")
    line = command(_ffmpeg(), told, fps, size, out)

    async def draw_all() -> None:
        with subprocess.Popen(line, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as ffmpeg:  # noqa: S603
            assert ffmpeg.stdin is not None  # noqa: S101
            assert ffmpeg.stderr is not None  # noqa: S101
            try:
                async with studio() as open_:
                    done = 0
                    sheets = frames(selection, years, served, size=size, base=base, day=day)
                    async for body in open_.each(sheets):
                        await asyncio.to_thread(ffmpeg.stdin.write, body)
                        done += 1
                        _told(done, len(years))
                ffmpeg.stdin.close()
            except BrokenPipeError:
                pass  # ffmpeg has left, and says why
            except BaseException:
                ffmpeg.kill()
                raise
            said = await asyncio.to_thread(ffmpeg.stderr.read)
            if ffmpeg.wait():
                raise AtlasError(
                    what="ffmpeg could not put the film together: " + said.decode("utf-8", "replace").strip()[-400:],
                    where="export",
                    mend="try ffmpeg -encoders: it needs libx264",
                )

    asyncio.run(draw_all())
