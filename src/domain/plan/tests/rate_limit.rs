//! The example of the standard: a rate limit in a small Rust service.

use super::world::{comment, issue, planned, repository};
use crate::domain::brief::{Brief, OpenIssue, State};
use crate::domain::ids::IssueNumber;
use crate::domain::snapshot::Snapshot;

pub fn web() -> Snapshot {
    let ci = "on: [push, pull_request]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: cargo test\n";
    repository(
        "acme/web",
        "4f1c2ab",
        &[
            ("src/auth.rs", "pub fn sign_in(name: &str, password: &str) -> u16 {\n    200\n}\n"),
            ("src/main.rs", "mod auth;\nfn main() {}\n"),
            ("src/session.rs", "pub fn start(_account: u64) {}\n"),
            ("tests/auth.rs", "#[test]\nfn signs_in() {}\n"),
            ("config/app.toml", "port = 80\n"),
            (".github/workflows/ci.yml", ci),
            ("CODEOWNERS", "/src/auth.rs @acme/security\n"),
        ],
    )
}

pub fn sign_ins() -> Brief {
    let body = "- [ ] after 5 failed attempts from one address within 60 s `src/auth.rs` must answer 429\n- [ ] limit configurable in `config/limits.toml`\n- [ ] success resets the counter\n\nDepends on #1\n\nSee also `src/nope.rs`.\n";
    let mut brief = issue(2, "Rate limit failed sign-ins", body);
    brief.open_issues.push(OpenIssue {
        state_reason: None,
        number: IssueNumber(1),
        title: "Sign in by password".to_owned(),
        state: Some(State::Open),
        body: String::new(),
        pull_request: false,
    });
    brief
}

#[test]
fn the_standard() {
    insta::assert_snapshot!(comment(&sign_ins(), &web()), @"
    **Plannable as 2 small pull requests, one after the other, once #1 (open) is done. Three points are open, with defaults.**

    | | The issue asks | Where, at [`4f1c2ab`][base] | Proved by these cases in [`tests/auth.rs`][f1] |
    |-|-|-|-|
    | R1 | “after 5 failed attempts from one address within 60 s `src/auth.rs` must answer 429” | [`src/auth.rs`][f2] | failures 1–5: none is 429 · then an attempt at 59 s: 429 · at 61 s: not 429 · from a second address: not 429 |
    | R2 | “limit configurable in `config/limits.toml`” | **new** `config/limits.toml`, beside [`config/app.toml`][f3]; `src/auth.rs` | set to 2 in 10 s, 2 failures, then at 9 s: 429 · at 11 s: not 429 · file missing: 5 in 60 s |
    | R3 | “success resets the counter” | `src/auth.rs` | 4 failures, success, 5 failures: no 429 · the next attempt: 429 |

    **Work items**
    1. **Answer 429 after 5 failed sign-ins in 60 s; a success resets.** R1, R3 · size S · waits for #1
    2. **Read the limit from `config/limits.toml`.** R2 · size S · waits for 1: it configures the numbers that 1 brings in, and both change `src/auth.rs`

    Both need a review by `acme/security` ([`CODEOWNERS`][f4] owns `src/auth.rs`); `config/limits.toml` and `tests/auth.rs` have no owner.

    **Questions** (the author may answer too: `/revise 1: … 2: … 3: …`)
    1. “one address”: IP or e-mail address? *Default: client IP.* It is the key of the counter.
    2. When does the 429 end? R3 frees an address by a success, but a refused attempt cannot succeed. *Default: refused without checking the password until the oldest of the 5 failures is 60 s old; refused attempts do not count.*
    3. `src/nope.rs` is not in the tree and no file has a similar name. Which is meant? *Default: ignored; no check box needs it.*

    **Read as:** “after 5” = the 6th attempt is refused. “limit” = both numbers, 5 and 60 s. The tree has no schema or migration, so the counter of failed attempts lives in memory: a restart empties it, and two instances count apart.
    **Used by others:** `src/auth.rs` by `src/main.rs`.
    **Done when** these 9 cases are in and `cargo test` in [`ci.yml`][f5] is green; on your machine: `cargo test --test auth`.
    **Back out:** revert 2, then 1. No data to migrate; without 2 nothing reads `config/limits.toml`.
    **Not checked:** what `src/auth.rs` does today; whether “main” enforces owner review. Sizes are priors (n=0).

    `/approve 1` opens both as sub-issues · `/approve 1 --one` keeps one pull request, here · `/why R1`
    <sub>rev 1 · base 4f1c2ab · no model · `/help`</sub>

    [base]: https://github.com/acme/web/tree/4f1c2ab4f1c2ab4f1c2ab4f1c2ab4f1c2ab4f1c2
    [f1]: https://github.com/acme/web/blob/4f1c2ab4f1c2ab4f1c2ab4f1c2ab4f1c2ab4f1c2/tests/auth.rs
    [f2]: https://github.com/acme/web/blob/4f1c2ab4f1c2ab4f1c2ab4f1c2ab4f1c2ab4f1c2/src/auth.rs
    [f3]: https://github.com/acme/web/blob/4f1c2ab4f1c2ab4f1c2ab4f1c2ab4f1c2ab4f1c2/config/app.toml
    [f4]: https://github.com/acme/web/blob/4f1c2ab4f1c2ab4f1c2ab4f1c2ab4f1c2ab4f1c2/CODEOWNERS
    [f5]: https://github.com/acme/web/blob/4f1c2ab4f1c2ab4f1c2ab4f1c2ab4f1c2ab4f1c2/.github/workflows/ci.yml
    ");
}

#[test]
fn a_plan_survives_being_stored() {
    let plan = planned(&sign_ins(), &web());
    let stored = serde_json::to_string(&plan).expect("JSON");
    assert_eq!(serde_json::from_str::<crate::domain::plan::Plan>(&stored).expect("a plan"), plan);
}

#[test]
fn the_time_of_a_limit_stands_apart_from_the_words_before_it() {
    let cases = |text: &str| {
        let plan = planned(&issue(9, "Limit the logins", text), &web());
        plan.requirements[0].cases.join(" · ")
    };
    assert!(
        cases("`src/auth.rs` must refuse after 5 failed logins in 10 minutes.").contains("at 9 min: refused")
    );
    assert!(cases("`src/auth.rs` must take at most 5 logins per minute.").contains("at 59 s: refused"));
}

#[test]
fn what_an_account_with_so_many_failures_gets_is_a_count_and_no_length_of_time() {
    let mut brief = sign_ins();
    let text = "an account with 20 failures within 24 h gets 423 until an admin unlocks it";
    brief.answers = super::revised::answers(text, "ada", &planned(&brief, &web()));
    let plan = planned(&brief, &web());
    let last = plan.requirements.last().expect("a requirement");
    assert_eq!(last.quote, text);
    assert_eq!(
        last.cases,
        ["20 failures within 24 h: 423", "19: not 423", "then until an admin unlocks it: 423"]
    );
    assert_eq!(plan.requirements[0].cases[0], "failures 1–5: none is 429", "the limit stays one");
}
