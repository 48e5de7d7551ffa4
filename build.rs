//! Collects the tool files, so that a new one needs no line of Rust, and links for a quick start.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    link_for_a_quick_start();
    collect_tools()
}

/// Has the program loaded at a fixed address: relocating it takes a third of the time of a start.
/// What that gives up, a random address of the program's own code, guards against overwritten
/// memory, and there is no unsafe code here.
fn link_for_a_quick_start() {
    let target = |part: &str| env::var(format!("CARGO_CFG_TARGET_{part}")).unwrap_or_default();
    if target("OS") == "linux" && target("ENV") == "gnu" {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}

fn collect_tools() -> io::Result<()> {
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let folder = Path::new(&root).join("templates/tools");
    println!("cargo::rerun-if-changed=templates/tools");
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".kdl").map(str::to_owned));
    }
    names.sort();
    let mut code = String::from("&[\n");
    for name in names {
        let file = folder.join(format!("{name}.kdl"));
        writeln!(
            code,
            "    ({name:?}, include_str!(\"{}\")),",
            file.display()
        )
        .map_err(io::Error::other)?;
    }
    code.push(']');
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("tools.rs"), code)
}
