//! What the sub-issues that exist mean for a plan: which demands they carry already, so that what was cut once is not cut again and
//! keeps its row and its number, and which of them stand beside it.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::brief::{Brief, IssueState, State};
use crate::domain::ids::IssueNumber;
use crate::domain::plan::markdown;
use crate::domain::plan::statement::{self, Reading};
use crate::domain::plan::words;

/// Likeness from which a sub-issue's title and a demand are the same.
const SAME: f64 = 0.5;

/// The sub-issue of each demand that has one, by the demand's index. What was closed without being done carries nothing.
pub fn find(reading: &Reading, brief: &Brief) -> BTreeMap<usize, IssueNumber> {
    let mut children: Vec<&IssueState> =
        brief.sub_issues.iter().filter(|child| !child.is_dropped()).collect();
    // One that is still to be done speaks for itself, whatever an earlier one has brought.
    children.sort_by_key(|child| child.state == Some(State::Closed));
    let mut out = BTreeMap::new();
    for (index, demand) in reading.demands.iter().enumerate() {
        let quote = statement::letters(&markdown::plain(&quoted(&demand.text)));
        let stands =
            |child: &&&IssueState| child.carries.iter().any(|line| statement::letters(line) == quote);
        let own = words::nouns(&demand.text);
        // The title of one that we opened names all that is in it, and so too little to tell what is.
        let named = |child: &&&IssueState| {
            child.carries.is_empty() && words::jaccard(&words::nouns(&child.title), &own) >= SAME
        };
        if let Some(child) = children.iter().find(stands).or_else(|| children.iter().find(named)) {
            out.insert(index, child.number);
        }
    }
    out
}

/// Sub-issues beside `items`, which are shown as work items, and which of them are not closed. What was dropped plays no part,
/// unless the issue itself names it.
pub fn beside(
    brief: &Brief,
    reading: &Reading,
    items: &BTreeSet<IssueNumber>,
) -> (Vec<String>, Vec<IssueNumber>) {
    let mut numbers: Vec<_> = reading.children.iter().map(|(number, _)| *number).collect();
    numbers.extend(brief.sub_issues.iter().filter(|child| !child.is_dropped()).map(|child| child.number));
    numbers.sort();
    numbers.dedup();
    numbers.retain(|number| !items.contains(number));
    let (mut lines, mut left) = (Vec::new(), Vec::new());
    for number in numbers {
        let child = brief.sub_issue(number);
        let open = brief.open_issues.iter().find(|open| open.number == number);
        let title = child
            .map(|child| child.title.as_str())
            .or(open.map(|open| open.title.as_str()))
            .unwrap_or_default();
        let state = child.and_then(|child| child.state).or(open.and_then(|open| open.state));
        let title = if title.is_empty() {
            String::new()
        } else {
            format!(" {}", words::quoted(&words::shorten(title, 60)))
        };
        let reason = child.and_then(|child| child.state_reason.as_deref());
        let state_word = match (state, reason) {
            (Some(State::Closed), Some("not_planned")) => " (closed as not planned)".to_owned(),
            (Some(State::Closed), Some("duplicate")) => " (closed as a duplicate)".to_owned(),
            (Some(state), _) => format!(" ({})", state.word()),
            (None, _) => String::new(),
        };
        lines.push(format!("#{number}{title}{state_word}"));
        if state != Some(State::Closed) {
            left.push(number);
        }
    }
    (lines, left)
}

/// Is it a sub-issue, by GitHub's list or by the issue's own?
pub fn is_child(brief: &Brief, reading: &Reading, number: IssueNumber) -> bool {
    brief.sub_issue(number).is_some() || reading.children.iter().any(|(child, _)| *child == number)
}

/// A demand as a plan quotes it.
pub fn quoted(text: &str) -> String {
    words::shorten(text, 300)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn child(number: i64, title: &str, (state, reason): (State, Option<&str>)) -> IssueState {
        IssueState {
            number: IssueNumber(number),
            title: title.to_owned(),
            state: Some(state),
            state_reason: reason.map(str::to_owned),
            carries: Vec::new(),
        }
    }

    fn brief(children: Vec<IssueState>) -> Brief {
        let body =
            "- [ ] limit configurable in `config/limits.toml`\n- [ ] success resets the <b>counter</b>\n";
        let title = "Rate limit".to_owned();
        Brief { title, body: body.to_owned(), sub_issues: children, ..Brief::new(IssueNumber(2)) }
    }

    fn found(children: Vec<IssueState>) -> Vec<(usize, i64)> {
        let brief = brief(children);
        find(&statement::read(&brief), &brief).into_iter().map(|(index, issue)| (index, issue.0)).collect()
    }

    #[test]
    fn open_and_completed_ones_carry_and_dropped_ones_do_not() {
        let title = "Read the limit from config/limits.toml";
        for how in [(State::Open, None), (State::Closed, None), (State::Closed, Some("completed"))] {
            assert_eq!(found(vec![child(4, title, how)]), [(0, 4)], "{how:?}");
        }
        for reason in ["not_planned", "duplicate"] {
            assert_eq!(found(vec![child(4, title, (State::Closed, Some(reason)))]), []);
        }
        let anew =
            vec![child(4, title, (State::Closed, None)), child(6, title, (State::Open, Some("reopened")))];
        assert_eq!(found(anew), [(0, 6)]);
    }

    #[test]
    fn what_stands_in_one_of_ours_counts_and_not_its_title() {
        let carries = vec!["success resets the &lt;b&gt;counter&lt;/b&gt;".to_owned()];
        let ours =
            IssueState { carries, ..child(3, "Read the limit from config/limits.toml", (State::Open, None)) };
        assert_eq!(found(vec![ours]), [(1, 3)]);
    }

    #[test]
    fn what_stands_beside_is_told_with_its_state_and_what_is_left_by_its_number() {
        let body = "- [ ] #3\n- [ ] #4\n- [ ] #5\n- [ ] #6\n- [ ] #7\n".to_owned();
        let sub_issues = vec![
            child(3, "Handle (closed) valves", (State::Open, Some("reopened"))),
            child(4, "Beds", (State::Closed, Some("completed"))),
            child(5, "Rain", (State::Closed, Some("not_planned"))),
            child(6, "Rain again", (State::Closed, Some("duplicate"))),
        ];
        let brief = Brief { body, sub_issues, ..Brief::new(IssueNumber(2)) };
        let (lines, left) = beside(&brief, &statement::read(&brief), &BTreeSet::from([IssueNumber(4)]));
        let told = [
            "#3 “Handle (closed) valves” (open)",
            "#5 “Rain” (closed as not planned)",
            "#6 “Rain again” (closed as a duplicate)",
            "#7",
        ];
        assert_eq!((lines, left), (told.map(str::to_owned).to_vec(), vec![IssueNumber(3), IssueNumber(7)]));
    }
}
