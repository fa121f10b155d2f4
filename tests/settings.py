"""The playground as tests run it: accounts on, so that there are strangers; a folder of its own; nothing collected."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_folder = Path(tempfile.mkdtemp(prefix="playground-tests-"))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["PLAYGROUND_DATA"] = str(_folder)
os.environ["PLAYGROUND_ACCOUNTS"] = "1"
for name in [name for name in os.environ if name.endswith(("_API_KEY", "_BASE_URL"))]:
    del os.environ[name]

from playground.settings import *  # noqa: E402, F403
from playground.settings import DATABASES, STORAGES  # noqa: E402

ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if "sqlite3" in DATABASES["default"]["ENGINE"]:
    # A file: threads of one process share it as the threads of the server do.
    DATABASES["default"]["TEST"] = {"NAME": _folder / "test.sqlite3"}
    # No test outlives a power cut.
    options = DATABASES["default"]["OPTIONS"]
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
