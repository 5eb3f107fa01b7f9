//! Labels of a repository and of its issues.

use crate::sandbox::model::{Change, EventKind, Label};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::state::{Actor, State};
use crate::sandbox::view;
use crate::sandbox::webhooks::Happening;

/// A new label.
#[derive(Debug, Clone)]
pub struct NewLabel {
    /// Name, 1 to 50 characters.
    pub name: String,
    /// Six hex digits; grey when not given.
    pub color: Option<String>,
    /// At most 100 characters.
    pub description: Option<String>,
}

impl NewLabel {
    /// A grey label.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), color: None, description: None }
    }
}

impl State {
    /// Makes a label.
    pub fn create_label(&mut self, by: &Actor, repo: i64, new: NewLabel) -> Result<Label, Refusal> {
        self.check_writable(repo)?;
        check_label(&new)?;
        if self.repository(repo)?.label(&new.name).is_some() {
            return Err(Refusal::invalid("Label", "name", "already_exists"));
        }
        let label = Label {
            id: self.fresh_id("label"),
            name: new.name,
            color: new.color.unwrap_or_else(|| "ededed".to_owned()).to_lowercase(),
            description: new.description,
            default: false,
        };
        self.repository_mut(repo)?.labels.push(label.clone());
        self.changed(Change::Repository(repo));
        self.tell_label(by, repo, ("created", &label));
        Ok(label)
    }

    /// Deletes a label, also from all issues.
    pub fn delete_label(&mut self, by: &Actor, repo: i64, name: &str) -> Result<(), Refusal> {
        self.check_writable(repo)?;
        let label = self.repository(repo)?.label(name).cloned().ok_or_else(Refusal::not_found)?;
        let key = label.name.to_lowercase();
        for issue in self.issues.values_mut().filter(|issue| issue.repo == repo) {
            issue.labels.retain(|name| *name != key);
        }
        self.repository_mut(repo)?.labels.retain(|other| other.id != label.id);
        self.changed(Change::Repository(repo));
        self.tell_label(by, repo, ("deleted", &label));
        Ok(())
    }

    fn tell_label(&mut self, by: &Actor, repo: i64, what: (&'static str, &Label)) {
        let (action, label) = what;
        let Some(repository) = self.repositories.get(&repo) else { return };
        let fields = vec![("label", view::label(self, repository, label))];
        self.tell(by, repo, Happening::new("label", action, fields));
    }

    /// Adds labels to an issue; unknown ones are made.
    pub fn add_labels(&mut self, by: &Actor, issue: i64, names: &[String]) -> Result<(), Refusal> {
        let repo = self.issue(issue)?.repo;
        self.check_writable(repo)?;
        for name in names {
            check_label(&NewLabel::named(name))?;
        }
        for name in names {
            let known = self.repository(repo)?.label(name).cloned();
            let label = match known {
                Some(label) => label,
                None => self.create_label(by, repo, NewLabel::named(name))?,
            };
            self.put_label(by, issue, label)?;
        }
        Ok(())
    }

    fn put_label(&mut self, by: &Actor, id: i64, label: Label) -> Result<(), Refusal> {
        let issue = self.issue_mut(id)?;
        let key = label.name.to_lowercase();
        if issue.labels.contains(&key) {
            return Ok(());
        }
        if issue.labels.len() >= 100 {
            return Err(Refusal::rule("Issue", "labels", "an issue has at most 100 labels"));
        }
        issue.labels.push(key);
        self.record_event(by, id, EventKind::Labeled(label.clone()));
        self.touch(id);
        self.tell_issue_label(by, id, ("labeled", &label))
    }

    /// Takes a label off an issue.
    pub fn remove_label(&mut self, by: &Actor, id: i64, name: &str) -> Result<(), Refusal> {
        let repo = self.issue(id)?.repo;
        self.check_writable(repo)?;
        let missing = || Refusal::new(404, "Label does not exist");
        let label = self.repository(repo)?.label(name).cloned().ok_or_else(missing)?;
        let key = label.name.to_lowercase();
        let issue = self.issue_mut(id)?;
        let position = issue.labels.iter().position(|name| *name == key).ok_or_else(missing)?;
        issue.labels.remove(position);
        self.record_event(by, id, EventKind::Unlabeled(label.clone()));
        self.touch(id);
        self.tell_issue_label(by, id, ("unlabeled", &label))
    }

    /// Gives an issue exactly these labels.
    pub fn set_labels(&mut self, by: &Actor, id: i64, names: &[String]) -> Result<(), Refusal> {
        let wanted: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
        let superfluous: Vec<String> =
            self.issue(id)?.labels.iter().filter(|name| !wanted.contains(name)).cloned().collect();
        for name in superfluous {
            self.remove_label(by, id, &name)?;
        }
        self.add_labels(by, id, names)
    }

    fn tell_issue_label(&mut self, by: &Actor, id: i64, what: (&'static str, &Label)) -> Result<(), Refusal> {
        let (action, label) = what;
        let repository = self.repository(self.issue(id)?.repo)?;
        let shown = view::label(self, repository, label);
        self.tell_issue(by, id, action, vec![("label", shown)]);
        Ok(())
    }
}

fn check_label(label: &NewLabel) -> Result<(), Refusal> {
    if label.name.trim().is_empty() {
        return Err(Refusal::invalid("Label", "name", "missing_field"));
    }
    if label.name.chars().count() > 50 {
        return Err(Refusal::rule("Label", "name", "name is too long (maximum is 50 characters)"));
    }
    if label.description.as_ref().is_some_and(|text| text.chars().count() > 100) {
        return Err(Refusal::rule(
            "Label",
            "description",
            "description is too long (maximum is 100 characters)",
        ));
    }
    let hex = |color: &String| color.len() == 6 && color.chars().all(|digit| digit.is_ascii_hexdigit());
    match label.color.as_ref().is_none_or(hex) {
        true => Ok(()),
        false => Err(Refusal::invalid("Label", "color", "invalid")),
    }
}
