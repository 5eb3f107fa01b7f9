//! `/help`.

use super::harness::Talk;

#[tokio::test]
async fn help_lists_the_commands_for_anybody() {
    let talk = Talk::begin().await;
    insta::assert_snapshot!(talk.asks("stan", 2, "/help").await, @"
    **What you can type in a comment on an issue of this repository**

    | command | who | what it does |
    |-|-|-|
    | `/enhance [TARGET]` | triage access | reads the issue and the code and answers with a plan; TARGET: another issue (`#12`), a path, a symbol or a sentence; `discover` lists what could be done next |
    | `/approve REV [--one]` | write access | turns the work items of that revision into sub-issues with dependencies; `--one` keeps them in one pull request |
    | `/revise TEXT` | triage access, the author | makes a new revision with your answers (`1: … 2: …`) or further wishes; `R2: …` says a requirement anew, `drop R2` takes it out |
    | `/items [next]` | everybody | lists the work items as they stand on GitHub; `next`: what can be started now |
    | `/why ID` | everybody | prints the evidence and the arithmetic behind a requirement (`R1`), a work item (`2`), `size`, `priority` or `order` |
    | `/status` | everybody | says what is planned, running and open on this issue |
    | `/stop` | write access | halts what is running or waiting on this issue |
    | `/continue` | write access | goes on with what `stop` halted |
    | `/undo` | write access | closes the work items that the last `approve` opened and nobody has touched |
    | `/help` | everybody | lists the commands that exist here |

    `--dry-run` behind any of them shows what it would write, and writes nothing else.
    ");
    let again = talk.asks("stan", 2, "/help").await;
    assert!(again.starts_with("**What you can type"), "{again}");
    talk.end().await;
}

#[tokio::test]
async fn help_is_given_in_whatever_words_it_is_asked_for() {
    let talk = Talk::begin().await;
    for asked in [
        "/help approve",
        "@millwright help me please",
        "@millwright help --now",
        "@millwright",
        "/millwright",
        "/millwright help",
        "@millwright what can you do?",
        "@millwright anybody there?",
    ] {
        let help = talk.asks("rita", 2, asked).await;
        assert!(help.starts_with("**What you can type"), "{asked}: {help}");
    }
    talk.end().await;
}

#[tokio::test]
async fn what_stands_twice_in_one_comment_is_answered_once() {
    let talk = Talk::begin().await;
    let comment = talk.says("stan", 2, "/help\n\n/status\n@millwright help\n/HELP").await;
    assert_eq!(talk.answers(2).len(), 2, "{:?}", talk.answers(2));
    assert_eq!(talk.reactions(2, comment), ["rocket"]);
    // Nor does looking the repository through find anything that was left.
    talk.minutes_pass(24 * 60).await;
    assert_eq!(talk.answers(2).len(), 2);
    talk.end().await;
}
