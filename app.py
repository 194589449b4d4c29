"""Alliance Atlas: builds the app, holds the WSGI ``server`` and the command line."""

from __future__ import annotations

import argparse
import io
import json
import logging
import os
import re
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from callbacks.pages import AtlasDash
    from callbacks.settings import Settings
    from data.grammar import Served
    from data.model import Atlas

ROOT = Path(__file__).resolve().parent
BUNDLED = ROOT / "data" / "bundled" / "curated"
SYNTHETIC = ROOT / "data" / "bundled" / "synthetic-mgar-scale"


def create_app(served: Served, settings: Settings) -> AtlasDash:
    """Build the app on loaded atlases; nothing is read from disk or environment here.

    Parameters
    ----------
    served
        Atlases by slug, at least one; the first is the default. Those of a ``Library`` may be replaced.
    """
    from flask_compress import Compress

    from callbacks import (
        api,
        brief,
        data_page,
        downloads,
        explorer,
        findings,
        group_page,
        guards,
        measures,
        method_page,
        network,
        pages,
        slides,
        story,
    )
    from callbacks.current import Current
    from data.library import Library

    app = pages.AtlasDash(
        __name__,
        assets_folder=str(ROOT / "assets"),
        include_assets_files=False,  # the document names them itself, in the order that they need
        update_title="",
    )
    library = served if isinstance(served, Library) else None
    served = Current(served)
    app.served = served
    app.corrections = settings.corrections
    api.register(app.server, served, library)
    measures.register(app.server, served)
    network.register(app.server, served)
    brief.register(app.server, served)
    slides.register(app.server, served)
    story.register(app.server, served)
    downloads.register(app.server, served)
    pages.register(app, served)
    explorer.register(app, served)
    findings.register(app, served)
    data_page.register(app)
    group_page.register(app.server, served)
    method_page.register(app.server, served)
    guards.register(app, settings, lambda path, query: pages.answers(path, query, served))
    app.server.config["COMPRESS_MIMETYPES"] = [
        "text/html", "text/css", "text/javascript", "text/plain", "application/javascript", "application/json",
        "image/svg+xml", "text/csv", "text/x-bibtex", "application/geo+json", "application/graphml+xml",
    ]  # fmt: skip
    app.server.config["COMPRESS_ALGORITHM"] = ["br", "gzip"]
    Compress(app.server)

    @app.server.after_request
    def whole(response: Any) -> Any:
        """Read files at once, ahead of compression: a stream is never compressed for clients that take only gzip."""
        if response.is_streamed:
            response.direct_passthrough = False
            response.make_sequence()
        return response

    return app


def _asked(paths: Sequence[str]) -> list[Path | str]:
    """Paths and addresses of the command line, else of ATLAS_DATA, else the bundled datasets."""
    from callbacks.settings import DATA
    from data.postgis import is_address

    # An address has colons of its own, so it goes on to the next blank.
    named = list(paths) or re.findall(rf"postgres[a-z+]*://\S+|[^{os.pathsep}]+", os.environ.get(DATA, ""))
    named = [part.strip() for part in named if part.strip()]
    return [part if is_address(part) else Path(part) for part in named] or [BUNDLED, SYNTHETIC]


def _report(atlas: Atlas) -> None:
    """Print every problem, one a line, and the summary."""
    for line in (*atlas.report.lines(), *atlas.report.summary()):
        print(line)


def check(args: argparse.Namespace) -> int:
    """Print the report of one dataset; 1 if anything was set aside, or nothing could be read."""
    from data.errors import AtlasError
    from data.readers import load

    if args.format == "text":
        atlas = load(args.path)
        _report(atlas)
        return int(atlas.report.failed)

    from data.quality import report_json

    try:
        answer = report_json(load(args.path))
    except AtlasError as problem:
        answer = {"ok": False, "error": {"where": problem.where, "what": problem.what, "mend": problem.mend}}
    print(json.dumps(answer, indent=1))
    return int(not answer["ok"])


def inspect(args: argparse.Namespace) -> int:
    """Print what a path holds; of a table, the mapping.toml that seems right."""
    from data.inspection import inspect

    print("\n".join(inspect(args.path)))
    return 0


def convert(args: argparse.Namespace) -> int:
    """Write a dataset of any format as a native folder, or into a database; 1 if anything was set aside."""
    from data.convert import convert
    from data.postgis import is_address, write
    from data.readers import load

    atlas = load(args.path)
    written = [write(atlas, args.to)] if is_address(args.to) else convert(atlas, Path(args.to))
    _report(atlas)
    print(f"Written: {', '.join(map(str, written))}")
    return int(atlas.report.failed)


def benchmark_data(args: argparse.Namespace) -> int:
    """Write a made-up dataset of MGAR's size, or a multiple of it."""
    from data import synthetic
    from data.readers import load

    folder = synthetic.write(Path(args.to), load(BUNDLED), scale=args.scale, seed=args.seed)
    print(f"Synthetic data at scale {args.scale}, seed {args.seed}, are in {folder}.")
    return 0


def export(args: argparse.Namespace) -> int:
    """Write a view, several years or a story as a picture, deck, table or film; 2 if a flag cannot be used."""
    from components.exports.command import run
    from data.library import Library

    return run(args, Library(_asked(args.data)).snapshot)


def _free(host: str, port: int) -> None:
    """Say clearly that the address cannot be used, before anything is served."""
    from data.errors import AtlasError

    try:
        info = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(info[0], info[1]) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(info[4])
    except (OSError, OverflowError) as why:
        raise AtlasError(
            what=f"cannot listen there: {why}", where=f"{host}:{port}", mend="choose another with --port or --host"
        ) from why


def _port(text: str) -> int:
    """Port of an option; the system's own functions would take 99999 and listen on another."""
    from data.errors import quote

    if text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{quote(text)} is not a port; mend: give a number from 1 to 65535")


def _seed(text: str) -> int:
    """Seed of an option: numpy takes no negative one."""
    from data.errors import quote

    if text.isascii() and text.isdigit() and len(text) <= 18:
        return int(text)
    raise argparse.ArgumentTypeError(f"{quote(text)} is not a seed; mend: give a whole number such as 1")


def serve(args: argparse.Namespace) -> int:
    """Serve until stopped."""
    import waitress

    from callbacks.settings import from_environment
    from data.library import Library

    settings = from_environment(os.environ)
    _free(args.host, args.port)
    served = Library(_asked([*args.paths, *args.data]), strict=args.strict)
    for atlas in served.values():
        if atlas.report.failed:
            _report(atlas)
    if args.strict and any(atlas.report.failed for atlas in served.values()):
        print("Not served, because of --strict; mend: the rows above, or serve without --strict.", file=sys.stderr)
        return 1
    app = create_app(served, settings)
    served.watch()
    titles = ", ".join(f"{a.dataset.title} {a.dataset.version}" for a in served.values())
    print(f"Alliance Atlas on http://{args.host}:{args.port} with {titles}; stop with Ctrl+C.", flush=True)
    waitress.serve(
        app.server, host=args.host, port=args.port, threads=8, ident=None, clear_untrusted_proxy_headers=True
    )
    return 0


def parser() -> argparse.ArgumentParser:
    """Command line: one subcommand for each thing to do."""
    from components.exports.command import add_arguments

    out = argparse.ArgumentParser(prog="app.py", description="Alliance Atlas: see how armed groups ally.")
    commands = out.add_subparsers(required=True, metavar="command")

    def command(name: str, run: Callable[[argparse.Namespace], int], help_: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help_, description=help_)
        sub.set_defaults(run=run)
        return sub

    sub = command("serve", serve, "Serve datasets until stopped.")
    sub.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="datasets of any format, or postgresql://...; the first is the default (else ATLAS_DATA, or the bundled)",
    )
    sub.add_argument(
        "--data", action="append", default=[], metavar="PATH", help="a dataset, as PATH; may be given again"
    )
    sub.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    sub.add_argument("--port", type=_port, default=8050, help="port to listen on (default 8050)")
    sub.add_argument("--strict", action="store_true", help="refuse to serve a dataset of which anything was set aside")
    sub = command(
        "check", check, "Print what is wrong with a dataset, one problem a line; exit 1 if anything was set aside."
    )
    sub.add_argument("path", metavar="PATH", help="a dataset of any format")
    sub.add_argument(
        "--format", choices=("text", "json"), default="text", help="text for people (default), json for machines"
    )
    sub = command("inspect", inspect, "Print what a file or folder holds, and a mapping.toml for a table of pairs.")
    sub.add_argument("path", metavar="PATH", help="a dataset of any format, or a table")
    sub = command(
        "convert", convert, "Write a dataset of any format as a native folder; exit 1 if anything was set aside."
    )
    sub.add_argument("path", metavar="PATH", help="a dataset of any format")
    sub.add_argument(
        "--to",
        required=True,
        metavar="TO",
        help="a folder that is new or empty, or postgresql://user@host/database?schema=new",
    )
    sub = command("benchmark-data", benchmark_data, "Write a made-up dataset at the scale of MGAR, always the same.")
    sub.add_argument("--scale", type=int, choices=(1, 10, 100), default=1, help="times MGAR's size (default 1)")
    sub.add_argument(
        "--seed", type=_seed, default=1, metavar="N", help="another number makes another dataset (default 1)"
    )
    sub.add_argument("--to", required=True, metavar="DIR", help="a new or empty folder")
    sub = command("export", export, "Write a view as a picture, slide, table or film, without a server.")
    sub.allow_abbrev = False  # a flag of a parameter to come would change what a short one means
    add_arguments(sub)
    return out  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; a problem is one message, never a traceback."""
    from data.errors import AtlasError

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    logging.getLogger("atlas").setLevel(logging.INFO)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a report may quote letters that the terminal lacks
    args = parser().parse_args(argv)
    try:
        code = int(args.run(args))
        sys.stdout.flush()
        return code
    except AtlasError as problem:
        print(problem, file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever reads the report has enough of it (head); nothing is left to flush
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 0


def __getattr__(name: str) -> Any:
    """Make ``app:server`` when a WSGI host asks for it: other commands load no data."""
    if name != "server":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from callbacks.settings import from_environment
    from data.library import Library

    library = Library(_asked([]))
    globals()["server"] = create_app(library, from_environment(os.environ)).server
    library.watch()
    return globals()["server"]


if __name__ == "__main__":
    sys.exit(main())
