#!/usr/bin/env bash
# Runs the binary where nothing else is: in an empty root, as user 65532, with only the folders, the CA file and the zones
# that the image has. That is what the image promises, as far as it can be checked without an engine.
set -euo pipefail
cd "$(dirname "$0")/.."
binary=${1:?which binary}

if ldd "$binary" 2>/dev/null; then echo "$binary is linked dynamically"; exit 1; fi
if ((EUID != 0)); then
  [[ ${CI:-} != true ]] || { echo "CI has to run this as root"; exit 1; }
  echo "skipped: chroot needs root"; exit 0
fi

root=$(mktemp -d)
server=
trap '[[ -z $server ]] || { kill "$server" && wait "$server" || true; }; rm -rf "$root"' EXIT
chmod 755 "$root"
install -D -m 755 "$binary" "$root/kstream"
install -D -m 644 /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
install -d -o 65532 -g 65532 "$root/var/lib/kstream" "$root/data"
inside() { env -i "$@"; }
empty=("$(command -v chroot)" --userspec=65532:65532 "$root" /kstream)

inside "${empty[@]}" version
# A zone that the root has no file for is in the binary.
inside TZ=Europe/Berlin "${empty[@]}" demo --for 3s >"$root.out" 2>"$root.err" || { cat "$root.err"; exit 1; }
lines=$(wc -l <"$root.out")
rm -f "$root.out" "$root.err"
((lines > 0)) || { echo "the demo printed nothing in 3 s"; exit 1; }
echo "demo: $lines lines in 3 s"

# The image's variables, a file sink and a checkpoint, against an embedded Kinesis outside.
port=${KSTREAM_TEST_PORT:-45690}
"$binary" demo --serve --addr "127.0.0.1:$port" --rate 200/s >/dev/null 2>&1 &
server=$!
for ((i = 0; i < 100; i++)); do
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
  sleep 0.1
done
sleep 1 # for something to read
run() {
  inside AWS_ENDPOINT_URL_KINESIS="http://127.0.0.1:$port" AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x \
    KSTREAM_STATE_DIR=/var/lib/kstream KSTREAM_HTTP_ADDR=none KSTREAM_STREAM=logs KSTREAM_SINK=file \
    KSTREAM_FILE_PATH=/data/logs.jsonl KSTREAM_UNTIL=now "${empty[@]}" run
}
run && first=$(wc -l <"$root/data/logs.jsonl")
sleep 1
run && second=$(wc -l <"$root/data/logs.jsonl")
((first > 0 && second > first)) || { echo "wrote $first lines, then $second"; exit 1; }
[[ $(stat -c %u "$root/data/logs.jsonl") == 65532 ]]
[[ $(sort "$root/data/logs.jsonl" | uniq -d | wc -l) == 0 ]] || { echo "lines stand twice"; exit 1; }
echo "run: $first lines, and $second after going on"
