#!/bin/sh
# Checks the types of the browser modules with tsc where Node is installed. Node is never needed to run Firebreak.
set -eu
cd "$(dirname "$0")/.."
if ! command -v npm >/dev/null 2>&1; then
  echo "没有 Node,浏览器模块的类型没有核对;运行不需要它。 / No Node: the browser modules' types were not checked."
  exit 0
fi
if [ ! -x node_modules/.bin/tsc ] && ! npm ci --silent --no-audit --no-fund </dev/null; then
  echo "装不上 tsc,浏览器模块的类型没有核对。 / tsc could not be installed: the browser modules' types were not checked."
  exit 0
fi
node_modules/.bin/tsc -p .
