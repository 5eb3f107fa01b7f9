//! What the checkout's own configuration says of plans.

use std::path::Path;

use crate::cli::plan::regular;
use crate::config::repo::file;
use crate::domain::plan::Options;

/// The repository's own configuration.
const PATH: &str = ".github/millwright.yml";

/// Does a link on the way to a file of the checkout leave the checkout? What lies outside is not the repository's word.
fn leads_out(folder: &Path, path: &Path) -> bool {
    match (folder.canonicalize(), path.canonicalize()) {
        (Ok(folder), Ok(path)) => !path.starts_with(folder),
        _ => false,
    }
}

/// Takes what the checkout's own `.github/millwright.yml` says; a file with a problem is left aside, and that is told.
pub fn configured(folder: &Path, (options, notes): (&mut Options, &mut Vec<String>)) -> Option<String> {
    let path = folder.join(PATH);
    if leads_out(folder, &path) {
        notes.push(format!("{PATH}: is not read: a link leads out of the checkout to it"));
        return Some(format!("what `{PATH}` sets: a link leads out of the tree to it"));
    }
    let text = regular::text(&path, 1024 * 1024)?;
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn what_lies_outside_of_the_checkout_is_not_its_configuration() {
        let world = tempfile::tempdir().expect("a folder");
        let (own, other) = (world.path().join("own"), world.path().join("other"));
        fs::create_dir_all(own.join("config")).expect("made");
        fs::create_dir_all(&other).expect("made");
        for folder in [&other, &own.join("config")] {
            fs::write(folder.join("millwright.yml"), "enhance:\n  max_items: 2\n").expect("written");
        }
        let told = |target: &Path| {
            let _ = fs::remove_file(own.join(".github"));
            symlink(target, own.join(".github")).expect("linked");
            let (mut options, mut notes) = (Options::default(), Vec::new());
            let unread = configured(&own, (&mut options, &mut notes));
            (options.max_items, notes, unread.is_some())
        };
        let note = ".github/millwright.yml: is not read: a link leads out of the checkout to it".to_owned();
        assert_eq!(told(&other), (5, vec![note], true));
        assert_eq!(told(&own.join("config")), (2, Vec::new(), false), "a link within the checkout");
    }
}
