//! What is known of a delivery or a job: where it came from, the commands found in it, its jobs, and what they did on GitHub.

use serde::Serialize;

use crate::clock;
use crate::domain::act::Act;
use crate::domain::event::{Envelope, Event};
use crate::domain::ids::{CommentId, IssueNumber};
use crate::github::webhook;
use crate::store::{
    Command, Delivery, Effect, EffectState, JobRow, JobState, Observation, Store, StoreError,
};

/// Everything that is known.
#[derive(Debug, Default, Serialize)]
pub struct Story {
    /// The job that was asked for, when it was one.
    pub job: Option<JobFacts>,
    /// GUID of the job's delivery where nothing is kept of it any more.
    pub forgotten_delivery: Option<String>,
    /// The delivery.
    pub delivery: Option<DeliveryFacts>,
    /// The comment it tells of.
    pub comment: Option<CommentFacts>,
    /// Commands found in that comment; as long as it is not read yet, none.
    pub commands: Vec<CommandFacts>,
    /// No job of the delivery has come to its end, so nobody has looked for commands.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_unread: bool,
    /// The delivery's jobs.
    pub jobs: Vec<JobFacts>,
    /// What is known of its acts.
    pub acts: Vec<ActFacts>,
    /// What mode `observe` would have done, in order.
    pub observed: Vec<ObservedFacts>,
}

/// A delivery as it is kept.
#[derive(Debug, Serialize)]
pub struct DeliveryFacts {
    guid: String,
    event: String,
    action: Option<String>,
    repository: Option<String>,
    repository_id: Option<i64>,
    installation_id: Option<i64>,
    received_at: String,
    /// Bytes; none when it is erased.
    body_bytes: Option<usize>,
}

/// A comment and its issue.
#[derive(Debug, Serialize)]
pub struct CommentFacts {
    id: i64,
    issue: i64,
}

/// A command and how it ended.
#[derive(Debug, Serialize)]
pub struct CommandFacts {
    line: String,
    actor: String,
    state: &'static str,
    note: Option<String>,
}

/// A job as it is now.
#[derive(Debug, Serialize)]
pub struct JobFacts {
    id: i64,
    name: String,
    state: &'static str,
    attempts: i64,
    max_attempts: i64,
    error: Option<String>,
    delivery: Option<String>,
}

/// An act that was begun or done.
#[derive(Debug, Serialize)]
pub struct ActFacts {
    key: String,
    is_done: bool,
    url: Option<String>,
}

/// An act that was not done.
#[derive(Debug, Serialize)]
pub struct ObservedFacts {
    issue: Option<i64>,
    act: String,
    text: String,
}

/// Gathers what is known of a delivery.
pub async fn of_delivery(store: &Store, delivery: &Delivery, jobs: &[JobRow]) -> Result<Story, StoreError> {
    let mut story = Story {
        delivery: Some(delivery_facts(store, delivery).await?),
        jobs: jobs.iter().map(job_facts).collect(),
        ..Story::default()
    };
    let Some(repo) = delivery.repo else { return Ok(story) };
    let scope = store.repo(repo);
    story.observed = scope.observed().of_delivery(&delivery.guid).await?.iter().map(observed_facts).collect();
    let envelope = delivery.body.as_deref().and_then(|body| webhook::parse(&delivery.event, body).ok());
    let Some((issue, comment)) = envelope.as_ref().and_then(said) else { return Ok(story) };
    story.comment = Some(CommentFacts { id: comment.0, issue: issue.0 });
    story.commands = scope.commands().of_comment(comment).await?.iter().map(command_facts).collect();
    story.is_unread = story.commands.is_empty() && waits(&story.jobs);
    let mut effects = scope.effects().of_issue(issue).await?;
    effects.extend(scope.effects().of_issue(IssueNumber(0)).await?);
    effects.retain(|effect| effect.key.0.split('/').any(|part| part == comment.to_string()));
    story.acts = effects.iter().map(act_facts).collect();
    Ok(story)
}

/// Gathers what is known of a job, and of its delivery where that is kept.
pub async fn of_job(store: &Store, job: &JobRow, delivery: Option<&Delivery>) -> Result<Story, StoreError> {
    let story = match delivery {
        Some(delivery) => {
            let jobs = store.jobs().of_delivery(&delivery.guid).await?;
            of_delivery(store, delivery, &jobs).await?
        }
        None => Story { forgotten_delivery: job.delivery.clone(), ..Story::default() },
    };
    Ok(Story { job: Some(job_facts(job)), ..story })
}

/// Whether jobs are there and none has come to its end.
fn waits(jobs: &[JobFacts]) -> bool {
    let is_over =
        |job: &JobFacts| job.state != JobState::Ready.as_str() && job.state != JobState::Running.as_str();
    !jobs.is_empty() && !jobs.iter().any(is_over)
}

async fn delivery_facts(store: &Store, delivery: &Delivery) -> Result<DeliveryFacts, StoreError> {
    let known = match delivery.repo {
        Some(repo) => store.repositories().get(repo).await?,
        None => None,
    };
    Ok(DeliveryFacts {
        guid: delivery.guid.clone(),
        event: delivery.event.clone(),
        action: delivery.action.clone(),
        repository: known.map(|known| known.name.to_string()).filter(|name| name != "/"),
        repository_id: delivery.repo.map(|repo| repo.0),
        installation_id: delivery.installation.map(|installation| installation.0),
        received_at: clock::utc(delivery.received_at_ms),
        body_bytes: delivery.body.as_ref().map(Vec::len),
    })
}

fn said(envelope: &Envelope) -> Option<(IssueNumber, CommentId)> {
    match &envelope.event {
        Event::IssueComment { issue, comment, .. } => Some((issue.number, comment.id)),
        _ => None,
    }
}

fn command_facts(command: &Command) -> CommandFacts {
    CommandFacts {
        line: command.line.clone(),
        actor: command.actor.clone(),
        state: command.state.as_str(),
        note: command.note.clone(),
    }
}

/// A job as it is told.
pub fn job_facts(job: &JobRow) -> JobFacts {
    JobFacts {
        id: job.id.0,
        name: job.name.clone(),
        state: job.state.as_str(),
        attempts: job.attempts,
        max_attempts: job.max_attempts,
        error: job.last_error.clone(),
        delivery: job.delivery.clone(),
    }
}

fn act_facts(effect: &Effect) -> ActFacts {
    ActFacts {
        key: effect.key.0.clone(),
        is_done: effect.state == EffectState::Done,
        url: effect.remote.as_ref().and_then(|remote| remote.url.clone()),
    }
}

fn observed_facts(seen: &Observation) -> ObservedFacts {
    let issue = (seen.issue.0 != 0).then_some(seen.issue.0);
    match serde_json::from_str::<Act>(&seen.act) {
        Ok(act) => ObservedFacts { issue, act: act.to_string(), text: act.gist() },
        Err(_) => ObservedFacts { issue, act: "an act of another version".to_owned(), text: String::new() },
    }
}

impl Story {
    /// For people.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = self.job.iter().map(job).collect::<Vec<_>>();
        if let Some(guid) = &self.forgotten_delivery {
            lines.push(format!("Its delivery {guid} is no longer kept."));
        }
        let Some(delivery) = &self.delivery else { return lines };
        if self.job.is_some() {
            lines.push(String::new());
        }
        lines.extend(delivery.lines());
        if let Some(comment) = &self.comment {
            let heading = format!("Commands in comment {} on #{}:", comment.id, comment.issue);
            lines.extend(match self.is_unread {
                true => vec![String::new(), heading, "  not read yet".to_owned()],
                false => section(&heading, self.commands.iter().map(command)),
            });
        }
        lines.extend(section("Jobs:", self.jobs.iter().map(|one| format!("  {}", job(one)))));
        if self.comment.is_some() {
            lines.extend(section("What is known of its acts:", self.acts.iter().map(act)));
        }
        if !self.observed.is_empty() {
            lines.extend(section("Mode observe would have done:", self.observed.iter().map(observed)));
        }
        lines
    }
}

impl DeliveryFacts {
    fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("Delivery {}", self.guid)];
        let action = self.action.as_ref().map(|action| format!(".{action}")).unwrap_or_default();
        lines.push(format!("  event         {}{action}", self.event));
        if let Some(id) = self.repository_id {
            let name = self.repository.as_deref().unwrap_or("a repository we do not know");
            lines.push(format!("  repository    {name} ({id})"));
        }
        if let Some(installation) = self.installation_id {
            lines.push(format!("  installation  {installation}"));
        }
        lines.push(format!("  received      {}", self.received_at));
        lines.push(match self.body_bytes {
            Some(bytes) => format!("  body          {bytes} bytes"),
            None => "  body          erased, its time was over".to_owned(),
        });
        lines
    }
}

fn section(heading: &str, lines: impl Iterator<Item = String>) -> Vec<String> {
    let lines = lines.collect::<Vec<_>>();
    let lines = if lines.is_empty() { vec!["  none".to_owned()] } else { lines };
    [String::new(), heading.to_owned()].into_iter().chain(lines).collect()
}

fn command(command: &CommandFacts) -> String {
    let note = command.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
    one_line(&format!("  {} by {}, {}{note}", command.line, command.actor, command.state))
}

/// One job on one line.
pub fn job(job: &JobFacts) -> String {
    let error = job.error.as_ref().map(|error| format!(": {error}")).unwrap_or_default();
    let JobFacts { id, name, state, attempts, max_attempts, .. } = job;
    one_line(&format!("Job {id} {name} is {state}, {attempts} of {max_attempts} attempts{error}"))
}

fn act(act: &ActFacts) -> String {
    let key = &act.key;
    match (act.is_done, &act.url) {
        (true, Some(url)) => format!("  {key}: done, {url}"),
        (true, None) => format!("  {key}: done"),
        (false, _) => format!("  {key}: begun, and nobody came back to say that it is done"),
    }
}

fn observed(seen: &ObservedFacts) -> String {
    let text = if seen.text.is_empty() { String::new() } else { format!(": {}", seen.text) };
    one_line(&format!("  {}{text}", seen.act))
}

/// Texts of people and of GitHub may hold anything; a terminal gets one line without control characters.
fn one_line(text: &str) -> String {
    let indent: String = text.chars().take_while(|c| *c == ' ').collect();
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    indent + &words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(state: JobState) -> JobFacts {
        JobFacts {
            id: 1,
            name: "dispatch.v1".to_owned(),
            state: state.as_str(),
            attempts: 0,
            max_attempts: 8,
            error: None,
            delivery: None,
        }
    }

    #[test]
    fn what_nobody_has_read_yet_has_not_no_commands() {
        assert!(waits(&[job(JobState::Ready)]) && waits(&[job(JobState::Running)]));
        assert!(!waits(&[]) && !waits(&[job(JobState::Ready), job(JobState::Done)]));
        let delivery = DeliveryFacts {
            guid: "a".to_owned(),
            event: "issue_comment".to_owned(),
            action: None,
            repository: None,
            repository_id: None,
            installation_id: None,
            received_at: String::new(),
            body_bytes: None,
        };
        let comment = Some(CommentFacts { id: 31, issue: 1 });
        let story = Story { delivery: Some(delivery), comment, ..Story::default() };
        let below = |story: &Story| {
            let lines = story.lines();
            let at = lines.iter().position(|line| line == "Commands in comment 31 on #1:").unwrap();
            lines[at + 1].clone()
        };
        assert_eq!(below(&story), "  none");
        assert_eq!(below(&Story { is_unread: true, ..story }), "  not read yet");
    }
}
