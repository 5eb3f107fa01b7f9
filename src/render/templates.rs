//! Every template, embedded in the program: its name below `templates/`, and its text.

/// A template: name (path below `templates/`) and text.
pub type Template = (&'static str, &'static str);

/// The table; a test compares it with the folder.
pub static TEMPLATES: &[Template] = &[
    ("answer/dry_run.md.j2", include_str!("../../templates/answer/dry_run.md.j2")),
    ("answer/failed.md.j2", include_str!("../../templates/answer/failed.md.j2")),
    ("answer/help.md.j2", include_str!("../../templates/answer/help.md.j2")),
    ("answer/refused.md.j2", include_str!("../../templates/answer/refused.md.j2")),
    ("answer/sentence.md.j2", include_str!("../../templates/answer/sentence.md.j2")),
    ("answer/status.md.j2", include_str!("../../templates/answer/status.md.j2")),
    ("answer/unknown.md.j2", include_str!("../../templates/answer/unknown.md.j2")),
    ("answer/why.md.j2", include_str!("../../templates/answer/why.md.j2")),
    ("enhance/candidates.md.j2", include_str!("../../templates/enhance/candidates.md.j2")),
    ("enhance/elsewhere.md.j2", include_str!("../../templates/enhance/elsewhere.md.j2")),
    ("enhance/unchanged.md.j2", include_str!("../../templates/enhance/unchanged.md.j2")),
    ("work_item/approved.md.j2", include_str!("../../templates/work_item/approved.md.j2")),
    ("work_item/body.md.j2", include_str!("../../templates/work_item/body.md.j2")),
    ("work_item/items.md.j2", include_str!("../../templates/work_item/items.md.j2")),
    ("work_item/undone.md.j2", include_str!("../../templates/work_item/undone.md.j2")),
    #[cfg(test)]
    ("test/sample.md.j2", include_str!("../../templates/test/sample.md.j2")),
];

/// The text of a template.
pub fn text(name: &str) -> Option<&'static str> {
    TEMPLATES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::TEMPLATES;

    fn walk(folder: &Path, root: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => walk(&path, root, found),
                false => {
                    found.insert(path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/"));
                }
            }
        }
    }

    #[test]
    fn the_table_lists_the_folder() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        let mut files = BTreeSet::new();
        walk(&root, &root, &mut files);
        let listed: BTreeSet<String> = TEMPLATES.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(listed, files);
        assert_eq!(listed.len(), TEMPLATES.len(), "a template is listed twice");
        assert!(listed.iter().all(|name| name.ends_with(".md.j2")), "{listed:?}");
    }
}
