//! What the checkout's own configuration says of plans.

use std::path::Path;

use crate::cli::plan::regular;
use crate::config::repo::file;
use crate::domain::plan::Options;

/// The repository's own configuration.
const PATH: &str = ".github/millwright.yml";

/// Takes what the checkout's own `.github/millwright.yml` says; a file with a problem is left aside, and that is told.
pub fn configured(folder: &Path, (options, notes): (&mut Options, &mut Vec<String>)) -> Option<String> {
    let text = regular::text(&folder.join(PATH), 1024 * 1024)?;
    match file::parse(&text) {
        Ok(file) => {
            let most = file.keys.enhance.max_items.and_then(|most| usize::try_from(most).ok());
            options.max_items = most.unwrap_or(options.max_items);
            if file.keys.enabled == Some(false) {
                let place = file.place("enabled");
                notes.push(format!(
                    "{PATH}:{}:{}: `enabled: false`, so the App does nothing in this repository; the plan is what it would say with `enabled: true`",
                    place.line, place.column
                ));
            }
            None
        }
        Err(_) => Some(format!("what `{PATH}` sets: it has a problem, which `check-config` names")),
    }
}
