//! `/items`: as GitHub shows them.

use millwright::sandbox::{IssueEdit, REPOSITORY};

use super::harness::Talk;
use super::said;

#[tokio::test]
async fn before_an_approval_there_are_none() {
    let talk = Talk::begin().await;
    insta::assert_snapshot!(talk.asks("stan", 2, "/items").await, @"**There is no plan on this issue yet; `/enhance` makes one.**");
    insta::assert_snapshot!(talk.asks("stan", 2, "/items next").await, @"**There is no plan on this issue yet; `/enhance` makes one.**");
    insta::assert_snapshot!(talk.asks("stan", 2, "/items soon").await, @"`soon` is more than this command takes; for example: `/items next`.");
    talk.end().await;
}

#[tokio::test]
async fn what_people_do_shows() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    talk.asks("walt", 2, "/approve 1").await;
    assert_eq!(talk.asks("stan", 2, "/items").await, said::both_open(1, [3, 4]));
    insta::assert_snapshot!(talk.asks("stan", 2, "/items next").await, @"
    **Both work items are open.**

    Nothing can be started now: #3 waits for #1; #4 waits for #3.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    let walt = talk.world.act_as("walt");
    walt.close(REPOSITORY, 1).unwrap();
    insta::assert_snapshot!(talk.asks("stan", 2, "/items next").await, @"
    **Both work items are open.**

    | | work item | state | waits for |
    |-|-|-|-|
    | 1 | #3 Answer 429 after 5 failed sign-ins in 60 s; a success resets | open |  |

    Can be started now: #3.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    let assigned = IssueEdit { assignees: Some(vec!["walt".to_owned()]), ..IssueEdit::default() };
    walt.edit_issue(REPOSITORY, 3, assigned).unwrap();
    insta::assert_snapshot!(talk.asks("stan", 2, "/items next").await, @"
    **Both work items are open.**

    Nothing can be started now: #3 is with walt; #4 waits for #3.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    walt.close(REPOSITORY, 3).unwrap();
    insta::assert_snapshot!(talk.asks("stan", 2, "/items").await, @"
    **1 of 2 work items is open.**

    | | work item | state | waits for |
    |-|-|-|-|
    | 1 | #3 Answer 429 after 5 failed sign-ins in 60 s; a success resets | closed, walt |  |
    | 2 | #4 Read the limit from config/limits.toml | open |  |

    Can be started now: #4.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    walt.close(REPOSITORY, 4).unwrap();
    insta::assert_snapshot!(talk.asks("stan", 2, "/items").await, @"
    **Both work items are closed.**

    | | work item | state | waits for |
    |-|-|-|-|
    | 1 | #3 Answer 429 after 5 failed sign-ins in 60 s; a success resets | closed, walt |  |
    | 2 | #4 Read the limit from config/limits.toml | closed |  |

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    walt.reopen(REPOSITORY, 4).unwrap();
    let hostile = IssueEdit { title: Some("Read | <b>it</b> @walt".to_owned()), ..IssueEdit::default() };
    walt.edit_issue(REPOSITORY, 4, hostile).unwrap();
    insta::assert_snapshot!(talk.asks("stan", 2, "/items").await, @r"
    **1 of 2 work items is open.**

    | | work item | state | waits for |
    |-|-|-|-|
    | 1 | #3 Answer 429 after 5 failed sign-ins in 60 s; a success resets | closed, walt |  |
    | 2 | #4 Read \| &lt;b&gt;it&lt;/b&gt; @<zwsp>walt | open |  |

    Can be started now: #4.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    talk.world.act_as("ada").delete_issue(REPOSITORY, 4).unwrap();
    insta::assert_snapshot!(talk.asks("stan", 2, "/items").await, @"
    **No work item is open: 1 closed, 1 gone.**

    | | work item | state | waits for |
    |-|-|-|-|
    | 1 | #3 Answer 429 after 5 failed sign-ins in 60 s; a success resets | closed, walt |  |
    | 2 | #4 Read the limit from config/limits.toml | gone |  |

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    talk.end().await;
}

#[tokio::test]
async fn what_people_say_about_dependencies_counts() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    talk.asks("walt", 2, "/approve 1").await;
    let walt = talk.world.act_as("walt");
    // The second item no longer waits for the first, and the first waits for something that no plan knows.
    walt.remove_blocked_by(REPOSITORY, 4, 3).unwrap();
    let other = walt.open_issue(REPOSITORY, "Choose a counter", "").unwrap();
    walt.add_blocked_by(REPOSITORY, 3, other).unwrap();
    insta::assert_snapshot!(talk.asks("stan", 2, "/items").await, @"
    **Both work items are open.**

    | | work item | state | waits for |
    |-|-|-|-|
    | 1 | #3 Answer 429 after 5 failed sign-ins in 60 s; a success resets | open | #1, #5 |
    | 2 | #4 Read the limit from config/limits.toml | open |  |

    Can be started now: #4.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    walt.close(REPOSITORY, other).unwrap();
    walt.close(REPOSITORY, 1).unwrap();
    insta::assert_snapshot!(talk.asks("stan", 2, "/items next").await, @"
    **Both work items are open.**

    | | work item | state | waits for |
    |-|-|-|-|
    | 1 | #3 Answer 429 after 5 failed sign-ins in 60 s; a success resets | open |  |
    | 2 | #4 Read the limit from config/limits.toml | open |  |

    Can be started now: #3, #4.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    talk.end().await;
}

#[tokio::test]
async fn what_a_person_closed_holds_up_neither_the_plan_nor_the_list() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    talk.asks("walt", 2, "/approve 1").await;
    talk.world.act_as("walt").close(REPOSITORY, 3).unwrap();
    let plan = talk.asks("tess", 2, "/enhance").await;
    // What was asked about the one that is done, nobody has to answer.
    assert!(!plan.contains("IP or e-mail address?"), "{plan}");
    assert!(!plan.contains("When does the 429 end?"), "{plan}");
    let items = plan.split("**Work items**").nth(1).unwrap();
    insta::assert_snapshot!(plan.lines().next().unwrap(), @"**Already cut into 2 sub-issues, of which #4 is left.**");
    insta::assert_snapshot!(items.lines().skip(1).take(2).collect::<Vec<_>>().join("\n"), @"
    1. **Answer 429 after 5 failed sign-ins in 60 s; a success resets.** R1, R3 · size S · done in #3
    2. **Read the limit from `config/limits.toml`.** R2 · size S · open already as #4
    ");
    insta::assert_snapshot!(talk.asks("walt", 2, "/items next").await, @"
    **1 of 2 work items is open.**

    | | work item | state | waits for |
    |-|-|-|-|
    | 2 | #4 Read the limit from config/limits.toml | open |  |

    Can be started now: #4.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    let approved = talk.asks("walt", 2, "/approve 2").await;
    assert!(approved.contains("\nStart with #4."), "{approved}");
    talk.end().await;
}
