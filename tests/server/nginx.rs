//! A real nginx on the loopback interface: plain and with TLS, for HTTP/1.1 and HTTP/2.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// The server; it ends with this.
pub struct Nginx {
    folder: TempDir,
    child: Child,
    /// Ports of HTTP/1.1, of HTTP/1.1 with TLS, of HTTP/2 and of HTTP/2 with TLS.
    ports: [u16; 4],
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

impl Nginx {
    /// Answers `/` with `hello`, `/json` with a document, and everything else with 404.
    pub fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let ports = [free_port(), free_port(), free_port(), free_port()];
        make_certificate(folder.path());
        let [plain, tls, http2, both] = ports;
        let configuration = format!(
            "daemon off; master_process off; pid nginx.pid; error_log error.log; user root;
            events {{ worker_connections 1024; }}
            http {{
              access_log access.log combined buffer=1k flush=1s;
              log_format protocol '$server_protocol $request_uri';
              access_log protocol.log protocol;
              client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3;
              uwsgi_temp_path t4; scgi_temp_path t5;
              server {{
                listen 127.0.0.1:{plain}; listen 127.0.0.1:{tls} ssl;
                listen 127.0.0.1:{http2} http2; listen 127.0.0.1:{both} ssl http2;
                ssl_certificate certificate.pem; ssl_certificate_key key.pem;
                keepalive_requests 1000000; default_type text/plain;
                location = / {{ return 200 hello; }}
                location = /json {{ return 200 '{{\"items\":[{{\"id\":7}}]}}'; }}
              }}
            }}\n"
        );
        fs::write(folder.path().join("nginx.conf"), configuration).unwrap();
        let child = Command::new("nginx")
            .arg("-p")
            .arg(folder.path())
            .args(["-c", "nginx.conf"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let nginx = Self {
            folder,
            child,
            ports,
        };
        crate::support::wait_until("nginx answers", || {
            std::net::TcpStream::connect(("127.0.0.1", plain)).is_ok()
        });
        nginx
    }

    pub fn plain(&self) -> String {
        format!("http://127.0.0.1:{}/", self.ports[0])
    }

    pub fn tls(&self) -> String {
        format!("https://localhost:{}/", self.ports[1])
    }

    pub fn http2(&self) -> String {
        format!("http://127.0.0.1:{}/", self.ports[2])
    }

    pub fn http2_with_tls(&self) -> String {
        format!("https://localhost:{}/", self.ports[3])
    }

    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join("certificate.pem")
    }

    /// Protocol and path of each request that was answered.
    pub fn requests(&self) -> Vec<String> {
        let log = fs::read_to_string(self.folder.path().join("protocol.log")).unwrap_or_default();
        log.lines().map(str::to_owned).collect()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A certificate of `localhost` that nobody but the one who is told of it trusts.
pub fn make_certificate(folder: &std::path::Path) {
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec"])
        .args(["-pkeyopt", "ec_paramgen_curve:prime256v1"])
        .args(["-nodes", "-days", "2", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .args(["-keyout", "key.pem", "-out", "certificate.pem"])
        .current_dir(folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&made.stderr).into_owned();
    assert!(made.status.success(), "{said}");
}
