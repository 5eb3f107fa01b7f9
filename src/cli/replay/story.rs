//! What is known of a delivery: where it came from, the commands found in it, its jobs, and what they did on GitHub.

use chrono::DateTime;

use crate::domain::event::{Envelope, Event};
use crate::domain::ids::{CommentId, IssueNumber};
use crate::github::webhook;
use crate::store::{Command, Delivery, Effect, EffectState, JobRow, Store, StoreError};

/// The lines for a delivery.
pub async fn of_delivery(
    store: &Store,
    delivery: &Delivery,
    jobs: &[JobRow],
) -> Result<Vec<String>, StoreError> {
    let mut lines = head(store, delivery).await?;
    let Some(envelope) = delivery.body.as_deref().and_then(|body| webhook::parse(&delivery.event, body).ok())
    else {
        lines.extend(jobs_of(jobs));
        return Ok(lines);
    };
    let said = comment(&envelope);
    if let (Some(repo), Some((issue, comment))) = (delivery.repo, said) {
        let scope = store.repo(repo);
        lines.push(String::new());
        lines.push(format!("Commands in comment {comment} on #{issue}:"));
        let commands = scope.commands().of_comment(comment).await?;
        lines.extend(or_none(commands.iter().map(command)));
        lines.extend(jobs_of(jobs));
        let mut effects = scope.effects().of_issue(issue).await?;
        effects.extend(scope.effects().of_issue(IssueNumber(0)).await?);
        effects.retain(|effect| effect.key.0.split('/').any(|part| part == comment.to_string()));
        lines.push(String::new());
        lines.push("What is known of its acts:".to_owned());
        lines.extend(or_none(effects.iter().map(act)));
        return Ok(lines);
    }
    lines.extend(jobs_of(jobs));
    Ok(lines)
}

/// The lines for a job.
pub async fn of_job(
    store: &Store,
    one: &JobRow,
    delivery: Option<&Delivery>,
) -> Result<Vec<String>, StoreError> {
    let mut lines = vec![job(one)];
    match (delivery, &one.delivery) {
        (Some(delivery), _) => {
            lines.push(String::new());
            let jobs = store.jobs().of_delivery(&delivery.guid).await?;
            lines.extend(of_delivery(store, delivery, &jobs).await?);
        }
        (None, Some(guid)) => lines.push(format!("Its delivery {guid} is no longer kept.")),
        (None, None) => {}
    }
    Ok(lines)
}

async fn head(store: &Store, delivery: &Delivery) -> Result<Vec<String>, StoreError> {
    let mut lines = vec![format!("Delivery {}", delivery.guid)];
    let action = delivery.action.as_ref().map(|action| format!(".{action}")).unwrap_or_default();
    lines.push(format!("  event         {}{action}", delivery.event));
    if let Some(repo) = delivery.repo {
        let known = store.repositories().get(repo).await?;
        let name =
            known.map_or_else(|| "a repository we do not know".to_owned(), |known| known.name.to_string());
        lines.push(format!("  repository    {name} ({repo})"));
    }
    if let Some(installation) = delivery.installation {
        lines.push(format!("  installation  {installation}"));
    }
    lines.push(format!("  received      {}", time(delivery.received_at_ms)));
    lines.push(match &delivery.body {
        Some(body) => format!("  body          {} bytes", body.len()),
        None => "  body          erased, its time was over".to_owned(),
    });
    Ok(lines)
}

fn comment(envelope: &Envelope) -> Option<(IssueNumber, CommentId)> {
    match &envelope.event {
        Event::IssueComment { issue, comment, .. } => Some((issue.number, comment.id)),
        _ => None,
    }
}

fn command(command: &Command) -> String {
    let note = command.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
    one_line(&format!("  {} by {}, {}{note}", command.line, command.actor, command.state.as_str()))
}

fn jobs_of(jobs: &[JobRow]) -> Vec<String> {
    let heading = [String::new(), "Jobs:".to_owned()];
    heading.into_iter().chain(or_none(jobs.iter().map(|one| format!("  {}", job(one))))).collect()
}

fn job(job: &JobRow) -> String {
    let error = job.last_error.as_ref().map(|error| format!(": {error}")).unwrap_or_default();
    one_line(&format!(
        "Job {} {} is {}, {} of {} attempts{error}",
        job.id,
        job.name,
        job.state.as_str(),
        job.attempts,
        job.max_attempts
    ))
}

fn act(effect: &Effect) -> String {
    let key = &effect.key;
    let place = effect.remote.as_ref().and_then(|remote| remote.url.as_deref());
    match (effect.state, place) {
        (EffectState::Done, Some(url)) => format!("  {key}: done, {url}"),
        (EffectState::Done, None) => format!("  {key}: done"),
        (EffectState::Intent, _) => format!("  {key}: begun, and nobody came back to say that it is done"),
    }
}

fn or_none(lines: impl Iterator<Item = String>) -> Vec<String> {
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() { vec!["  none".to_owned()] } else { lines }
}

/// Texts of people and of GitHub may hold anything; a terminal gets one line without control characters.
fn one_line(text: &str) -> String {
    let indent: String = text.chars().take_while(|c| *c == ' ').collect();
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    indent + &words.join(" ")
}

fn time(ms: i64) -> String {
    let time = DateTime::from_timestamp_millis(ms).unwrap_or_default();
    time.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}
