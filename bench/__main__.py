"""`python -m bench [row names] [--quick]`: prints a Markdown table as it goes."""

import argparse
import os
import platform
from collections.abc import Callable, Iterator

from bench import cores, servers
from bench.figures import HEAD, Figure
from bench.measure_browser import measure_answer, measure_growth, measure_page, measure_typing
from bench.measure_history import measure_history
from bench.measure_import import measure_import
from bench.measure_long import measure_long
from bench.measure_panes import measure_panes
from bench.measure_picker import measure_picker
from bench.measure_server import measure_memory, measure_rest, measure_start
from bench.measure_streams import measure_1, measure_10, measure_100, measure_500
from bench.measure_usage import measure_usage
from bench.options import Options
from bench.servers import KINDS, Places

ROWS: dict[str, Callable[[Options, Places], Iterator[Figure]]] = {
    "streams-1": measure_1,
    "streams-10": measure_10,
    "streams-100": measure_100,
    "streams-500": measure_500,
    "memory": measure_memory,
    "rest": measure_rest,
    "start": measure_start,
    "page": measure_page,
    "typing": measure_typing,
    "answer": measure_answer,
    "growth": measure_growth,
    "picker": measure_picker,
    "panes": measure_panes,
    "usage": measure_usage,
    "history": measure_history,
    "long": measure_long,
    "import": measure_import,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measures against bare programs.")
    parser.add_argument("rows", nargs="*", choices=[[], *ROWS], metavar="row", help=", ".join(ROWS))
    parser.add_argument("--quick", action="store_true", help="once, with fewer streams and shorter answers")
    parser.add_argument("--server", choices=KINDS, help="only this one")
    given = parser.parse_args()
    measure(given.rows or list(ROWS), Options((given.server,) if given.server else KINDS, given.quick))


def measure(rows: list[str], options: Options) -> None:
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {load()}\n\n{HEAD}"
    )
    with cores.on(cores.LOAD), servers.places() as places:
        for row in rows:
            for figure in ROWS[row](options, places):
                print(figure.line(), flush=True)
    print(f"\nAt the end: {load()}")


def load() -> str:
    """What else this machine does: figures from a busy one are worth less."""
    return f"load {os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    main()
