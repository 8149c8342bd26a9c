#!/usr/bin/env bash
# Holds deploy/ to the binary, with promtool and systemd-analyze as Debian has them. promtool is taken out of its package into
# .cache: to install that would start a Prometheus.
set -euo pipefail
cd "$(dirname "$0")/.."
binary=${1:?which binary}
tools=$PWD/.cache/prometheus

if ! command -v promtool >/dev/null && [[ ! -x $tools/usr/bin/promtool ]]; then
  (
    mkdir -p "$tools"
    cd "$tools"
    apt-get update && apt-get download prometheus && dpkg -x prometheus_*.deb .
  ) >/dev/null 2>&1 || echo "promtool can't be had here: the rules are read, and not tried"
fi
if ! command -v systemd-analyze >/dev/null; then
  (apt-get update && apt-get install -y --no-install-recommends systemd) >/dev/null 2>&1 ||
    echo "systemd-analyze can't be had here: the unit is read by our own test alone"
fi
PATH=$PATH:$tools/usr/bin KSTREAM_TEST_BINARY=$(realpath "$binary") go test -count=1 ./deploy
