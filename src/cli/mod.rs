//! the program

use std::io;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

pub mod terminal; // what a command prints, and how it ends
pub mod start; // what every command that serves or stores begins with
pub mod database; // the database as a command opens it
pub mod serve; // `millwright serve`
pub mod migrate; // `millwright migrate`
pub mod pause; // `millwright pause`
pub mod replay; // `millwright replay`
pub mod plan; // `millwright plan`
pub mod check_config; // `millwright check-config`
pub mod reference; // the reference of all of them
pub mod docs; // `millwright docs`
pub mod demo; // `millwright demo`
pub mod simulate; // `millwright simulate`

use crate::cli::check_config::Streams;
use crate::cli::terminal::Exit;
use crate::config::environment;

/// Carries an idea from issue to release, with evidence at every step.
#[derive(Parser)]
#[command(name = "millwright", version)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Run the bot, set up by environment variables: `millwright serve`, or the name alone
    Serve,
    /// Bring the database's tables up to date, as `millwright serve` does at its start
    Migrate,
    /// Hold all writes to GitHub, for all instances: `millwright pause on`, later `millwright pause off`; `millwright pause` tells how it stands
    Pause(pause::Arguments),
    /// Show what is known of a delivery or a job: `millwright replay GUID`; put a dead one into the queue: `millwright replay 12 --apply`; list the dead: `millwright replay`
    Replay(replay::Arguments),
    /// Show what a delivery would write, without GitHub: `millwright simulate --event issue_comment --payload FILE`
    Simulate(simulate::Arguments),
    /// Plan an issue from a file, without network: `millwright plan --input issue.json --repo .`
    Plan(plan::PlanArgs),
    /// Find mistakes in configuration files: `millwright check-config .github/millwright.yml`
    CheckConfig(check_config::CheckConfigArgs),
    /// Try the bot in front of a GitHub that runs in memory: `millwright demo`
    Demo(demo::Arguments),
    /// Write the pages that are generated from tables, or check that they are current: `millwright docs --check`
    Docs(docs::Arguments),
}

/// Runs the program with the arguments of this process.
pub fn main() -> ExitCode {
    match Cli::try_parse() {
        Ok(cli) => run(cli.command.unwrap_or(Command::Serve)),
        Err(error) => refuse(&error).into(),
    }
}

fn run(command: Command) -> ExitCode {
    let (mut out, mut err) = (io::stdout(), io::stderr());
    match command {
        Command::Demo(arguments) => demo::run(&arguments).into(),
        Command::Serve => serve::run().into(),
        Command::Migrate => migrate::run().into(),
        Command::Pause(arguments) => pause::run(&arguments).into(),
        Command::Replay(arguments) => replay::run(&arguments).into(),
        Command::Simulate(arguments) => simulate::run(&arguments).into(),
        Command::Plan(arguments) => plan::run(&arguments, &mut out, &mut err).into(),
        Command::CheckConfig(arguments) => {
            let mut streams = Streams { out: &mut out, err: &mut err };
            check_config::run(&arguments, &environment::process(), &mut streams).into()
        }
        Command::Docs(arguments) => docs::run(&arguments).into(),
    }
}

/// What arguments there are.
pub fn definition() -> clap::Command {
    Cli::command()
}

/// Help and version are asked for and go to standard output; everything else is a mistake in the arguments.
fn refuse(error: &clap::Error) -> Exit {
    // A closed terminal cannot be told about.
    let _ = error.print();
    if error.use_stderr() { Exit::Usage } else { Exit::Done }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exit_of(arguments: &[&str]) -> Exit {
        match Cli::try_parse_from(arguments) {
            Ok(_) => Exit::Done,
            Err(error) => refuse(&error),
        }
    }

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn mistakes_are_2_and_help_and_version_are_0() {
        assert_eq!(exit_of(&["millwright", "--version"]), Exit::Done);
        assert_eq!(exit_of(&["millwright", "--help"]), Exit::Done);
        assert_eq!(exit_of(&["millwright", "docs", "--help"]), Exit::Done);
        assert_eq!(exit_of(&["millwright", "help"]), Exit::Done);
        assert_eq!(exit_of(&["millwright", "help", "plan"]), Exit::Done);
        assert_eq!(exit_of(&["millwright", "no-such-command"]), Exit::Usage);
        assert_eq!(exit_of(&["millwright", "docs", "--no-such-option"]), Exit::Usage);
    }

    #[test]
    fn every_command_says_in_one_line_what_it_does() {
        for command in Cli::command().get_subcommands() {
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            assert!(!about.is_empty() && !about.contains('\n'), "{}: {about}", command.get_name());
            assert!(about.contains("`millwright "), "{} shows no example", command.get_name());
        }
    }
}
