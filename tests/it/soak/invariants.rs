//! What holds after every run, seen from outside: GitHub's state, its log of requests, the database, the programs' logs.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::OsString;
use std::fmt;

use millwright::config::derived_keys::Purpose;
use millwright::config::settings::Settings;
use millwright::domain::ids::RepoId;
use millwright::domain::marker::{Marker, Signer};
use millwright::sandbox::{Comment, Request, TokenKind};
use secrecy::{ExposeSecret as _, SecretSlice};

use super::books::{EffectLine, JobLine};
use super::lanes::{self, Lanes};
use super::rig::Rig;
use super::script::{Said, Script, quiet_repositories, repositories};

/// What was found, for people to read.
#[derive(Debug, Default)]
pub struct Findings {
    pub deliveries: usize,
    pub attempts_to_deliver: usize,
    pub jobs: usize,
    pub dead: usize,
    pub comments: usize,
    pub issues: usize,
    pub effects: usize,
    pub requests: usize,
    pub lanes: Lanes,
    /// Content writes of one installation under way at the same time, by all programs together.
    pub writes_at_once: usize,
}

/// Something of the bot's at GitHub.
struct Thing {
    repo: String,
    repo_id: i64,
    issue: i64,
    id: i64,
    marker: Marker,
}

/// Everything that must hold once the work has settled and all programs have ended; panics at the first thing that does not.
pub async fn check(rig: &Rig, script: &Script) -> Findings {
    let jobs = rig.books.jobs().await.unwrap();
    let effects = rig.books.effects().await.unwrap();
    let mut findings = Findings { jobs: jobs.len(), effects: effects.len(), ..Findings::default() };
    nothing_accepted_is_lost(rig, &jobs, &mut findings).await;
    death_has_one_cause(&jobs, &mut findings);
    let things = things(rig, &mut findings);
    one_thing_per_effect(&things);
    the_ledger_is_true(&things, &effects, findings.dead);
    links_are_single(rig, &things);
    let dead = dead_comments(rig, &jobs);
    for said in script.said() {
        answered_once(rig, &said, &things, dead.contains(&said.comment));
    }
    let requests = rig.world.requests();
    findings.requests = requests.len();
    nothing_is_written_elsewhere(&requests);
    content_is_written_one_by_one(rig, &requests, &mut findings);
    findings.lanes = rig.past(lanes::check);
    nothing_panicked(rig);
    findings
}

/// Every delivery was accepted in the end, each accepted one has a row and jobs, and all of those have come to their end.
async fn nothing_accepted_is_lost(rig: &Rig, jobs: &[JobLine], findings: &mut Findings) {
    let stored = rig.books.deliveries().await.unwrap();
    let with_jobs: BTreeSet<&str> = jobs.iter().filter_map(|job| job.delivery.as_deref()).collect();
    let mut accepted = BTreeMap::<String, bool>::new();
    for attempt in rig.world.webhook_log() {
        findings.attempts_to_deliver += 1;
        let outcome = attempt.outcome.as_ref().unwrap();
        let kept = outcome.status_code == 202 || outcome.response_body.contains("here before");
        *accepted.entry(attempt.guid.clone()).or_default() |= (200..300).contains(&outcome.status_code);
        if kept {
            assert!(stored.contains(&attempt.guid), "a lost delivery: {attempt:?}");
            assert!(with_jobs.contains(attempt.guid.as_str()), "a delivery without a job: {attempt:?}");
        }
    }
    let refused: Vec<_> = accepted.iter().filter(|(_, accepted)| !**accepted).collect();
    assert!(refused.is_empty(), "never accepted: {refused:?}");
    findings.deliveries = accepted.len();
    let open: Vec<_> = jobs.iter().filter(|job| !job.is_terminal()).collect();
    assert!(open.is_empty(), "jobs without an end: {open:#?}");
}

/// Nothing but the kills themselves ends a job for good.
fn death_has_one_cause(jobs: &[JobLine], findings: &mut Findings) {
    for job in jobs.iter().filter(|job| job.state == "dead") {
        let why = job.last_error.as_deref().unwrap_or_default();
        let killed = why.contains("stopped answering") || why.contains("tries ended without an answer");
        assert!(killed, "a job is dead for another reason than that its program was killed: {job:#?}");
        findings.dead += 1;
    }
}

/// Everything that the bot has left at GitHub. Each carries a marker of ours that counts in its own repository only, so
/// whatever was meant for another one shows here.
fn things(rig: &Rig, findings: &mut Findings) -> Vec<Thing> {
    let signer = signer(rig);
    let bot = format!("{}[bot]", rig.world.app().slug);
    let mut things = Vec::new();
    for repo in repositories().into_iter().chain(quiet_repositories()) {
        let repo_id = rig.world.repository_id(&repo).unwrap();
        let marker = |text: &str, what: &str| {
            let marker = signer.find(RepoId(repo_id), text);
            marker.unwrap_or_else(|| panic!("{what} in {repo} has no marker for this repository: {text}"))
        };
        for issue in rig.world.issues(&repo) {
            if issue.author.as_deref() == Some(&bot) {
                let marker = marker(issue.body.as_deref().unwrap_or_default(), "an issue");
                findings.issues += 1;
                let (id, issue) = (issue.id, issue.number);
                things.push(Thing { repo: repo.clone(), repo_id, issue, id, marker });
            }
            let comments = rig.world.comments(&repo, issue.number);
            for comment in comments.into_iter().filter(|comment| comment.author.as_deref() == Some(&bot)) {
                let marker = marker(&comment.body, "a comment");
                findings.comments += 1;
                let (id, issue) = (comment.id, issue.number);
                things.push(Thing { repo: repo.clone(), repo_id, issue, id, marker });
            }
        }
    }
    let strayed = things.iter().find(|thing| quiet_repositories().contains(&thing.repo));
    assert!(strayed.is_none(), "something was left where nobody asked: {:?}", strayed.unwrap().marker);
    things
}

fn signer(rig: &Rig) -> Signer {
    let variables: BTreeMap<String, OsString> =
        rig.variables("127.0.0.1:9", &[]).into_iter().map(|(name, value)| (name, value.into())).collect();
    let (settings, _) = Settings::load(&variables).unwrap_or_else(|problems| panic!("{problems:?}"));
    let masters = settings.root_secrets.keys(Purpose::Markers);
    let masters = masters.iter().map(SecretSlice::expose_secret).collect::<Vec<_>>();
    Signer::derive(&masters, "markers")
}

/// For each effect key at most one living thing.
fn one_thing_per_effect(things: &[Thing]) {
    let mut seen = HashMap::new();
    for thing in things {
        let key = (thing.repo_id, &thing.marker.key);
        if let Some(earlier) = seen.insert(key, thing.id) {
            panic!("{} exists twice in {}: {earlier} and {}", thing.marker.key, thing.repo, thing.id);
        }
    }
}

/// What the ledger calls done is there, and what is there stands in the ledger.
fn the_ledger_is_true(things: &[Thing], effects: &[EffectLine], dead: usize) {
    let mut known = HashMap::new();
    let mut open = Vec::new();
    for effect in effects {
        match (effect.state.as_str(), effect.kind.as_str()) {
            ("done", "comment" | "issue") => {
                known.insert((effect.repo, effect.key.as_str()), effect.remote_id.unwrap());
            }
            ("intent", _) => open.push(effect),
            _ => {}
        }
    }
    assert!(open.len() <= dead, "begun and neither done nor given up: {open:#?}");
    for thing in things {
        let remote = known.remove(&(thing.repo_id, thing.marker.key.0.as_str()));
        let is_open = open.iter().any(|effect| effect.key == thing.marker.key.0);
        assert!(remote == Some(thing.id) || is_open, "not in the ledger: {:?}, {remote:?}", thing.marker);
    }
    assert!(known.is_empty(), "done, and not at GitHub: {known:?}");
}

/// Sub-issues, what blocks them, and labels: each once.
fn links_are_single(rig: &Rig, things: &[Thing]) {
    let single = |list: Vec<String>, what: &str| {
        let mut seen = BTreeSet::new();
        let twice = list.iter().find(|one| !seen.insert(one.to_lowercase()));
        assert!(twice.is_none(), "{what}: {twice:?} twice in {list:?}");
    };
    let numbers = |list: Vec<i64>| list.iter().map(ToString::to_string).collect();
    for repo in repositories() {
        let world = &rig.world;
        single(world.repository_labels(&repo).into_iter().map(|label| label.name).collect(), &repo);
        for issue in world.issues(&repo) {
            let here = format!("{repo}#{}", issue.number);
            single(numbers(world.sub_issues(&repo, issue.number)), &here);
            single(numbers(world.blocked_by(&repo, issue.number)), &here);
            single(world.labels(&repo, issue.number), &here);
        }
    }
    for thing in things.iter().filter(|thing| thing.marker.kind == "item") {
        let parent = thing.marker.get("parent").and_then(|parent| parent.parse().ok()).unwrap();
        let below = rig.world.sub_issues(&thing.repo, parent);
        assert!(below.contains(&thing.issue), "{}#{} is no sub-issue of #{parent}", thing.repo, thing.issue);
    }
}

/// Comments whose command was given up because its programs were killed too often.
fn dead_comments(rig: &Rig, jobs: &[JobLine]) -> BTreeSet<i64> {
    let dead: BTreeSet<&str> =
        jobs.iter().filter(|job| job.state == "dead").filter_map(|job| job.delivery.as_deref()).collect();
    let log = rig.world.webhook_log();
    let theirs = log.iter().filter(|sent| dead.contains(sent.guid.as_str()));
    theirs.filter_map(|sent| sent.payload.pointer("/comment/id")?.as_i64()).collect()
}

/// Each command has one answer, and its receipt says that it is over.
fn answered_once(rig: &Rig, said: &Said, things: &[Thing], is_dead: bool) {
    let of_comment = format!("/{}/", said.comment);
    let answers: Vec<_> = things
        .iter()
        .filter(|thing| thing.repo == said.repo && thing.marker.key.0.contains(&of_comment))
        .map(|thing| (thing.issue, &thing.marker.key.0))
        .collect();
    assert!(answers.iter().all(|(issue, _)| *issue == said.issue), "answered elsewhere: {said:?} {answers:?}");
    let comments = rig.world.comments(&said.repo, said.issue);
    let comment = comments.iter().find(|comment| comment.id == said.comment).unwrap();
    let receipts = receipts(rig, comment);
    if !is_dead {
        let enough = said.commands..=said.commands + said.added;
        assert!(enough.contains(&answers.len()), "{said:?} has the answers {answers:?} and {receipts:?}");
        assert!(matches!(receipts.as_slice(), ["rocket" | "confused"]), "{said:?} has the receipts {receipts:?}");
    }
}

fn receipts<'a>(rig: &Rig, comment: &'a Comment) -> Vec<&'a str> {
    let bot = format!("{}[bot]", rig.world.app().slug);
    let ours = comment.reactions.iter().filter(|reaction| reaction.user == bot);
    ours.map(|reaction| reaction.content.as_str()).collect()
}

/// Requests reach only repositories where somebody asked, by tokens that open one repository each.
fn nothing_is_written_elsewhere(requests: &[Request]) {
    let asked = repositories();
    for request in requests {
        assert!(request.route.is_some(), "no such endpoint: {} {}", request.method, request.path);
        if request.path.ends_with("/access_tokens") {
            let body = request.body.clone().unwrap_or_default();
            let limits = ["repositories", "repository_ids"].map(|key| body[key].as_array().map_or(0, Vec::len));
            assert_eq!(limits.iter().sum::<usize>(), 1, "a token that is not limited: {body}");
        }
        if let Some(rest) = request.path.strip_prefix("/repos/") {
            let name: Vec<&str> = rest.splitn(3, '/').take(2).collect();
            assert!(asked.contains(&name.join("/")), "nobody asked there: {} {}", request.method, request.path);
        }
    }
}

/// One program has at most one content-creating request of an installation under way.
fn content_is_written_one_by_one(rig: &Rig, requests: &[Request], findings: &mut Findings) {
    let mut writes = BTreeMap::<(&str, i64), Vec<(i64, i64)>>::new();
    let mut installations = BTreeSet::new();
    for request in requests.iter().filter(|request| request.content) {
        let TokenKind::Installation(installation) = request.token else { continue };
        installations.insert(installation);
        let host = request.headers.get("host").map_or("", String::as_str);
        let ended_ms = request.finished_ms.unwrap_or_else(|| end_of(rig, host, request.started_ms));
        writes.entry((host, installation)).or_default().push((request.started_ms, ended_ms));
    }
    for ((host, installation), mut writes) in writes {
        writes.sort_unstable();
        for pair in writes.windows(2) {
            let [one, next] = pair else { continue };
            assert!(one.1 <= next.0, "{host} wrote two at once in installation {installation}: {one:?} {next:?}");
        }
    }
    let at_once = |id: &i64| rig.world.most_content_writes_at_once(*id);
    findings.writes_at_once = installations.iter().map(at_once).max().unwrap_or(0);
}

/// A request without an end was cut off with its program.
fn end_of(rig: &Rig, host: &str, started_ms: i64) -> i64 {
    rig.past(|past| {
        let ends = past.iter().filter(|life| life.host == host && life.ended_in_world_ms >= started_ms);
        ends.map(|life| life.ended_in_world_ms).min().unwrap_or(started_ms)
    })
}

fn nothing_panicked(rig: &Rig) {
    rig.past(|past| {
        let panics = past.iter().flat_map(|life| &life.log).find(|line| line.contains("panicked"));
        assert!(panics.is_none(), "{panics:?}");
        let failed = past.iter().filter_map(|life| life.code).find(|code| *code != 0);
        assert!(failed.is_none(), "a program ended by itself with {failed:?}");
    });
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = [
            ("deliveries, all accepted", self.deliveries),
            ("attempts that took", self.attempts_to_deliver),
            ("jobs, all at their end", self.jobs),
            ("dead jobs", self.dead),
            ("runs of jobs", self.lanes.runs),
            ("runs cut off", self.lanes.cut_off),
            ("runs that came too late", self.lanes.late),
            ("comments, each once", self.comments),
            ("issues, each once", self.issues),
            ("lines of the ledger", self.effects),
            ("requests to GitHub", self.requests),
            ("content writes at once", self.writes_at_once),
            ("lost", 0),
            ("doubled", 0),
        ];
        for (name, count) in rows {
            writeln!(f, "  {name:<26} {count:>8}")?;
        }
        Ok(())
    }
}
