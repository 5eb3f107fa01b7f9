//! Issues in which each sentence has its role. A line is a title (`@ W Dark mode`), a heading (`# Steps`), whose comment comes
//! now (`% triage`), or a role, a form (`s`entence, `i`tem, `b`ox, `l`ead) and a text.

use millwright::domain::plan::roles::{By, ROLES, Role, Said};
use millwright::domain::plan::source::Form;

/// A sentence, its role and what it stands in.
#[derive(Debug)]
pub struct Line {
    pub role: Role,
    text: String,
    section: String,
    lead: String,
    form: Option<Form>,
    by: By,
}

impl Line {
    pub fn said(&self, before: Option<Role>, title: Option<Role>) -> Said<'_> {
        let Self { text, section, lead, form, by, .. } = self;
        Said { text, section, lead, form: *form, by: *by, before, title }
    }

    pub fn is_title(&self) -> bool {
        self.form.is_none()
    }
}

/// Title and sentences.
pub type Issue = Vec<Line>;

/// What the weights are learned from.
pub fn learned() -> Vec<Issue> {
    [
        include_str!("../../tests/corpus/roles/tools.txt"),
        include_str!("../../tests/corpus/roles/tools_more.txt"),
        include_str!("../../tests/corpus/roles/web.txt"),
        include_str!("../../tests/corpus/roles/web_more.txt"),
        include_str!("../../tests/corpus/roles/services.txt"),
        include_str!("../../tests/corpus/roles/services_more.txt"),
        include_str!("../../tests/corpus/roles/platforms.txt"),
        include_str!("../../tests/corpus/roles/platforms_more.txt"),
        include_str!("../../tests/corpus/roles/threads.txt"),
        include_str!("../../tests/corpus/roles/proposals.txt"),
    ]
    .into_iter()
    .flat_map(read)
    .collect()
}

/// What they are measured on.
pub fn held_out() -> Vec<Issue> {
    read(include_str!("../../tests/corpus/roles/held_out.txt"))
}

fn read(text: &str) -> Vec<Issue> {
    let mut issues: Vec<Issue> = Vec::new();
    let (mut section, mut lead, mut by) = ("", "", By::Issue);
    for line in text.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
        let (mark, rest) = line.split_once(' ').unwrap_or((line, ""));
        let (form, text) = rest.split_once(' ').unwrap_or((rest, ""));
        let role = |letter: &str| {
            let known = ROLES.iter().find(|(known, _)| letter == known.to_string());
            known.unwrap_or_else(|| panic!("no role: {line}")).1
        };
        match mark {
            "@" => {
                (section, lead, by) = ("", "", By::Issue);
                let (section, lead) = (String::new(), String::new());
                issues.push(vec![Line {
                    role: role(form),
                    text: text.to_owned(),
                    section,
                    lead,
                    form: None,
                    by,
                }]);
            }
            "#" => (section, lead) = (rest, ""),
            "%" => {
                (section, lead) = ("", "");
                by = match rest {
                    "triage" => By::Triage,
                    "author" => By::Author,
                    _ => By::Other,
                };
            }
            _ => {
                let form = match form {
                    "i" => Form::Item,
                    "b" => Form::Box,
                    "l" => Form::Lead,
                    _ => Form::Sentence,
                };
                let listed = matches!(form, Form::Item | Form::Box);
                let line = Line {
                    role: role(mark),
                    text: text.to_owned(),
                    section: section.to_owned(),
                    lead: if listed { lead.to_owned() } else { String::new() },
                    form: Some(form),
                    by,
                };
                match form {
                    Form::Lead => lead = text,
                    Form::Sentence => lead = "",
                    _ => {}
                }
                issues.last_mut().expect("a title comes first").push(line);
            }
        }
    }
    issues
}
