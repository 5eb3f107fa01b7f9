//! Answers: they fill slots, and only what they touch changes.

use super::rate_limit::{sign_ins, web};
use super::vague;
use super::world::{comment, planned};
use crate::domain::plan::revise;

#[test]
fn an_answer_takes_the_place_of_its_question() {
    let before = planned(&sign_ins(), &web());
    let mut brief = sign_ins();
    brief.answers = revise::answers("1: client IP, IPv6 by /64\n3: forget that file", "ada", &before);
    let after = planned(&brief, &web());
    let slots: Vec<&str> = after.questions.iter().map(|question| question.slot.as_str()).collect();
    assert_eq!(slots, ["rate_limit.exit"]);
    assert!(
        after.read_as.contains(&"“one address”: ada: “client IP, IPv6 by /64”".to_owned()),
        "{:?}",
        after.read_as
    );
    assert_eq!(after.requirements[1..], before.requirements[1..]);
    assert_eq!(after.requirements[0].cases[3], "from a second client IP: not 429");
}

#[test]
fn free_text_is_a_further_demand() {
    let before = planned(&sign_ins(), &web());
    let mut brief = sign_ins();
    brief.answers =
        revise::answers("`src/auth.rs` must answer 403 when the account is locked", "grace", &before);
    let after = planned(&brief, &web());
    let last = after.requirements.last().expect("a requirement");
    assert_eq!((last.by.as_deref(), last.quote.as_str()), (Some("grace"), brief.answers[0].text.as_str()));
    assert_eq!(last.cases[0], "the account is locked: 403");
    assert_eq!(after.requirements[..3], before.requirements[..]);
}

#[test]
fn a_number_nobody_asked_for_is_text() {
    let before = planned(&vague::faster(), &vague::shop());
    assert_eq!(before.questions.len(), 3);
    let answers = revise::answers("the list. 2: 4 s today\n7: nothing", "ada", &before);
    let seen: Vec<(Option<&str>, &str)> =
        answers.iter().map(|answer| (answer.slot.as_deref(), answer.text.as_str())).collect();
    assert_eq!(seen, [(None, "the list."), (Some("vague.measure"), "4 s today\n7: nothing")]);
}

/// Lines that stand in one comment alone.
fn changed(before: &str, after: &str) -> Vec<String> {
    let alone = |one: &str, other: &str| {
        let lines = one.lines().filter(|line| !other.lines().any(|seen| seen == *line));
        lines.map(|line| line.chars().take(14).collect::<String>()).collect::<Vec<_>>()
    };
    let mut out = alone(before, after);
    out.extend(alone(after, before));
    out
}

#[test]
fn an_answer_is_quoted_and_changes_no_other_line() {
    let before = planned(&sign_ins(), &web());
    let mut brief = sign_ins();
    brief.answers = revise::answers("2: after 15 minutes", "ada", &before);
    brief.asked = revise::asked(&before);
    let (old, new) = (comment(&sign_ins(), &web()), comment(&brief, &web()));
    assert!(new.contains("ada: “after 15 minutes”"), "{new}");
    let allowed = [
        "| R1 | “after ",
        "**Plannable as",
        "**Questions** ",
        "1. “one addres",
        "2. When does t",
        "3. `src/nope.r",
        "- **1:** “one ",
        "- **3:** `src/",
        "**Read as:** “",
        "**Read as:** t",
    ];
    for line in changed(&old, &new) {
        assert!(allowed.contains(&line.as_str()), "{line:?} changed");
    }
}

#[test]
fn a_later_answer_takes_the_place_of_an_earlier_one() {
    let before = planned(&sign_ins(), &web());
    let mut brief = sign_ins();
    brief.answers = revise::answers("1: the e-mail address", "ada", &before);
    brief.answers.extend(revise::answers("1: the client IP", "grace", &before));
    let after = planned(&brief, &web());
    let said: Vec<&String> = after.read_as.iter().filter(|line| line.contains("one address")).collect();
    assert_eq!(said, ["“one address”: grace: “the client IP”"]);
}

#[test]
fn an_answer_reaches_the_cases() {
    let before = planned(&sign_ins(), &web());
    let cases = |text: &str| {
        let mut brief = sign_ins();
        brief.answers = revise::answers(text, "ada", &before);
        planned(&brief, &web()).requirements[0].cases.clone()
    };
    assert_eq!(cases("1: the e-mail address of the account")[3], "from a second e-mail address: not 429");
    assert_eq!(cases("2: after 15 minutes")[2], "14 min after the refusal: 429, after 16 min: not");
    for (title, body, slot, answer, expected) in [
        ("Wait", "`src/auth.rs` must time out.", "timeout.after.0", "10 s", "an answer after 9 s: taken"),
        ("Wait", "`src/auth.rs` must time out.", "timeout.shows.0", "a 504", "no answer: a 504 after"),
        (
            "Again",
            "`src/auth.rs` must retry on 503.",
            "retry.count",
            "5 times",
            "503 5 times, then success: success",
        ),
        ("Again", "`src/auth.rs` must retry on 503.", "retry.pause", "200 ms", "between two tries: 200 ms"),
        (
            "Lists",
            "The list of sessions must be paginated.",
            "pagination.size.0",
            "25",
            "25 of sessions: one page, no next",
        ),
        (
            "Guests",
            "Only managers may read `src/auth.rs`.",
            "permission.shows.0",
            "404",
            "anybody but managers: 404, nothing changed",
        ),
        (
            "Sort",
            "The list must look right.",
            "observable.R1",
            "the newest session stands on top",
            "the newest session stands on top",
        ),
    ] {
        let mut brief = super::world::issue(7, title, body);
        brief.answers = vec![crate::domain::brief::Answer {
            slot: Some(slot.to_owned()),
            text: answer.to_owned(),
            author: "ada".to_owned(),
        }];
        let cases = planned(&brief, &web()).requirements[0].cases.clone();
        assert!(cases.iter().any(|case| case.contains(expected)), "{slot}: {cases:?}");
    }
}

#[test]
fn a_question_keeps_its_number_through_revisions() {
    let first = planned(&sign_ins(), &web());
    let mut brief = sign_ins();
    brief.answers = revise::answers("1: the client IP", "ada", &first);
    brief.asked = revise::asked(&first);
    let second = planned(&brief, &web());
    let shown: Vec<(usize, &str)> = revise::shown(&second)
        .into_iter()
        .map(|(number, question)| (number, question.slot.as_str()))
        .collect();
    assert_eq!(shown, [(2, "rate_limit.exit"), (3, "missing.src/nope.rs")]);
    let text = comment(&brief, &web());
    assert!(
        text.contains("`/revise 2: … 3: …`") && text.contains("\n- **2:** When does the 429 end?"),
        "{text}"
    );
    // Said to the first revision, read with the second: the same question, and one that is answered is answered anew.
    let answers = revise::answers("2: after an hour\n1: the e-mail address", "ada", &second);
    let slots: Vec<Option<&str>> = answers.iter().map(|answer| answer.slot.as_deref()).collect();
    assert_eq!(slots, [Some("rate_limit.exit"), Some("rate_limit.key")]);
    // What was stored before numbers were kept counts by its place.
    let before = crate::domain::plan::Plan { asked: Default::default(), ..first.clone() };
    assert_eq!(revise::asked(&before), first.asked);
}

#[test]
fn an_answer_to_what_is_not_asked_any_more_is_not_lost() {
    let first = planned(&sign_ins(), &web());
    let mut brief = sign_ins();
    brief.answers = revise::answers("3: src/lost.rs is meant", "ada", &first);
    brief.asked = revise::asked(&first);
    brief.body = brief.body.replace("src/nope.rs", "the log");
    let after = planned(&brief, &web());
    let line = "ada, to question 3: “src/lost.rs is meant”";
    assert!(after.read_as.iter().any(|said| said == line), "{:?}", after.read_as);
}
