#!/usr/bin/env bash
# Starts kinesis-local from npm, and runs against it what the embedded Kinesis is tested with: its conformance suite, the
# source's and the sink's, and the binary from end to end. What it gets wrong is skipped by name, in the tests.
set -euo pipefail
cd "$(dirname "$0")/../.."

version=0.6.2
port=${KSTREAM_TEST_PORT:-45680}
folder=$PWD/.cache/parts

command -v node >/dev/null || { echo "make test-parts needs Node.js, and there is none"; exit 1; }
if [[ $(node -p "require('$folder/node_modules/kinesis-local/package.json').version" 2>/dev/null) != "$version" ]]; then
  mkdir -p "$folder"
  npm install --prefix "$folder" --no-save --no-audit --no-fund --loglevel=error "kinesis-local@$version"
fi

export KINESIS_MOCK_CERT_PATH=$folder/node_modules/kinesis-local/server.json
export KINESIS_MOCK_PLAIN_PORT=$port KINESIS_MOCK_TLS_PORT=$((port + 1)) SHARD_LIMIT=500 LOG_LEVEL=ERROR
export CREATE_STREAM_DURATION=50ms DELETE_STREAM_DURATION=50ms SPLIT_SHARD_DURATION=50ms MERGE_SHARDS_DURATION=50ms
export UPDATE_SHARD_COUNT_DURATION=50ms
node -r ./test/parts/loopback.js "$folder/node_modules/kinesis-local/main.js" >"$folder/kinesis-local.log" 2>&1 &
part=$!
trap 'kill "$part" 2>/dev/null; wait "$part" 2>/dev/null || true' EXIT

for ((i = 0; ; i++)); do
  curl --silent --fail --output /dev/null "http://127.0.0.1:$port/healthcheck" && break
  if ((i == 120)) || ! kill -0 "$part" 2>/dev/null; then
    echo "kinesis-local did not start:"; cat "$folder/kinesis-local.log"; exit 1
  fi
  sleep 0.25
done
echo "kinesis-local $version answers on port $port"

export KSTREAM_TEST_KINESIS=kinesis-mock
export KSTREAM_TEST_ENDPOINT=http://127.0.0.1:$port
# One package after the other: the server has one thread.
go test -count=1 -p 1 -timeout 15m -run 'TestEndpoint|TestEmulator' -v \
  ./pkg/kinesislocal/conformance ./pkg/source/kinesis ./pkg/sink/kinesis | grep -vE '^\s*(=== |--- PASS)'
go test -count=1 -timeout 15m -v ./test/endtoend | grep -vE '^\s*=== '
