//! The reference pages of commands, events and schedules, written from their tables.

use std::fmt::Write;

use crate::domain::message::Lane;
use crate::triggers::commands::COMMANDS;
use crate::triggers::commands::help::who;
use crate::triggers::events::SUBSCRIPTIONS;
use crate::triggers::schedules::{AtStart, SCHEDULES};

/// `docs/commands.md`.
pub fn commands() -> String {
    let mut page = String::from(
        "# Commands\n\nWritten by `millwright docs` from the table in `src/triggers/commands/mod.rs`.\n\n\
         A command stands at the start of a line of a comment on an issue: `/name`, or `@millwright name` with the App's own \
         name, which also works where another bot answers to the short one. Several in one comment run in order; \
         `--dry-run` behind any of them shows what it would write.\n\n\
         | command | who | runs | what it does | example |\n|-|-|-|-|-|\n",
    );
    for command in COMMANDS {
        let lane = match command.lane {
            Lane::Inbox => "at once",
            Lane::Work => "after what was asked before",
        };
        let _ = writeln!(
            page,
            "| `/{}` | {} | {lane} | {} | `{}` |",
            command.usage,
            who(command.needs),
            command.summary,
            command.example
        );
    }
    page.push_str(
        "\nWho may is asked of GitHub at the moment of the command. Where somebody may not, one sentence says so, once per person \
         and issue. 👀 means that a command is taken on, 🚀 that it is done, 😕 that it was refused or failed. An edit within ten \
         minutes runs only commands that the comment did not have before; what stands twice in one comment is run once; commands in code, quotes and HTML comments are left alone. \
         On pull requests no command is read in this version.\n",
    );
    page
}

/// `docs/events.md`.
pub fn events() -> String {
    let mut page = String::from(
        "# Events\n\nWritten by `millwright docs` from the table in `src/triggers/events/mod.rs`. Other events are \
         answered with 200 and stored nowhere.\n\n| event | actions | handled by | what for |\n|-|-|-|-|\n",
    );
    for subscription in SUBSCRIPTIONS {
        let mut names = subscription.on.iter().map(|kind| kind.name).collect::<Vec<_>>();
        names.dedup();
        for name in names {
            let actions = subscription.on.iter().filter(|kind| kind.name == name);
            let actions = actions.map(|kind| kind.action.unwrap_or("all")).collect::<Vec<_>>().join(", ");
            let _ = writeln!(
                page,
                "| `{name}` | {actions} | [`{}.rs`](../src/triggers/events/{}.rs) | {} |",
                subscription.name, subscription.name, subscription.summary
            );
        }
    }
    page
}

/// `docs/schedules.md`.
pub fn schedules() -> String {
    let mut page = String::from(
        "# Schedules\n\nWritten by `millwright docs` from the table in `src/triggers/schedules/mod.rs`. Nothing here is set up: what \
         recurs begins by itself.\n\n| schedule | when (UTC) | later by up to | at start | what for |\n|-|-|-|-|-|\n",
    );
    for schedule in SCHEDULES {
        let at_start = match schedule.at_start {
            AtStart::Runs => "runs, and half a minute later",
            AtStart::Waits => "waits",
        };
        let (name, line, minutes) = (schedule.name, schedule.line, schedule.spread_ms / 60_000);
        let _ = writeln!(
            page,
            "| [`{name}`](../src/triggers/schedules/{name}.rs) | `{line}` | {minutes} min | {at_start} | {} |",
            schedule.summary
        );
    }
    page.push_str(
        "\nEach App runs a schedule later than its line by an amount of its own, which all instances of the App derive alike, so that \
         not everybody asks GitHub at the full hour. Of several instances on one database one runs a slot. Slots that were missed are \
         made up for by one run. Every line is read in UTC, wherever the program runs, and no schedule has another zone: the change \
         to and from summer time neither repeats nor leaves out a slot. A clock that is set back by less than an hour repeats nothing; one that was far ahead silences nothing.\n",
    );
    page
}
