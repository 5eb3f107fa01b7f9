//! Which comments may hold a command that no delivery told us of, and how far a list of comments has been looked through.

use crate::domain::event::Comment;

/// A comment younger than this may still be on its way to us.
const SETTLE_MS: i64 = 2 * 60_000;

/// A command that is older than this is not run any more on our own account; as far as GitHub's delivery log reaches.
pub const WINDOW_MS: i64 = 3 * 86_400_000;

/// How far back the first look at a repository reaches: it comes up to an hour late, and what it looks for is older.
const FIRST_MS: i64 = 2 * 3_600_000;

const DAY_MS: i64 = 86_400_000;

/// Where to begin: where the last look ended, but no further back than the window.
pub fn since_ms(through_ms: i64, now_ms: i64) -> i64 {
    // Whole days, so that a repository in which nothing is said is asked the same question again, which GitHub answers for free.
    through_ms.max((now_ms - WINDOW_MS).div_euclid(DAY_MS) * DAY_MS)
}

/// Where the first look begins: what was said before the App was there was not said to it.
pub fn first_since_ms(installed_ms: Option<i64>, now_ms: i64) -> i64 {
    (now_ms - FIRST_MS).max(installed_ms.unwrap_or(now_ms))
}

/// Whether a comment has to be looked at: new since the last look, settled, by somebody who may be heard, and never edited. An edited
/// one says the words of whoever edited it, and a list does not name them.
pub fn is_new(comment: &Comment, since_ms: i64, now_ms: i64) -> bool {
    let (Some(created_ms), Some(updated_ms)) = (comment.created_at_ms, comment.updated_at_ms) else {
        return false;
    };
    comment.speaker().is_some()
        && created_ms == updated_ms
        && created_ms > since_ms
        && is_settled(created_ms, now_ms)
}

/// How far a list of changes, oldest first, has been looked through. What is not settled yet is looked at next time.
pub fn through_ms(updated_ms: impl Iterator<Item = Option<i64>>, since_ms: i64, now_ms: i64) -> i64 {
    let settled = updated_ms.flatten().filter(|updated_ms| is_settled(*updated_ms, now_ms));
    settled.fold(since_ms, i64::max)
}

fn is_settled(ms: i64, now_ms: i64) -> bool {
    ms + SETTLE_MS <= now_ms
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::{Person, PersonKind};
    use crate::domain::ids::CommentId;

    const NOW: i64 = 1_772_442_000_000;

    fn comment(created_ms: i64, updated_ms: i64, kind: PersonKind) -> Comment {
        Comment {
            id: CommentId(1),
            node_id: String::new(),
            body: "/enhance".to_owned(),
            user: Some(Person { id: None, login: "ada".to_owned(), kind }),
            created_at_ms: Some(created_ms),
            updated_at_ms: Some(updated_ms),
            html_url: String::new(),
            app_id: None,
        }
    }

    #[test]
    fn only_what_a_person_said_since_and_left_as_it_was_is_looked_at() {
        let since = NOW - 3_600_000;
        let said = NOW - 600_000;
        assert!(is_new(&comment(said, said, PersonKind::User), since, NOW));
        // Whether that App is listed is asked at the door.
        let named = Comment { app_id: Some(7), ..comment(said, said, PersonKind::Bot) };
        assert!(is_new(&named, since, NOW));
        for (what, other) in [
            ("a bot of no App", comment(said, said, PersonKind::Bot)),
            ("edited", comment(said, said + 1_000, PersonKind::User)),
            ("looked at before", comment(since, since, PersonKind::User)),
            ("on its way", comment(NOW - 119_000, NOW - 119_000, PersonKind::User)),
            ("nobody's", Comment { user: None, ..comment(said, said, PersonKind::User) }),
        ] {
            assert!(!is_new(&other, since, NOW), "{what}");
        }
    }

    #[test]
    fn what_is_not_settled_is_looked_at_next_time() {
        let times = [NOW - 300_000, NOW - 200_000, NOW - 60_000];
        assert_eq!(through_ms(times.map(Some).into_iter(), 5, NOW), NOW - 200_000);
        assert_eq!(through_ms([None].into_iter(), 5, NOW), 5);
    }

    #[test]
    fn a_quiet_repository_is_asked_the_same_question() {
        assert_eq!(since_ms(NOW - 7, NOW), NOW - 7);
        assert_eq!(since_ms(0, NOW), since_ms(0, NOW + 60_000));
        assert!((NOW - WINDOW_MS - DAY_MS..=NOW - WINDOW_MS).contains(&since_ms(0, NOW)));
    }

    #[test]
    fn the_first_look_reaches_back_to_the_installation_and_no_further_than_two_hours() {
        assert_eq!(first_since_ms(Some(NOW - 60_000), NOW), NOW - 60_000);
        assert_eq!(first_since_ms(Some(0), NOW), NOW - 7_200_000);
        assert_eq!(first_since_ms(None, NOW), NOW);
    }
}
