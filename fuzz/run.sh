#!/bin/sh
# Fuzzes every target for SECONDS each, on a stable toolchain: the coverage that libFuzzer needs is
# asked of LLVM directly. Needs a C++ compiler.
#
#   fuzz/run.sh SECONDS [TARGET…]
#
# What crashes is kept in fuzz/artifacts/TARGET/; run it again with
#   fuzz/target/*/release/TARGET FILE
set -eu

seconds=${1:?"usage: fuzz/run.sh SECONDS [TARGET…]"}
shift
cd "$(dirname "$0")"
host=$(rustc -vV | sed -n 's/^host: //p')
target_dir=${CARGO_TARGET_DIR:-target}

RUSTFLAGS="-Cpasses=sancov-module \
-Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
-Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares \
-Ccodegen-units=1 --cfg fuzzing" \
    cargo build --release --target "$host"

for name in "${@:-kdl toml}"; do
    # Unquoted on purpose: the default holds two names.
    for target in $name; do
        mkdir -p "corpus/$target" "artifacts/$target"
        nice "$target_dir/$host/release/$target" \
            -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=2048 \
            -dict=words.dict -artifact_prefix="artifacts/$target/" -print_final_stats=1 \
            "corpus/$target" "seeds/$target"
    done
done
