# For test/image/run.sh: an engine to build and run the image with, and the image that it is built from.

engine_pid=

# start_engine WORK uses the engine that runs, or starts one of its own below WORK.
start_engine() {
  docker info >/dev/null 2>&1 && return 0
  ((EUID == 0)) || { echo "no engine runs, and only root can start one"; exit 1; }
  if ! command -v dockerd >/dev/null; then
    (apt-get update && apt-get install -y --no-install-recommends docker.io) >"$1/apt.log" 2>&1 \
      || { tail -5 "$1/apt.log"; echo "no engine runs, and none can be installed"; exit 1; }
  fi
  export DOCKER_HOST=unix://$1/docker.sock
  # A Docker client that is newer than the engine speaks its older dialect, and its own builder is not there.
  export DOCKER_BUILDKIT=0
  dockerd --data-root "$1/data" --exec-root "$1/exec" --pidfile "$1/pid" --host "$DOCKER_HOST" >"$1/dockerd.log" 2>&1 &
  engine_pid=$!
  local i
  for ((i = 0; i < 100; i++)); do
    docker info >/dev/null 2>&1 && return 0
    kill -0 "$engine_pid" 2>/dev/null || break
    sleep 0.2
  done
  tail -20 "$1/dockerd.log"
  echo "the engine did not start"
  exit 1
}

# stop_engine stops the engine that start_engine started, if it did.
stop_engine() {
  [[ -n $engine_pid ]] || return 0
  kill "$engine_pid" 2>/dev/null && wait "$engine_pid" 2>/dev/null || true
  engine_pid=
}

# base_image WORK NAME sees to it that the image to build from is there: as it is, pulled, or made of the machine's own
# toolchain, a shell, the CA file, and the modules that go.mod names.
base_image() {
  docker image inspect "$2" >/dev/null 2>&1 && return 0
  docker pull --quiet "$2" >/dev/null 2>&1 && return 0
  echo "$2 can't be pulled: the machine's own toolchain stands in for it"
  if [[ ! -x /bin/busybox ]]; then
    apt-get install -y --no-install-recommends busybox-static >"$1/apt.log" 2>&1 || { tail -5 "$1/apt.log"; exit 1; }
  fi
  local root=$1/base
  mkdir -p "$root"/{bin,tmp,etc/ssl/certs,go/proxy,usr/local}
  chmod 1777 "$root/tmp"
  cp /bin/busybox "$root/bin/busybox"
  local tool
  for tool in sh mkdir echo cp chown chmod; do ln -s busybox "$root/bin/$tool"; done
  cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
  cp -r "$(go env GOROOT)" "$root/usr/local/go"
  # The modules as a proxy in the file system: the image is built with no network.
  local modules
  modules=$(go env GOMODCACHE)
  go mod download
  GOMODCACHE=$1/modules GOFLAGS=-modcacherw GOPROXY=file://$modules/cache/download GONOSUMDB='*' GOSUMDB=off go mod download
  cp -r "$1/modules/cache/download/." "$root/go/proxy/"
  rm -rf "$1/modules"
  tar -C "$root" -c . | docker import --change 'ENV PATH=/usr/local/go/bin:/bin GOPATH=/go GOPROXY=file:///go/proxy GOSUMDB=off GOTOOLCHAIN=local HOME=/tmp' - "$2" >/dev/null
  rm -rf "$root"
}
