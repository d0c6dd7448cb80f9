#!/bin/sh
# Makes or refreshes .venv: `environment.sh PYTHON runtime|dev`. Called by the Makefile when a lock file is newer
# than the stamp. Installs only what a lock file lists by hash; asks nothing.
set -eu
python=$1
set_wanted=$2
uv_version=0.13.9
cd "$(dirname "$0")/.."

if ! command -v "$python" >/dev/null 2>&1 || ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "需要 Python 3.11 或更新。Debian/Ubuntu:sudo apt-get install -y python3 python3-venv" >&2
  echo "Python 3.11 or newer is needed. On Debian/Ubuntu: sudo apt-get install -y python3 python3-venv" >&2
  exit 1
fi
if [ ! -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
  rm -rf .venv
  if ! "$python" -m venv .venv >/dev/null 2>&1; then
    rm -rf .venv
    echo "缺少 python3-venv。请运行:sudo apt-get install -y python3-venv,然后再试。" >&2
    echo "python3-venv is missing. Run: sudo apt-get install -y python3-venv, then try again." >&2
    exit 1
  fi
fi
# A developer's environment stays one: refreshing the runtime never removes the tools.
[ -e .venv/.dev ] && set_wanted=dev
lock=requirements.lock
[ "$set_wanted" = dev ] && lock=requirements-dev.lock

echo "正在安装依赖… / Installing what Firebreak stands on…"
if [ "$(.venv/bin/uv --version 2>/dev/null | cut -d' ' -f2)" != "$uv_version" ]; then
  .venv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$uv_version"
fi
export VIRTUAL_ENV="$PWD/.venv" UV_NO_CONFIG=1
.venv/bin/uv pip sync --quiet --require-hashes "$lock"
.venv/bin/uv pip install --quiet --no-deps --no-build-isolation --editable .
touch .venv/.runtime
if [ "$set_wanted" = dev ]; then touch .venv/.dev; fi
