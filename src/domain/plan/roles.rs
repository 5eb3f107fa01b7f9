//! Which part a sentence plays in an issue: a wish, what happens today, a step, a reason, a way around …
//!
//! A linear model over its words and what it stands in. The weights come from issues that were written for it
//! (`tests/corpus/roles`); `cargo bench --bench roles` learns them and prints how well they read the ones they have not seen.

pub mod features; // what of a sentence counts

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::domain::plan::source::{Form, Piece};

/// The part a sentence plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// What is to be different, or has to hold.
    Wish,
    /// What happens today.
    Observation,
    /// How to see it.
    Step,
    /// Why.
    Reason,
    /// What was tried, or could be done instead.
    Around,
    /// To be answered.
    Question,
    /// How it could be done, where the cause could be.
    Hint,
    /// What is not to be part of it.
    Excluded,
    /// Thanks, offers, circumstances and all else.
    Talk,
}

/// How many roles there are.
pub const COUNT: usize = 9;

/// All of them with their letters, in the order of the weights.
pub const ROLES: [(char, Role); COUNT] = [
    ('W', Role::Wish),
    ('O', Role::Observation),
    ('S', Role::Step),
    ('R', Role::Reason),
    ('A', Role::Around),
    ('Q', Role::Question),
    ('H', Role::Hint),
    ('X', Role::Excluded),
    ('T', Role::Talk),
];

/// Whose sentence it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The issue's own text.
    Issue,
    /// Its author, in a comment.
    Author,
    /// Somebody who may triage.
    Triage,
    /// Anybody else.
    Other,
}

/// A sentence, and what it stands in.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// The sentence.
    pub text: &'a str,
    /// The heading above; may be empty.
    pub section: &'a str,
    /// For list items: the sentence that leads in the list; may be empty.
    pub lead: &'a str,
    /// What it stands in; nothing for the title.
    pub form: Option<Form>,
    /// Whose it is.
    pub by: By,
    /// What the sentence before was.
    pub before: Option<Role>,
    /// What the title was.
    pub title: Option<Role>,
}

impl Piece {
    /// As it is judged, behind a sentence that was `before` and below a title that is `title`.
    pub fn said(&self, by: By, (before, title): (Option<Role>, Option<Role>)) -> Said<'_> {
        let section = self.section.as_deref().unwrap_or_default();
        let lead = self.lead.as_deref().unwrap_or_default();
        Said { text: &self.text, section, lead, form: Some(self.form), by, before, title }
    }
}

/// Judges the title of an issue.
pub fn judge_title(title: &str) -> Judged {
    judge(&Said { text: title, section: "", lead: "", form: None, by: By::Issue, before: None, title: None })
}

/// How likely each role is.
#[derive(Debug, Clone, Copy)]
pub struct Judged([f32; COUNT]);

impl Judged {
    /// From what speaks for each.
    pub fn from_scores(scores: [f32; COUNT]) -> Self {
        let most = scores.into_iter().fold(f32::MIN, f32::max);
        let weights = scores.map(|score| (score - most).exp());
        let all: f32 = weights.iter().sum();
        Self(weights.map(|weight| weight / all))
    }

    /// Of words that nobody learned: as likely a wish as not.
    pub const UNKNOWN: Self = Self([0.5, 0.0625, 0.0625, 0.0625, 0.0625, 0.0625, 0.0625, 0.0625, 0.0625]);

    /// From 0 to 1.
    pub fn of(&self, role: Role) -> f32 {
        ROLES.iter().zip(self.0).find(|((_, known), _)| *known == role).map_or(0.0, |(_, share)| share)
    }

    /// From 0 to 100.
    pub fn percent(&self, role: Role) -> u8 {
        (self.of(role) * 100.0) as u8
    }

    /// In the order of [`ROLES`].
    pub fn shares(&self) -> [f32; COUNT] {
        self.0
    }

    /// The likeliest.
    pub fn role(&self) -> Role {
        let known = ROLES.iter().zip(self.0);
        known.max_by(|(_, one), (_, other)| one.total_cmp(other)).map_or(Role::Talk, |((_, role), _)| *role)
    }
}

/// What a unit of a weight is.
pub const UNIT: f32 = 0.02;

static WEIGHTS: LazyLock<HashMap<&'static str, [f32; COUNT]>> = LazyLock::new(|| {
    let line = |line: &'static str| {
        let (feature, numbers) = line.split_once('\t')?;
        let mut weights = [0.0; COUNT];
        for (weight, number) in weights.iter_mut().zip(numbers.split(' ')) {
            *weight = f32::from(number.parse::<i16>().ok()?) * UNIT;
        }
        Some((feature, weights))
    };
    include_str!("roles/weights.txt").lines().filter_map(line).collect()
});

/// Judges a sentence.
pub fn judge(said: &Said<'_>) -> Judged {
    let mut scores = [0.0; COUNT];
    for feature in features::of(said) {
        if let Some(weights) = WEIGHTS.get(feature.as_str()) {
            for (score, weight) in scores.iter_mut().zip(weights) {
                *score += weight;
            }
        }
    }
    Judged::from_scores(scores)
}
