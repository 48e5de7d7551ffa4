#!/usr/bin/env bash
# Installs a Docker engine with Compose, starts it where none answers, and makes the images that the
# tests and examples/orders use: from files of this machine, since no image is pulled anywhere.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools=$PWD/.tools
image=sdd-test/busybox:1
# The image of examples/orders: Python, PostgreSQL and Redis.
orders=sdd-orders/debian:1
orders_packages=(python3-minimal libpython3.11-stdlib python3-psycopg2 redis-server postgresql-15)
# What these depend on to be installed, but not to run.
not_needed='^(adduser|cdebconf|debconf|dpkg|gcc-12-base|init-system-helpers|install-info|libdb5.3|libdebian-installer4|libelogind0|libfile-find|libgdbm|libjson-perl|libllvm|libnewt|libnumber|libpam-modules|libperl|libsemanage|libsepol2|libslang2|libtext-|libtextwrap1|libz3|libc-l10n|locales|lsb-base|mailcap|media-types|mime-support|openssl|passwd|perl|postgresql-common|readline-common|sensible-utils|ssl-cert|sysvinit|tar$|tzdata|ucf|usr)'

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
  # A daemon that was killed leaves notes that keep the next one from starting.
  if ! pgrep -x --runstates D,R,S dockerd >/dev/null; then
    as_root rm -f /var/run/docker.pid /var/run/docker/containerd/containerd.pid
  fi
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

# Packages are unpacked and not installed: that takes seconds, and none of their scripts is needed.
make_orders_image() {
  docker image inspect "$orders" >/dev/null 2>&1 && return 0
  local work package
  work=$(mktemp -d)
  mkdir -p "$work/debs" "$work/root/etc" "$work/root/tmp"
  as_root apt-get update -qq
  apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks \
    --no-replaces --no-enhances "${orders_packages[@]}" |
    grep '^[a-z]' | sort -u | grep -vE "$not_needed" >"$work/list"
  (
    cd "$work/debs"
    # shellcheck disable=SC2046 # one package a word
    apt-get download $(cat "$work/list") >/dev/null 2>&1
    for package in *.deb; do dpkg-deb -x "$package" "$work/root"; done
  )
  rm -rf "$work"/root/usr/share/{doc,man,locale,info}
  mkdir -p "$work/root/bin" "$work/root/usr/local/bin"
  [[ -e $work/root/bin/sh ]] || cp /bin/busybox "$work/root/bin/sh"
  cp /bin/busybox "$work/root/bin/busybox"
  for package in initdb postgres pg_isready; do
    ln -s "/usr/lib/postgresql/15/bin/$package" "$work/root/usr/local/bin/$package"
  done
  printf 'root:x:0:0::/:/bin/sh\norders:x:70:70::/tmp:/bin/sh\n' >"$work/root/etc/passwd"
  chmod 1777 "$work/root/tmp"
  tar -C "$work/root" -c . |
    docker import --change 'ENV PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin' - "$orders" >/dev/null
  rm -rf "$work"
}

mkdir -p "$tools"
install
start
make_image
make_orders_image
printf '%-14s %s\n' docker "$(docker version --format '{{.Server.Version}}')"
printf '%-14s %s\n' docker-compose "$(docker-compose version --short)"
