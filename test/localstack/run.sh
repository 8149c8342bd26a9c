#!/usr/bin/env bash
# The integration tests that docker-compose.yml runs in its profile "test", against the same LocalStack, without Docker: its
# runtime from PyPI, which works on Python 3.13 only.
set -euo pipefail
cd "$(dirname "$0")/../.."

version=4.14.0 # the last one that starts without a token
port=4566
folder=$PWD/.cache/localstack

python=
for candidate in python3.13 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.13*/bin/python3.13; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null; then python=$candidate; break; fi
done
for tool in "${python:-python3.13}" gcc npm; do
  command -v "$tool" >/dev/null || { echo "SKIPPED: make test-localstack needs $tool, and there is none"; exit 0; }
done

mkdir -p "$folder"
if [[ $(cat "$folder/version" 2>/dev/null) != "$version" ]]; then
  "$python" -m venv --clear "$folder/venv"
  # The pins are what 4.14.0 was written against; newer ones break its Kinesis or its TLS.
  "$folder/venv/bin/pip" install --quiet "localstack-core[runtime]==$version" 'cbor2<6' 'pyopenssl==25.1.0' 'cryptography<46' service_identity
  echo "$version" >"$folder/version"
fi
gcc -shared -fPIC -O2 -o "$folder/loopback.so" test/localstack/loopback.c -ldl

if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "port $port is taken"; exit 1; fi
LD_PRELOAD=$folder/loopback.so DNS_ADDRESS=0 DISABLE_EVENTS=1 SKIP_SSL_CERT_DOWNLOAD=1 SERVICES=kinesis KINESIS_LATENCY=50 \
  setsid "$folder/venv/bin/python" -m localstack.runtime.main >"$folder/localstack.log" 2>&1 &
localstack=$!
# Its Kinesis is a process of its own: the whole group goes.
trap 'kill -- -"$localstack" 2>/dev/null; wait "$localstack" 2>/dev/null || true' EXIT
for ((i = 0; ; i++)); do
  curl --silent --fail --output /dev/null "http://127.0.0.1:$port/_localstack/health" && break
  if ((i == 240)) || ! kill -0 "$localstack" 2>/dev/null; then
    echo "LocalStack did not start:"; tail -20 "$folder/localstack.log"; exit 1
  fi
  sleep 0.5
done
echo "LocalStack $version answers on port $port"

KSTREAM_TEST_ENDPOINT=http://127.0.0.1:$port go test -count=1 -timeout 15m -v ./test/endtoend | grep -vE '^\s*=== '
