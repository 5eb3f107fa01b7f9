//! One command at work: who asked, where, with which words, and how it answers.

use crate::config::repo::mode::Mode;
use crate::ctx::RepoCtx;
use crate::ctx::perform::Performed;
use crate::domain::act::{Act, CommentAct};
use crate::domain::command::args::Args;
use crate::domain::failure::{Failure, Outcome};
use crate::domain::hash;
use crate::domain::ids::{CommentId, EffectKey, IssueNumber};
use crate::domain::plan::markdown;
use crate::features::rehearsal::DryRun;
use crate::features::voice::Voice;
use crate::render::view::View;
use crate::store::CommandId;

/// A command that was found, allowed and taken on.
pub struct Call {
    /// Bound to the repository, acting for [`Call::actor`].
    pub ctx: RepoCtx,
    /// Its row.
    pub id: CommandId,
    /// The command's name.
    pub command: &'static str,
    /// Where it was written.
    pub issue: IssueNumber,
    /// Who wrote it.
    pub actor: String,
    /// The comment it stands in.
    pub comment: CommentId,
    /// When the comment was written, unix milliseconds.
    pub written_at_ms: i64,
    /// Everything behind the name.
    pub args: String,
    /// Unique within the comment: the normalized line and its occurrence.
    pub key: String,
    /// Whether to show instead of do.
    pub dry_run: bool,
    /// How commands are spelled here.
    pub voice: Voice,
}

impl Call {
    /// Does the acts; in a dry run it shows them in a comment instead and gives back nothing.
    pub async fn act(&self, acts: &[Act]) -> Outcome<Option<Performed>> {
        self.act_then(acts, Vec::new()).await
    }

    /// The same, where more follows that can only be told before it is done: `then`, as Markdown, stands in the dry run behind
    /// the acts.
    pub async fn act_then(&self, acts: &[Act], then: Vec<String>) -> Outcome<Option<Performed>> {
        if !self.dry_run {
            return self.ctx.perform(acts).await.map(Some);
        }
        self.answer(&DryRun::new(self.typed(), acts).then(then)).await?;
        Ok(None)
    }

    /// Answers with a comment. Answering again edits that comment.
    pub async fn answer<V: View>(&self, view: &V) -> Outcome {
        let act = self.answer_act(view)?;
        self.ctx.perform(&[act]).await.map(|_| ())
    }

    /// Whether an answer of this command stands already: a sentence, or a plan.
    pub async fn has_answered(&self) -> Outcome<bool> {
        let said = self.ctx.has_written(&self.effect("answer")).await?;
        Ok(said || self.ctx.has_written(&self.effect("plan")).await?)
    }

    /// Takes back what an earlier try has answered, where this one has come to something else than an answer.
    pub async fn withdraw_answer(&self) -> Outcome {
        let key = self.effect("answer");
        if self.ctx.store.effects().get(&key).await?.is_none() {
            return Ok(());
        }
        self.ctx.perform(&[Act::Withdraw { key, issue: self.issue }]).await.map(|_| ())
    }

    /// The comment that [`Call::answer`] writes, as an act.
    pub fn answer_act<V: View>(&self, view: &V) -> Outcome<Act> {
        let body = self.ctx.app.renderer.render(view).map_err(Failure::internal)?;
        let footer = self.voice.footer(&view.stamp());
        let body = if footer.is_empty() { body } else { format!("{}\n\n{footer}\n", body.trim_end()) };
        let body = self.with_problem(body);
        Ok(Act::Comment(CommentAct {
            key: self.effect("answer"),
            issue: self.issue,
            kind: "answer".to_owned(),
            body,
            fields: Vec::new(),
        }))
    }

    /// A text of ours, with a line below it while the repository's configuration has a problem.
    pub fn with_problem(&self, body: String) -> String {
        match &self.ctx.standing.problem {
            Some(problem) => format!("{}\n\n<sub>{}</sub>\n", body.trim_end(), markdown::plain(problem)),
            None => body,
        }
    }

    /// The name of an effect of this very command: an edit of the comment that keeps the command keeps the name.
    pub fn effect(&self, kind: &str) -> EffectKey {
        EffectKey(format!("{kind}/{}/{}", self.comment, hash::short(&self.key)))
    }

    /// The command as it was typed, without `--dry-run`, for our texts.
    pub fn typed(&self) -> String {
        let args = if self.args.is_empty() { String::new() } else { format!(" {}", self.args) };
        self.voice.plain(&format!("{}{args}", self.command))
    }

    /// The arguments, to be taken one after the other; `example`, spelled as it reaches us here, is shown when they cannot be.
    pub fn arguments(&self, example: &str) -> Args<'_> {
        Args::new(&self.args, self.voice.plain(example.trim_start_matches('/')))
    }

    /// Whether this repository is only watched.
    pub fn observing(&self) -> bool {
        self.ctx.standing.mode() == Mode::Observe
    }
}
