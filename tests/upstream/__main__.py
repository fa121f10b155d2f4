"""Serves until interrupted. See the package for what it answers."""

import argparse
import sys
import threading

from .instructions import Instructions
from .server import Upstream


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.upstream", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--tokens", type=int, default=None, help="for models that give no instructions")
    parser.add_argument("--speed", type=int, default=0, help="tokens a second; 0 is as fast as it can")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    default = Instructions(given.tokens, given.speed, given.seed) if given.tokens is not None else None
    with Upstream(given.port, default) as upstream:
        sys.stdout.write(f"{upstream.base_url}\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            pass


main()
