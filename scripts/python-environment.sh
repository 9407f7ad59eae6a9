#!/usr/bin/env bash
# Installs the query-log program's pinned packages into a virtual environment of the project's own; prints its interpreter.
set -euo pipefail
cd "$(dirname "$0")/.."
parts="${CUTOVER_PARTS:-${CUTOVER_HOME:-.cutover}/parts}"
home="$parts/python-test-venv"
pins="$(sha256sum python/pyproject.toml | cut -d ' ' -f 1)"
if [ "$(cat "$home/.pins" 2>/dev/null || true)" != "$pins" ]; then
  command -v python3 >/dev/null || { echo "python3 is missing: install Python 3.11 or later." >&2; exit 1; }
  rm -rf "$home"
  mkdir -p "$parts"
  python3 -m venv "$home"
  "$home/bin/python" -m pip install --quiet --disable-pip-version-check -e 'python[dev]' >&2
  echo "$pins" > "$home/.pins"
fi
echo "$(cd "$home/bin" && pwd)/python"
