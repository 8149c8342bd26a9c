#!/usr/bin/env bash
# What the binary weighs. Where any code in it looks methods up by a name that it computes, the linker keeps every exported
# method of every type of the program: 10 MB and more that nobody sees coming.
set -euo pipefail
cd "$(dirname "$0")/.."
binary=${1:?which binary}
most=45000000

size=$(stat -c %s "$binary")
echo "$binary: $size bytes of at most $most"
((size <= most)) && exit 0

echo "These look methods up by name. Where there are any, see who imports them (go mod why -m, go list -deps) and whether a"
echo "build tag takes them out; where there are none, go tool nm -size -sort size says what is large."
go build -tags timetzdata,grpcnotrace -ldflags=-dumpdep -o /dev/null ./cmd/kstream 2>&1 |
  sed -n 's|^\([^ ]*\) <ReflectMethod> .*|  \1|p' | grep -v '^  reflect\.' | sort -u
exit 1
