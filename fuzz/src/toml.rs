//! Fuzzes the way of a pipeline in TOML.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| sdd_fuzz::look_at("a.toml", text));
