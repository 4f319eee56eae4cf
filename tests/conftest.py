"""Shared by all tests: the settings' surroundings, before Django reads them."""

import os
import tempfile

os.environ.setdefault("PILOTLINE_TESTING", "1")
os.environ.setdefault("PILOTLINE_HOME", tempfile.mkdtemp(prefix="pilotline-tests-"))
os.environ.setdefault("PILOTLINE_SECRET_KEY", "only-for-tests")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
