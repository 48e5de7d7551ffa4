//! Who listens on a TCP port.

use std::net::TcpListener;

use super::table;

const UNSEEN: &str = "a process that can't be seen from here";

/// Who listens on a port of the loopback interface or of all of them, as a name for people.
pub(super) fn listener(port: u16) -> Option<String> {
    // The kernel's own list first: who may not bind a port learns nothing by trying.
    if let Some(owner) = owner(port) {
        return Some(owner);
    }
    let is_free = |address: &str| match TcpListener::bind((address, port)) {
        Ok(_) => true,
        // Without IPv6, or without the right to bind it, nothing is known to be there.
        Err(error) => error.kind() != std::io::ErrorKind::AddrInUse,
    };
    if ["127.0.0.1", "0.0.0.0", "::1", "::"]
        .into_iter()
        .all(is_free)
    {
        return None;
    }
    Some(UNSEEN.to_owned())
}

/// The process that has the listening socket, where the kernel tells it.
fn owner(port: u16) -> Option<String> {
    let sockets: Vec<String> = ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .filter_map(|table| std::fs::read_to_string(table).ok())
        .flat_map(|table| sockets(&table, port))
        .map(|inode| format!("socket:[{inode}]"))
        .collect();
    if sockets.is_empty() {
        return None;
    }
    let row = table::rows().into_iter().find(|row| {
        let pid = row.pid.as_raw_nonzero();
        let Ok(open) = std::fs::read_dir(format!("/proc/{pid}/fd")) else {
            return false;
        };
        open.filter_map(Result::ok)
            .filter_map(|file| std::fs::read_link(file.path()).ok())
            .any(|target| {
                sockets
                    .iter()
                    .any(|socket| target.as_os_str() == socket.as_str())
            })
    });
    let named = row.map(|row| format!("{} (pid {})", row.command(), row.pid.as_raw_nonzero()));
    Some(named.unwrap_or_else(|| UNSEEN.to_owned()))
}

/// Inodes of the sockets of a table that listen on a port.
fn sockets(table: &str, port: u16) -> Vec<String> {
    const LISTENING: &str = "0A";
    let rows = table.lines().skip(1).map(str::split_ascii_whitespace);
    rows.filter_map(|fields| {
        let fields: Vec<&str> = fields.collect();
        let (_, bound) = fields.get(1)?.rsplit_once(':')?;
        let here = u16::from_str_radix(bound, 16).ok()? == port;
        (here && *fields.get(3)? == LISTENING).then(|| fields.get(9).map(ToString::to_string))?
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_taken_names_its_owner_and_a_free_one_nobody() {
        let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let owner = listener(port).unwrap();
        assert!(owner.contains(&std::process::id().to_string()), "{owner}");
        drop(taken);
        assert_eq!(listener(port), None);
    }
}
