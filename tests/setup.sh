#!/usr/bin/env bash
# Installs the real tools that the tests and CI run: tests/setup.sh [--bench]
# --bench adds the runners that the benchmark compares with.
#
# Debian packages go where Debian puts them; all else goes into .tools at the project's root, with
# one folder for PATH: .tools/bin. What is there already is left alone, so a second call is quick.
# Prints one line for each tool: its name and version.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools=$PWD/.tools
export PATH="$tools/bin:$PATH"

# The Debian package, and the call that shows that it works.
debian=(
  "git git --version"
  "python3-venv python3 --version"
  "nodejs node --version"
  "npm npm --version"
  "build-essential gcc --version"
  "tmux tmux -V"
  "curl curl --version"
  "openssl openssl version"
  "shellcheck shellcheck --version"
  "librsvg2-bin rsvg-convert --version"
  "jq jq --version"
  "libxml2-utils xmllint --version"
  "golang-go go version"
  "wrk wrk -v"
  "nginx-light nginx -v"
)
# The package, the version that the tests were written against, and the command that it brings.
python=(
  "pytest 9.2.0 pytest"
  "ruff 0.17.6 ruff"
  "jsonschema 4.26.0 jsonschema"
  "pytest-cov 7.1.0 coverage"
  "bandit 1.9.4 bandit"
  "pip-audit 2.10.1 pip-audit"
  "mypy 2.4.1 mypy"
  "black 26.10.1 black"
)
# Their versions stand in the lock file beside the manifest.
node_manifest=tests/fixtures/node
node=(jest vitest eslint prettier tsc biome context7-mcp)
# Contracts of services that there are: the npm package, its version, and what is taken of it.
contracts=(
  "kubernetes-client 9.0.0 package/lib/specs/swagger-1.12.json.gz package/lib/specs/swagger-1.13.json.gz"
  "@octokit/openapi 2.2.1 package/generated/ghes-2.21.json package/generated/ghes-2.22.json"
  "@readme/oas-examples 8.2.2 package/2.0 package/3.0 package/3.1"
)
rust=(
  "cargo-nextest 0.9.143"
  "cargo-deny 0.20.2"
  "cargo-machete 0.9.2"
)
debian_peers=(
  "ninja-build ninja --version"
  "make make --version"
  "ripgrep rg --version"
)
rust_peers=("oha 1.16.0")
python_peers=(
  "prek 0.5.11 prek"
  "rust-just 1.59.0 just"
  "go-task-bin 3.54.0 task"
)

fail() {
  printf 'tests/setup.sh: %s\n' "$1" >&2
  exit 1
}

works() {
  "$@" >/dev/null 2>&1
}

as_root() {
  if [[ $(id -u) == 0 ]]; then
    "$@"
  elif [[ -n $(command -v sudo) ]]; then
    sudo "$@"
  else
    fail "'$*' needs root, and there is no sudo: run it as root, then call this again"
  fi
}

install_debian() {
  local row package call missing=()
  for row in "${debian[@]}"; do
    read -r package call <<<"$row"
    # Presence is enough here; whether it runs is shown at the end.
    [[ -n $(command -v "${call%% *}") ]] || missing+=("$package")
  done
  works python3 -c 'import ensurepip, venv' || missing+=(python3-venv)
  [[ ${#missing[@]} -gt 0 ]] || return 0
  [[ -n $(command -v apt-get) ]] || fail "there is no apt-get here; install what these Debian packages hold: ${missing[*]}"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
}

install_python() {
  local row package version command missing=()
  works "$tools/venv/bin/python" -c 'import pip' || python3 -m venv --clear "$tools/venv"
  for row in "${python[@]}"; do
    read -r package version command <<<"$row"
    compgen -G "$tools/venv/lib/python3*/site-packages/${package//-/_}-$version.dist-info" >/dev/null ||
      missing+=("$package==$version")
    ln -sfn "../venv/bin/$command" "$tools/bin/$command"
  done
  [[ ${#missing[@]} -gt 0 ]] || return 0
  "$tools/venv/bin/python" -m pip install --quiet --disable-pip-version-check "${missing[@]}"
}

# What was installed is told by a copy of the lock file, which is made last.
install_node() {
  local folder=$tools/node
  ! cmp -s "$node_manifest/package-lock.json" "$folder/installed.json" || return 0
  [[ -n $(command -v npm) ]] || fail "there is no npm here; install Node.js 20.19 or later"
  mkdir -p "$folder"
  cp "$node_manifest/package.json" "$node_manifest/package-lock.json" "$folder"
  (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null)
  ln -sfn ../node/node_modules/.bin/context7-mcp "$tools/bin/context7-mcp"
  cp "$node_manifest/package-lock.json" "$folder/installed.json"
}

# A folder gets its name when all is in it.
install_contracts() {
  local row words folder archive
  for row in "${contracts[@]}"; do
    read -ra words <<<"$row"
    folder=$tools/contracts/${words[0]##*/}-${words[1]}
    [[ ! -d $folder ]] || continue
    rm -rf "$folder.part"
    mkdir -p "$folder.part"
    archive=$(cd "$folder.part" && npm pack --silent "${words[0]}@${words[1]}")
    tar -xzf "$folder.part/$archive" -C "$folder.part" --strip-components=1 "${words[@]:2}"
    rm "$folder.part/$archive"
    find "$folder.part" -name '*.gz' -exec gunzip {} +
    mv "$folder.part" "$folder"
  done
}

install_rust() {
  local row package version
  for row in "${rust[@]}"; do
    read -r package version <<<"$row"
    [[ -z $(command -v "$package") ]] || continue
    [[ -n $(command -v cargo) ]] || fail "there is no cargo here; install Rust with rustup"
    # Built without optimisation: they take a quarter of the time to build, and little to run.
    CARGO_PROFILE_DEV_DEBUG=0 \
      cargo install --quiet --locked --debug --root "$tools" "$package@$version"
  done
}

# What is compared has to be as fast as its authors make it.
install_rust_peers() {
  local row package version
  for row in "${rust_peers[@]}"; do
    read -r package version <<<"$row"
    [[ -n $(command -v "$package") ]] ||
      cargo install --quiet --locked --root "$tools" "$package@$version"
  done
  rust+=("${rust_peers[@]}")
}

# One line: the name, and the first thing in the output that looks like a version. Some tell it on
# standard error, libxml2 writes it without dots, and wrk fails when it is asked for it.
show() {
  local output status=0
  output=$("$@" 2>&1) || status=$?
  if [[ $status == 0 || $* == "wrk -v" ]] && [[ $output =~ [0-9]+(\.[0-9]+)+[a-z]*|[0-9]{5} ]]; then
    printf '%-14s %s\n' "${1##*/}" "${BASH_REMATCH[0]}"
  else
    fail "'$*' does not run"
  fi
}

show_all() {
  local row words calls=() running=() status=0
  calls+=("${debian[@]#* }")
  for row in "${python[@]}"; do calls+=("${row##* } --version"); done
  for row in "${node[@]}"; do calls+=("$tools/node/node_modules/.bin/$row --version"); done
  for row in "${rust[@]}"; do calls+=("${row%% *} --version"); done
  # All at once: the slow ones start an interpreter each.
  for row in "${calls[@]}"; do
    read -ra words <<<"$row"
    show "${words[@]}" &
    running+=($!)
  done
  for row in "${running[@]}"; do wait "$row" || status=1; done
  return "$status"
}

case "$*" in
  "") ;;
  --bench)
    debian+=("${debian_peers[@]}")
    python+=("${python_peers[@]}")
    ;;
  *) fail "usage: tests/setup.sh [--bench]" ;;
esac

mkdir -p "$tools/bin"
# The folder keeps itself out of git.
printf '*\n' >"$tools/.gitignore"
install_debian
install_python
install_node
install_contracts
install_rust
[[ $* != --bench ]] || install_rust_peers
bash tests/docker.sh
show_all | sort
