#!/bin/sh
# Checks the types of the browser modules with tsc. Node is never needed to run Firebreak, so a machine without it
# skips the check in one sentence; a build machine (CI=true), or one whose npm cannot install tsc, must not.
set -eu
cd "$(dirname "$0")/.."
if ! command -v npm >/dev/null 2>&1; then
  if [ "${CI:-}" = true ]; then
    echo "没有 Node,浏览器模块的类型没有核对。请在构建机上装 Node。 / No Node: the browser modules' types were not checked. Install Node on the build machine." >&2
    exit 1
  fi
  echo "没有 Node,浏览器模块的类型没有核对;运行不需要它。 / No Node: the browser modules' types were not checked."
  exit 0
fi
if [ ! -x node_modules/.bin/tsc ] && ! npm ci --silent --no-audit --no-fund </dev/null; then
  echo "装不上 tsc,浏览器模块的类型没有核对。请联网后再试。 / tsc could not be installed: the browser modules' types were not checked. Try again with a network." >&2
  exit 1
fi
node_modules/.bin/tsc -p .
