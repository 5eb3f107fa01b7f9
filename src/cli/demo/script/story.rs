//! Who says what, and what has to come of it in the sandbox's state.

use crate::cli::demo::script::{ISSUE, visible};
use crate::sandbox::{Comment, REPOSITORY, World};

/// One comment of a person, and what follows.
pub struct Scene {
    /// What it shows, in a few words.
    pub heading: &'static str,
    /// Who comments.
    pub login: &'static str,
    /// The comment.
    pub says: &'static str,
    /// Issues to print after the answer, with their state.
    pub shown: fn(&World) -> Vec<(i64, String)>,
    /// What has to be so then.
    pub expected: &'static [Expected],
}

/// Something that has to be so.
pub struct Expected {
    /// In words.
    pub what: &'static str,
    /// Looks.
    pub holds: fn(&World) -> bool,
}

const REFUSAL: &str = "A maintainer has to run `/approve` here; nothing is wrong with your issue.";

/// The story.
pub const SCENES: &[Scene] = &[
    Scene {
        heading: "A plan, without any model",
        login: "ada",
        says: "/enhance",
        shown: nothing,
        expected: &[
            Expected { what: "rev 1 as one comment of the bot", holds: |world| answered(world, "rev 1 ·") },
            Expected { what: "🚀 on the command and no 👀", holds: |world| received(world, "rocket") },
        ],
    },
    Scene {
        heading: "Somebody without the role is told so, kindly",
        login: "rita",
        says: "/approve 1",
        shown: nothing,
        expected: &[
            Expected { what: "the refusal in one sentence", holds: |world| last(world) == REFUSAL },
            Expected { what: "😕 on the command", holds: |world| received(world, "confused") },
            Expected { what: "no sub-issue", holds: |world| items(world).is_empty() },
        ],
    },
    Scene {
        heading: "… and only once",
        login: "rita",
        says: "/approve 1",
        shown: nothing,
        expected: &[
            Expected { what: "the refusal exactly once", holds: |world| count(world, REFUSAL) == 1 },
            Expected { what: "😕 on the command", holds: |world| received(world, "confused") },
        ],
    },
    Scene {
        heading: "An answer makes the next revision, the earlier plan is folded away",
        login: "ada",
        says: "/revise 1: the account's e-mail address",
        shown: nothing,
        expected: &[
            Expected { what: "rev 2 as one comment of the bot", holds: |world| answered(world, "rev 2 ·") },
            Expected { what: "rev 1 minimized as outdated", holds: first_plan_is_outdated },
            Expected { what: "🚀 on the command and no 👀", holds: |world| received(world, "rocket") },
        ],
    },
    Scene {
        heading: "The plan becomes sub-issues with dependencies",
        login: "ada",
        says: "/approve 2",
        shown: sub_issues,
        expected: &[
            Expected { what: "two sub-issues", holds: |world| items(world).len() == 2 },
            Expected { what: "the label `millwright` on each sub-issue", holds: all_labeled },
            Expected { what: "the first one blocked by #1", holds: |world| blockers(world, 0) == [1] },
            Expected {
                what: "the second one blocked by the first",
                holds: |world| items(world).first().is_some_and(|first| blockers(world, 1) == [*first]),
            },
            Expected {
                what: "a comment that names both",
                holds: |world| items(world).iter().all(|number| last(world).contains(&format!("#{number} "))),
            },
            Expected { what: "🚀 on the command and no 👀", holds: |world| received(world, "rocket") },
        ],
    },
    Scene {
        heading: "What can be started",
        login: "walt",
        says: "/items",
        shown: nothing,
        expected: &[
            Expected {
                what: "a list of the work items",
                holds: |world| last(world).starts_with("**2 of 2 work items are open.**"),
            },
            Expected { what: "🚀 on the command and no 👀", holds: |world| received(world, "rocket") },
        ],
    },
    Scene {
        heading: "Where a requirement comes from",
        login: "tess",
        says: "/why R1",
        shown: nothing,
        expected: &[
            Expected {
                what: "the words of the issue",
                holds: |world| last(world).contains("must answer 429"),
            },
            Expected { what: "🚀 on the command and no 👀", holds: |world| received(world, "rocket") },
        ],
    },
    Scene {
        heading: "Where things stand",
        login: "walt",
        says: "/status",
        shown: nothing,
        expected: &[
            Expected { what: "rev 2 as approved", holds: |world| last(world).contains("[rev 2](") },
            Expected { what: "🚀 on the command and no 👀", holds: |world| received(world, "rocket") },
        ],
    },
    Scene {
        heading: "Taken back, because nobody has touched them",
        login: "ada",
        says: "/undo",
        shown: sub_issues,
        expected: &[
            Expected {
                what: "all sub-issues closed",
                holds: |world| {
                    !items(world).is_empty() && items(world).iter().all(|item| !is_open(world, *item))
                },
            },
            Expected { what: "the issue itself still open", holds: |world| is_open(world, ISSUE) },
            Expected { what: "🚀 on the command and no 👀", holds: |world| received(world, "rocket") },
        ],
    },
];

fn nothing(_: &World) -> Vec<(i64, String)> {
    Vec::new()
}

fn sub_issues(world: &World) -> Vec<(i64, String)> {
    let line = |number| {
        let title = world.issue(REPOSITORY, number).map(|issue| issue.title).unwrap_or_default();
        let state = if is_open(world, number) { "open" } else { "closed" };
        let waits = world.blocked_by(REPOSITORY, number);
        let waits = waits.iter().map(|blocker| format!("#{blocker}")).collect::<Vec<_>>().join(", ");
        let labels = world.labels(REPOSITORY, number).join(", ");
        format!("{title} ({state}; labels: {labels}; blocked by: {waits})")
    };
    items(world).into_iter().map(|number| (number, line(number))).collect()
}

fn items(world: &World) -> Vec<i64> {
    world.sub_issues(REPOSITORY, ISSUE)
}

fn blockers(world: &World, index: usize) -> Vec<i64> {
    items(world).get(index).map(|number| world.blocked_by(REPOSITORY, *number)).unwrap_or_default()
}

fn is_open(world: &World, number: i64) -> bool {
    world.issue(REPOSITORY, number).is_some_and(|issue| issue.open)
}

fn all_labeled(world: &World) -> bool {
    let labeled = |number: &i64| world.labels(REPOSITORY, *number).iter().any(|label| label == "millwright");
    !items(world).is_empty() && items(world).iter().all(labeled)
}

fn answers(world: &World) -> Vec<Comment> {
    let bot = Some(format!("{}[bot]", world.app().slug));
    world.comments(REPOSITORY, ISSUE).into_iter().filter(|comment| comment.author == bot).collect()
}

fn last(world: &World) -> String {
    answers(world).pop().map(|comment| visible(&comment.body).to_owned()).unwrap_or_default()
}

fn count(world: &World, text: &str) -> usize {
    answers(world).iter().filter(|comment| visible(&comment.body) == text).count()
}

/// Whether the bot's last comment, and no other, is the plan with this footer.
fn answered(world: &World, footer: &str) -> bool {
    let is_plan = |body: &str| body.contains(&format!("<sub>{footer}")) && body.contains("kind=plan");
    let plans = answers(world).into_iter().filter(|comment| is_plan(&comment.body)).count();
    plans == 1 && last(world).contains(&format!("<sub>{footer}"))
}

fn first_plan_is_outdated(world: &World) -> bool {
    answers(world).first().is_some_and(|plan| plan.minimized.as_deref() == Some("outdated"))
}

/// Whether the last comment of a person carries exactly this reaction of the bot.
fn received(world: &World, content: &str) -> bool {
    let bot = format!("{}[bot]", world.app().slug);
    let comments = world.comments(REPOSITORY, ISSUE);
    let said = comments.iter().rfind(|comment| comment.author.as_deref() != Some(&bot));
    said.is_some_and(|said| {
        said.reactions.len() == 1 && said.reactions.iter().all(|one| one.content == content)
    })
}
