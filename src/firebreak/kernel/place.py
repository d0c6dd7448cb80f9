"""Where the data folder is: one rule for settings, commands and the drill."""

import os
from pathlib import Path

DEFAULT_FOLDER = "firebreak-data"


def data_folder() -> Path:
    """The folder named by `FIREBREAK_DATA`, else `firebreak-data` where the command was started."""
    return Path(os.environ.get("FIREBREAK_DATA") or DEFAULT_FOLDER).resolve()
