//! Collects the tool files, so that a new one needs no line of Rust.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
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
