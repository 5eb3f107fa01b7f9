//! Where sentences only tell a story or point at something, the title says what is asked.

use crate::domain::brief::Brief;
use crate::domain::plan::asks;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::statement::{self, Origin, Reading, Statement, own_title};
use crate::domain::plan::words;

/// A title of fewer telling words leads nothing.
const TELLING: usize = 3;
/// Among more demands than these the text is a list, and no story.
const FEW: usize = 6;

/// Says how hard it is, to whoever might take it on.
static INVITING: Pattern = Pattern::new(
    r"\b(?:should|would|could) (?:\w+ ){0,4}?(?:be |make |find )(?:\w+ ){0,4}?(?:an? )?(?:fairly |pretty |relatively |quite )?(?:good first|beginner|newcomer|easy|approachable|straightforward|simple (?:fix|change|patch))\b|\bbeginners?\b[^.]{0,30}\bshould\b",
);

/// Does a sentence only say how hard it is?
pub(super) fn invites(text: &str) -> bool {
    INVITING.is_in(text)
}

/// Takes sentences that go on with a story, or point at what is said elsewhere, for talk; where nothing of the issue's own
/// is left, the title is the demand.
pub(super) fn by_title(reading: &mut Reading, brief: &Brief) {
    let heading = own_title(&brief.title);
    let loose =
        |one: &Statement| matches!(one.origin, Origin::Must | Origin::Hope | Origin::Wish | Origin::Report);
    let leads = words::nouns(heading).len() >= TELLING && !asks::inquires(heading);
    if !leads
        || reading.language.is_some()
        || reading.demands.len() > FEW
        || !reading.demands.iter().all(loose)
    {
        return;
    }
    let wishes = asks::is_imperative(heading) || asks::says_must(heading);
    // Below one heading with the request, it says what the request is for.
    let requests: Vec<Option<String>> = reading
        .demands
        .iter()
        .filter(|one| asks::requests(&one.text))
        .map(|one| one.section.clone())
        .collect();
    let beside = |one: &Statement| requests.contains(&one.section);
    // A wish in so many words stands beside what its writer needs it for.
    let asked = wishes || !requests.is_empty();
    let told = |one: &Statement| {
        let sound = one.line == 0 || one.section.as_deref().is_some_and(asks::is_solution);
        let complains = wishes
            && COMPLAINS.is_in(&one.text)
            && !asks::says_must(&one.text)
            && !asks::is_imperative(&one.text);
        let motive = asked && one.line > 0 && is_motive(&one.text);
        !sound && (is_told(&one.text) || complains) || motive && (!sound || beside(one))
    };
    let before = reading.demands.len();
    reading.talk.extend(reading.demands.extract_if(.., |one| told(one)));
    let is_told = reading.demands.len() < before;
    reading.talk.sort_by_key(|said| (said.by.is_some(), said.line));
    let own = || reading.demands.iter().filter(|one| one.by.is_none());
    // A side of the matter is not the matter.
    let stems = words::stems(heading);
    let says = |one: &Statement| words::stems(&one.text).intersection(&stems).count() * 2 >= stems.len();
    let aside = asks::is_imperative(heading)
        && own().count() < 3
        && !own().any(|one| one.line == 0 || says(one) || statement::observable(&one.text));
    let borrowed = own().next().is_none()
        && !reading.demands.is_empty()
        && reading
            .demands
            .iter()
            .all(|one| one.by.is_some() && !asks::says_must(&one.text) && !asks::is_imperative(&one.text));
    if is_told && own().next().is_none() || borrowed || aside {
        let report = statement::tells_fault(reading, brief);
        let origin = if report { Origin::Report } else { Origin::Wish };
        reading.demands.insert(0, statement::titled(brief, origin));
    }
}

/// Goes on with what was told, answers, or asks for a thing that only stands elsewhere.
fn is_told(text: &str) -> bool {
    let seen = statement::observable(text);
    let adds =
        ADDS.first(text, 1).is_some_and(|rest| !asks::is_imperative(rest.trim_start_matches([',', ' '])));
    let tells = STORY.is_in(text) || adds && !seen;
    POINTS.is_in(text) && !seen || tells && !asks::says_must(text) || OWN_NEED.is_in(text) || is_own(text)
}

/// Tells what its writer does and why, or brings in what stands below, whatever must it says.
pub fn is_own(text: &str) -> bool {
    OWN_DEED.is_in(text) || REASONS.is_in(text) || BRINGS_IN.is_in(text)
}

/// `To provide both, like this:`, above a block, `… something along these lines`, `What I get is this:`.
static BRINGS_IN: Pattern = Pattern::new(
    r"\b(?:something )?along (?:these|those|the following) lines\W*$|\b(?:write|have|do|use|get|see|be|is|something) (?:something )?(?:like (?:this|that|so)|as follows|the following)\W*:\W*$|^\W*(?:but |and |so )?what (?:i|we) (?:actually |currently |now |really )?(?:get|got|see|saw|have)\b[^.]*:\W*$|^\W*(?:in order to|to|for|so|e\.g\.)\b[^:]{0,120}\b(?:like (?:this|so)|as follows|the following|as below)\W*:$",
);

/// Tells what does not work today.
static COMPLAINS: Pattern =
    Pattern::new(r"\b(?:can(?:no|['’])t|do(?:es)?(?:n['’]t| not)|fails?|crash\w*|unable to)\b");
/// Begins as a part of a story.
static STORY: Pattern = Pattern::new(
    r"^\W*(?:for (?:example|instance)|e\.g\.|this (?:means|way|would|is)|that (?:means|way|would|is)|which (?:means|is)|because|the (?:problem|issue|thing) (?:is|comes?|here|with)|currently|as (?:you|i)\b)",
);
/// Goes on, with more of the story or with one wish more.
static ADDS: Pattern = Pattern::new(r"^\W*(?:but|also|actually|however)\b(.*)$");
/// Says of a `this` that stands elsewhere what is wished.
static POINTS: Pattern = Pattern::new(
    r"^\W*(?:yes|no|yeah|yep|sure)\W+(?:that|this|it)\b|\bmake sure (?:that )?(?:this|it|that) (?:still )?works?\b|^\W*(?:(?:it|that) would (?:be|really)|if (?:there (?:was|were|is)|i|we|you)|(?:we|i) would (?:like|love) to)\b[^`]{0,40}\b(?:avoid|toggle|do|have|change|support|see|achieve|prevent|disable) (?:this|that|it)\b|^\W*this (?:new |kind of |sort of )?\w+\b[^`]*\b(?:would|will|could) (?:also )?be (?:\w+ )?(?:valuable|useful|helpful|nice|great|good|handy|beneficial|cool)\W*$",
);
/// What somebody has to do today.
static OWN_NEED: Pattern = Pattern::new(
    r"^\W*(?:(?:actually|currently|today|(?:by |for )?now|so far|at the moment|right now)\W+i (?:need|have|had) to|i (?:have|had) to)\b",
);
/// What its writer is about: `I need to reach two hosts`.
static MOTIVE: Pattern =
    Pattern::new(r"^\W*i(?:['’]m trying|(?: am| was) trying| need| needed| wanted| tried) to (\w+)\b");
static ABLE: Pattern = Pattern::new(r"^(?:be|see|have|get|know)$");

/// `In our application I want the rows shown`: where its writer needs it.
static AT_HOME: Pattern = Pattern::new(
    r"^\W*in (?:an?|my|our|one)\b[^,.]{0,40}\b(?:app(?:lication)?|project|repo(?:sitory)?|codebase|product|company|team|setup|service|environment|organi[sz]ation),? (?:i|we) (?:want|need|have|use|would like|['’]d like)\b",
);

fn is_motive(text: &str) -> bool {
    AT_HOME.is_in(text) && !statement::observable(text)
        || MOTIVE.first(text, 1).is_some_and(|verb| !ABLE.is_in(verb))
}

/// What somebody does, and what that is to do; and how it is today, with what follows from it.
static OWN_DEED: Pattern = Pattern::new(
    r"^\W*(?:then |next,? |first,? |now )?(?:run|execute) (?:the )?(?:following )?commands?\b|^\W*(?:then |first |now |so |and )*i (?:create|run|use|call|start|open|write|configure|define|set|do|try)\b[^.]*,? (?:which|that) should\b|^\W*current(?:ly)?\b.{0,200}?,? so (?:one|you|we|i|users?|people) (?:must|have to|has to|needs? to)\b",
);
/// Why another way does not do.
static REASONS: Pattern = Pattern::new(
    r"\b(?:suggested|proposed|recommended|documented|workaround)\b.{0,120}?\bis (?:nice|fine|good|ok(?:ay)?|great),? but\b",
);

#[cfg(test)]
mod tests {
    use crate::domain::plan::statement;
    use crate::domain::plan::tests::world::issue;

    fn demands(title: &str, body: &str) -> Vec<String> {
        statement::read(&issue(4, title, body)).demands.into_iter().map(|one| one.text).collect()
    }

    #[test]
    fn a_story_is_no_demand_and_the_title_is() {
        let body = "Currently the export cannot tell rows apart, as the order is lost. This means that totals will come first.";
        assert_eq!(
            demands("Sort the rows of the export by name", body),
            ["Sort the rows of the export by name"]
        );
    }

    #[test]
    fn what_commands_stays_whatever_it_begins_with() {
        let body = "The rows should be sorted by name. Also add a `--reverse` flag to `export`. But `--unsorted` should keep the old order.";
        let all = demands("Sort the rows of the export by name", body);
        for flag in ["--reverse", "--unsorted"] {
            assert!(all.iter().any(|said| said.contains(flag)), "{flag}: {all:?}");
        }
        let motive =
            "I need to reach the archive from two hosts. Could you please add a `--host` option to `export`?";
        assert_eq!(
            demands("Name the host of the export", motive),
            ["Could you please add a `--host` option to `export`?"]
        );
        let trying = "I'm trying to reach the archive from two hosts. Could you please add a `--host` option to `export`?";
        assert_eq!(demands("Name the host of the export", trying).len(), 1);
        let wanted = "I need to be able to export every report as CSV with a header line.";
        assert!(demands("Export of reports as CSV", wanted).iter().any(|said| said.contains("header line")));
    }
}
