//! One run of the built program: what it prints, how it ends, and signals to it. Nothing here waits for time alone.
//!
//! `MILLWRIGHT_TEST_BINARY` names another build of it, such as the release build that `scripts/soak` tries.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::timeout;

/// Against hanging only; nothing is measured.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// Environment variables of a run; nothing else is in its environment.
pub type Variables = Vec<(String, String)>;

/// A run under way. Dropped, it is killed.
pub struct Program {
    child: Child,
    lines: UnboundedReceiver<Line>,
    /// Lines of standard output so far.
    pub out: Vec<String>,
    /// Lines of standard error so far.
    pub err: Vec<String>,
}

/// How a run ended.
#[derive(Debug)]
pub struct Ended {
    /// The exit code; none after a signal.
    pub code: Option<i32>,
    /// The signal that ended it, if one did.
    pub signal: Option<i32>,
    /// Lines of standard output.
    pub out: Vec<String>,
    /// Lines of standard error.
    pub err: Vec<String>,
}

enum Line {
    Out(String),
    Err(String),
}

impl Program {
    /// Starts it with nothing on standard input.
    pub fn start(arguments: &[&str], variables: &Variables) -> Self {
        Self::fed(arguments, variables, "")
    }

    /// Starts it with a text on standard input.
    pub fn fed(arguments: &[&str], variables: &Variables, input: &str) -> Self {
        Self::spawn(command(&binary()).args(arguments), variables, input)
    }

    /// Starts `serve` in so much address space.
    pub fn limited(kibibytes: u32, variables: &Variables) -> Self {
        Self::behind(&format!("ulimit -v {kibibytes} && ulimit -c 0"), &[], variables)
    }

    /// Starts it through a shell, which runs `before` in the same process first: a limit or a signal that is ignored.
    pub fn behind(before: &str, arguments: &[&str], variables: &Variables) -> Self {
        let script = format!("{before}; exec \"$0\" \"$@\"");
        Self::spawn(command("/bin/sh").args(["-c", &script, &binary()]).args(arguments), variables, "")
    }

    fn spawn(command: &mut Command, variables: &Variables, input: &str) -> Self {
        let mut child = command
            .env_clear()
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, lines) = unbounded_channel();
        read(child.stdout.take().unwrap(), Line::Out, sender.clone());
        read(child.stderr.take().unwrap(), Line::Err, sender);
        let mut stdin = child.stdin.take().unwrap();
        // A program that reads nothing may have ended already.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        Self { child, lines, out: Vec::new(), err: Vec::new() }
    }

    /// The first line of standard output that begins with `start`, without it.
    pub async fn says(&mut self, start: &str) -> String {
        loop {
            if let Some(rest) = self.out.iter().find_map(|line| line.strip_prefix(start)) {
                return rest.to_owned();
            }
            if !self.more().await {
                panic!("it ended before it said {start:?}\n{}\n{}", self.out.join("\n"), self.err.join("\n"));
            }
        }
    }

    /// Waits until a line of standard error holds this.
    pub async fn tells(&mut self, what: &str) {
        while !self.err.iter().any(|line| line.contains(what)) {
            assert!(self.more().await, "it ended before it told {what:?}\n{}", self.err.join("\n"));
        }
    }

    /// Waits for its end.
    pub async fn ended(mut self) -> Ended {
        while self.more().await {}
        // Both streams are closed, so it has ended or is about to.
        let status = self.child.wait().unwrap();
        let (out, err) = (std::mem::take(&mut self.out), std::mem::take(&mut self.err));
        Ended { code: status.code(), signal: status.signal(), out, err }
    }

    /// Sends a signal such as `TERM` or `KILL`.
    pub fn signal(&self, name: &str) {
        // The shell's own `kill`: not every machine has the program of that name.
        let process = self.child.id().to_string();
        let mut shell = command("sh");
        let sent = shell.args(["-c", "kill -s \"$1\" \"$2\"", "sh", name, &process]).status().unwrap();
        assert!(sent.success());
    }

    /// Ends it at once and without a word, as the system does when memory runs out.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
    }

    /// Whether it has not ended so far.
    pub fn is_alive(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// The number that the system knows it by.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Takes one more line; false at the end of both streams.
    async fn more(&mut self) -> bool {
        let Ok(line) = timeout(PATIENCE, self.lines.recv()).await else {
            panic!("it neither ends nor prints\n{}\n{}", self.out.join("\n"), self.err.join("\n"));
        };
        match line {
            Some(Line::Out(line)) => self.out.push(line),
            Some(Line::Err(line)) => self.err.push(line),
            None => return false,
        }
        true
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a command to its end.
pub async fn run(arguments: &[&str], variables: &Variables) -> Ended {
    Program::start(arguments, variables).ended().await
}

/// Variables from pairs.
pub fn variables(pairs: &[(&str, &str)]) -> Variables {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn binary() -> String {
    #[expect(clippy::disallowed_methods, reason = "which build is tried is the caller's choice")]
    let other = std::env::var("MILLWRIGHT_TEST_BINARY");
    other.unwrap_or_else(|_| env!("CARGO_BIN_EXE_millwright").to_owned())
}

/// A program to start.
pub fn command(name: &str) -> Command {
    #[expect(clippy::disallowed_methods, reason = "a test of the program starts the program")]
    Command::new(name)
}

fn read(stream: impl Read + Send + 'static, wrap: fn(String) -> Line, sender: UnboundedSender<Line>) {
    std::thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).is_ok_and(|read| read > 0) {
            let line = String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']).to_owned();
            if sender.send(wrap(line)).is_err() {
                return;
            }
            bytes.clear();
        }
    });
}
