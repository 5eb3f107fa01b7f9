//! `millwright docs`: the pages that are written from tables, so that they cannot disagree with them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::terminal::{Exit, complain, say};
use crate::cli::{definition, reference as command_line};
use crate::config::repo::schema;
use crate::config::variables;
use crate::triggers::reference;

/// What `docs` is asked to do.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Write nothing; name the pages that are not current and exit 1 if there are any
    #[arg(long)]
    check: bool,

    /// The root of the source tree
    #[arg(long, value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

struct Page {
    /// From the root of the source tree.
    path: &'static str,
    text: fn() -> String,
}

/// Every generated page.
static PAGES: &[Page] = &[
    Page { path: "docs/command-line.md", text: || command_line::page(&definition()) },
    Page { path: "docs/commands.md", text: reference::commands },
    Page { path: "docs/config.md", text: configuration },
    Page { path: "docs/events.md", text: reference::events },
    Page { path: "docs/schedules.md", text: reference::schedules },
    Page { path: "docs/millwright.schema.json", text: schema::schema_json },
];

/// Writes or checks the pages.
pub fn run(arguments: &Arguments) -> Exit {
    if !arguments.dir.is_dir() {
        complain(format_args!(
            "{} is not a folder; name the root of Millwright's source tree with --dir",
            arguments.dir.display()
        ));
        return Exit::Usage;
    }
    if arguments.check && !PAGES.iter().any(|page| arguments.dir.join(page.path).exists()) {
        complain(format_args!(
            "{} has none of the pages; run it in the root of Millwright's source tree, or name that with --dir",
            arguments.dir.display()
        ));
        return Exit::Usage;
    }
    let each = if arguments.check { check } else { write };
    let mut exit = Exit::Done;
    for Page { path, text } in PAGES {
        match each(&arguments.dir.join(path), &text()) {
            Ok(State::Current) => say(format_args!("{path} is current")),
            Ok(State::Written) => say(format_args!("{path} written")),
            Ok(State::Stale) => {
                complain(format_args!("{path} is not current; run `millwright docs`"));
                exit = Exit::Failed;
            }
            Err(error) => {
                complain(format_args!("{path}: {error}; is --dir the root of the source tree?"));
                return Exit::Usage;
            }
        }
    }
    exit
}

enum State {
    Current,
    Written,
    Stale,
}

fn check(path: &Path, text: &str) -> io::Result<State> {
    Ok(if is_current(path, text)? { State::Current } else { State::Stale })
}

fn write(path: &Path, text: &str) -> io::Result<State> {
    if is_current(path, text)? {
        return Ok(State::Current);
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)?;
    Ok(State::Written)
}

fn is_current(path: &Path, text: &str) -> io::Result<bool> {
    match fs::read(path) {
        Ok(found) => Ok(found == text.as_bytes()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn configuration() -> String {
    format!(
        "# Configuration\n\nThis page is written by `millwright docs`.\n\n{}\n{FILE}{}",
        variables::reference(),
        schema::keys_markdown()
    )
}

const FILE: &str = "\
## The repository's file

`.github/millwright.yml` on the default branch; no other branch and no pull request changes anything. Every key is optional. The same
file in the owner's repository `.github` holds for all repositories of the owner; a repository's own file overrides it, except for the
sections that it lists in `locked`. Of the modes that are set, the most cautious wins.

[millwright.schema.json](millwright.schema.json) is the same table for editors that complete keys by a JSON schema.
`millwright check-config FILE` finds mistakes, each with line, column and the nearest key; `--effective` shows every value in force and
where it comes from. While a file has a mistake its last good version stays in force, and the next answer to a command says so in one line.

";

#[cfg(test)]
mod tests {
    use super::*;

    fn run_in(dir: &Path, check: bool) -> Exit {
        run(&Arguments { check, dir: dir.to_owned() })
    }

    #[test]
    fn pages_are_written_once_and_a_changed_one_is_found() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(run_in(folder.path(), true), Exit::Usage, "no source tree");
        assert_eq!(run_in(folder.path(), false), Exit::Done);
        assert_eq!(run_in(folder.path(), true), Exit::Done);
        for Page { path, text } in PAGES {
            assert_eq!(fs::read_to_string(folder.path().join(path)).unwrap(), text());
        }
        let page = folder.path().join("docs/config.md");
        fs::write(&page, "changed").unwrap();
        assert_eq!(run_in(folder.path(), true), Exit::Failed);
        assert_eq!(fs::read_to_string(&page).unwrap(), "changed", "checking writes nothing");
        assert_eq!(run_in(folder.path(), false), Exit::Done);
        assert_eq!(run_in(folder.path(), true), Exit::Done);
    }

    #[test]
    fn a_folder_that_is_not_there_is_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let misspelled = folder.path().join("milwright");
        assert_eq!(run_in(&misspelled, false), Exit::Usage);
        assert!(!misspelled.exists());
    }

    #[test]
    fn a_place_that_cannot_be_written_is_2() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("docs"), "a file where the folder should be").unwrap();
        assert_eq!(run_in(folder.path(), false), Exit::Usage);
    }

    #[test]
    fn the_pages_in_this_tree_are_current() {
        assert_eq!(run_in(Path::new(env!("CARGO_MANIFEST_DIR")), true), Exit::Done);
    }
}
