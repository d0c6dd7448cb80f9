"""Settings. Every variable that changes them is read here and explained in docs/reference/settings.md.

None is needed for a first run. The data folder decides what this process is: a drill or a real district.
"""

import os
from pathlib import Path
from typing import Any

import environ

from firebreak import logs
from firebreak.kernel import folder
from firebreak.kernel.place import data_folder
from firebreak.kernel.vault import KeysMissing, Vault

env = environ.Env()

DATA = data_folder()
FOLDER: dict[str, Any] = folder.read(DATA) or {}
FIREBREAK_DRILL: bool = FOLDER.get("kind") == "drill"
VAULT = Vault(DATA / "keys")

try:
    SECRET_KEY: str = VAULT.key("django").hex()
except KeysMissing:
    SECRET_KEY = os.urandom(32).hex()

DEBUG = False
ALLOWED_HOSTS = env.list("FIREBREAK_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
TLS = env.bool("FIREBREAK_TLS", default=False)
PLANS = Path(env.str("FIREBREAK_PLANS", default=str(Path(__file__).parents[2] / "plans"))).resolve()

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "firebreak.engine.journal",
    "firebreak.engine.pictures",
    "firebreak.engine.areas",
    "firebreak.engine.access",
    "firebreak.engine.plans",
    "firebreak.engine.registry",
    "firebreak.engine.units",
    "firebreak.engine.calendar",
    "firebreak.engine.approvals",
    "firebreak.engine.messages",
    "firebreak.engine.tasks",
    "firebreak.engine.ledgers",
    "firebreak.engine.capture",
    "firebreak.operations.zones",
    "firebreak.operations.rounds",
    "firebreak.operations.laboratory",
    "firebreak.command.headquarters",
    "firebreak.command.reports",
    "firebreak.command.consultations",
    "firebreak.command.closing",
    "firebreak.command.amending",
    "firebreak.command.publishing",
    "firebreak.command.briefs",
    "firebreak.command.activation",
    "firebreak.command.releasing",
    "firebreak.command.inspections",
    "firebreak.command.musters",
    "firebreak.command.duty",
    "firebreak.command.weather",
    "firebreak.command.recognition",
    "firebreak.command.zoning",
    "firebreak.command.positives",
    "firebreak.command.reactions",
    "firebreak.command.drill",
    "firebreak.surfaces.common",
    "firebreak.surfaces.console",
    "firebreak.surfaces.wall",
    "firebreak.surfaces.field",
    "firebreak.surfaces.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "firebreak.surfaces.common.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "firebreak.surfaces.common.gate.GateMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "firebreak.urls"
WSGI_APPLICATION = "firebreak.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "firebreak.surfaces.common.context.frame",
            ],
        },
    },
]

if env.str("DATABASE_URL", default=""):
    DATABASES: dict[str, Any] = {"default": env.db("DATABASE_URL")}
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / "firebreak.sqlite3",
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                    "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456"
                ),
            },
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"

AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "firebreak.surfaces.common.signin.locked_out"
OTP_TOTP_ISSUER = "Firebreak"
INVITATION_DAYS = env.int("FIREBREAK_INVITATION_DAYS", default=7)
CSRF_FAILURE_VIEW = "firebreak.surfaces.common.refusing.csrf_failed"

SESSION_COOKIE_NAME = "__Host-session" if TLS else "session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = TLS
CSRF_COOKIE_SECURE = TLS
CSRF_COOKIE_NAME = "__Host-csrf" if TLS else "csrf"
CSRF_COOKIE_HTTPONLY = False
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31536000 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = TLS
SECURE_HSTS_PRELOAD = TLS
SECURE_SSL_REDIRECT = False
# Not "no-referrer": browsers then send "Origin: null" with every form, and no form would pass the token check.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("FIREBREAK_TIME_ZONE", default=FOLDER.get("time_zone", "Asia/Shanghai"))

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = DATA / "incoming"
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "firebreak.surfaces.common.uploads.DataFolderUpload",
]

SMTP_URL = env.str("FIREBREAK_SMTP_URL", default="")
MAIL_FROM = env.str("FIREBREAK_MAIL_FROM", default="firebreak@localhost")

TEST_RUNNER = "django.test.runner.DiscoverRunner"
# One port speaks either http on loopback or https, so there is nothing to redirect from.
# The folder of large uploads is made by the first one.
SILENCED_SYSTEM_CHECKS = ["security.W008", "files.E001"]

LOGGING_CONFIG = None
logs.configure(DATA)
