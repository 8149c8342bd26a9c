#!/usr/bin/env bash
# Builds the image and runs the daemon in it, set by variables, against an embedded Kinesis in a second container: it gets
# healthy, writes into a volume, ends a `docker stop` with 0, and after a `docker kill` neither repeats nor loses a record.
# The end-to-end tests then run in the image that docker-compose.yml has for them. Where no engine runs, one is started for
# the time of the test, and where golang's image can't be pulled, the machine's own toolchain stands in for it.
set -euo pipefail
cd "$(dirname "$0")/../.."
source test/image/engine.sh

work=$(mktemp -d)
name=kstream-test-$$
cleanup() {
  docker rm -f "$name-daemon" "$name-server" >/dev/null 2>&1 || true
  docker volume rm "$name-state" "$name-data" >/dev/null 2>&1 || true
  docker network rm "$name" >/dev/null 2>&1 || true
  docker image rm "$name" "$name-tests" >/dev/null 2>&1 || true
  stop_engine
  rm -rf "$work"
}
trap cleanup EXIT
fail() {
  echo "$1"
  docker logs "$name-daemon" 2>&1 | tail -20 || true
  exit 1
}

start_engine "$work"
base_image "$work" "$(sed -n 's/^FROM \(golang:[^ ]*\) .*/\1/p' Dockerfile)"
docker build --quiet --build-arg VERSION=test-image --tag "$name" . >/dev/null
docker build --quiet --target test --tag "$name-tests" . >/dev/null
echo "image: $(docker image inspect --format '{{.Size}}' "$name") bytes, user $(docker image inspect --format '{{.Config.User}}' "$name")"
[[ $(docker run --rm "$name" version) == "kstream test-image "* ]] || fail "version does not say what was built"

docker network create "$name" >/dev/null
docker run --detach --name "$name-server" --network "$name" "$name" demo --serve --addr 0.0.0.0:4567 --rate 200/s >/dev/null
aws=(--network "$name" --env "AWS_ENDPOINT_URL_KINESIS=http://$name-server:4567" --env AWS_REGION=us-east-1
  --env AWS_ACCESS_KEY_ID=x --env AWS_SECRET_ACCESS_KEY=x)
job=(--read-only --cap-drop ALL --memory 256m --volume "$name-state:/var/lib/kstream" --volume "$name-data:/data"
  --env KSTREAM_STREAM=logs --env KSTREAM_SINK=file --env KSTREAM_FILE_PATH=/data/logs.jsonl
  --env KSTREAM_CHECKPOINT_INTERVAL=500ms)
docker run --detach --name "$name-daemon" --health-interval 1s "${aws[@]}" "${job[@]}" "$name" >/dev/null
data=$(docker volume inspect --format '{{.Mountpoint}}' "$name-data")/logs.jsonl
lines() { cat "$data" 2>/dev/null | wc -l; }
state() { docker inspect --format "{{.State.$1}}" "$name-daemon"; }
# grows waits until the daemon has written more than it had at some time.
grows() {
  local had=$1 i
  for ((i = 0; i < 150; i++)); do
    (($(lines) > had)) && return 0
    sleep 0.2
  done
  fail "30 s, and no more than $had lines are written"
}

grows 100
for ((i = 0; i < 60; i++)); do
  [[ $(state Health.Status) == healthy ]] && break
  sleep 0.5
done
[[ $(state Health.Status) == healthy ]] || fail "after 30 s the daemon is $(state Health.Status)"
docker stop --time 30 "$name-daemon" >/dev/null
[[ $(state ExitCode) == 0 ]] || fail "docker stop ended it with $(state ExitCode)"
echo "healthy, $(lines) lines, and stopped with 0"

docker start "$name-daemon" >/dev/null
for round in 1 2 3; do
  grows "$(lines)"
  docker kill "$name-daemon" >/dev/null
  docker start "$name-daemon" >/dev/null
  echo "killed and started again: $(lines) lines"
done
grows "$(lines)"
docker stop --time 30 "$name-daemon" >/dev/null
docker run --rm "${aws[@]}" "$name" consume logs --from oldest -e --poll-interval 0s 2>/dev/null | sort >"$work/stream"
docker run --rm "${aws[@]}" "${job[@]}" --env KSTREAM_UNTIL=now "$name" 2>/dev/null
sort "$data" >"$work/file"
twice=$(uniq -d "$work/file" | wc -l)
lost=$(comm -23 "$work/stream" "$work/file" | wc -l)
((twice == 0 && lost == 0 && $(wc -l <"$work/stream") > 300)) || fail "$twice lines stand twice, $lost of $(wc -l <"$work/stream") are missing"
[[ $(stat -c %u "$data") == 65532 ]] || fail "the file is user $(stat -c %u "$data")'s"
echo "all $(wc -l <"$work/stream") records once, over three kills"

# What docker-compose.yml runs in its profile "test".
docker run --rm --network "$name" --env "KSTREAM_TEST_ENDPOINT=http://$name-server:4567" "$name-tests" >"$work/tests" 2>&1 \
  || { cat "$work/tests"; exit 1; }
grep -E '^(---|ok)' "$work/tests"
