//! Commands in comments: found, checked, acknowledged and queued.

use futures_util::FutureExt;

use crate::ctx::{JobCtx, Purpose, RepoCtx};
use crate::domain::act::{Act, CommentAct, Reaction};
use crate::domain::command::{self, Form, Found};
use crate::domain::event::{CommentAction, CommentEvent, Event, Received};
use crate::domain::failure::{Failure, Outcome};
use crate::domain::hash;
use crate::domain::ids::EffectKey;
use crate::domain::neighbor;
use crate::domain::permission::Permission;
use crate::features::answers::{Refused, Sentence, Unknown};
use crate::features::voice::Voice;
use crate::queue::Job;
use crate::render::View;
use crate::store::commands::NewCommand;
use crate::store::jobs::NewJob;
use crate::triggers::commands::{self, Command, Lane, Needs};
use crate::triggers::events::Subscription;
use crate::triggers::run_command::RunCommand;

/// An edit is read for new commands this long after the comment was written.
const EDIT_WINDOW_MS: i64 = 600_000;

/// More commands in one comment are not a person's comment.
const MAX_COMMANDS: usize = 10;

/// How often a day an author without a role may use a command open to authors.
const AUTHOR_DAILY: i64 = 3;

/// The row of this file in the table.
pub static SUBSCRIPTION: Subscription = Subscription {
    name: "comments",
    summary: "A comment on an issue is written, or edited within ten minutes: its commands are run.",
    on: &[EventKind::action("issue_comment", "created"), EventKind::action("issue_comment", "edited")],
    run: |ctx, received| run(ctx, received).boxed(),
};

async fn run(job: &JobCtx, received: &Received) -> Outcome {
    let Event::IssueComment(event) = &received.event else { return Ok(()) };
    // Commands answer on issues only: the App does not ask for pull request permissions.
    if event.issue.is_pull_request || event.sender_is_bot || !event.body.contains(['/', '@']) {
        return Ok(());
    }
    let slug = job.app.github.app_identity().await?.slug.clone();
    let found = match event.action {
        CommentAction::Created => command::find(&event.body, &slug),
        CommentAction::Edited if is_fresh(job, event) => {
            command::added(event.old_body.as_deref().unwrap_or_default(), &event.body, &slug)
        }
        _ => return Ok(()),
    };
    if found.is_empty() {
        return Ok(());
    }
    let ctx = job.repo().await?;
    if !ctx.standing.effective.enabled.value {
        return Ok(());
    }
    let ctx = ctx.acting(Purpose { actor: event.author.clone(), trigger: "comment".to_owned(), run: None });
    let desk = Desk { voice: Voice::of(&ctx).await?, ctx, event };
    let mut queued_work = false;
    for found in found.iter().take(MAX_COMMANDS) {
        let lane = desk.take(found, queued_work).await?;
        queued_work |= lane == Some(Lane::Work);
    }
    Ok(())
}

/// Where one comment's commands are looked at.
struct Desk<'a> {
    ctx: RepoCtx,
    event: &'a CommentEvent,
    voice: Voice,
}

impl Desk<'_> {
    /// Looks at one command; gives back the lane it was queued in. Behind a command that waits, the next one waits too, so that they run as written.
    async fn take(&self, found: &Found, behind_work: bool) -> Outcome<Option<Lane>> {
        let bare = found.form == Form::Bare;
        if bare && neighbor::owned(&self.ctx.standing.neighbors, &found.name) {
            return Ok(None);
        }
        let Some(command) = commands::find(&found.name) else {
            self.unknown(found).await?;
            return Ok(None);
        };
        if self.ctx.standing.effective.commands_ignore.value.iter().any(|name| name == command.name) {
            return Ok(None);
        }
        if !self.allowed(command).await? {
            return Ok(None);
        }
        let lane = match command.lane {
            Lane::Inbox if behind_work && command.name != commands::stop::COMMAND.name => Lane::Work,
            lane => lane,
        };
        self.ctx.perform(&[self.react(Reaction::Eyes)]).await?;
        self.queue(found, command, lane).await?;
        Ok(Some(lane))
    }

    async fn allowed(&self, command: &Command) -> Outcome<bool> {
        let permission = self.ctx.permission_of(&self.event.author).await?;
        if permission >= command.needs.role() {
            return Ok(true);
        }
        let is_author = self.event.issue.author.as_deref() == Some(self.event.author.as_str());
        if matches!(command.needs, Needs::RoleOrAuthor(_)) && is_author {
            let day = self.ctx.now_ms() / 86_400_000;
            let notices = self.ctx.store.notices();
            if notices.spend(&self.event.author, command.name, day, AUTHOR_DAILY).await? {
                return Ok(true);
            }
            let text = format!("{} has been used {AUTHOR_DAILY} times today by the author of this issue; a maintainer can go on, or you tomorrow.", crate::domain::escape::code_span(&self.voice.command(command.name)));
            self.once("quota", &Sentence { text }).await?;
            return Ok(false);
        }
        tracing::info!(command = command.name, actor = self.event.author, %permission, "refused: not permitted");
        self.once("refused", &Refused { command: self.voice.command(command.name) }).await?;
        Ok(false)
    }

    /// Did-you-mean: after a mention, or one letter away from somebody with triage; anything else that begins with `/` is left alone.
    async fn unknown(&self, found: &Found) -> Outcome {
        let mentioned = found.form == Form::Mention;
        let names = commands::COMMANDS.iter().map(|command| command.name);
        let Some(meant) = command::closest(&found.name, names, if mentioned { 3 } else { 1 }) else {
            if mentioned {
                let text = format!(
                    "There is no {}. {} lists what there is.",
                    crate::domain::escape::code_span(&self.voice.command(&found.name)),
                    crate::domain::escape::code_span(&self.voice.command("help")),
                );
                self.say("unknown", found, &Sentence { text }).await?;
            }
            return Ok(());
        };
        if !mentioned && self.ctx.permission_of(&self.event.author).await? < Permission::Triage {
            return Ok(());
        }
        let view = Unknown {
            typed: self.voice.command(&found.name),
            meant: self.voice.command(meant),
            help: self.voice.command("help"),
        };
        self.say("unknown", found, &view).await
    }

    async fn queue(&self, found: &Found, command: &Command, lane: Lane) -> Outcome {
        let row = NewCommand {
            issue: self.event.issue.number,
            comment: self.event.comment,
            key: &found.key,
            name: command.name,
            args: &found.args,
            dry_run: found.dry_run,
            actor: &self.event.author,
            written_at_ms: self.event.written_at_ms,
        };
        let lane = match lane {
            Lane::Inbox => format!("inbox/{}/{}", self.ctx.repo, self.event.issue.number),
            Lane::Work => format!("work/{}/{}", self.ctx.repo, self.event.issue.number),
        };
        let job = |id: &str| {
            let payload = serde_json::to_string(&RunCommand { command: id.to_owned() }).unwrap_or_default();
            NewJob {
                name: RunCommand::NAME,
                payload,
                lane: Some(lane.clone()),
                installation: Some(self.ctx.installation),
                repo: Some(self.ctx.repo),
                delivery: self.ctx.info.delivery.clone(),
                max_attempts: RunCommand::MAX_ATTEMPTS,
                ..NewJob::default()
            }
        };
        self.ctx.store.commands().accept(&row, job).await?;
        Ok(())
    }

    /// Told once per person and issue, however often it happens.
    async fn once<V: View>(&self, kind: &str, view: &V) -> Outcome {
        let number = self.event.issue.number;
        let author = &self.event.author;
        let key = EffectKey(format!("{kind}/{number}/{}", author.to_lowercase()));
        if self.ctx.store.notices().first_time(number, author, kind, self.event.comment).await? {
            self.comment(key, view).await?;
        }
        self.ctx.perform(&[self.react(Reaction::Confused)]).await.map(|_| ())
    }

    async fn say<V: View>(&self, kind: &str, found: &Found, view: &V) -> Outcome {
        let key = EffectKey(format!("{kind}/{}/{}", self.event.comment, hash::short(&found.key)));
        self.comment(key, view).await
    }

    async fn comment<V: View>(&self, key: EffectKey, view: &V) -> Outcome {
        let body = self.ctx.app.renderer.render(view).map_err(Failure::internal)?;
        let issue = self.event.issue.number;
        let act = Act::Comment(CommentAct { key, issue, kind: "answer".to_owned(), body, fields: Vec::new() });
        self.ctx.perform(&[act]).await.map(|_| ())
    }

    fn react(&self, reaction: Reaction) -> Act {
        Act::React { comment: self.event.comment, reaction }
    }
}

fn is_fresh(job: &JobCtx, event: &CommentEvent) -> bool {
    job.app.clock.now_ms() - event.written_at_ms <= EDIT_WINDOW_MS
}
