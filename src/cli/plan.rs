//! `millwright plan`: the very plan and comment of `/enhance`, from files, without network.

mod checked;
mod configured;
mod folder;
mod git;
mod input;
mod nested;
mod output;
mod regular;
mod revisions;

use std::io::{self, Read, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::plan::revisions::Revised;
use crate::cli::terminal::hung_up;
use crate::domain::plan::{markdown, secrets};

/// Plan an issue from a file, such as `millwright plan --input issue.json --repo .`
#[derive(Debug, Clone, Args)]
pub struct PlanArgs {
    /// The issue as JSON; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    pub input: String,
    /// A checkout that is read as the tree
    #[arg(long, value_name = "DIR")]
    pub repo: Option<PathBuf>,
    /// How to print: `text` is the comment, `json` the plan
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// How to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// The comment.
    Text,
    /// The plan.
    Json,
}

/// Largest input, bytes.
const LARGEST: u64 = 32 * 1024 * 1024;

/// Runs the command: 0 when a plan was printed, 2 with one line on `err` when not.
pub fn run(args: &PlanArgs, out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    let printed = planned(args).and_then(|planned| {
        for note in &planned.notes {
            // A closed terminal cannot be told about.
            let _ = writeln!(err, "{note}");
        }
        match out.write_all(planned.text.as_bytes()) {
            Err(error) if !hung_up(&error) => Err(error.to_string()),
            _ => Ok(()),
        }
    });
    match printed {
        Ok(()) => 0,
        Err(problem) => {
            // A closed terminal cannot be told about.
            let _ = writeln!(err, "{}", secrets::without(&problem.replace('\n', " ")));
            2
        }
    }
}

/// What is printed.
struct Planned {
    text: String,
    /// What is said beside it, one line each.
    notes: Vec<String>,
}

fn planned(args: &PlanArgs) -> Result<Planned, String> {
    // A name may hold what moves the cursor of a terminal.
    let name = match args.input.as_str() {
        "-" => "standard input".to_owned(),
        path => path.replace(char::is_control, "\u{fffd}"),
    };
    let bytes =
        read(&args.input).map_err(|error| format!("{name}: {error}; give a readable JSON file or `-`"))?;
    let text = decoded(bytes).map_err(|what| format!("{name}: {what}"))?;
    let asked = input::parse(&name, &text)?;
    checked::check(&name, &asked.brief)?;
    let Revised { plan, presentation, notes } = revisions::plan(&name, args.repo.as_deref(), asked)?;
    let comment = markdown(&plan, &presentation);
    let text = match args.format {
        Format::Text => comment,
        Format::Json => output::json(&plan, comment).map_err(|error| error.to_string())?,
    };
    Ok(Planned { text, notes })
}

fn read(path: &str) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let size = match path {
        "-" => io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes)?,
        path => std::fs::File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?,
    };
    match u64::try_from(size) {
        Ok(size) if size <= LARGEST => Ok(bytes),
        _ => Err(io::Error::other("larger than 32 MB")),
    }
}

/// The text of a file, which JSON has in UTF-8 alone (RFC 8259, section 8.1); else what is wrong with it, and its mend.
fn decoded(bytes: Vec<u8>) -> Result<String, String> {
    if bytes.trim_ascii().is_empty() {
        return Err(
            "there is nothing in it; write one JSON object, as in `{\"number\": 1, \"title\": \"…\"}`"
                .to_owned(),
        );
    }
    // The mark of UTF-16, or its first letter without one: what stands first in JSON is of one byte.
    if matches!(bytes.as_slice(), [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, ..] | [_, 0, ..]) {
        return Err("it is written in UTF-16; save it as UTF-8".to_owned());
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count();
        format!("line {line} holds bytes that are no UTF-8; save it as UTF-8")
    })
}

#[cfg(test)]
mod tests;
