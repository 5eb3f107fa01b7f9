use std::collections::BTreeMap;

use proptest::prelude::{Just, ProptestConfig, Strategy, prop_oneof, proptest};

use super::{Asker, Content, Points, Purse, Spend, Urgency, Verdict, spread_ms};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 3_600_000;
const MONDAY: i64 = 1_772_442_000_000;

fn person(job: i64) -> Asker {
    Asker { job, urgency: Urgency::Person }
}

/// The most that any window of this length holds.
fn most_within(created: &[i64], window_ms: i64) -> usize {
    let within = |start: i64| created.iter().filter(|at| (start..start + window_ms).contains(at)).count();
    created.iter().map(|start| within(*start)).max().unwrap_or(0)
}

/// Works jobs off as the queue does: each comes when it arrives, and again when it was told to. When each was done.
fn work_off(arrivals: &[(i64, Asker)]) -> Vec<(i64, Asker)> {
    let mut books = Content::default();
    let mut queue: BTreeMap<(i64, usize), Asker> = BTreeMap::new();
    queue.extend(arrivals.iter().enumerate().map(|(index, (at_ms, asker))| ((*at_ms, index), *asker)));
    let (mut done, mut asked) = (Vec::new(), 0);
    while let Some(((now_ms, index), asker)) = queue.pop_first() {
        asked += 1;
        assert!(asked < 100 * arrivals.len(), "nobody gets through");
        match books.ask(asker, now_ms) {
            Verdict::Now => done.push((now_ms, asker)),
            Verdict::NotBefore(at_ms) => {
                assert!(at_ms > now_ms);
                queue.insert((at_ms, index), asker);
            }
        }
    }
    done
}

fn times(done: &[(i64, Asker)]) -> Vec<i64> {
    done.iter().map(|(at_ms, _)| *at_ms).collect()
}

#[test]
fn p10_one_event_a_second_over_forty_installations_is_not_delayed() {
    let mut books: BTreeMap<i64, Content> = BTreeMap::new();
    for second in 0..7_200 {
        let one = books.entry(second % 40).or_default();
        assert_eq!(one.ask(person(second + 1), MONDAY + second * 1_000), Verdict::Now);
    }
}

#[test]
fn p11_sixty_commands_at_once_are_through_in_54_seconds() {
    let arrivals: Vec<_> = (1..=60).map(|job| (MONDAY, person(job))).collect();
    let done = times(&work_off(&arrivals));
    assert_eq!(done.iter().filter(|at| **at == MONDAY).count(), 20, "a burst goes unspaced");
    assert_eq!(done.last().map(|at| at - MONDAY), Some(40_000));
}

#[test]
fn p12_seven_hundred_events_at_once_keep_both_windows() {
    let arrivals: Vec<_> = (1..=700).map(|job| (MONDAY, person(job))).collect();
    let done = work_off(&arrivals);
    assert_eq!(done.len(), 700);
    let created = times(&done);
    assert_eq!((most_within(&created, MINUTE_MS), most_within(&created, HOUR_MS)), (76, 480));
    assert!(done.is_sorted_by_key(|(_, asker)| asker.job), "nobody is overtaken");
}

#[test]
fn each_job_is_told_its_own_moment_and_asks_twice() {
    let mut books = Content::default();
    for job in 1..=20 {
        assert_eq!(books.ask(person(job), MONDAY), Verdict::Now);
    }
    for job in 21..=30 {
        let moment = Verdict::NotBefore(MONDAY + (job - 20) * 1_000);
        assert_eq!(books.ask(person(job), MONDAY), moment);
        assert_eq!(books.ask(person(job), MONDAY + 500), moment, "asking again changes nothing");
    }
    // A newcomer stands behind those who were promised a moment, also when it comes just then.
    assert_eq!(books.ask(person(99), MONDAY + 1_000), Verdict::NotBefore(MONDAY + 11_000));
    assert_eq!(books.ask(person(21), MONDAY + 1_000), Verdict::Now);
}

#[test]
fn a_moment_that_nobody_takes_up_is_lost_and_no_more() {
    let mut books = Content::default();
    for job in 1..=40 {
        books.ask(person(job), MONDAY);
    }
    // All forty had their moment by now; the twenty that were promised one never came.
    assert_eq!(books.ask(person(41), MONDAY + 200_000), Verdict::Now);
}

#[test]
fn people_go_before_schedules_when_room_is_short() {
    let mut books = Content::default();
    let schedule = |job| Asker { job, urgency: Urgency::Schedule };
    for job in 1..=10 {
        assert_eq!(books.ask(schedule(job), MONDAY), Verdict::Now);
    }
    assert!(matches!(books.ask(schedule(11), MONDAY), Verdict::NotBefore(_)));
    for job in 12..=21 {
        assert_eq!(books.ask(person(job), MONDAY), Verdict::Now);
    }
    assert_eq!(books.ask(person(22), MONDAY), Verdict::NotBefore(MONDAY + 1_000));
    // While a person waits for a promised moment, no schedule takes the place that has become free.
    assert!(matches!(books.ask(schedule(11), MONDAY + 1_000), Verdict::NotBefore(_)));
    assert_eq!(books.ask(person(22), MONDAY + 1_000), Verdict::Now);
}

#[test]
fn what_was_not_sent_is_taken_back_and_not_what_a_clock_ahead_has_counted() {
    let mut books = Content::default();
    assert_eq!(books.ask(person(1), MONDAY + 5_000), Verdict::Now);
    assert_eq!(books.ask(person(2), MONDAY), Verdict::Now);
    books.take_back();
    books.take_back();
    let text = serde_json::to_value(&books).unwrap();
    assert_eq!(text["created_ms"], serde_json::json!([MONDAY + 5_000]), "its own, and once");
}

#[test]
fn books_are_kept_as_text() {
    let mut books = Content::default();
    for job in 1..=25 {
        books.ask(person(job), MONDAY + job);
    }
    let text = serde_json::to_string(&books).unwrap();
    assert_eq!(serde_json::from_str::<Content>(&text).unwrap(), books);
    assert_eq!(serde_json::from_str::<Content>("{}").unwrap(), Content::default());
}

fn arrival() -> impl Strategy<Value = (i64, Urgency)> {
    let wait = prop_oneof![6 => Just(0), 3 => 0..2_000_i64, 1 => 0..600_000_i64];
    (wait, prop_oneof![4 => Just(Urgency::Person), 1 => Just(Urgency::Schedule)])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whoever comes in whatever order: GitHub's two windows hold, and everybody gets through.
    #[test]
    fn p12_no_order_of_arrival_breaks_a_window(waits in proptest::collection::vec(arrival(), 1..700)) {
        let mut at_ms = MONDAY;
        let mut arrivals = Vec::new();
        for (index, (wait_ms, urgency)) in waits.iter().enumerate() {
            at_ms += wait_ms;
            arrivals.push((at_ms, Asker { job: i64::try_from(index).unwrap() + 1, urgency: *urgency }));
        }
        let done = work_off(&arrivals);
        assert_eq!(done.len(), arrivals.len());
        let created = times(&done);
        assert!(most_within(&created, MINUTE_MS) <= 80);
        assert!(most_within(&created, HOUR_MS) <= 500);
    }

    /// Three processes with clocks of their own, each with a purse: together they never spend more than 900 points a minute.
    #[test]
    fn points_of_three_processes_stay_within_900_a_minute(
        asks in proptest::collection::vec((0..3_usize, 0..400_i64, prop_oneof![Just(1_i64), Just(5)], 0..3_u8), 1..1_500),
    ) {
        let mut books = Points::default();
        let mut purses = [Purse::default(); 3];
        let (mut now_ms, mut spent) = (MONDAY, Vec::new());
        for (who, wait_ms, points, urgency) in asks {
            now_ms += wait_ms;
            let urgency = [Urgency::Person, Urgency::Schedule, Urgency::Courtesy][usize::from(urgency)];
            let purse = &mut purses[who];
            let mut verdict = purse.spend(points, urgency, now_ms);
            if let Spend::Ask(wanted) = verdict {
                purse.answered(books.take(wanted, urgency, now_ms), urgency, now_ms);
                verdict = purse.spend(points, urgency, now_ms);
            }
            match verdict {
                Spend::Now => spent.push((now_ms, points)),
                Spend::NotBefore(at_ms) => assert!(at_ms > now_ms),
                Spend::Ask(_) => panic!("the books have answered"),
            }
        }
        for (start, _) in &spent {
            let within: i64 = spent
                .iter()
                .filter(|(at_ms, _)| (*start..start + MINUTE_MS).contains(at_ms))
                .map(|(_, points)| points)
                .sum();
            assert!(within <= 900, "{within} points in a minute");
        }
    }

    #[test]
    fn a_spread_is_the_same_each_time_and_within_half_the_wait(key in 0..i64::MAX, wait_ms in 0..10_000_000_i64) {
        let spread = spread_ms(key, wait_ms);
        assert_eq!(spread, spread_ms(key, wait_ms));
        assert!(spread >= 0 && spread <= wait_ms / 2 && spread < MINUTE_MS);
    }
}

#[test]
fn a_quiet_installation_asks_the_books_for_nothing() {
    let mut purse = Purse::default();
    for minute in 0..60 {
        for _ in 0..6 {
            assert_eq!(purse.spend(5, Urgency::Person, MONDAY + minute * 80_000), Spend::Now);
        }
    }
}

#[test]
fn blocks_that_were_asked_for_at_the_same_moment_add_up() {
    let (mut books, mut purse) = (Points::default(), Purse::default());
    // Two workers have looked into the empty purse before either was answered.
    let both = [(); 2].map(|()| books.take(40, Urgency::Person, MONDAY));
    both.into_iter().for_each(|taken| purse.answered(taken, Urgency::Person, MONDAY));
    for _ in 0..24 {
        assert_eq!(purse.spend(5, Urgency::Person, MONDAY), Spend::Now);
    }
    // A rest that is about to end does not shorten the block that comes after it.
    purse.answered(books.take(40, Urgency::Person, MONDAY), Urgency::Person, MONDAY);
    let late_ms = MONDAY + 9_000;
    purse.answered(books.take(40, Urgency::Person, late_ms), Urgency::Person, late_ms);
    assert_eq!(purse.spend(50, Urgency::Person, MONDAY + 15_000), Spend::Now);
}

#[test]
fn receipts_stop_first_and_people_last() {
    let mut books = Points::default();
    let mut now = |urgency| {
        let mut purse = Purse::default();
        let mut spent = 0;
        loop {
            match purse.spend(5, urgency, MONDAY) {
                Spend::Now => spent += 5,
                Spend::NotBefore(_) => return spent,
                Spend::Ask(points) => purse.answered(books.take(points, urgency, MONDAY), urgency, MONDAY),
            }
        }
    };
    let (receipts, schedules, people) =
        (now(Urgency::Courtesy), now(Urgency::Schedule), now(Urgency::Person));
    assert!(receipts >= 400 && schedules >= 150 && people >= 250, "{receipts} {schedules} {people}");
    assert!(receipts + schedules + people <= 900);
}

#[test]
fn forty_installations_spread_a_recovery_over_half_a_minute() {
    let spread: Vec<i64> = (1..=40).map(|installation| spread_ms(installation, 72_000)).collect();
    assert!(spread.iter().max().unwrap() - spread.iter().min().unwrap() >= 30_000);
    let busiest = (0..36).map(|second| spread.iter().filter(|ms| **ms / 1_000 == second).count()).max();
    assert!(busiest <= Some(5), "{busiest:?} in one second");
}
