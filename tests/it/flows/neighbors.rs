//! Names that another bot answers to are left to it.

use millwright::sandbox::{REPOSITORY, World};

use super::harness::{Setup, Talk};

fn prow(world: &World) {
    world.add_files(REPOSITORY, &[("OWNERS", "approvers:\n- ada\n")]).unwrap();
}

#[tokio::test]
async fn prow_keeps_its_names_and_our_texts_print_ours() {
    let talk = Talk::with(Setup { furnish: prow, ..Setup::default() }).await;
    let plan = talk.asks("tess", 2, "/enhance").await;
    insta::assert_snapshot!(plan.lines().filter(|line| line.contains("approve")).collect::<Vec<_>>().join("\n"), @"`@millwright approve 1` opens both as sub-issues · `@millwright approve 1 --one` keeps one pull request, here · `@millwright why R1`");
    let comment = talk.says_unanswered("walt", 2, "/approve 1").await;
    assert!(talk.reactions(2, comment).is_empty());
    talk.says_unanswered("walt", 2, "/aprove 1").await;
    insta::assert_snapshot!(talk.asks("walt", 2, "@millwright approve one").await, @"`one` is not a number; for example: `@millwright approve 1`.");
    insta::assert_snapshot!(talk.asks("walt", 2, "@millwright approve").await, @"Rev 1 was posted less than a minute before that; if you have read it, `@millwright approve 1` approves it.");
    insta::assert_snapshot!(talk.asks("rita", 2, "@millwright approve 1").await, @"Somebody with write access has to run `@millwright approve` here; nothing is wrong with your issue.");
    insta::assert_snapshot!(talk.asks("walt", 2, "@millwright approve 1").await, @"
    **Rev 1 is approved: 2 work items are open as sub-issues.**

    1. #3 Answer 429 after 5 failed sign-ins in 60 s; a success resets · size S · waits for #1
    2. #4 Read the limit from `config/limits.toml` · size S · waits for #3

    Start with #3 once #1 is done. `/undo` closes them again while nobody has touched them.

    <sub>rev 1 · base 019ad77 · no model · `@millwright help`</sub>
    ");
    insta::assert_snapshot!(talk.asks("walt", 2, "/undo").await, @"
    **#3 and #4 are closed again; nobody had touched them.**

    `@millwright approve 1` opens them anew.

    <sub>rev 1 · base 019ad77 · no model · `@millwright help`</sub>
    ");
    insta::assert_snapshot!(talk.asks("walt", 2, "@millwright aprove").await, @"There is no `@millwright aprove`. Did you mean `@millwright approve`? `@millwright help` lists what there is.");
    talk.end().await;
}

#[tokio::test]
async fn help_prints_the_names_that_reach_us() {
    let talk = Talk::with(Setup { furnish: prow, ..Setup::default() }).await;
    talk.says_unanswered("walt", 2, "/help").await;
    insta::assert_snapshot!(talk.asks("walt", 2, "@millwright help").await, @"
    **What you can type in a comment on an issue of this repository**

    | command | who | what it does |
    |-|-|-|
    | `/enhance [TARGET]` | triage access | reads the issue and the code and answers with a plan; TARGET: another issue (`#12`), a path, a symbol or a sentence; `discover` lists what could be done next |
    | `@millwright approve REV [--one]` | write access | turns the work items of that revision into sub-issues with dependencies; `--one` keeps them in one pull request |
    | `/revise TEXT` | triage access, the author | makes a new revision with your answers (`1: … 2: …`) or further wishes; `R2: …` says a requirement anew, `drop R2` takes it out |
    | `/items [next]` | everybody | lists the work items as they stand on GitHub; `next`: what can be started now |
    | `/why ID` | everybody | prints the evidence and the arithmetic behind a requirement (`R1`), a work item (`2`), `size`, `priority` or `order` |
    | `@millwright status` | everybody | says what is planned, running and open on this issue |
    | `/stop` | write access | halts what is running or waiting on this issue |
    | `/continue` | write access | goes on with what `stop` halted |
    | `/undo` | write access | closes the work items that the last `approve` opened and nobody has touched |
    | `@millwright help` | everybody | lists the commands that exist here |

    `--dry-run` behind any of them shows what it would write, and writes nothing else.
    Prow answers to some of the short names here, so these are the names that reach me.
    ");
    talk.end().await;
}

#[tokio::test]
async fn pr_agent_keeps_help_and_nothing_else_of_ours() {
    let furnish = |world: &World| {
        world.add_files(REPOSITORY, &[(".pr_agent.toml", "[config]\nmodel = \"x\"\n")]).unwrap();
    };
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    talk.says_unanswered("walt", 2, "/help").await;
    let help = talk.asks("walt", 2, "@millwright help").await;
    assert!(help.contains("| `@millwright help` |") && help.contains("| `/approve REV [--one]` |"), "{help}");
    assert!(help.contains("PR-Agent answers to some of the short names here"), "{help}");
    talk.end().await;
}

#[tokio::test]
async fn the_repository_itself_may_give_names_away() {
    let furnish = |world: &World| {
        let file = (".github/millwright.yml", "commands:\n  ignore: [status]\n");
        world.add_files(REPOSITORY, &[file]).unwrap();
    };
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    talk.says_unanswered("walt", 2, "/status").await;
    insta::assert_snapshot!(talk.asks("walt", 2, "@millwright help").await, @"
    **What you can type in a comment on an issue of this repository**

    | command | who | what it does |
    |-|-|-|
    | `/enhance [TARGET]` | triage access | reads the issue and the code and answers with a plan; TARGET: another issue (`#12`), a path, a symbol or a sentence; `discover` lists what could be done next |
    | `/approve REV [--one]` | write access | turns the work items of that revision into sub-issues with dependencies; `--one` keeps them in one pull request |
    | `/revise TEXT` | triage access, the author | makes a new revision with your answers (`1: … 2: …`) or further wishes; `R2: …` says a requirement anew, `drop R2` takes it out |
    | `/items [next]` | everybody | lists the work items as they stand on GitHub; `next`: what can be started now |
    | `/why ID` | everybody | prints the evidence and the arithmetic behind a requirement (`R1`), a work item (`2`), `size`, `priority` or `order` |
    | `@millwright status` | everybody | says what is planned, running and open on this issue |
    | `/stop` | write access | halts what is running or waiting on this issue |
    | `/continue` | write access | goes on with what `stop` halted |
    | `/undo` | write access | closes the work items that the last `approve` opened and nobody has touched |
    | `/help` | everybody | lists the commands that exist here |

    `--dry-run` behind any of them shows what it would write, and writes nothing else.
    Another bot answers to some of the short names here, so these are the names that reach me.
    ");
    talk.end().await;
}
