//! Fuzzes the way of a pipeline in KDL.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| sdd_fuzz::look_at("a.kdl", text));
