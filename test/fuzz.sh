#!/usr/bin/env bash
# Runs each fuzz target of the module for the given time.
set -euo pipefail
cd "$(dirname "$0")/.."
each=${1:?how long for each target, such as 5s}

targets=$(git ls-files '*_test.go' | xargs grep -HoE '^func Fuzz[A-Za-z0-9_]+' | sed 's/:func /:/')
[[ -n $targets ]] || { echo "there are no fuzz targets"; exit 1; }
while IFS=: read -r file name; do
  echo "--- $name in $(dirname "$file")"
  go test -run '^$' -fuzz "^$name\$" -fuzztime "$each" "./$(dirname "$file")"
done <<<"$targets"
