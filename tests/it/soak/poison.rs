//! Deliveries that are rightly signed and make no sense.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::dice::{Dice, seed};
use super::invariants::{self, Deaths};
use super::jobs_that_end_badly::operators_see_it;
use super::patience::until;
use super::post::{Sender, payload};
use super::rig::{Place, Rig, on_each};
use super::script::{Script, furnish};
use super::told;

const HERE: (&str, i64) = ("acme/app", 1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f19_poison_is_taken_or_refused_and_everything_else_goes_on() {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        let life = rig.start(&[]).await;
        let sender = Sender::to(&rig, &life);
        for (number, (name, event, body)) in corpus(&rig).into_iter().enumerate() {
            let answer = sender.send(sender.signed(event, format!("poison-{number}"), body)).await.unwrap();
            if !matches!(answer.status, 200 | 202 | 400) {
                let mut life = life;
                life.program.kill();
                panic!("{}: {name}: {}: {:#?}", place.name, answer.status, life.program.ended().await.err);
            }
        }
        // In the very lane of most of them, and beside it.
        script.says("rita", HERE, "/status");
        script.says("rita", ("borealis/app", 1), "/help");
        // Under its old name, which an event on its way still has.
        let late = payload(&rig, ("cobalt/app", 1), ("rita", "/status"));
        rig.world.act_as("ada").rename_repository("cobalt/app", "service").unwrap();
        let comment = late["comment"]["id"].as_i64().unwrap();
        let answer = sender.send(sender.signed("issue_comment", "late", late.to_string())).await.unwrap();
        assert_eq!(answer.status, 202);
        let lives = rig.settle(vec![life]).await;
        let mut jobs = rig.books.jobs().await.unwrap();
        jobs.retain(|job| job.state == "dead");
        assert!(!jobs.is_empty(), "{}: some of it can be read and not be done", place.name);
        operators_see_it(&lives[0]).await;
        until("a figure of all that is dead", async || {
            (told::figure(&lives[0], "millwright_jobs_dead").await == jobs.len() as u64).then_some(())
        })
        .await;
        rig.stop_all(lives).await;
        let answered = rig.world.comments("cobalt/service", 1).into_iter().any(|it| it.id > comment);
        assert!(answered, "the repository is known by its id, whatever its name");

        let told = told::lines(&rig, "ERROR", "dead");
        let told: BTreeSet<i64> = told.iter().filter_map(|line| line["span"]["job"].as_i64()).collect();
        let mut dead = BTreeMap::new();
        for job in &jobs {
            assert!(told.contains(&job.seq), "the log has no error about it: {job}");
            let before = dead.insert(job.delivery.clone().unwrap(), job.to_string());
            println!("{}: {job}", place.name);
            assert!(before.is_none(), "more than one dead job of one delivery: {before:?} {job}");
        }
        assert!(dead.keys().all(|guid| guid.starts_with("poison-")), "{dead:#?}");
        invariants::check_with(&rig, &script, Deaths::OfPoison).await;
    })
    .await;
}

/// What it is, its event, its body.
fn corpus(rig: &Rig) -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let good = payload(rig, HERE, ("rita", "/status"));
    let with = |pointer: &str, value: Value| {
        let mut payload = good.clone();
        *payload.pointer_mut(pointer).unwrap() = value;
        payload.to_string().into_bytes()
    };
    // As an escape: no Rust string can hold half a pair.
    let raw = |escape: &str| {
        let text = String::from_utf8(with("/comment/body", "/what HERE is".into())).unwrap();
        text.replace("HERE", escape).into_bytes()
    };
    let deep = format!("{{\"action\":\"created\",\"deep\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    vec![
        ("no JSON", "issue_comment", b"not JSON".to_vec()),
        ("half of it", "issue_comment", good.to_string().into_bytes()[..200].to_vec()),
        ("an array", "issue_comment", b"[1, 2, 3]".to_vec()),
        ("nothing", "issue_comment", Vec::new()),
        ("no UTF-8", "issue_comment", b"{\"action\":\"created\xff\"}".to_vec()),
        ("an event that nobody knows", "meteor", good.to_string().into_bytes()),
        ("an action that nobody knows", "issue_comment", with("/action", "sung".into())),
        ("no fields", "issue_comment", b"{}".to_vec()),
        ("other types", "issue_comment", with("/issue", json!([1, "two"]))),
        ("a person who is gone", "issue_comment", with("/comment/user", Value::Null)),
        ("a sender who is gone", "issue_comment", with("/sender", Value::Null)),
        ("a title of a million", "issue_comment", with("/issue/title", "t".repeat(1 << 20).into())),
        (
            "a body of nothing but commands",
            "issue_comment",
            with("/comment/body", "/no\n".repeat(1 << 14).into()),
        ),
        ("half a surrogate pair", "issue_comment", raw("\\ud800")),
        ("a NUL", "issue_comment", raw("\\u0000")),
        ("a NUL in a name", "issue_comment", with("/sender/login", "ri\0ta".into())),
        ("nested deeply", "issue_comment", deep.into_bytes()),
        ("a number without end", "issue_comment", with("/issue/number", json!(1e300))),
        ("an issue that is not there", "issue_comment", with("/issue/number", 99_999.into())),
        ("a repository that is not there", "issue_comment", with("/repository/id", 4_711.into())),
        ("an installation that is not there", "issue_comment", with("/installation/id", 4_711.into())),
    ]
}
