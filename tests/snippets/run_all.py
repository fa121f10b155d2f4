"""Runs every snippet of the folder it stands in, in order. What one prints goes to a file of its name."""

import contextlib
import sys
import traceback
from pathlib import Path

failed = 0
for path in sorted(Path().glob("[0-9]*.py")):
    code = path.read_bytes()
    with open(f"{path}.out", "w", encoding="utf-8", newline="") as out, contextlib.redirect_stdout(out):
        try:
            exec(compile(code, path.name, "exec"), {"__name__": "__main__"})
        except BaseException:
            failed += 1
            sys.stderr.write(f"{path}:\n{traceback.format_exc()}\n{code.decode()}\n")
sys.exit(bool(failed))
