"""Django settings. Everything a site may change comes from the environment; see docs/how-to."""

import os

from csp.constants import NONE, SELF

from pilotline.config import environment

BASE_DIR = environment.PACKAGE
HOME = environment.home()
RULEBOOKS = environment.rulebooks()
RULEBOOK_REGION = os.environ.get("PILOTLINE_REGION", "shandong")

SECRET_KEY = environment.secret_key()
DEBUG = environment.flag("PILOTLINE_DEBUG")
ALLOWED_HOSTS = environment.words("PILOTLINE_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = environment.words("PILOTLINE_ORIGINS")
SITE_URL = os.environ.get("PILOTLINE_URL", "http://127.0.0.1:8000")
TRUSTED_PROXIES = environment.words("PILOTLINE_TRUSTED_PROXIES")

DESKS = [
    "journal",
    "people",
    "registry",
    "demand",
    "review",
    "approvals",
    "calls",
    "matching",
    "booking",
    "settlement",
    "notices",
]
DOORS = ["shared", "public", "applicant", "operator", "expert", "authority", "api"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
    *(f"pilotline.web.{door}" for door in DOORS),
    "pilotline.gateways.identity",  # before allauth: its pages in our words
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    *(f"pilotline.desks.{desk}" for desk in DESKS),
    "pilotline.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "pilotline.web.shared.upload.SizeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "pilotline.web.shared.language.LanguageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pilotline.web.shared.middleware.ActorMiddleware",
    "pilotline.web.shared.middleware.TypedMiddleware",
    "pilotline.web.shared.once.OnceMiddleware",
    "pilotline.web.shared.middleware.AccessMiddleware",
    "pilotline.web.shared.middleware.ErrorMiddleware",
]

ROOT_URLCONF = "pilotline.config.urls"
WSGI_APPLICATION = "pilotline.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pilotline.web.shared.context.shell",
            ],
            "builtins": ["pilotline.web.shared.templatetags.show"],
        },
    }
]

FORM_RENDERER = "pilotline.web.shared.controls.Renderer"

DATABASES = {"default": environment.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {  # in the database, so that used codes and limits are the same in every process
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "people_remembered",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # beyond it entries are dropped by chance
    }
}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS: list[str] = []
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("PILOTLINE_TIME_ZONE", "Asia/Shanghai")

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": HOME / "attachments", "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "pilotline.web.shared.statics.Statics"
        if not (DEBUG or environment.flag("PILOTLINE_TESTING"))
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_PERMISSIONS = 0o600
UPLOAD_LIMIT = 64 * 1024 * 1024  # of a whole request; refused before it is read
CSRF_FAILURE_VIEW = "pilotline.web.shared.errors.csrf_failure"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
HTTPS = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

EMAIL_BACKEND = os.environ.get(
    "PILOTLINE_EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = HOME / "mail"
EMAIL_HOST = os.environ.get("PILOTLINE_EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("PILOTLINE_EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("PILOTLINE_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("PILOTLINE_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = environment.flag("PILOTLINE_EMAIL_TLS")
DEFAULT_FROM_EMAIL = os.environ.get("PILOTLINE_EMAIL_FROM", "pilotline@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"pilotline": {"level": "INFO"}},
}

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SILENCED_SYSTEM_CHECKS: list[str] = []

from pilotline.config.identity import *  # noqa: E402, F403  allauth has many names; they live apart

CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"] += OIDC_ORIGINS  # noqa: F405
