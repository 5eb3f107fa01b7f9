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
use super::shares;

/// Of all jobs of a run in which programs are killed all the time.
const MOST_DEAD_PERCENT: usize = 2;

/// What the log says of a panic that a crash point was asked for.
const ON_PURPOSE: [&str; 2] =
    ["panicked at src/ctx/crash.rs:", "the job panicked: asked for by MILLWRIGHT_CRASH_AT"];

/// What was found, for people to read.
#[derive(Debug, Default)]
pub struct Findings {
    pub deliveries: usize,
    pub attempts_to_deliver: usize,
    /// GUIDs that were answered 202 and are not in GitHub's log.
    pub by_hand: usize,
    pub jobs: usize,
    pub dead: usize,
    pub comments: usize,
    pub issues: usize,
    pub effects: usize,
    pub requests: usize,
    /// Given out by GitHub.
    pub tokens: usize,
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
    /// Not an issue that was closed: an undone work item may be opened anew, and the ledger forgets the old one.
    is_alive: bool,
    marker: Marker,
}

/// Everything that must hold once the work has settled and all programs have ended; panics with all that does not.
pub async fn check(rig: &Rig, script: &Script) -> Findings {
    check_with(rig, script, Deaths::None).await
}

/// What may end a job for good.
#[derive(Clone, Copy)]
pub enum Deaths {
    /// Nothing.
    None,
    /// Only that its programs were killed while they ran it; few may be that unlucky.
    OfKills,
    /// That people have locked, deleted or moved away this issue while it was at work there.
    OfLoss((&'static str, i64)),
    /// That its delivery makes no sense.
    OfPoison,
    /// That it ends its program, panics or hangs whenever it runs, as a crash point has it do.
    OfJobs,
    /// That GitHub refused a write for good, as a fault has it do.
    OfRefusals,
}

/// As [`check`].
pub async fn check_with(rig: &Rig, script: &Script, deaths: Deaths) -> Findings {
    let jobs = rig.books.jobs().await.unwrap();
    let effects = rig.books.effects().await.unwrap();
    let requests = rig.world.requests();
    let mut check = Check { rig, broken: Vec::new(), findings: Findings::default() };
    check.findings.jobs = jobs.len();
    check.findings.effects = effects.len();
    check.findings.requests = requests.len();
    check.nothing_accepted_is_lost(&jobs).await;
    check.death_has_one_cause(&jobs, deaths);
    let things = check.things();
    check.one_thing_per_effect(&things);
    check.the_ledger_is_true(&things, &effects, &script.deleted());
    let dead = dead_comments(rig, &jobs);
    let said = script.said();
    for said in &said {
        check.answered_once(said, &things, dead.contains(&said.comment));
    }
    // Where a command was given up, its work may be half done.
    let half_done = said.iter().filter(|said| dead.contains(&said.comment));
    let half_done = half_done.map(|said| (said.repo.as_str(), said.issue)).collect();
    check.links_are_single(&things, &half_done);
    check.nothing_is_written_elsewhere(&requests);
    check.tokens_are_asked_for_once(&requests);
    check.content_is_written_one_by_one(&requests);
    check.nothing_is_refused(&requests, deaths);
    check.lanes_are_kept();
    check.nothing_panicked();
    let Check { broken, findings, .. } = check;
    assert!(broken.is_empty(), "\n{}\n{findings}", broken.join("\n"));
    findings
}

struct Check<'a> {
    rig: &'a Rig,
    broken: Vec<String>,
    findings: Findings,
}

impl Check<'_> {
    fn holds(&mut self, holds: bool, otherwise: impl FnOnce() -> String) {
        if !holds {
            self.broken.push(otherwise());
        }
    }

    /// Every delivery of GitHub was accepted in the end. Each accepted one, of GitHub or by hand, has a row and jobs, and all of
    /// those have come to their end.
    async fn nothing_accepted_is_lost(&mut self, jobs: &[JobLine]) {
        let stored = self.rig.books.deliveries().await.unwrap();
        let with_jobs: BTreeSet<&str> = jobs.iter().filter_map(|job| job.delivery.as_deref()).collect();
        let mut accepted = BTreeMap::<String, bool>::new();
        let mut promised = BTreeSet::new();
        for attempt in self.rig.world.webhook_log() {
            self.findings.attempts_to_deliver += 1;
            let (guid, outcome) = (&attempt.guid, attempt.outcome.as_ref().unwrap());
            *accepted.entry(guid.clone()).or_default() |= (200..300).contains(&outcome.status_code);
            if outcome.status_code == 202 || outcome.response_body.contains("here before") {
                promised.insert(guid.clone());
            }
        }
        let by_hand = self.rig.by_hand.lock().unwrap().clone();
        let by_hand: BTreeSet<String> =
            by_hand.into_iter().filter(|(_, status)| *status == 202).map(|(guid, _)| guid).collect();
        self.findings.by_hand = by_hand.len();
        promised.extend(by_hand);
        for guid in &promised {
            self.holds(stored.contains(guid), || format!("accepted and lost: {guid}"));
            self.holds(with_jobs.contains(guid.as_str()), || format!("accepted and without a job: {guid}"));
        }
        for (guid, accepted) in &accepted {
            self.holds(*accepted, || format!("never accepted: {guid}"));
        }
        self.findings.deliveries = accepted.len();
        for job in jobs {
            self.holds(job.is_terminal(), || format!("without an end: {job}"));
        }
    }

    /// Nothing but the fault itself ends a job for good.
    fn death_has_one_cause(&mut self, jobs: &[JobLine], deaths: Deaths) {
        for job in jobs.iter().filter(|job| job.state == "dead") {
            let why = job.last_error.as_deref().unwrap_or_default();
            let expected = match deaths {
                Deaths::None => false,
                // The last try before the end may have been one whose answer the rig has lost.
                Deaths::OfKills => {
                    ["stopped answering", "tries ended without an answer", "may have happened all the same"]
                        .iter()
                        .any(|cause| why.contains(cause))
                }
                Deaths::OfJobs => [
                    "stopped answering",
                    "tries ended without an answer",
                    "the job panicked: asked for by",
                    "the job took longer than",
                ]
                .iter()
                .any(|cause| why.contains(cause)),
                Deaths::OfLoss((repo, issue)) => why.contains(&format!("/repos/{repo}/issues/{issue}/")),
                Deaths::OfRefusals => why.contains("made up by a fault"),
                Deaths::OfPoison => {
                    ["no usable", "cannot be read", "/issues/99999"].iter().any(|cause| why.contains(cause))
                }
            };
            self.holds(expected, || format!("dead for another reason than the fault itself: {job}"));
            self.findings.dead += 1;
        }
        if let Deaths::OfKills = deaths {
            let (dead, all) = (self.findings.dead, jobs.len());
            self.holds(dead * 100 <= all * MOST_DEAD_PERCENT, || format!("{dead} of {all} jobs are dead"));
        }
    }

    /// Everything that the bot has left at GitHub. Each carries a marker of ours that counts in its own repository only, so
    /// whatever was meant for another one shows here.
    fn things(&mut self) -> Vec<Thing> {
        let world = &self.rig.world;
        let (signer, bot) = (signer(self.rig), bot(self.rig));
        let mut found = Vec::new();
        for repo in repositories().into_iter().chain(quiet_repositories()) {
            for issue in world.issues(&repo) {
                let here = (repo.clone(), issue.number);
                if issue.author.as_deref() == Some(&bot) {
                    self.findings.issues += 1;
                    found.push((here.clone(), issue.id, issue.open, issue.body.clone().unwrap_or_default()));
                }
                let mut comments = world.comments(&repo, issue.number);
                comments.retain(|comment| comment.author.as_deref() == Some(&bot));
                self.findings.comments += comments.len();
                found.extend(comments.into_iter().map(|it| (here.clone(), it.id, true, it.body)));
            }
        }
        let mut things = Vec::new();
        for ((repo, issue), id, is_alive, text) in found {
            let asked = !quiet_repositories().contains(&repo);
            self.holds(asked, || format!("left in {repo}, where nobody asked: {text}"));
            let repo_id = world.repository_id(&repo).unwrap();
            let marker = signer.find(RepoId(repo_id), &text);
            self.holds(marker.is_some(), || format!("left in {repo} without a marker for it: {text}"));
            things.extend(marker.map(|marker| Thing { repo, repo_id, issue, id, is_alive, marker }));
        }
        things
    }

    /// For each effect key at most one living thing.
    fn one_thing_per_effect(&mut self, things: &[Thing]) {
        let mut seen = HashMap::new();
        for thing in things.iter().filter(|thing| thing.is_alive) {
            let earlier = seen.insert((thing.repo_id, &thing.marker.key), thing.id);
            self.holds(earlier.is_none(), || {
                format!("twice in {}: {}, as {earlier:?} and {}", thing.repo, thing.marker.key, thing.id)
            });
        }
    }

    /// What the ledger calls done is there, unless a person deleted it, and what is there stands in the ledger.
    fn the_ledger_is_true(&mut self, things: &[Thing], effects: &[EffectLine], deleted: &BTreeSet<i64>) {
        let mut known = HashMap::new();
        let mut open = BTreeSet::new();
        for effect in effects {
            match (effect.state.as_str(), effect.kind.as_str()) {
                ("done", "comment" | "issue") => {
                    known.insert((effect.repo, effect.key.as_str()), effect.remote_id);
                }
                ("intent", _) => {
                    open.insert((effect.repo, effect.key.as_str()));
                }
                _ => {}
            }
        }
        let dead = self.findings.dead;
        self.holds(open.len() <= dead, || format!("begun and neither done nor given up: {open:?}"));
        for thing in things {
            let key = (thing.repo_id, thing.marker.key.0.as_str());
            let remote = known.remove(&key).flatten();
            let fits = remote == Some(thing.id) || open.contains(&key) || !thing.is_alive;
            self.holds(fits, || format!("not in the ledger: {} {key:?}, but {remote:?}", thing.id));
        }
        known.retain(|_, remote| !remote.is_some_and(|id| deleted.contains(&id)));
        self.holds(known.is_empty(), || format!("done, and not at GitHub: {known:?}"));
    }

    /// Sub-issues, what blocks them, and labels: each once. Each work item is below the issue that it was made from.
    fn links_are_single(&mut self, things: &[Thing], half_done: &BTreeSet<(&str, i64)>) {
        let world = &self.rig.world;
        let text = |list: Vec<i64>| list.iter().map(ToString::to_string).collect::<Vec<_>>();
        for repo in repositories() {
            let mut lists =
                vec![(repo.clone(), world.repository_labels(&repo).into_iter().map(|it| it.name).collect())];
            for issue in world.issues(&repo) {
                let here = |what: &str| format!("{what} of {repo}#{}", issue.number);
                lists.push((here("sub-issues"), text(world.sub_issues(&repo, issue.number))));
                lists.push((here("blockers"), text(world.blocked_by(&repo, issue.number))));
                lists.push((here("labels"), world.labels(&repo, issue.number)));
            }
            for (what, list) in lists {
                let once: BTreeSet<String> = list.iter().map(|one| one.to_lowercase()).collect();
                self.holds(once.len() == list.len(), || format!("{what}: one of {list:?} is there twice"));
            }
        }
        for thing in things.iter().filter(|thing| thing.marker.kind == "item") {
            let parent = thing.marker.get("parent").and_then(|parent| parent.parse().ok()).unwrap();
            let is_below = world.sub_issues(&thing.repo, parent).contains(&thing.issue);
            let fits = is_below || half_done.contains(&(thing.repo.as_str(), parent));
            self.holds(fits, || format!("{}#{} is no sub-issue of #{parent}", thing.repo, thing.issue));
        }
    }

    /// Each command has one answer, and its receipt says that it is over.
    fn answered_once(&mut self, said: &Said, things: &[Thing], is_dead: bool) {
        let of_comment = format!("/{}/", said.comment);
        let answers: Vec<_> = things
            .iter()
            .filter(|thing| thing.repo == said.repo && thing.marker.key.0.contains(&of_comment))
            .map(|thing| (thing.issue, &thing.marker.key.0))
            .collect();
        let at_home = answers.iter().all(|(issue, _)| *issue == said.issue);
        self.holds(at_home, || format!("answered elsewhere: {said:?} {answers:?}"));
        if is_dead {
            return;
        }
        let comments = self.rig.world.comments(&said.repo, said.issue);
        let receipts =
            receipts(self.rig, comments.iter().find(|comment| comment.id == said.comment).unwrap());
        let enough = said.commands..=said.commands + said.added;
        self.holds(enough.contains(&answers.len()), || format!("{said:?} has the answers {answers:?}"));
        let is_over = matches!(receipts.as_slice(), ["rocket" | "confused"]);
        self.holds(is_over, || format!("{said:?} has the receipts {receipts:?}"));
    }

    /// Requests reach only repositories where somebody asked, by tokens that open one repository each.
    fn nothing_is_written_elsewhere(&mut self, requests: &[Request]) {
        // By id: a repository may have another name by now.
        let world = &self.rig.world;
        let asked: BTreeSet<_> = repositories().iter().map(|repo| world.repository_id(repo)).collect();
        for request in requests {
            let line = || format!("{} {}", request.method, request.path);
            self.holds(request.route.is_some(), || format!("no such endpoint: {}", line()));
            if request.path.ends_with("/access_tokens") {
                let body = request.body.clone().unwrap_or_default();
                let limits =
                    ["repositories", "repository_ids"].map(|key| body[key].as_array().map_or(0, Vec::len));
                self.holds(limits.iter().sum::<usize>() == 1, || format!("a token without limits: {body}"));
            }
            if let Some(rest) = request.path.strip_prefix("/repos/") {
                let name: Vec<&str> = rest.splitn(3, '/').take(2).collect();
                let repo = world.repository_id(&name.join("/"));
                self.holds(repo.is_some() && asked.contains(&repo), || {
                    format!("nobody asked there: {}", line())
                });
            }
        }
    }

    /// GitHub refuses nothing by itself, but for what people have taken out of our reach.
    fn nothing_is_refused(&mut self, requests: &[Request], deaths: Deaths) {
        let lost = match deaths {
            Deaths::OfLoss((repo, issue)) => Some(format!("/repos/{repo}/issues/{issue}/")),
            _ => None,
        };
        let is_lost = |request: &Request| {
            request.status == Some(403) && lost.as_ref().is_some_and(|lost| request.path.starts_with(lost))
        };
        let requests: Vec<Request> = requests.iter().filter(|request| !is_lost(request)).cloned().collect();
        self.broken.extend(shares::broken(&requests));
    }

    /// P13: a program asks for one token per installation, repository and set of permissions, and for another one only when
    /// GitHub has refused one of that installation. None lives for an hour here.
    fn tokens_are_asked_for_once(&mut self, requests: &[Request]) {
        let mut given = BTreeMap::<(Program<'_>, Option<i64>, String), Vec<(i64, Option<i64>)>>::new();
        let mut refused = BTreeMap::<(Program<'_>, Option<i64>), usize>::new();
        for request in requests {
            let host = request.headers.get("host").map_or("", String::as_str);
            // An address is given to another program when its own has ended.
            let program = (host, end_of(self.rig, host, request.started_ms));
            match (request.status, request.token) {
                (Some(201), _) if request.path.ends_with("/access_tokens") => {
                    let installation = request.path.split('/').rev().nth(1).and_then(|id| id.parse().ok());
                    let opens = format!("{} {}", request.path, request.body.clone().unwrap_or_default());
                    let times = given.entry((program, installation, opens)).or_default();
                    times.push((request.started_ms, request.finished_ms));
                    self.findings.tokens += 1;
                }
                (Some(401), TokenKind::Installation(id)) => {
                    *refused.entry((program, Some(id))).or_default() += 1;
                }
                _ => {}
            }
        }
        for ((program, installation, opens), times) in given {
            let most = 1 + refused.get(&(program, installation)).copied().unwrap_or(0);
            let host = program.0;
            self.holds(times.len() <= most, || format!("{host} asked at {times:?} for the token of {opens}"));
        }
    }

    /// One content-creating request of an installation is under way at most, by one program and by all of them together.
    fn content_is_written_one_by_one(&mut self, requests: &[Request]) {
        let mut writes = BTreeMap::<(&str, i64), Vec<(i64, i64)>>::new();
        let mut installations = BTreeSet::new();
        for request in requests.iter().filter(|request| request.content) {
            let TokenKind::Installation(installation) = request.token else { continue };
            installations.insert(installation);
            let host = request.headers.get("host").map_or("", String::as_str);
            let ended_ms = request.finished_ms.unwrap_or_else(|| end_of(self.rig, host, request.started_ms));
            writes.entry((host, installation)).or_default().push((request.started_ms, ended_ms));
        }
        for ((host, installation), mut writes) in writes {
            writes.sort_unstable();
            for pair in writes.windows(2) {
                let [one, next] = pair else { continue };
                self.holds(one.1 <= next.0, || {
                    format!("{host} wrote two at once in installation {installation}: {one:?} {next:?}")
                });
            }
        }
        let at_once = |id: &i64| self.rig.world.most_content_writes_at_once(*id);
        let most = installations.iter().map(at_once).max().unwrap_or(0);
        self.findings.writes_at_once = most;
        self.holds(most <= 1, || format!("{most} content writes of one installation at once"));
    }

    fn lanes_are_kept(&mut self) {
        let (lanes, broken) = self.rig.past(lanes::read);
        self.findings.lanes = lanes;
        self.broken.extend(broken);
    }

    /// Each program ended as the test had it end: nothing panicked, and none was gone before it was killed.
    fn nothing_panicked(&mut self) {
        let (panics, surprises) = self.rig.past(|past| {
            let lines = past.iter().flat_map(|life| &life.log);
            let panics = lines.filter(|line| line.contains("panicked"));
            let panics = panics.filter(|line| !ON_PURPOSE.iter().any(|told| line.contains(told)));
            let panics: Vec<String> = panics.cloned().collect();
            (panics, past.iter().filter_map(|life| life.surprise.clone()).collect::<Vec<_>>())
        });
        self.holds(panics.is_empty(), || format!("{panics:#?}"));
        self.holds(surprises.is_empty(), || {
            format!("programs ended otherwise than they were to: {surprises:#?}")
        });
    }
}

fn signer(rig: &Rig) -> Signer {
    let variables: BTreeMap<String, OsString> =
        rig.variables("127.0.0.1:9", &[]).into_iter().map(|(name, value)| (name, value.into())).collect();
    let (settings, _) = Settings::load(&variables).unwrap_or_else(|problems| panic!("{problems:?}"));
    let masters = settings.root_secrets.keys(Purpose::Markers);
    let masters = masters.iter().map(SecretSlice::expose_secret).collect::<Vec<_>>();
    Signer::derive(&masters, "markers")
}

fn bot(rig: &Rig) -> String {
    format!("{}[bot]", rig.world.app().slug)
}

/// Comments whose command was given up because its programs were killed too often.
fn dead_comments(rig: &Rig, jobs: &[JobLine]) -> BTreeSet<i64> {
    let dead: BTreeSet<&str> =
        jobs.iter().filter(|job| job.state == "dead").filter_map(|job| job.delivery.as_deref()).collect();
    let log = rig.world.webhook_log();
    let theirs = log.iter().filter(|sent| dead.contains(sent.guid.as_str()));
    theirs.filter_map(|sent| sent.payload.pointer("/comment/id")?.as_i64()).collect()
}

fn receipts<'a>(rig: &Rig, comment: &'a Comment) -> Vec<&'a str> {
    let bot = bot(rig);
    let ours = comment.reactions.iter().filter(|reaction| reaction.user == bot);
    ours.map(|reaction| reaction.content.as_str()).collect()
}

/// Its address, and when it ended.
type Program<'a> = (&'a str, i64);

/// A request without an end was cut off with its program.
fn end_of(rig: &Rig, host: &str, started_ms: i64) -> i64 {
    rig.past(|past| {
        let ends = past.iter().filter(|life| life.host == host && life.ended_in_world_ms >= started_ms);
        ends.map(|life| life.ended_in_world_ms).min().unwrap_or(started_ms)
    })
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = [
            ("deliveries, all accepted", self.deliveries),
            ("attempts that took", self.attempts_to_deliver),
            ("accepted by hand", self.by_hand),
            ("jobs, all at their end", self.jobs),
            ("dead jobs", self.dead),
            ("runs of jobs", self.lanes.runs),
            ("runs cut off", self.lanes.cut_off),
            ("programs ended at work", self.lanes.ended_at_work),
            ("runs that came too late", self.lanes.late),
            ("comments, each once", self.comments),
            ("issues, each once", self.issues),
            ("lines of the ledger", self.effects),
            ("requests to GitHub", self.requests),
            ("tokens, each asked for once", self.tokens),
            ("content writes at once", self.writes_at_once),
        ];
        for (name, count) in rows {
            writeln!(f, "  {name:<27} {count:>8}")?;
        }
        Ok(())
    }
}
