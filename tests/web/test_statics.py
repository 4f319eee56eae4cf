"""Addresses of static files."""

import pytest

from pilotline.web.shared.statics import Statics


def test_the_address_of_a_static_file_is_worked_out_once(settings, tmp_path):
    settings.DEBUG = False
    storage = Statics(location=tmp_path, base_url="/static/")
    storage.hashed_files = {"a.css": "a.123.css"}
    assert storage.url("a.css") == "/static/a.123.css"
    storage.hashed_files = {}
    assert storage.url("a.css") == "/static/a.123.css"
    for _ in range(2):
        with pytest.raises(ValueError, match="Missing"):
            storage.url("b.css")
