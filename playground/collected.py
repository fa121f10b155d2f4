"""The static files as they are served: hashed, compressed, and collected again only when one of them changed."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command


def collect_if_changed() -> None:
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    if not manifest.exists() or newest_change(settings.BASE_DIR / "static") > manifest.stat().st_mtime:
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)


def newest_change(folder: Path) -> float:
    """Folders count too: a file that was taken away changes its folder."""
    return max(path.stat().st_mtime for path in [folder, *folder.rglob("*")])
