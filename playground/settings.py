"""Settings. What a person may change is read from the environment: README.md, "Settings"."""

import re
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from playground import environment

BASE_DIR = Path(__file__).resolve().parent.parent
_latest = re.search(r"^## (\d+\.\d+\.\d+)", (BASE_DIR / "CHANGELOG.md").read_text(), re.M)
VERSION = _latest.group(1) if _latest else "0"

# Where things are kept, and who may come in

DATA = environment.private_folder(
    Path(environment.text("PLAYGROUND_DATA", str(BASE_DIR / "data"))).expanduser()
)
HOST = environment.text("HOST", "127.0.0.1")
PORT = environment.port("PORT", 8000)
HTTPS = environment.flag("PLAYGROUND_HTTPS")
BEHIND_PROXY = environment.flag("PLAYGROUND_BEHIND_PROXY")

DEBUG = False
SECRET_KEY = environment.text("SECRET_KEY") or environment.secret_file(DATA / "secret_key")
KEY_RING = DATA / "provider_keys"
ALLOWED_HOSTS = environment.names("ALLOWED_HOSTS") or [*environment.LOOPBACK - {"::1"}, HOST]
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS must name the hosts: * would let any web page drive this server."
    )
# A proxy on this machine lets others in at a loopback address, by a name of its own.
ACCOUNTS = (
    environment.flag("PLAYGROUND_ACCOUNTS")
    or HTTPS
    or BEHIND_PROXY
    or not environment.is_for_one(HOST, ALLOWED_HOSTS)
)

# The application

ROOT_URLCONF = "playground.urls"
ASGI_APPLICATION = "playground.asgi.application"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "channels",
    "csp",
    "chat",
]
_WHO = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
]
MIDDLEWARE = [
    "playground.middleware.Security",
    "playground.middleware.StaticFiles",
    "playground.middleware.Gzip",
    "playground.middleware.ContentPolicy",
    "chat.middleware.private",
    *([] if ACCOUNTS else ["chat.middleware.local_owner"]),
    "playground.middleware.Csrf",
    *(_WHO if ACCOUNTS else []),
    "playground.middleware.Frames",
    "chat.middleware.Refusals",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "chat.context.site",
            ],
            "builtins": ["chat.templatetags.chat_extras", "django.templatetags.static"],
        },
    }
]

# Storage. SQLite needs WAL and IMMEDIATE so that writers queue instead of failing.

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASE_URL = environment.text("DATABASE_URL")
REDIS_URL = environment.text("REDIS_URL")
DATABASES: dict[str, Any]
if DATABASE_URL:
    import dj_database_url

    DATABASES = {"default": dict(dj_database_url.parse(DATABASE_URL, conn_health_checks=True))}
    if "postgresql" in DATABASES["default"]["ENGINE"]:
        # A connection that broke while it lay in the pool is not handed out.
        DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 10}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / "playground.sqlite3",
            # Kept by the few threads that there are: opening one reads the whole schema.
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000",
            },
        }
    }
CHANNEL_LAYERS: dict[str, Any] = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
if REDIS_URL:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "playground.layer.DoorbellLayer",
            "CONFIG": {"hosts": [REDIS_URL], "prefix": "playground"},
        }
    }

# Static files: hashed names, kept for ever by the browser, compressed once when they are collected.

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "playground.joining.JoinedFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "playground.storage.StaticStorage"},
}

# Who one is

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "chat.views.errors.csrf_failure"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# What a browser may do with our pages

# Not "no-referrer": with it browsers send `Origin: null` with a form, and then no form passes the CSRF check.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE, "'strict-dynamic'"],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
USE_THOUSAND_SEPARATOR = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["terminal"], "level": "WARNING"},
    "loggers": {"chat": {"level": "INFO"}, "django.request": {"level": "ERROR"}},
}
