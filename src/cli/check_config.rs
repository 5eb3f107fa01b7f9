//! `millwright check-config`: problems in configuration files, and which values hold.

use std::fs::File;
use std::io::{self, Read, Write};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::cli::terminal::hung_up;
use crate::config::check::{Outcome, check};
use crate::config::environment::Env;
use crate::config::repo::effective::{Effective, Operator, Row, Source, effective};
use crate::config::repo::file::RepoFile;
use crate::config::repo::mode::Mode;
use crate::config::repo::problem::{Place, Problem};
use crate::config::repo::yaml::LARGEST;
use crate::config::settings;

const FINE: u8 = 0;
const PROBLEMS: u8 = 2;

/// Check configuration files, such as `.github/millwright.yml`.
#[derive(Debug, Clone, Args)]
pub struct CheckConfigArgs {
    /// Files to check; `-` reads standard input
    #[arg(value_name = "FILE", required_unless_present = "organization")]
    pub files: Vec<String>,
    /// Print every value that holds, and where it comes from
    #[arg(long)]
    pub effective: bool,
    /// The organization's file; without it, the file that has `locked`
    #[arg(long, value_name = "FILE")]
    pub organization: Option<String>,
    /// The operator's mode, for `--effective`; `MILLWRIGHT_MODE` where it is not given
    #[arg(long, value_name = "MODE")]
    pub operator_mode: Option<Mode>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// How to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Where the command writes: results to `out`, problems to `err`.
pub struct Streams<'a> {
    /// Standard output.
    pub out: &'a mut dyn Write,
    /// Standard error.
    pub err: &'a mut dyn Write,
}

/// Runs the command; 0 when no file has a problem, 2 otherwise and when nothing can be written.
pub fn run(args: &CheckConfigArgs, env: &dyn Env, streams: &mut Streams<'_>) -> u8 {
    let mode = match operator_mode(args, env) {
        Ok(mode) => mode,
        Err(problem) => {
            // A closed terminal cannot be told about.
            let _ = writeln!(streams.err, "{problem}");
            return PROBLEMS;
        }
    };
    let report = report(args, mode);
    match print(args, &report, streams) {
        Ok(()) => report.exit(),
        Err(error) if hung_up(&error) => report.exit(),
        Err(_) => PROBLEMS,
    }
}

/// The mode that `--effective` counts with; nothing else looks at the variable.
fn operator_mode(args: &CheckConfigArgs, env: &dyn Env) -> Result<Option<Mode>, String> {
    if !args.effective || args.operator_mode.is_some() {
        return Ok(args.operator_mode);
    }
    settings::mode(env)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
}

/// One file and what came of it.
struct Checked {
    path: String,
    /// Why nothing of it could be read.
    unreadable: Option<String>,
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
    file: Option<RepoFile>,
}

/// The values that hold in one repository.
struct Values {
    /// The repository's file, or the organization's where it stands alone.
    path: String,
    effective: Effective,
}

struct Report {
    files: Vec<Checked>,
    values: Vec<Values>,
}

impl Report {
    fn exit(&self) -> u8 {
        let fine = self.files.iter().all(|file| file.problems.is_empty() && file.unreadable.is_none());
        if fine { FINE } else { PROBLEMS }
    }
}

fn report(args: &CheckConfigArgs, mode: Option<Mode>) -> Report {
    let paths = args
        .organization
        .iter()
        .chain(args.files.iter().filter(|path| Some(*path) != args.organization.as_ref()));
    let mut files: Vec<Checked> = paths.map(|path| check_file(path)).collect();
    if !args.effective {
        return Report { files, values: Vec::new() };
    }
    let organization = find_organization(args, &mut files);
    if files.iter().any(|file| !file.problems.is_empty() || file.unreadable.is_some()) {
        return Report { files, values: Vec::new() };
    }
    let values = values(mode, &files, organization);
    for value in &values {
        if let Some(file) = files.iter_mut().find(|file| file.path == value.path) {
            file.warnings.extend(value.effective.without_effect.iter().cloned());
        }
    }
    Report { files, values }
}

fn check_file(path: &str) -> Checked {
    let (mut problems, mut warnings, mut file, mut unreadable) = (Vec::new(), Vec::new(), None, None);
    match read(path).map(|bytes| check(path, &bytes)) {
        Ok(Outcome::Good(good)) => {
            warnings.clone_from(&good.warnings);
            file = Some(*good);
        }
        Ok(Outcome::Bad(bad)) => problems = bad,
        Ok(Outcome::NotBuilt(kind)) => {
            problems.push(Problem::at(Place::START, format!("checking a {kind} is not in this version")));
        }
        Err(error) => unreadable = Some(error.to_string()),
    }
    let path = if path == "-" { "standard input" } else { path };
    Checked { path: path.to_owned(), unreadable, problems, warnings, file }
}

/// The file's bytes, and one more than is allowed at most.
fn read(path: &str) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = LARGEST as u64 + 1;
    match path {
        "-" => io::stdin().lock().take(most).read_to_end(&mut bytes)?,
        _ => File::open(path)?.take(most).read_to_end(&mut bytes)?,
    };
    Ok(bytes)
}

/// Index of the organization's file: the one named, or the one with `locked`. Two with `locked` are a problem of the second.
fn find_organization(args: &CheckConfigArgs, files: &mut [Checked]) -> Option<usize> {
    if args.organization.is_some() {
        return Some(0);
    }
    let locks = |file: &Checked| file.file.as_ref().is_some_and(|file| file.keys.locked.is_some());
    let first = files.iter().position(locks)?;
    for file in files.iter_mut().skip(first + 1).filter(|file| locks(file)) {
        let place = file.file.as_ref().map_or(Place::START, |file| file.place("locked"));
        let message = "a second file has `locked`; name the organization's file with `--organization`";
        file.problems.push(Problem::at(place, message));
    }
    Some(first)
}

fn values(mode: Option<Mode>, files: &[Checked], organization: Option<usize>) -> Vec<Values> {
    let operator = Operator { mode, repositories: None };
    let own = organization.and_then(|index| files.get(index)).and_then(|file| file.file.as_ref());
    let repositories = files.iter().enumerate().filter(|(index, _)| Some(*index) != organization);
    let of = |(_, file): (usize, &Checked)| Values {
        path: file.path.clone(),
        effective: effective(operator, own, file.file.as_ref()),
    };
    let values: Vec<Values> = repositories.map(of).collect();
    match (values.is_empty(), organization.and_then(|index| files.get(index))) {
        (true, Some(file)) => {
            vec![Values { path: file.path.clone(), effective: effective(operator, own, None) }]
        }
        _ => values,
    }
}

fn print(args: &CheckConfigArgs, report: &Report, streams: &mut Streams<'_>) -> io::Result<()> {
    for file in &report.files {
        if let Some(why) = &file.unreadable {
            writeln!(streams.err, "{}: {why}; give a file that can be read, or `-`", file.path)?;
        }
        for problem in &file.problems {
            writeln!(streams.err, "{}:{problem}", file.path)?;
        }
        for warning in &file.warnings {
            let Problem { line, column, .. } = warning;
            writeln!(streams.err, "{}:{line}:{column}: warning: {}", file.path, warning.said())?;
        }
    }
    match args.format {
        Format::Json => writeln!(streams.out, "{:#}", as_json(report))?,
        Format::Text => print_text(args, report, streams.out)?,
    }
    Ok(())
}

fn print_text(args: &CheckConfigArgs, report: &Report, out: &mut dyn Write) -> io::Result<()> {
    if !args.effective {
        let good = report.files.iter().filter(|file| file.problems.is_empty() && file.unreadable.is_none());
        return good.into_iter().try_for_each(|file| match file.warnings.len() {
            0 => writeln!(out, "{}: no problems", file.path),
            1 => writeln!(out, "{}: can be used, with a warning", file.path),
            many => writeln!(out, "{}: can be used, with {many} warnings", file.path),
        });
    }
    for values in &report.values {
        let rows = values.effective.rows();
        let width = |text: fn(&Row) -> usize| rows.iter().map(text).max().unwrap_or(0);
        let (key_width, value_width) =
            (width(|row| row.key.len()), width(|row| row.written().chars().count()));
        writeln!(out, "{}", values.path)?;
        for row in &rows {
            let (key, value) = (row.key, row.written());
            writeln!(out, "  {key:key_width$}  {value:value_width$}  {}", row.source)?;
        }
    }
    Ok(())
}

fn as_json(report: &Report) -> Value {
    let file = |file: &Checked| match &file.unreadable {
        Some(why) => json!({"file": file.path, "unreadable": why, "problems": [], "warnings": []}),
        None => json!({"file": file.path, "problems": file.problems, "warnings": file.warnings}),
    };
    let values = |values: &Values| json!({"file": values.path, "values": rows_as_json(&values.effective)});
    json!({
        "files": report.files.iter().map(file).collect::<Vec<_>>(),
        "effective": report.values.iter().map(values).collect::<Vec<_>>(),
    })
}

fn rows_as_json(effective: &Effective) -> Vec<Value> {
    let row = |row: Row| {
        let (source, line) = match row.source {
            Source::Default | Source::ManyRepositories => ("default", None),
            Source::Operator => ("operator", None),
            Source::Organization(place) => ("organization", Some(place.line)),
            Source::Repository(place) => ("repository", Some(place.line)),
        };
        json!({"key": row.key, "value": row.value, "source": source, "line": line})
    };
    effective.rows().into_iter().map(row).collect()
}

#[cfg(test)]
mod tests;
