//! Alerts of GitHub's scanners, as far as they may be read.

use std::collections::BTreeSet;

use crate::ctx::RepoCtx;
use crate::domain::alert::{Alert, SCANNERS, Scanner};
use crate::domain::failure::Outcome;
use crate::github::alerts::Alerts;
use crate::github::paging::PAGE;

/// The scanners whose alerts the installation lets us read, a call each later on; the others were not looked at. Only tokens are
/// asked for here.
pub async fn permitted(ctx: &RepoCtx, unseen: &mut BTreeSet<String>) -> Outcome<Vec<Scanner>> {
    let mut out = Vec::new();
    for scanner in SCANNERS {
        match ctx.github.may_read_alerts(scanner).await? {
            true => out.push(scanner),
            false => {
                unseen.insert(scanner.not_permitted());
            }
        }
    }
    Ok(out)
}

/// The open alerts of these scanners; nothing where none of them could be read.
pub async fn open(
    ctx: &RepoCtx,
    scanners: &[Scanner],
    unseen: &mut BTreeSet<String>,
) -> Outcome<Option<Vec<Alert>>> {
    let mut all = None;
    for scanner in scanners {
        match ctx.github.alerts(*scanner).await? {
            Alerts::NotPermitted => {
                unseen.insert(scanner.not_permitted());
            }
            Alerts::SwitchedOff => {
                unseen.insert(scanner.switched_off());
            }
            Alerts::Open(listed) => {
                if !listed.complete {
                    unseen.insert(format!("{} beyond the newest {PAGE}", scanner.alerts));
                }
                all.get_or_insert_with(Vec::new).extend(listed.items);
            }
        }
    }
    Ok(all)
}
