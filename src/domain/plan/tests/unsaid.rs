//! What kinds of wishes leave unsaid is asked, unless the issue settles it.

use super::rate_limit::web;
use super::world::{issue, planned};

fn asked(body: &str) -> Vec<String> {
    let plan = planned(&issue(4, "Sign-in", body), &web());
    plan.questions.into_iter().map(|question| question.text).collect()
}

#[test]
fn what_a_wish_leaves_unsaid_is_asked_unless_the_issue_settles_it() {
    for (wish, question, settled) in [
        (
            "`src/auth.rs` should print its errors in color.",
            "Is it colored everywhere",
            "In a pipe it stays as it is.",
        ),
        (
            "`src/auth.rs` must let an environment variable decide which file it reads.",
            "What holds where the environment variable is not set",
            "If it is not set, `accounts.toml` is read.",
        ),
        (
            "Please add an async version of `sign_in` to `src/auth.rs`.",
            "Can it be canceled",
            "It takes a cancellation token; a synchronous call is refused.",
        ),
        (
            "`src/auth.rs` should replace `[NAME]` in the greeting with the name.",
            "What of a text that holds `[NAME]` twice",
            "Only the first occurrence counts.",
        ),
        (
            "`src/auth.rs` should not greet twice. It would be great if there was some way of toggling this!",
            "What is the switch called",
            "It could be called `greet`, off by default.",
        ),
        (
            "`src/auth.rs` should greet with a wave, or some kind of nod.",
            "Which of the two is meant by “a wave, or some kind of nod”?",
            "Either is fine.",
        ),
        (
            "`src/auth.rs` should print a warning where a name is empty.",
            "Does it go to standard error",
            "It goes to standard error, and the exit code is 0.",
        ),
        (
            "`src/auth.rs` should accept a list of accounts.",
            "What of a name in the list that nothing has",
            "An unknown account is an error.",
        ),
    ] {
        assert!(asked(wish).iter().any(|text| text.starts_with(question)), "{wish}: {:?}", asked(wish));
        let more = format!("{wish} {settled}");
        assert!(!asked(&more).iter().any(|text| text.starts_with(question)), "{more}");
    }
}

#[test]
fn the_page_of_frames_tells_what_is_asked() {
    let page = include_str!("../../../../docs/frames.md");
    for told in crate::domain::plan::unsaid::told() {
        assert!(page.contains(&told), "{told}");
    }
}
