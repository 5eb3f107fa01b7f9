//! The reference of the command line, written from the definition that reads the arguments.

use std::fmt::Write as _;

use clap::{Arg, Command};

/// `docs/command-line.md`.
pub fn page(program: &Command) -> String {
    let mut page = String::from(INTRODUCTION);
    for command in program.get_subcommands() {
        let _ = write!(page, "\n## `millwright {}`\n\n", command.get_name());
        if let Some(about) = command.get_about() {
            let _ = writeln!(page, "{about}.");
        }
        let arguments: Vec<&Arg> = command.get_arguments().filter(|one| !one.is_hide_set()).collect();
        if !arguments.is_empty() {
            page.push_str("\n| argument | default | meaning |\n|-|-|-|\n");
        }
        for argument in arguments {
            let _ =
                writeln!(page, "| `{}` | {} | {} |", spelled(argument), default(argument), meaning(argument));
        }
        page.push_str(more(command.get_name()));
    }
    page
}

const INTRODUCTION: &str = "\
# The command line

Written by `millwright docs` from the definition in `src/cli/mod.rs`. Each line on standard error says what, where and the mend.

| exit code | when |
|-|-|
| 0 | It did what was asked. `simulate` has done so also when a job would end dead: it prints that. |
| 1 | Its surroundings do not let it: the database or the port is not to be had, a page is not current (`docs --check`), a part of the story is missing (`demo --script`). The same call may succeed later. |
| 2 | What it was given is wrong: arguments, settings, a file, an ID that nobody knows. The same call will end like this again. |

`plan`, `check-config` and `simulate` reach no network and need no GitHub App. The environment is described in [config.md](config.md).
";

fn spelled(argument: &Arg) -> String {
    let value = argument.get_value_names().and_then(|names| names.first()).map(ToString::to_string);
    match (argument.get_long(), argument.get_action().takes_values()) {
        (Some(long), true) => format!("--{long} {}", value.unwrap_or_default()),
        (Some(long), false) => format!("--{long}"),
        (None, _) => value.unwrap_or_else(|| argument.get_id().to_string()),
    }
}

fn default(argument: &Arg) -> String {
    let values = argument.get_default_values().iter().map(|value| format!("`{}`", value.to_string_lossy()));
    let values: Vec<String> = values.filter(|_| argument.get_action().takes_values()).collect();
    if values.is_empty() { "–".to_owned() } else { values.join(", ") }
}

fn meaning(argument: &Arg) -> String {
    let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
    let choices = argument.get_possible_values();
    let choices: Vec<String> = choices.iter().map(|choice| format!("`{}`", choice.get_name())).collect();
    match choices.split_last() {
        Some((last, others)) if argument.get_action().takes_values() && !help.contains(last.as_str()) => {
            format!("{help}: {} or {last}", others.join(", "))
        }
        _ => help,
    }
}

/// What a table of arguments cannot say.
fn more(command: &str) -> &'static str {
    match command {
        "serve" => {
            "\nStandard output gets one line, `Listening on http://HOST:PORT`; the log goes to standard error.\n"
        }
        "simulate" => {
            "\nThe payload is one JSON object as GitHub documents it for each event, at\n\
             <https://docs.github.com/webhooks/webhook-events-and-payloads>; a field that is needed and missing is named by its path.\n"
        }
        "plan" => PLAN,
        _ => "",
    }
}

const PLAN: &str = "
The input is one JSON object. `number` and `title` are needed, everything else may be missing:

| field | what it is |
|-|-|
| `number`, `title`, `body`, `author`, `state`, `labels` | the issue; `open` or `closed`; labels by name |
| `comments` | `[{author, permission, created_at, body, is_bot}]`, oldest first; the permission is `none`, `read`, `triage`, `write`, `maintain` or `admin` |
| `issue_type`, `reactions` | GitHub's issue type, such as `Bug`; how many reacted |
| `milestone`, `today` | `{title, due_on}`; the day that counts as today, such as `2024-05-01`, without which no date presses |
| `repository` | `{owner, name, url}`; without it nothing is linked |
| `base_sha` | the commit that is planned on |
| `blocked_by`, `sub_issues` | numbers of issues, or `[{number, title, state, state_reason, carries}]`; `carries` are the demands that a work item of the App quotes |
| `gone` | numbers of issues that the text names as coming first and that are not there |
| `open_issues` | `[{number, title, state, state_reason, body, pull_request}]`, in which doubles are looked for; `pull_request` is true for one, whose `Closes #N` counts |
| `history` | `[{number, title, labels, paths, changed_lines, state, closed_at}]`, closed issues that sizes are measured on |
| `checks` | `[{name, conclusion, workflow}]`, what ran on the commit |
| `alerts` | `[{number, kind, severity, path}]`, security alerts |
| `unread`, `missing_permissions` | what the App could not read, such as `comments before the newest 300`; permissions it lacks, such as `checks: read` |
| `enhance` | `{author, text}`: what stood behind `/enhance`, and who said it |
| `revise` | `[{author, text}]`, oldest first: what stood behind each `/revise`; each is answered with the next revision |
| `presentation` | `{revision, prefix}`: how the App spells its comment; else the revision is counted, and the prefix is `/` |

A misspelled field is refused, also inside another one, and so is a value of another shape than the table says, a state or a permission that is
none, and a day that is none; what else is no field of the input plays no part, and standard error says so. The checkout's own
`.github/millwright.yml` counts; where it has `enabled: false`, standard error says so. A checkout at another commit, without one, or with
changed files, is said to be one.

The output is the comment as the App writes it, and the commands in it, such as `/approve 1`, `/why R1` and `/why rules`, are typed as comments
on the issue on GitHub. Offline nothing answers them; `revise` of the input stands for `/revise`.

With `--format json` the output has `verdict` (`feasible`, `feasible_with_unknowns`, `not_feasible`, `too_vague`), `classification`,
`requirements`, `feasibility`, `questions`, `read_as`, `work_items`, `tests`, `gates`, `rollback`, `not_checked`, and `markdown`, which is
the comment, byte for byte but for the hidden marker that only the App can sign.
A requirement or work item that a sub-issue carries already names it as `sub_issue`.
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::definition;

    #[test]
    fn every_command_and_argument_is_described() {
        let page = page(&definition());
        for command in definition().get_subcommands() {
            assert!(page.contains(&format!("## `millwright {}`", command.get_name())));
            for argument in command.get_arguments() {
                assert!(!meaning(argument).is_empty(), "{}: {}", command.get_name(), argument.get_id());
            }
        }
        assert!(page.contains("| `--apply` | – | Put the dead job"), "{page}");
    }
}
