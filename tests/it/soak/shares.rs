//! What GitHub allows: nothing is asked for that it has to refuse, and no installation gets more content than its windows hold.

use std::collections::BTreeMap;

use millwright::sandbox::{Request, TokenKind};

const MINUTE_MS: i64 = 60_000;
/// GitHub's own windows, for each installation: how long, and the most that is created in it.
const WINDOWS: [(i64, usize); 2] = [(MINUTE_MS, 80), (60 * MINUTE_MS, 500)];

/// What does not hold. A request that a fault has kept from its handler counts as well: the program cannot know that.
pub fn broken(requests: &[Request]) -> Vec<String> {
    let refused =
        requests.iter().filter(|request| !request.made_up && matches!(request.status, Some(403 | 429)));
    let mut broken: Vec<String> = refused
        .map(|request| {
            let (method, path, answer) = (&request.method, &request.path, &request.answer);
            format!("GitHub refused by itself: {method} {path}: {:?} {answer:?}", request.status)
        })
        .collect();
    for (installation, mut times_ms) in created(requests) {
        times_ms.sort_unstable();
        for (span_ms, most) in WINDOWS {
            let found = most_within(&times_ms, span_ms);
            if found > most {
                broken.push(format!(
                    "{found} content requests of installation {installation} within {span_ms} ms"
                ));
            }
        }
    }
    broken
}

/// When content was asked for, by installation.
fn created(requests: &[Request]) -> BTreeMap<i64, Vec<i64>> {
    let mut created = BTreeMap::<i64, Vec<i64>>::new();
    for request in requests.iter().filter(|request| request.content) {
        if let TokenKind::Installation(installation) = request.token {
            created.entry(installation).or_default().push(request.started_ms);
        }
    }
    created
}

/// The most of these times, ascending, that lie in any span of that length.
pub fn most_within(times_ms: &[i64], span_ms: i64) -> usize {
    let count_from = |(index, from_ms): (usize, &i64)| {
        times_ms.partition_point(|time_ms| *time_ms < from_ms + span_ms) - index
    };
    times_ms.iter().enumerate().map(count_from).max().unwrap_or(0)
}

#[test]
fn a_window_holds_what_begins_before_its_end_wherever_it_begins() {
    let times_ms = [0, 59_999, 60_000, 60_001, 119_998, 200_000];
    assert_eq!(most_within(&times_ms, MINUTE_MS), 4, "from 59,999 on");
    assert_eq!(most_within(&[0, MINUTE_MS], MINUTE_MS), 1);
    assert_eq!(most_within(&[], MINUTE_MS), 0);
}
