"""Addresses of static files, worked out once."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Statics(CompressedManifestStaticFilesStorage):
    """A page names some thirty files, and none of them changes while a process runs."""

    def __init__(self, *given: object, **more: object) -> None:
        super().__init__(*given, **more)
        self._addresses: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        if force:
            return str(super().url(name, force=True))
        if name not in self._addresses:
            self._addresses[name] = super().url(name)
        return self._addresses[name]
