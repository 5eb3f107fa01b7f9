//! The tree, and the files worth reading: the planner says which, GitHub hands them over in a few calls.

use std::collections::BTreeMap;

use crate::ctx::RepoCtx;
use crate::domain::brief::Brief;
use crate::domain::failure::Outcome;
use crate::domain::plan;
use crate::domain::snapshot::{Check, EntryKind, Repository, Snapshot, TreeEntry};
use crate::features::knowledge::Head;
use crate::features::knowledge::calls::Calls;
use crate::github::blobs::Wanted;

/// Workflows whose last run is asked for.
const MAX_WORKFLOWS: usize = 5;
/// Files that are read where GitHub gives them one by one only, a call each.
const ONE_BY_ONE: usize = 25;

/// Reads the repository at `head`.
pub async fn gather(ctx: &RepoCtx, brief: &mut Brief, head: &Head) -> Outcome<Snapshot> {
    let (tree, truncated) = tree(ctx, head).await?;
    let runs = workflow_files(&tree).count().min(MAX_WORKFLOWS);
    let files = files(ctx, head, (&tree, &plan::wanted(brief, &tree)), runs).await?;
    let mut missing_permissions = Vec::new();
    let checks = match ctx.github.may_read_actions().await? {
        true => checks(ctx, (&tree, &mut brief.unread), head).await?,
        false => None,
    };
    if checks.is_none() {
        missing_permissions.push("actions: read".to_owned());
    }
    Ok(Snapshot {
        repository: Repository {
            owner: ctx.name.owner.clone(),
            name: ctx.name.name.clone(),
            url: ctx.url(),
            default_branch: head.branch.clone(),
        },
        base_sha: head.tip.commit.clone(),
        tree,
        unreadable: Vec::new(),
        truncated,
        files,
        checks: checks.unwrap_or_default(),
        missing_permissions,
    })
}

/// All entries at `head`, and whether GitHub left some out.
pub async fn tree(ctx: &RepoCtx, head: &Head) -> Outcome<(Vec<TreeEntry>, bool)> {
    let listed = ctx.github.tree(&head.tip.tree).await?;
    Ok((listed.entries.into_iter().map(entry).collect(), listed.truncated))
}

/// The texts of these files of the tree at `head`; binary ones are left out. `later` calls are still to come.
pub async fn files(
    ctx: &RepoCtx,
    head: &Head,
    (tree, paths): (&[TreeEntry], &[String]),
    later: usize,
) -> Outcome<BTreeMap<String, String>> {
    let shas = tree.iter().map(|entry| (entry.path.as_str(), entry.sha.as_str())).collect::<BTreeMap<_, _>>();
    let wanted = paths.iter().filter_map(|path| Some(Wanted { path, sha: shas.get(path.as_str())? }));
    let wanted = wanted.collect::<Vec<_>>();
    let mut files = BTreeMap::new();
    let one_by_one = || Calls::of(ctx).up_to(ONE_BY_ONE, later);
    for file in ctx.github.files(&head.tip.commit, &wanted, one_by_one).await? {
        // Half a file would be read as a whole one.
        if let Some(text) = file.text.filter(|_| !file.is_truncated) {
            files.insert(file.path, text);
        }
    }
    Ok(files)
}

/// File names of the workflows, as the API takes them.
pub fn workflow_files(tree: &[TreeEntry]) -> impl Iterator<Item = &str> {
    let names = tree.iter().filter_map(|entry| entry.path.strip_prefix(".github/workflows/"));
    names.filter(|file| !file.contains('/') && (file.ends_with(".yml") || file.ends_with(".yaml")))
}

fn entry(entry: crate::github::contents::TreeEntry) -> TreeEntry {
    let kind = match (entry.kind.as_str(), entry.mode.as_str()) {
        ("tree", _) => EntryKind::Folder,
        ("commit", _) => EntryKind::Submodule,
        (_, "120000") => EntryKind::Link,
        _ => EntryKind::File,
    };
    TreeEntry { path: entry.path, kind, size: entry.size.unwrap_or(0), sha: entry.sha }
}

/// How the last run of each workflow on the default branch ended; none where GitHub does not let us see it, for a plan can do
/// without. What is not asked for is told.
async fn checks(
    ctx: &RepoCtx,
    (tree, unread): (&[TreeEntry], &mut Vec<String>),
    head: &Head,
) -> Outcome<Option<Vec<Check>>> {
    let mut checks = Vec::new();
    let all = workflow_files(tree).count();
    let asked = Calls::of(ctx).up_to(MAX_WORKFLOWS, 0).min(all);
    if asked < all {
        unread.push(format!("the last runs of {} of {all} workflows", all - asked));
    }
    for file in workflow_files(tree).take(asked) {
        match ctx.github.latest_workflow_run(file, &head.branch).await {
            Ok(Some(run)) => checks.push(Check {
                name: run.name,
                conclusion: run.conclusion,
                workflow: Some(file.to_owned()),
            }),
            Ok(None) => {}
            Err(error) if error.is_missing() => {}
            Err(error) if error.is_refusal() || error.facts.status == Some(501) => {
                tracing::info!(%error, "workflow runs are not looked at");
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Some(checks))
}
