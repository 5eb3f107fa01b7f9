//! A PostgreSQL of the test's own, to be stopped and restarted under load. Found as `.ci/run` finds one.

use std::fs::{self, Permissions};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;

use crate::process::program::command;
use crate::skips::skip;
use crate::store::bench::raw;

/// Ports that Linux and others lend to nobody.
const LOWEST_PORT: u32 = 20_000;
const PORTS: u32 = 12_000;
/// A busy machine may take long to mend what a crash left.
const PATIENCE_S: &str = "300";

pub struct OwnServer {
    pub url: String,
    folder: TempDir,
    programs: PathBuf,
    port: u16,
}

impl OwnServer {
    /// Nothing where PostgreSQL is not installed; it says so.
    pub fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            skip("no `initdb` in /usr/lib/postgresql/*/bin or in the path");
            return None;
        };
        let server = Self::place(programs);
        let initdb = [
            "-D",
            &server.data(),
            "-U",
            "millwright",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ];
        server.run("initdb", &initdb);
        server.control("start");
        Some(server)
    }

    /// A folder and a port for a server.
    fn place(programs: PathBuf) -> Self {
        let folder = TempDir::new().unwrap();
        // The folder belongs to us, what is in it to the server's user.
        fs::set_permissions(folder.path(), Permissions::from_mode(0o711)).unwrap();
        let own = folder.path().join("own");
        fs::create_dir(&own).unwrap();
        if is_root() {
            assert!(command("chown").arg("postgres").arg(&own).status().unwrap().success());
        }
        let port = free_port();
        let url = format!("postgres://millwright@127.0.0.1:{port}/postgres");
        Self { url, folder, programs, port }
    }

    /// Another server that follows this one; what is committed here is there as well, for a commit waits for it.
    pub async fn standby(&self) -> Self {
        let standby = Self::place(self.programs.clone());
        let (data, port) = (standby.data(), self.port.to_string());
        let copy = [
            "-D",
            &data,
            "-h",
            "127.0.0.1",
            "-p",
            &port,
            "-U",
            "millwright",
            "-c",
            "fast",
            "--no-sync",
            "-R",
        ];
        standby.run("pg_basebackup", &copy);
        standby.control("start");
        raw(&self.url, "ALTER SYSTEM SET synchronous_standby_names = '*'").await;
        raw(&self.url, "SELECT pg_reload_conf()").await;
        standby
    }

    pub fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }

    /// `pg_ctl` with this verb; `-m immediate` is what a crash of the server looks like, and `promote` makes a standby the server.
    pub fn control(&self, verb: &str) {
        let (data, log) = (self.data(), self.path("log"));
        let options =
            format!("-p {} -k {} -c listen_addresses=127.0.0.1 -c fsync=off", self.port, self.path(""));
        let mut arguments = vec![verb, "-D", &data, "-w", "-t", PATIENCE_S];
        if matches!(verb, "stop" | "restart") {
            arguments.extend(["-m", "immediate"]);
        }
        if matches!(verb, "start" | "restart") {
            arguments.extend(["-l", &log, "-o", &options]);
        }
        self.run("pg_ctl", &arguments);
    }

    fn data(&self) -> String {
        self.path("data")
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join("own").join(name).display().to_string()
    }

    /// PostgreSQL refuses to run as root: there it runs as `postgres`.
    fn run(&self, name: &str, arguments: &[&str]) {
        let program = self.programs.join(name).display().to_string();
        let mut run = if is_root() {
            let mut run = command("setpriv");
            run.args(["--reuid=postgres", "--regid=postgres", "--init-groups", &program]);
            run
        } else {
            command(&program)
        };
        let quiet = run.args(arguments).current_dir("/").stdin(Stdio::null()).stdout(Stdio::null());
        let told = || fs::read_to_string(self.path("log")).unwrap_or_default();
        assert!(quiet.status().unwrap().success(), "{name} {arguments:?}\n{}", told());
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        if fs::exists(self.path("data/postmaster.pid")).unwrap_or_default() && !std::thread::panicking() {
            self.control("stop");
        } else if std::thread::panicking() {
            // By its data directory, so that no other server is touched; without a second panic.
            let mut stop = command(&self.programs.join("pg_ctl").display().to_string());
            if is_root() {
                stop = command("setpriv");
                stop.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]);
                stop.arg(self.programs.join("pg_ctl"));
            }
            let _ = stop.args(["stop", "-D", &self.data(), "-m", "immediate"]).current_dir("/").status();
        }
    }
}

/// A free port below those that the system lends to whoever connects: while the server is down, nobody gets its port.
fn free_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let first = std::process::id();
    let tried = std::iter::repeat_with(|| first.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)));
    let port = |number: u32| u16::try_from(LOWEST_PORT + number % PORTS).ok();
    let is_free = |port: &u16| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok();
    tried.filter_map(port).find(is_free).unwrap()
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

fn programs() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|found| found.filter_map(|entry| Some(entry.ok()?.path().join("bin"))).collect())
        .unwrap_or_default();
    versions.sort();
    versions.reverse();
    let located = command("sh").args(["-c", "dirname \"$(command -v initdb)\""]).output().ok()?;
    versions.push(PathBuf::from(String::from_utf8_lossy(&located.stdout).trim()));
    let has = |folder: &Path, name: &str| folder.join(name).is_file();
    versions.into_iter().find(|folder| has(folder, "initdb") && has(folder, "pg_ctl"))
}
