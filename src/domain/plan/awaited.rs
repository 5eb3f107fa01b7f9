//! What who may triage says comes first, in prose: prose makes no dependency, so it is asked.

use crate::domain::brief::State;
use crate::domain::ids::IssueNumber;
use crate::domain::plan::dependencies;
use crate::domain::plan::frames::{Findings, Scene};
use crate::domain::plan::model::{Dependency, Question};
use crate::domain::plan::statement::Awaited;
use crate::domain::plan::words;

/// Most that is asked of one issue.
const LIMIT: usize = 2;

/// Asks whether to wait, where no line and no link of GitHub's makes the order already.
pub fn ask(scene: &Scene<'_>, findings: &mut Findings, known: &[Dependency]) {
    let is_closed = |issue: IssueNumber| {
        let neighbor = scene.brief.open_issues.iter().find(|open| open.number == issue);
        neighbor.and_then(|open| open.state) == Some(State::Closed)
    };
    let is_open = |one: &&Awaited| {
        known.iter().all(|dependency| dependency.issue != one.issue) && !is_closed(one.issue)
    };
    for Awaited { issue, by, text } in scene.reading.awaited.iter().filter(is_open).take(LIMIT) {
        let quote = words::quoted(words::shorten(text, 120).trim_end_matches('.'));
        let question = Question::new(
            dependencies::awaited_slot(*issue),
            format!("{by} says of #{issue}: {quote}. Does this wait for it?"),
            format!("nothing waits; link #{issue} as blocking, and the items do"),
            82,
        );
        findings.ask(scene, &format!("#{issue}"), question);
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::plan::tests::reading::said;
    use crate::domain::plan::tests::world::{issue, planned, repository};

    #[test]
    fn what_a_maintainer_puts_before_it_is_asked_about_and_is_no_dependency() {
        let asked = |permission: &str, text: &str| {
            let mut brief = issue(9, "Lock accounts of `sign_in` in `src/auth.rs` to one host", "");
            brief.comments = vec![said("mia", permission, text)];
            let tree = [("src/auth.rs", "pub fn sign_in() {}\n")];
            let plan = planned(&brief, &repository("acme/web", "4f1c2ab", &tree));
            assert!(plan.dependencies.is_empty());
            let mut texts = plan.questions.into_iter().map(|question| question.text);
            texts.find(|text| text.contains("wait for it"))
        };
        let told = "Some of it is in the list of hosts (#2) already. That needs implementing first.";
        let question = asked("write", told).expect("asked");
        assert_eq!(question, "mia says of #2: “That needs implementing first”. Does this wait for it?");
        assert!(asked("write", "I'd do it once #4 is merged.").is_some());
        let other = asked("write", "In #5 we said that this is blocked by #2.").expect("asked");
        assert!(other.starts_with("mia says of #2"), "{other}");
        for (permission, text) in [
            ("read", told),
            ("write", "See #2. I don't think that needs to be done first."),
            ("write", "See #2."),
            ("write", "It broke when #2 was merged."),
            ("write", "Names should be sorted by first name, as in #2."),
            ("write", "That needs a test first."),
        ] {
            assert_eq!(asked(permission, text), None, "{text}");
        }
    }
}
