//! Answers: they fill slots, and only what they touch changes.

use super::rate_limit::{sign_ins, web};
use super::vague;
use super::world::{comment, issue, planned};
use crate::domain::brief::{Answer, Brief};
use crate::domain::plan::{Plan, revise};
use crate::domain::snapshot::Snapshot;

pub fn answers(text: &str, author: &str, previous: &Plan) -> Vec<Answer> {
    revise::answers(text, author, previous).expect("understood")
}

#[test]
fn an_answer_takes_the_place_of_its_question() {
    let before = planned(&sign_ins(), &web());
    let mut brief = sign_ins();
    brief.answers = answers("1: client IP, IPv6 by /64\n3: forget that file", "ada", &before);
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
    brief.answers = answers("`src/auth.rs` must answer 403 when the account is locked", "grace", &before);
    let after = planned(&brief, &web());
    let last = after.requirements.last().expect("a requirement");
    assert_eq!((last.by.as_deref(), last.quote.as_str()), (Some("grace"), brief.answers[0].text.as_str()));
    assert_eq!(last.cases[0], "the account is locked: 403");
    assert_eq!(after.requirements[..3], before.requirements[..]);
}

fn read(text: &str, previous: &Plan) -> Vec<(Option<String>, String)> {
    answers(text, "ada", previous).into_iter().map(|answer| (answer.slot, answer.text)).collect()
}

fn pairs(seen: &[(&str, &str)]) -> Vec<(Option<String>, String)> {
    let slot = |slot: &str| (!slot.is_empty()).then(|| slot.to_owned());
    seen.iter().map(|(name, text)| (slot(name), (*text).to_owned())).collect()
}

#[test]
fn numbers_are_read_in_every_natural_form() {
    let before = planned(&vague::faster(), &vague::shop());
    let (place, measure) = ("vague.place", "vague.measure");
    for (text, expected) in [
        ("1: a 2: b", vec![(place, "a"), (measure, "b")]),
        ("1) a\n2) b", vec![(place, "a"), (measure, "b")]),
        ("1. a\n2. b", vec![(place, "a"), (measure, "b")]),
        ("Q1: a\nq2) b", vec![(place, "a"), (measure, "b")]),
        ("question 1: a Q2: b", vec![(place, "a"), (measure, "b")]),
        ("- **1:** a\n- **2:** b", vec![(place, "a"), (measure, "b")]),
        ("1:a", vec![(place, "a")]),
        ("#2 = b", vec![(measure, "b")]),
        ("1: a\nb 1.5 s", vec![(place, "a\nb 1.5 s")]),
        ("1.5 s at most", vec![("", "1.5 s at most")]),
        ("10:30 is the hour", vec![("", "10:30 is the hour")]),
        ("404: not found", vec![("", "404: not found")]),
        ("the list. 2: 4 s today at 7: 15", vec![("", "the list."), (measure, "4 s today at 7: 15")]),
        ("1: a\n```\n9: b\n```", vec![(place, "a\n```\n9: b\n```")]),
        ("1: default", vec![(place, "`app/models/search.rb`")]),
    ] {
        assert_eq!(read(text, &before), pairs(&expected), "{text}");
    }
}

#[test]
fn a_numbered_list_is_one_where_nothing_is_open() {
    let mut before = planned(&vague::faster(), &vague::shop());
    before.asked = revise::asked(&before);
    before.questions.clear();
    assert_eq!(read("1. a\n2. b", &before), pairs(&[("", "1. a\n2. b")]));
    assert_eq!(read("1: a", &before), pairs(&[("vague.place", "a")]));
}

#[test]
fn what_names_nothing_that_is_there_is_said_and_not_dropped() {
    let before = planned(&sign_ins(), &web());
    for (text, what, example) in [
        ("9: yes", "There is no question 9; 1, 2 and 3 are open", "1: your answer"),
        ("1: yes\n9) no", "There is no question 9; 1, 2 and 3 are open", "1: your answer"),
        ("Q7: yes", "There is no question 7; 1, 2 and 3 are open", "1: your answer"),
        ("1: yes Q7: no", "There is no question 7; 1, 2 and 3 are open", "1: your answer"),
        ("drop R9", "There is no R9; the plan has R1 to R3", "drop R3"),
        ("R0: nothing", "There is no R0; the plan has R1 to R3", "drop R3"),
        (
            "drop R2 and add a flag",
            "“drop R2 and add a flag” names a requirement among other words: one line says one thing",
            "drop R2",
        ),
        (
            "drop R1-R3",
            "“drop R1-R3” names a requirement among other words: one line says one thing",
            "drop R1",
        ),
        (
            "drop R1, and R3: an empty name must give 400",
            "“drop R1, and R3: an empty name must give 400” names a requirement among other words: one line says one thing",
            "drop R1",
        ),
        (
            "skip R1, and 2: the client IP",
            "“skip R1, and 2: the client IP” names a requirement among other words: one line says one thing",
            "drop R1",
        ),
        (
            "R3 is wrong, drop it",
            "“R3 is wrong, drop it” names a requirement among other words: one line says one thing",
            "drop R3",
        ),
        ("undo that", "“undo that” names nothing to do", "drop R1"),
        ("Please fix it again!", "“Please fix it again!” names nothing to do", "drop R1"),
        (
            "1 the client IP",
            "“1 the client IP” answers question 1 only with a colon behind its number",
            "1: the client IP",
        ),
        (
            "1: after 10 minutes",
            "“after 10 minutes” does not name what counts together, so it is no answer to question 1",
            "1: the client IP",
        ),
        (
            "1: the client IP\n2: the account",
            "“the account” names no time and no event, so it is no answer to question 2",
            "2: after 15 minutes",
        ),
        ("1: the client IP\n2:", "Nothing stands behind the number of question 2", "2: your answer"),
        ("1:", "Nothing stands behind the number of question 1", "1: your answer"),
        ("R1: yes", "“R1: yes” says nothing that R1 could be instead", "R1: a guest must get 403"),
        ("R3 = needed", "“R3 = needed” says nothing that R3 could be instead", "R3: a guest must get 403"),
        (
            "R2: is that the right file?",
            "“R2: is that the right file?” says nothing that R2 could be instead",
            "R2: a guest must get 403",
        ),
    ] {
        let unread = revise::answers(text, "ada", &before).expect_err(text);
        assert_eq!((unread.what.as_str(), unread.example.as_str()), (what, example), "{text}");
    }
}

#[test]
fn a_number_that_counts_is_no_question_and_words_that_name_something_are_taken() {
    let before = planned(&sign_ins(), &web());
    for text in ["1 request per minute must be refused", "undo the limit of `src/auth.rs`", "9 lives"] {
        assert_eq!(answers(text, "ada", &before)[0].slot, None, "{text}");
    }
    assert_eq!(revise::forms(&before), ["1: …", "R1: …", "drop R1"]);
}

#[test]
fn what_a_title_alone_asks_stays_beside_what_is_said() {
    let titled = |text: &str| {
        let mut brief = issue(7, "`src/auth.rs` should not panic", "");
        brief.answers = vec![Answer { slot: None, text: text.to_owned(), author: "ada".to_owned() }];
        planned(&brief, &web())
    };
    let quotes = |plan: &Plan| plan.requirements.iter().map(|one| one.quote.clone()).collect::<Vec<_>>();
    let title = "`src/auth.rs` should not panic";
    let more = "`src/main.rs` must exit with 2";
    assert_eq!(quotes(&titled(more)), [title, more]);
    assert_eq!(quotes(&titled("thanks")), [title]);
    // Said again in more words it is one.
    let again = "`src/auth.rs` should not panic when the password is empty";
    assert_eq!(quotes(&titled(again)), [again]);
    let mut pointed = issue(7, title, "");
    pointed.target = crate::domain::brief::Target::Text(more.to_owned());
    assert_eq!(quotes(&planned(&pointed, &web())), [title, more]);
}

#[test]
fn an_answer_holds_in_the_cases_of_every_requirement_it_touches() {
    let before = planned(&sign_ins(), &web());
    let mut brief = sign_ins();
    brief.answers = answers("2: after 15 minutes", "ada", &before);
    let cases: Vec<String> =
        planned(&brief, &web()).requirements.into_iter().flat_map(|one| one.cases).collect();
    let held = "14 min after the refusal: 429, after 16 min: not";
    assert_eq!(cases.iter().filter(|case| *case == held).count(), 2, "{cases:#?}");
    assert!(!cases.iter().any(|case| case.contains("at 11 s: not 429")), "{cases:#?}");
}

#[test]
fn a_requirement_goes_by_its_number() {
    let before = planned(&sign_ins(), &web());
    let quotes = |text: &str| {
        let mut brief = sign_ins();
        brief.answers = answers(text, "grace", &before);
        let plan = planned(&brief, &web());
        (plan.requirements.iter().map(|one| one.quote.clone()).collect::<Vec<_>>(), plan.read_as)
    };
    let [first, second, third] = [0, 1, 2].map(|index| before.requirements[index].quote.clone());
    for text in [
        "drop R2",
        "Please remove R2.",
        "R2 is not needed",
        "R2 isn't needed anymore",
        "R2 is no longer required because the file is gone",
        "R2 is out of scope.",
        "R2: drop",
        "R2: not needed",
        "leave out R2, it comes later",
    ] {
        let (left, read_as) = quotes(text);
        assert_eq!(left, [first.clone(), third.clone()], "{text}");
        let told = format!("“{second}” stays out, says grace");
        assert!(read_as.contains(&told), "{text}: {read_as:?}");
    }
    assert_eq!(quotes("drop R2 and R3").0, std::slice::from_ref(&first));
    assert_eq!(quotes("1: the client IP\ndrop R3").0, [first, second]);
}

#[test]
fn what_is_said_twice_goes_and_changes_as_one() {
    let body = "- [ ] `src/main.rs` must print `hello`\n- [ ] a guest must get 403\n\n## Acceptance criteria\n\n- A guest must get 403.\n";
    let brief = Brief { body: body.to_owned(), ..sign_ins() };
    let before = planned(&brief, &web());
    let quotes = |text: &str| {
        let mut next = brief.clone();
        next.answers = answers(text, "grace", &before);
        planned(&next, &web()).requirements.into_iter().map(|one| one.quote).collect::<Vec<_>>()
    };
    let first = before.requirements[0].quote.clone();
    assert_eq!(before.requirements.len(), 2);
    assert_eq!(quotes("drop R2"), std::slice::from_ref(&first));
    assert_eq!(quotes("R2: a guest must get 404"), [first, "a guest must get 404".to_owned()]);
}

#[test]
fn a_requirement_is_said_anew_by_its_number() {
    let before = planned(&sign_ins(), &web());
    let mut brief = sign_ins();
    brief.answers = answers("R3: a success must answer 204", "grace", &before);
    let after = planned(&brief, &web());
    let third = &after.requirements[2];
    assert_eq!((third.quote.as_str(), third.by.as_deref()), ("a success must answer 204", Some("grace")));
    assert!(third.cases.iter().any(|case| case.contains("204")), "{:?}", third.cases);
    assert_eq!(after.requirements.len(), 3);
    // Said of the second plan, in its words.
    brief.answers.extend(answers("R3: a success must answer 200", "ada", &after));
    let last = planned(&brief, &web());
    assert_eq!(last.requirements[2].quote, "a success must answer 200");
}

#[test]
fn a_remark_that_asks_for_nothing_is_shown() {
    let before = planned(&sign_ins(), &web());
    let mut brief = sign_ins();
    brief.answers = answers("R2 sounds odd to me", "grace", &before);
    let after = planned(&brief, &web());
    assert_eq!(after.requirements, before.requirements);
    assert!(after.read_as.contains(&"grace: “R2 sounds odd to me”".to_owned()), "{:?}", after.read_as);
}

#[test]
fn a_limit_that_never_ends_is_a_case() {
    let before = planned(&sign_ins(), &web());
    let case = |text: &str| {
        let mut brief = sign_ins();
        brief.answers = answers(text, "ada", &before);
        planned(&brief, &web()).work_items[0].acceptance[2].clone()
    };
    assert_eq!(case("2: never"), "at 61 s and ever after: 429");
    assert_eq!(case("2: when an admin unlocks it"), "the 429 ends: when an admin unlocks it");
}

#[test]
fn the_sentence_behind_enhance_is_of_who_typed_it() {
    let mut brief = sign_ins();
    brief.target = crate::domain::brief::Target::Text("`src/auth.rs` must log each refusal".to_owned());
    brief.aimed_by = Some("tess".to_owned());
    let plan = planned(&brief, &web());
    assert!(plan.requirements.iter().any(|one| one.by.as_deref() == Some("tess")), "{:?}", plan.requirements);
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
    // R2 sets the same numbers by a file, and its case says when that refusal ends.
    let before = planned(&sign_ins(), &web());
    let mut brief = sign_ins();
    brief.answers = answers("2: after 15 minutes", "ada", &before);
    brief.asked = revise::asked(&before);
    let (old, new) = (comment(&sign_ins(), &web()), comment(&brief, &web()));
    assert!(new.contains("ada: “after 15 minutes”"), "{new}");
    let allowed = [
        "| R1 | “after ",
        "| R2 | “limit ",
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
    brief.answers = answers("1: the e-mail address", "ada", &before);
    brief.answers.extend(answers("1: the client IP", "grace", &before));
    let after = planned(&brief, &web());
    let said: Vec<&String> = after.read_as.iter().filter(|line| line.contains("one address")).collect();
    assert_eq!(said, ["“one address”: grace: “the client IP”"]);
}

#[test]
fn an_answer_reaches_the_cases() {
    let before = planned(&sign_ins(), &web());
    let cases = |text: &str| {
        let mut brief = sign_ins();
        brief.answers = answers(text, "ada", &before);
        planned(&brief, &web()).requirements[0].cases.clone()
    };
    assert_eq!(cases("1: the e-mail address of the account")[3], "from a second e-mail address: not 429");
    assert_eq!(cases("2: after 15 minutes")[2], "14 min after the refusal: 429, after 16 min: not");
    for (title, body, slot, answer, expected) in [
        ("Wait", "`src/auth.rs` must time out.", "timeout.after", "10 s", "an answer after 9 s: taken"),
        ("Wait", "`src/auth.rs` must time out.", "timeout.shows", "a 504", "no answer: a 504 after"),
        (
            "Again",
            "`src/auth.rs` must retry on 503.",
            "retry.count",
            "5 times",
            "503, 5 times, then success: success",
        ),
        ("Again", "`src/auth.rs` must retry on 503.", "retry.pause", "200 ms", "between two tries: 200 ms"),
        (
            "Lists",
            "The list of sessions must be paginated.",
            "pagination.size",
            "25",
            "25 of sessions: one page, no next",
        ),
        (
            "Guests",
            "Only managers may read `src/auth.rs`.",
            "permission.shows",
            "404",
            "anybody but managers: 404, nothing changed",
        ),
        (
            "Sort",
            "- [ ] the list stays readable\n- [ ] `src/auth.rs` must answer 403 for a blocked account",
            "observable",
            "the newest session stands on top",
            "the newest session stands on top",
        ),
    ] {
        let mut brief = issue(7, title, body);
        let asked = planned(&brief, &web()).questions.into_iter().map(|question| question.slot);
        let slot = asked.into_iter().find(|asked| asked.starts_with(slot));
        assert!(slot.is_some(), "{title} asks");
        brief.answers =
            vec![Answer { slot: slot.clone(), text: answer.to_owned(), author: "ada".to_owned() }];
        let cases = planned(&brief, &web()).requirements[0].cases.clone();
        assert!(cases.iter().any(|case| case.contains(expected)), "{slot:?}: {cases:?}");
    }
}

#[test]
fn an_answer_stays_with_its_requirement_when_one_before_it_goes() {
    let body = "- [ ] `src/auth.rs` must time out.\n- [ ] `src/main.rs` must time out on a slow disk.\n";
    let brief = issue(7, "Wait", body);
    let before = planned(&brief, &web());
    let asked: Vec<&str> = before.questions.iter().map(|question| question.text.as_str()).collect();
    let disk = asked.iter().position(|text| text.contains("slow disk")).expect("asks for both");
    let number = revise::asked(&before)[&before.questions[disk].slot];
    let mut next = brief;
    next.answers = answers(&format!("{number}: 10 s\ndrop R1"), "ada", &before);
    let after = planned(&next, &web());
    assert!(after.requirements[0].quote.contains("slow disk"), "{:?}", after.requirements);
    assert_eq!(after.requirements[0].cases[0], "an answer after 9 s: taken");
    let again = after.questions.iter().any(|question| question.text.starts_with("After how long"));
    assert!(!again, "{:?}", after.questions);
}

#[test]
fn an_answer_stays_with_its_requirement_when_that_is_said_anew() {
    let brief = issue(7, "Wait", "- [ ] `src/auth.rs` must time out.\n");
    let before = planned(&brief, &web());
    let mut next = brief;
    next.answers = answers("1: 10 s", "ada", &before);
    next.answers.extend(answers(
        "R1: `src/auth.rs` must time out on a slow disk",
        "grace",
        &planned(&next, &web()),
    ));
    let after = planned(&next, &web());
    assert!(after.requirements[0].quote.contains("slow disk"), "{:?}", after.requirements);
    assert_eq!(after.requirements[0].cases[0], "an answer after 9 s: taken");
}

#[test]
fn what_the_issue_leaves_open_is_decided_by_an_answer() {
    let body = "- [ ] `src/auth.rs` must keep the last ten sign-ins\n- [ ] `src/main.rs` must print the sessions\n\n## Open questions\n\nShould the sessions be sorted by age?\n";
    let brief = issue(7, "History", body);
    let before = planned(&brief, &web());
    let question = before.questions.iter().find(|one| one.slot.starts_with("open.")).expect("asked");
    let number = revise::asked(&before)[&question.slot];
    let mut next = brief;
    next.answers = answers(&format!("{number}: the youngest first"), "ada", &before);
    let after = planned(&next, &web());
    assert!(
        after.requirements[1].cases.iter().any(|case| case.contains("the youngest first")),
        "{:?}",
        after.requirements
    );
}

#[test]
fn a_question_keeps_its_number_through_revisions() {
    let first = planned(&sign_ins(), &web());
    let mut brief = sign_ins();
    brief.answers = answers("1: the client IP", "ada", &first);
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
    let read = answers("2: after an hour\n1: the e-mail address", "ada", &second);
    let slots: Vec<Option<&str>> = read.iter().map(|answer| answer.slot.as_deref()).collect();
    assert_eq!(slots, [Some("rate_limit.exit"), Some("rate_limit.key")]);
    // What was stored before numbers were kept counts by its place.
    let before = Plan { asked: Default::default(), ..first.clone() };
    assert_eq!(revise::asked(&before), first.asked);
}

#[test]
fn an_answer_to_what_is_not_asked_any_more_is_not_lost() {
    let first = planned(&sign_ins(), &web());
    let mut brief = sign_ins();
    brief.answers = answers("3: src/lost.rs is meant", "ada", &first);
    brief.asked = revise::asked(&first);
    brief.body = brief.body.replace("src/nope.rs", "the log");
    let after = planned(&brief, &web());
    let line = "ada, to question 3: “src/lost.rs is meant”";
    assert!(after.read_as.iter().any(|said| said == line), "{:?}", after.read_as);
}

/// Slots whose answers say whether or in what order there is something to do, or what talk beside the demands means.
const STEERING: [&str; 4] = ["declined", "duplicate.", "dependency.", "missing."];
/// Slots whose answers are told beside the demands of a wish that was too vague.
const TOLD: [&str; 2] = ["vague.place", "vague.limit"];

#[test]
fn every_question_has_answers_that_reach_the_work() {
    let mut all: Vec<(Brief, Snapshot)> =
        super::golden::all().into_iter().map(|golden| (golden.brief, golden.snapshot)).collect();
    for line in include_str!("issues.tsv").lines().filter(|line| !line.starts_with('#')) {
        let mut parts = line.split('\t').skip(1);
        let (title, body) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        all.push((issue(9, title, &body.replace("\\n", "\n")), web()));
    }
    let (mut slots, mut lost) = (std::collections::BTreeSet::new(), Vec::new());
    for (brief, snapshot) in all {
        let before = planned(&brief, &snapshot);
        for question in &before.questions {
            let slot = question.slot.as_str();
            if STEERING.iter().any(|steering| slot.starts_with(steering)) {
                continue;
            }
            slots.insert(
                slot.split(|c: char| c == '.' && slot.contains('.')).take(2).collect::<Vec<_>>().join("."),
            );
            let mut revised = brief.clone();
            revised.asked = revise::asked(&before);
            let text = "the zebra shows 4711".to_owned();
            revised.answers.push(Answer {
                slot: Some(slot.to_owned()),
                text: text.clone(),
                author: "grace".to_owned(),
            });
            let after = planned(&revised, &snapshot);
            let work = after.requirements.iter().flat_map(|one| one.cases.iter().chain([&one.quote]));
            let told = after.read_as.iter().filter(|_| TOLD.contains(&slot));
            if !work.chain(told).any(|line| line.contains("4711") || line.contains("zebra")) {
                lost.push(format!("{}: {slot}: {}", brief.title, question.text));
            }
            assert!(!after.questions.iter().any(|one| one.slot == slot), "{slot} is asked again");
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
    assert!(slots.len() > 15, "{slots:?}");
}
