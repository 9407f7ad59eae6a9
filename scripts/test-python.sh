#!/usr/bin/env bash
# Types and tests of the query-log program.
set -euo pipefail
cd "$(dirname "$0")/.."
python="$(bash scripts/python-environment.sh)"
cd python
if [ -d ../../shared/inputs ] && [ -z "${CUTOVER_INPUTS:-}" ]; then CUTOVER_INPUTS="$(cd ../../shared/inputs && pwd)"; export CUTOVER_INPUTS; fi
"$python" -m mypy --no-error-summary
"$python" -m pytest -q
