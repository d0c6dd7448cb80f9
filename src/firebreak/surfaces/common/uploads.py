"""Where a large upload lies while its request lasts: in the data folder, for the program's own eyes only.

The file is nameless to others (mode 0600) and gone when the request ends. Never keeps anything.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler

LARGEST = 40 * 1024 * 1024


class DataFolderUpload(TemporaryFileUploadHandler):
    """Streams to `FILE_UPLOAD_TEMP_DIR`; what is larger than any page takes is read to its end and dropped."""

    def handle_raw_input(
        self, input_data: Any, META: dict[str, str], content_length: int, boundary: Any,  # noqa: N803
        encoding: str | None = None,
    ) -> None:
        """Make the folder before the first byte."""
        Path(settings.FILE_UPLOAD_TEMP_DIR).mkdir(mode=0o700, parents=True, exist_ok=True)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Write on. Errors: `StopUpload` past the limit, so that a full disk is never the limit."""
        if start + len(raw_data) > LARGEST:
            self.file.close()
            raise StopUpload(connection_reset=False)
        return super().receive_data_chunk(raw_data, start)
