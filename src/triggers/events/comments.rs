//! Commands in comments: found, checked, acknowledged and queued.

use std::collections::BTreeSet;

use futures_util::FutureExt;

use crate::ctx::{JobCtx, Purpose, RepoCtx};
use crate::domain::act::{Act, CommentAct, Reaction};
use crate::domain::command::closest::closest;
use crate::domain::command::{self, Dialect, Form, Found};
use crate::domain::escape;
use crate::domain::event::{Envelope, Event, EventKind, Speaker};
use crate::domain::failure::{Failure, Outcome};
use crate::domain::hash;
use crate::domain::ids::{CommentId, EffectKey, IssueNumber};
use crate::domain::message::{Lane, RunCommand};
use crate::domain::permission::Permission;
use crate::features::answers::{Refused, Sentence, Unknown};
use crate::features::runs::{self, Home};
use crate::features::voice::Voice;
use crate::github::identity::AppIdentity;
use crate::render::view::View;
use crate::store::{Allowance, CommandId, CommandState, NewCommand, StoreError};
use crate::triggers::commands::{self, Command, Needs};
use crate::triggers::events::Subscription;
use crate::triggers::receipts;

/// An edit is read for new commands when it was made this long after the comment was written, however late we hear of it.
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
    may_concern: |shallow| shallow.may_command,
    run: |ctx, envelope| run(ctx, envelope).boxed(),
};

async fn run(job: &JobCtx, envelope: &Envelope) -> Outcome {
    let Some(said) = Said::of(envelope) else { return Ok(()) };
    let AppIdentity { id, slug } = job.app.github.app_identity().await?;
    // What we write starts nothing, whatever a list says.
    if said.app.is_some() && (said.app == id || said.author.eq_ignore_ascii_case(&format!("{slug}[bot]"))) {
        return Ok(());
    }
    let anywhere = Dialect { slug, taken: BTreeSet::new() };
    if said.commands(&anywhere).is_empty() {
        return Ok(());
    }
    let ctx = job.repo().await?;
    if !ctx.standing.effective.enabled.value {
        return Ok(());
    }
    if said.app.is_some_and(|app| !ctx.standing.effective.bots.value.contains(&app)) {
        return Ok(());
    }
    let ctx = ctx.acting(Purpose {
        actor: said.author.clone(),
        trigger: "comment".to_owned(),
        run: None,
        asked_at_ms: Some(said.written_at_ms),
    });
    let desk = Desk { voice: Voice::of(&ctx).await?, ctx, said: &said };
    let mut queued_work = false;
    let commands = said.commands(&desk.voice.dialect);
    for found in commands.iter().take(MAX_COMMANDS) {
        let lane = desk.take(found, queued_work).await?;
        queued_work |= lane == Some(Lane::Work);
    }
    match commands.get(MAX_COMMANDS) {
        Some(first_left) => desk.left_over(first_left, commands.len()).await,
        None => Ok(()),
    }
}

/// A comment that may hold commands, as the event tells it.
struct Said {
    issue: IssueNumber,
    issue_author: Option<String>,
    comment: CommentId,
    author: String,
    /// The App whose bot the author is; none for a person.
    app: Option<i64>,
    /// When the text got as it is, unix milliseconds.
    written_at_ms: i64,
    body: String,
    /// None for a new comment.
    edit: Option<Edit>,
}

/// What changed a comment.
struct Edit {
    old_body: String,
    /// How long after the comment was written.
    after_ms: i64,
}

impl Said {
    /// Nothing for pull requests (the App does not ask for their permissions) and for accounts that are gone.
    fn of(envelope: &Envelope) -> Option<Self> {
        let Event::IssueComment { issue, comment, old_body } = &envelope.event else { return None };
        let author = comment.user.as_ref()?;
        let sender = envelope.sender.as_ref()?;
        // Somebody else's edit of a comment does not speak for its author.
        let by_author = author.login == sender.login && author.kind == sender.kind;
        if issue.is_pull_request || !by_author || !command::may_hold(&comment.body) {
            return None;
        }
        let app = match comment.speaker()? {
            Speaker::Person => None,
            Speaker::App(id) => Some(id),
        };
        let created_at_ms = comment.created_at_ms.unwrap_or_default();
        let edited = envelope.action.as_deref() == Some("edited");
        let written_at_ms = comment.updated_at_ms.filter(|_| edited).unwrap_or(created_at_ms);
        let edit = edited.then(|| Edit {
            old_body: old_body.clone().unwrap_or_default(),
            after_ms: written_at_ms - created_at_ms,
        });
        Some(Self {
            issue: issue.number,
            issue_author: issue.user.as_ref().map(|person| person.login.clone()),
            comment: comment.id,
            author: author.login.clone(),
            app,
            written_at_ms,
            body: comment.body.clone(),
            edit,
        })
    }

    fn commands(&self, dialect: &Dialect) -> Vec<Found> {
        command::once(match &self.edit {
            None => command::find(&self.body, dialect),
            Some(edit) if edit.after_ms > EDIT_WINDOW_MS => Vec::new(),
            Some(edit) => command::new_commands(&edit.old_body, &self.body, dialect),
        })
    }
}

/// Where one comment's commands are looked at.
struct Desk<'a> {
    ctx: RepoCtx,
    said: &'a Said,
    voice: Voice,
}

impl Desk<'_> {
    /// Looks at one command; gives back the lane it was queued in. Behind a command that waits, the next one waits too, so that they run as written.
    async fn take(&self, found: &Found, behind_work: bool) -> Outcome<Option<Lane>> {
        let help = || found.is_question().then_some(&commands::help::COMMAND);
        let Some(command) = commands::find(&found.name).or_else(help) else {
            self.unknown(found).await?;
            return Ok(None);
        };
        // The same event under another GUID, or a delivery that is worked off again: what was taken on before uses up no
        // allowance again, and has its receipt, perhaps the last one already.
        let known = self.ctx.store.commands().by_key(self.said.comment, &found.key).await?;
        let taken_before = known.is_some_and(|known| known.state != CommandState::Declined);
        if !taken_before && !self.allowed(found, command).await? {
            return Ok(None);
        }
        let lane = match command.lane {
            Lane::Inbox if behind_work && command.name != commands::stop::COMMAND.name => Lane::Work,
            lane => lane,
        };
        if !taken_before {
            self.ctx.perform(&[self.react(Reaction::Eyes)]).await?;
        }
        self.queue(found, command, lane).await?;
        Ok(Some(lane))
    }

    async fn allowed(&self, found: &Found, command: &Command) -> Outcome<bool> {
        let permission = self.permission().await?;
        if permission >= command.needs.role() {
            return Ok(true);
        }
        if matches!(command.needs, Needs::RoleOrAuthor(_)) && self.is_author() {
            let day = self.ctx.now_ms() / 86_400_000;
            let allowances = self.ctx.store.allowances();
            if allowances
                .spend(Allowance { person: &self.said.author, kind: command.name, day, limit: AUTHOR_DAILY })
                .await?
            {
                return Ok(true);
            }
            let text = format!(
                "{} has been used {AUTHOR_DAILY} times today by the author of this issue; somebody with triage access can go on, or you tomorrow.",
                self.voice.code(command.name)
            );
            self.once(("quota", found), &Sentence { text }).await?;
            return Ok(false);
        }
        tracing::info!(
            command = command.name,
            actor = self.said.author,
            permission = permission.word(),
            "refused: not permitted"
        );
        let subject = if self.is_author() { "your issue" } else { "this issue" };
        let access = command.needs.role().access();
        let command = self.voice.plain(command.name);
        self.once(("refused", found), &Refused { access, command, subject }).await?;
        Ok(false)
    }

    /// What the author may do. GitHub has roles for people only; an App that is listed counts as somebody with triage access.
    async fn permission(&self) -> Outcome<Permission> {
        let role = self.ctx.permission_of(&self.said.author).await?;
        Ok(if self.said.app.is_some() { role.max(Permission::Triage) } else { role })
    }

    fn is_author(&self) -> bool {
        self.said.issue_author.as_deref() == Some(self.said.author.as_str())
    }

    /// Did-you-mean: after a mention, or one letter away from somebody with triage and from a name that is ours here; anything else
    /// that begins with `/` is left alone.
    async fn unknown(&self, found: &Found) -> Outcome {
        let mentioned = found.form == Form::Mention;
        let names = commands::COMMANDS.iter().map(|command| command.name);
        let names = names.filter(|name| mentioned || !self.voice.dialect.taken.contains(*name));
        let Some(meant) = closest(&found.name, names, if mentioned { 3 } else { 1 }) else {
            if mentioned {
                let text = format!(
                    "There is no {}. {} lists what there is.",
                    escape::code_span(&self.typed(found)),
                    self.voice.code("help"),
                );
                self.say(("unknown", found), &Sentence { text }).await?;
            }
            return Ok(());
        };
        if !mentioned && self.permission().await? < Permission::Triage {
            return Ok(());
        }
        let view = Unknown {
            typed: self.typed(found),
            meant: self.voice.plain(meant),
            help: self.voice.plain("help"),
        };
        self.say(("unknown", found), &view).await
    }

    /// The name as it was addressed.
    fn typed(&self, found: &Found) -> String {
        match found.form {
            Form::Mention => format!("@{} {}", self.voice.dialect.slug, found.name),
            Form::Bare => format!("/{}", found.name),
        }
    }

    async fn left_over(&self, first_left: &Found, all: usize) -> Outcome {
        let text = format!(
            "This comment has {all} commands; the first {MAX_COMMANDS} are run, and what follows from line {} on is not.",
            first_left.line
        );
        self.say(("many", first_left), &Sentence { text }).await
    }

    async fn queue(&self, found: &Found, command: &Command, lane: Lane) -> Outcome {
        let job = |id: CommandId| {
            let message = RunCommand {
                command: id.0,
                args: found.args.clone(),
                dry_run: found.dry_run,
                written_at_ms: self.said.written_at_ms,
            };
            let home = Home::of(&self.ctx, lane, self.said.issue);
            let job = runs::job(home, &message, (&self.ctx.info, self.ctx.now_ms()));
            job.map_err(|failure| StoreError::Broken(failure.to_string()))
        };
        let (commands, row) = (self.ctx.store.commands(), self.row(found, command.name));
        match lane {
            // What answers at once is no run.
            Lane::Inbox => commands.accept(&row, job).await?,
            Lane::Work => commands.accept_run(&row, job).await?,
        };
        Ok(())
    }

    fn row(&self, found: &Found, name: &str) -> NewCommand {
        NewCommand {
            comment: self.said.comment,
            key: found.key.clone(),
            issue: self.said.issue,
            actor: self.said.author.clone(),
            name: name.to_owned(),
            line: format!("{name} {}", found.args).trim_end().to_owned(),
        }
    }

    /// Told once per person and issue, however often it happens.
    async fn once<V: View>(&self, (kind, found): (&str, &Found), view: &V) -> Outcome {
        let number = self.said.issue;
        let author = &self.said.author;
        let key = EffectKey(format!("{kind}/{number}/{}", author.to_lowercase()));
        let told = self.ctx.store.effects().get(&key).await?.is_some_and(|effect| effect.remote.is_some());
        let answer = if told { None } else { Some(self.comment(key, view)?) };
        self.decline(found, answer).await
    }

    async fn say<V: View>(&self, (kind, found): (&str, &Found), view: &V) -> Outcome {
        let key = EffectKey(format!("{kind}/{}/{}", self.said.comment, hash::short(&found.key)));
        self.decline(found, Some(self.comment(key, view)?)).await
    }

    /// It is written down, so that the comment keeps its 😕 whatever becomes of the others in it; a 🚀 that they have earned goes.
    async fn decline(&self, found: &Found, answer: Option<Act>) -> Outcome {
        self.ctx.store.commands().decline(&self.row(found, &found.name)).await?;
        let rocket = Act::Unreact { comment: self.said.comment, reaction: Reaction::Rocket };
        self.ctx.perform(answer.as_slice()).await?;
        let told = self.ctx.perform(&[rocket, self.react(Reaction::Confused)]).await;
        receipts::or_later(&self.ctx, self.said.comment, told.map(|_| ())).await
    }

    fn comment<V: View>(&self, key: EffectKey, view: &V) -> Outcome<Act> {
        let body = self.ctx.app.renderer.render(view).map_err(Failure::internal)?;
        let issue = self.said.issue;
        Ok(Act::Comment(CommentAct { key, issue, kind: "answer".to_owned(), body, fields: Vec::new() }))
    }

    fn react(&self, reaction: Reaction) -> Act {
        Act::React { comment: self.said.comment, reaction }
    }
}
