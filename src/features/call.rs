//! One command at work: who asked, where, with which words, and how it answers.

use serde::Serialize;

use crate::config::repo::mode::Mode;
use crate::ctx::RepoCtx;
use crate::ctx::perform::Performed;
use crate::domain::act::{Act, CommentAct};
use crate::domain::command::args::Args;
use crate::domain::escape;
use crate::domain::failure::{Failure, Outcome};
use crate::domain::hash;
use crate::domain::ids::{CommentId, EffectKey, IssueNumber};
use crate::features::voice::Voice;
use crate::render::view::View;

/// A command that was found, allowed and taken on.
pub struct Call {
    /// Bound to the repository, acting for [`Call::actor`].
    pub ctx: RepoCtx,
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

/// What the dry run of a command shows.
#[derive(Serialize)]
pub struct DryRun {
    command: String,
    acts: Vec<String>,
    body: Option<String>,
}

impl View for DryRun {
    const TEMPLATE: &'static str = "answer/dry_run.md.j2";

    fn samples() -> Vec<Self> {
        let nothing = Self { command: "/approve 1 --dry-run".to_owned(), acts: vec![], body: None };
        let something = Self {
            command: "/enhance --dry-run".to_owned(),
            acts: vec!["comment on #2 (plan)".to_owned()],
            body: Some("**Plannable**".to_owned()),
        };
        vec![nothing, something]
    }
}

impl Call {
    /// Does the acts; in a dry run it shows them in a comment instead and gives back nothing.
    pub async fn act(&self, acts: &[Act]) -> Outcome<Option<Performed>> {
        if !self.dry_run {
            return self.ctx.perform(acts).await.map(Some);
        }
        let body = acts.iter().find_map(|act| match act {
            Act::Comment(comment) => Some(comment.body.clone()),
            _ => None,
        });
        let acts = acts.iter().map(ToString::to_string).collect();
        self.answer(&DryRun { command: self.typed(), acts, body }).await?;
        Ok(None)
    }

    /// Answers with a comment. Answering again edits that comment.
    pub async fn answer<V: View>(&self, view: &V) -> Outcome {
        let act = self.answer_act(view)?;
        self.ctx.perform(&[act]).await.map(|_| ())
    }

    /// The comment that [`Call::answer`] writes, as an act.
    pub fn answer_act<V: View>(&self, view: &V) -> Outcome<Act> {
        let body = self.with_problem(self.ctx.app.renderer.render(view).map_err(Failure::internal)?);
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
            Some(problem) => format!("{}\n\n<sub>{}</sub>\n", body.trim_end(), escape::inline(problem)),
            None => body,
        }
    }

    /// The name of an effect of this very command: an edit of the comment that keeps the command keeps the name.
    pub fn effect(&self, kind: &str) -> EffectKey {
        EffectKey(format!("{kind}/{}/{}", self.comment, hash::short(&self.key)))
    }

    /// The command as it was typed, for our texts.
    pub fn typed(&self) -> String {
        let flag = if self.dry_run { " --dry-run" } else { "" };
        let args = if self.args.is_empty() { String::new() } else { format!(" {}", self.args) };
        self.voice.plain(&format!("{}{args}{flag}", self.command))
    }

    /// The arguments, to be taken one after the other; `example` is shown when they cannot be.
    pub fn arguments<'a>(&'a self, example: &'a str) -> Args<'a> {
        Args::new(&self.args, example)
    }

    /// Whether this repository is only watched.
    pub fn observing(&self) -> bool {
        self.ctx.standing.mode() == Mode::Observe
    }
}
