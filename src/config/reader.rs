//! Reads variables one by one and collects every problem, so that an operator mends them in one go.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fmt;
use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

use secrecy::SecretString;

use crate::config::environment::Env;

/// Why the settings cannot be used: one line that names the variable and the mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The variable to change.
    pub variable: String,
    /// What is wrong and what to do, without any secret.
    pub message: String,
}

/// Something that works but that the operator should know: one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The variable meant.
    pub variable: String,
    /// What to know, without any secret.
    pub message: String,
}

/// The longest secret file that is read, in bytes; two PEM keys of 8192 bits are 13 KB.
const LARGEST_FILE: u64 = 256 * 1024;

/// How long a secret may take to come out of a pipe.
const LONGEST_READ: Duration = Duration::from_secs(3);

/// Reads variables; problems and warnings gather in it.
pub struct Reader<'e> {
    env: &'e dyn Env,
    /// Secrets that a file gave.
    from_files: BTreeSet<String>,
    /// What makes the settings unusable so far.
    pub problems: Vec<Problem>,
    /// What the operator should know so far.
    pub warnings: Vec<Warning>,
}

impl<'e> Reader<'e> {
    /// A reader without problems yet.
    pub fn new(env: &'e dyn Env) -> Self {
        Self { env, from_files: BTreeSet::new(), problems: Vec::new(), warnings: Vec::new() }
    }

    /// The trimmed value; `None` when unset, empty or not text (a problem).
    pub fn text(&mut self, name: &str) -> Option<String> {
        let value = self.env.get(name)?;
        let Some(text) = value.to_str() else {
            self.problem(name, "is not valid UTF-8; write it again");
            return None;
        };
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// The value in lower or upper case, as other programs read it: lower case wins.
    pub fn either_case(&mut self, name: &str) -> Option<String> {
        let lower = self.text(&name.to_lowercase());
        lower.or_else(|| self.text(name))
    }

    /// The parsed value; what the parser complains about becomes a problem.
    pub fn parsed<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let text = self.text(name)?;
        self.take(name, parse(&text))
    }

    /// The value of the variable, or of the file that `NAME_PATH` names, without line ends at its end.
    pub fn secret(&mut self, name: &str) -> Option<SecretString> {
        let path_name = format!("{name}_PATH");
        let direct = self.text(name);
        let path = self.env.get(&path_name).filter(is_something);
        match (direct, path) {
            (Some(_), Some(_)) => {
                self.problem(name, &format!("and {path_name} are both set; unset one of them"));
                None
            }
            (Some(value), None) => Some(SecretString::from(value)),
            (None, Some(path)) => {
                self.from_files.insert(name.to_owned());
                self.secret_file(&path_name, &path)
            }
            (None, None) => None,
        }
    }

    /// Whether a variable is set and not empty, also when it could not be used.
    pub fn is_set(&self, name: &str) -> bool {
        self.env.get(name).as_ref().is_some_and(is_something)
    }

    /// Whether a secret was given in either form, also when it could not be used.
    pub fn is_given(&self, name: &str) -> bool {
        self.is_set(name) || self.is_set(&format!("{name}_PATH"))
    }

    /// The names of all variables that are set.
    pub fn names(&self) -> Vec<String> {
        self.env.names()
    }

    /// Keeps the value, or the complaint, which names the variable that was set.
    pub fn take<T>(&mut self, name: &str, value: Result<T, String>) -> Option<T> {
        let set = if self.from_files.contains(name) { format!("{name}_PATH") } else { name.to_owned() };
        value.map_err(|message| self.problem(&set, &message)).ok()
    }

    /// Notes a problem.
    pub fn problem(&mut self, name: &str, message: &str) {
        self.problems.push(Problem { variable: name.to_owned(), message: message.to_owned() });
    }

    /// Notes a warning.
    pub fn warning(&mut self, name: &str, message: &str) {
        self.warnings.push(Warning { variable: name.to_owned(), message: message.to_owned() });
    }

    /// The text of a file named by a variable; what goes wrong becomes a problem.
    pub fn file(&mut self, name: &str, path: &Path) -> Option<String> {
        let text = read_text(path).map_err(|why| format!("names {}, which {why}", path.display()));
        self.take(name, text)
    }

    fn secret_file(&mut self, path_name: &str, path: &OsString) -> Option<SecretString> {
        let path = Path::new(path);
        let text = self.file(path_name, path)?;
        if others_can_read(path) {
            let message = format!(
                "names {}, which every user of this machine can read; run `chmod 600` on it",
                path.display()
            );
            self.warning(path_name, &message);
        }
        let text = text.trim();
        if text.is_empty() {
            self.problem(
                path_name,
                &format!("names {}, which is empty; write the value into it", path.display()),
            );
            return None;
        }
        Some(SecretString::from(text))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_line(f, &self.variable, &self.message)
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_line(f, &self.variable, &self.message)
    }
}

/// A value as a message shows it: one line, and not endless.
pub fn shown(value: &str) -> String {
    const LONGEST: usize = 60;
    let line: String =
        value.chars().take(LONGEST).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if value.chars().count() > LONGEST { format!("`{line}…`") } else { format!("`{line}`") }
}

fn write_line(f: &mut fmt::Formatter<'_>, variable: &str, message: &str) -> fmt::Result {
    // A file name may hold a line end; a problem stays one line.
    let message: String = message.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    write!(f, "{variable} {message}")
}

fn read_text(path: &Path) -> Result<String, String> {
    let is_file = std::fs::metadata(path).is_ok_and(|meta| meta.is_file());
    let bytes = if is_file { read_bytes(path)? } else { read_in_time(path)? };
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(format!("is larger than {} KB; is it the right file?", LARGEST_FILE / 1024));
    }
    String::from_utf8(bytes).map_err(|_| "is not text".to_owned())
}

/// Blanks are nothing; what is no text is something, and wrong.
fn is_something(value: &OsString) -> bool {
    value.to_str().is_none_or(|text| !text.trim().is_empty())
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, String> {
    let file = std::fs::File::open(path)
        .map_err(|error| format!("cannot be opened ({error}); correct the path or the rights of the file"))?;
    let mut bytes = Vec::new();
    // Not by its size first: a pipe has none.
    file.take(LARGEST_FILE + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| format!("cannot be read ({error}); name a file that can"))?;
    Ok(bytes)
}

/// A pipe or a terminal lets us wait for as long as nobody writes to it.
fn read_in_time(path: &Path) -> Result<Vec<u8>, String> {
    let (sender, receiver) = std::sync::mpsc::channel();
    let path = path.to_owned();
    std::thread::spawn(move || sender.send(read_bytes(&path)));
    receiver.recv_timeout(LONGEST_READ).unwrap_or_else(|_| {
        Err(format!(
            "is no file, and nothing came out of it within {} s; name a file, or let something be written to it",
            LONGEST_READ.as_secs()
        ))
    })
}

#[cfg(unix)]
fn others_can_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o004 != 0)
}

#[cfg(not(unix))]
fn others_can_read(_path: &Path) -> bool {
    false
}
