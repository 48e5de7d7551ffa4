#!/usr/bin/env bash
# Installs a Docker engine with Compose, starts it where none answers, and makes the images that the
# tests and examples/orders use: from files of this machine, since no image is pulled anywhere.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools=$PWD/.tools
image=sdd-test/busybox:1

answers() {
  [[ -n $(command -v docker) ]] && docker version --format '{{.Server.Version}}' >/dev/null 2>&1
}

as_root() {
  if [[ $(id -u) == 0 ]]; then "$@"; else sudo "$@"; fi
}

install() {
  local missing=()
  [[ -n $(command -v dockerd) ]] || answers || missing+=(docker.io)
  [[ -n $(command -v docker-compose) ]] || missing+=(docker-compose)
  [[ -x /bin/busybox ]] || missing+=(busybox-static)
  [[ ${#missing[@]} -gt 0 ]] || return 0
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
}

# The daemon outlives this script: the tests come afterwards.
start() {
  answers && return 0
  as_root setsid nohup dockerd >"$tools/dockerd.log" 2>&1 </dev/null &
  local try
  for ((try = 0; try < 60; try++)); do
    answers && return 0
    sleep 0.5
  done
  tail -n 20 "$tools/dockerd.log" >&2
  echo "tests/docker.sh: the Docker daemon does not answer" >&2
  return 1
}

make_image() {
  docker image inspect "$image" >/dev/null 2>&1 && return 0
  local root word
  root=$(mktemp -d)
  mkdir -p "$root/bin" "$root/tmp"
  cp /bin/busybox "$root/bin/busybox"
  for word in cat echo false httpd ls mkdir nc sh sleep test touch true wget; do
    ln -s busybox "$root/bin/$word"
  done
  tar -C "$root" -c . | docker import - "$image" >/dev/null
  rm -r "$root"
}

mkdir -p "$tools"
install
start
make_image
printf '%-14s %s\n' docker "$(docker version --format '{{.Server.Version}}')"
printf '%-14s %s\n' docker-compose "$(docker-compose version --short)"
