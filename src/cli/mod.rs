//! the program

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub mod terminal; // what a command prints, and how it ends
pub mod start; // what every command that serves or stores begins with
pub mod docs; // the generated pages
pub mod demo; // `millwright demo`
pub mod plan; // `millwright plan`
pub mod check_config; // `millwright check-config`

use crate::cli::terminal::Exit;

/// Carries an idea from issue to release, with evidence at every step.
#[derive(Parser)]
#[command(name = "millwright", version, arg_required_else_help = true, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Try the bot in front of a GitHub that runs in memory: `millwright demo`
    Demo(demo::Arguments),

    /// Write the pages that are generated from tables, or check that they are current: `millwright docs --check`
    Docs(docs::Arguments),
}

/// Runs the program with the arguments of this process.
pub fn main() -> ExitCode {
    match Cli::try_parse() {
        Ok(cli) => run(cli.command).into(),
        Err(error) => refuse(&error).into(),
    }
}

fn run(command: Command) -> Exit {
    match command {
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Docs(arguments) => docs::run(&arguments),
    }
}

/// Help and version are asked for and go to standard output; everything else is a mistake in the arguments.
fn refuse(error: &clap::Error) -> Exit {
    // A closed terminal cannot be told about.
    let _ = error.print();
    if error.use_stderr() { Exit::Usage } else { Exit::Done }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

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
