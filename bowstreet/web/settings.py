"""Django's settings. What an installation may choose comes from the environment; everything else is decided here."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from bowstreet.web.database import database

HOME = Path(os.environ.get("BOWSTREET_HOME", "var")).resolve()
BASE = Path(__file__).parent


def _secret() -> str:
    """This installation's secret, made the first time."""
    path = HOME / "secret"
    if not path.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".secret.{os.getpid()}")
        fresh.write_text(secrets.token_urlsafe(50))
        fresh.chmod(0o600)
        fresh.replace(path)
    return path.read_text()


SECRET_KEY = os.environ.get("BOWSTREET_SECRET") or _secret()
DEBUG = False
#: The inert view of captured pages answers only under this name, which holds no cookies of ours.
INERT_HOST = os.environ.get("BOWSTREET_INERT_HOST", "inert.localhost")
ALLOWED_HOSTS = [*os.environ.get("BOWSTREET_HOSTS", "localhost,127.0.0.1").split(","), INERT_HOST]
#: How often a seller's page, or a watched one, is captured before a supervisor has to decide on more, where an operation
#: chose nothing else. A setting, not law: the Code gives no number (2018 Code 3.15 and 3.16 speak of repeated viewing).
REPEAT_VISITS = int(os.environ.get("BOWSTREET_REPEAT_VISITS", "3"))
#: hash lists against which pictures are screened (docs/how-to/screen-pictures.md)
HASH_LISTS = [path for path in os.environ.get("BOWSTREET_HASH_LISTS", "").split(os.pathsep) if path]
TEST_RANGES_ALLOWED = os.environ.get("BOWSTREET_ALLOW_TEST_RANGES") == "1"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "bowstreet.casework.log",
    "bowstreet.casework.people",
    "bowstreet.casework.operations",
    "bowstreet.casework.conduct",
    "bowstreet.casework.captures",
    "bowstreet.casework.findings",
    "bowstreet.casework.crawls",
    "bowstreet.casework.watches",
    "bowstreet.casework.review",
    "bowstreet.casework.exhibits",
]
MIDDLEWARE = [
    "bowstreet.web.middleware.inert_host",
    "bowstreet.web.middleware.headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
ROOT_URLCONF = "bowstreet.web.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "bowstreet.govuk.environment"},
    }
]
DATABASES = {"default": database(os.environ.get("BOWSTREET_DATABASE", ""), HOME)}
AUTH_USER_MODEL = "people.Officer"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "operations"
LOGOUT_REDIRECT_URL = "sign-in"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_NAME = "bowstreet_session"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
SECURE_CONTENT_TYPE_NOSNIFF = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
USE_TZ = True
TIME_ZONE = "Europe/London"
LANGUAGE_CODE = "en-gb"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
