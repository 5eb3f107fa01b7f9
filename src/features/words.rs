//! Small words of our texts: lists and counts as a sentence wants them.

/// `a`, `a and b`, `a, b and c`.
pub fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// How many of how many work items are open, as a sentence. Those that are gone from GitHub are neither open nor closed.
pub fn open_of(open: usize, all: usize, gone: usize) -> String {
    let whole = |state: &str| match all {
        1 => format!("The work item is {state}."),
        2 => format!("Both work items are {state}."),
        all => format!("All {all} work items are {state}."),
    };
    match (open, gone) {
        (open, _) if open == all => whole("open"),
        (0, 0) => whole("closed"),
        (0, gone) if gone == all => whole("gone"),
        (0, gone) => format!("No work item is open: {} closed, {gone} gone.", all - gone),
        (1, _) => format!("1 of {all} work items is open."),
        (open, _) => format!("{open} of {all} work items are open."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_like_sentences() {
        let names = ["#3", "#4", "#5"].map(str::to_owned);
        assert_eq!(listed(&names[..0]), "");
        assert_eq!(listed(&names[..1]), "#3");
        assert_eq!(listed(&names[..2]), "#3 and #4");
        assert_eq!(listed(&names), "#3, #4 and #5");
    }

    #[test]
    fn counts_are_told_as_people_would() {
        let cases = [
            ((1, 1, 0), "The work item is open."),
            ((0, 1, 0), "The work item is closed."),
            ((2, 2, 0), "Both work items are open."),
            ((0, 3, 0), "All 3 work items are closed."),
            ((1, 2, 1), "1 of 2 work items is open."),
            ((2, 3, 0), "2 of 3 work items are open."),
            ((0, 2, 1), "No work item is open: 1 closed, 1 gone."),
            ((0, 1, 1), "The work item is gone."),
        ];
        for ((open, all, gone), sentence) in cases {
            assert_eq!(open_of(open, all, gone), sentence);
        }
    }
}
