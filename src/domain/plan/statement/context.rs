//! What only leads to the demand: the problem above its solution, and the general wish before the one thing that is asked for.

use crate::domain::plan::asks;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::statement::{Origin, Reading, Statement};

/// A heading below which it is told why.
static PROBLEM: Pattern = Pattern::new(
    r"^\W*(?:the |describe the |what(?:['’]s| is) the )?(?:problem|motivation|background|context|use[ -]?cases?|rationale|why)(?: statement| description| to solve| this solves)?\W*$",
);
/// Says what somebody may want to do about it, and asks for nothing.
static MAY_WANT: Pattern = Pattern::new(
    r"\b(?:one|we|i|you|people|users?|somebody|someone|they) (?:may|might|could) (?:want|like|wish|need) to\b",
);
/// One of the many that were wished for before.
static ONE_OF_THEM: Pattern = Pattern::new(
    r"\b(?:add|have|get|provide|introduce|consider(?: to add| adding)?) (?:a |one )?(?:new |more |another )+one (?:called|named|like|such as|for example|e\.g\.)\b|\b(?:a new one|one more|another one),? (?:called|named|like|such as|for example|e\.g\.)",
);
/// Wishes for more of a kind, and for none in particular.
static MORE_OF_A_KIND: Pattern = Pattern::new(
    r"\b(?:extend|widen|enlarge|expand|add to|complete) (?:the )?(?:list|set|range|number|choice)\b",
);

/// Takes what only leads to a demand out of the demands.
pub(super) fn leads(reading: &mut Reading) {
    let section = |one: &Statement| one.section.as_deref().unwrap_or_default().to_owned();
    let solved = |one: &Statement| one.by.is_none() && asks::is_solution(&section(one));
    if reading.demands.iter().any(solved) {
        let told = |one: &mut Statement| {
            let why = PROBLEM.is_in(&section(one)) && MAY_WANT.is_in(&one.text);
            one.by.is_none() && one.origin != Origin::Box && why
        };
        let told: Vec<Statement> = reading.demands.extract_if(.., told).collect();
        aside(reading, told);
    }
    if reading.demands.iter().any(|one| one.by.is_none() && ONE_OF_THEM.is_in(&one.text)) {
        let general = |one: &mut Statement| {
            one.by.is_none() && MORE_OF_A_KIND.is_in(&one.text) && !ONE_OF_THEM.is_in(&one.text)
        };
        let general: Vec<Statement> = reading.demands.extract_if(.., general).collect();
        aside(reading, general);
    }
}

/// What the demand behind it answers nobody has to be asked about.
fn aside(reading: &mut Reading, told: Vec<Statement>) {
    reading.settled.extend(told.iter().map(|one| one.text.clone()));
    reading.talk.extend(told);
}

#[cfg(test)]
mod tests {
    use crate::domain::plan::tests::world::{issue, planned, quotes, repository};
    use crate::domain::snapshot::Snapshot;

    fn web() -> Snapshot {
        repository("acme/web", "5a1ad00", &[("src/crane.rs", "pub fn lift() {}\n")])
    }

    #[test]
    fn the_problem_above_a_solution_is_no_demand() {
        let body = "## Problem\n\nA crate marked `private` can still be lifted, so one may want to warn that it should not be lifted.\n\n\
            ## Suggested Solution\n\nAn option `hidePrivate` that hides such crates should be added.\n";
        let plan = planned(&issue(3, "Hide private crates", body), &web());
        assert_eq!(quotes(&plan), ["An option `hidePrivate` that hides such crates should be added."]);
    }

    #[test]
    fn of_a_general_wish_and_the_one_thing_the_thing_is_asked_for() {
        let body = "Would it be possible to extend the list of special variables?\n\nCould you please consider to add a new one called, for \
            example, `CRANE_VERSION`?";
        let plan = planned(&issue(3, "New special variable", body), &web());
        assert_eq!(quotes(&plan).len(), 1, "{:?}", quotes(&plan));
        assert!(quotes(&plan)[0].contains("`CRANE_VERSION`"), "{:?}", quotes(&plan));
    }
}
