//! One plan after the other, as `/enhance` and each `/revise` behind it make them.

use std::path::Path;

use crate::cli::plan::configured::configured;
use crate::cli::plan::folder;
use crate::cli::plan::input::{Asked, Command};
use crate::domain::brief::Brief;
use crate::domain::ids::EffectKey;
use crate::domain::plan::{self, Options, Plan, Presentation, revise};
use crate::domain::record::PlanRecord;
use crate::domain::snapshot::Snapshot;

/// The last plan.
pub struct Revised {
    /// The plan.
    pub plan: Plan,
    /// How its comment is written.
    pub presentation: Presentation,
    /// What is said beside it, one line each.
    pub notes: Vec<String>,
}

/// Plans what is asked, and again with each thing said to the plan before.
pub fn plan(name: &str, repo: Option<&Path>, asked: Asked) -> Result<Revised, String> {
    let Asked { brief, snapshot, revise: said, mut presentation, revision, mut notes } = asked;
    let (mut options, mut unread) = (Options::default(), None);
    if let Some(folder) = repo {
        unread = configured(folder, (&mut options, &mut notes));
    }
    let tree = Tree { repo, snapshot, options, unread };
    let mut record = tree.planned(brief.clone())?;
    let mut made = 1;
    for (at, command) in said.iter().enumerate() {
        let next = again(&tree, &brief, (&record, command))
            .map_err(|what| format!("{name}: `revise[{at}]`: {what}"))?;
        if next.stands_as(&record) {
            notes.push(format!(
                "{name}: `revise[{at}]` changes nothing that is planned, so the App makes no revision of it"
            ));
            continue;
        }
        presentation.renumbered = revise::renumbered(&record.plan, &next.plan);
        record = next;
        made += 1;
    }
    presentation.revision = revision.unwrap_or(made);
    Ok(Revised { plan: record.plan, presentation, notes })
}

/// The plan that `/revise` makes of `before`.
fn again(tree: &Tree, brief: &Brief, (before, said): (&PlanRecord, &Command)) -> Result<PlanRecord, String> {
    if said.text.trim().is_empty() {
        return Err(
            "`text` is empty; give what stood behind the command, such as `1: the client IP`".to_owned()
        );
    }
    let read = revise::answers(&said.text, &said.author, &before.plan)
        .map_err(|unread| format!("{}; for example: `{}`", unread.what, unread.example))?;
    tree.planned(Brief {
        answers: before.answers.iter().cloned().chain(read).collect(),
        asked: revise::asked(&before.plan),
        ..brief.clone()
    })
}

/// What every revision is planned on.
struct Tree<'a> {
    repo: Option<&'a Path>,
    /// What the input itself says of the repository.
    snapshot: Snapshot,
    options: Options,
    /// That the configuration could not be read.
    unread: Option<String>,
}

impl Tree<'_> {
    /// Reads the folder for what is asked, and plans it.
    fn planned(&self, mut brief: Brief) -> Result<PlanRecord, String> {
        let mut snapshot = self.snapshot.clone();
        if let Some(folder) = self.repo {
            let differs = folder::gather(folder, &brief, &mut snapshot)?;
            brief.unread.extend(differs);
            brief.unread.extend(self.unread.clone());
        }
        Ok(PlanRecord {
            plan: plan::plan(&brief, &snapshot, &self.options),
            answers: brief.answers,
            target: brief.target,
            aimed_by: brief.aimed_by,
            renumbered: None,
            made_by: EffectKey(String::new()),
        })
    }
}
