//! How well sentences are read: of all, and of the wishes among them.

use millwright::domain::plan::asks;
use millwright::domain::plan::roles::{COUNT, ROLES, Role, judge};

use super::corpus::Issue;

/// Counts of sentences.
#[derive(Debug, Default)]
pub struct Score {
    /// All of them, by their role and the role they were read in.
    pub table: [[usize; COUNT]; COUNT],
    /// Wishes that the rules alone find, all that they take for one, and all wishes.
    rules: (usize, usize, usize),
}

/// Reads these issues.
pub fn score(issues: &[Issue]) -> Score {
    let mut score = Score::default();
    let place = |role: Role| ROLES.iter().position(|(_, known)| *known == role).expect("it is in the table");
    for issue in issues {
        let (mut before, mut title) = (None, None);
        for line in issue {
            let said = line.said(before, title);
            let role = judge(&said).role();
            score.table[place(line.role)][place(role)] += 1;
            let is_wish = line.role == Role::Wish;
            let ruled = asks::demands(said.text) || asks::proposes(said.text) || asks::requests(said.text);
            score.rules.0 += usize::from(is_wish && ruled);
            score.rules.1 += usize::from(ruled);
            score.rules.2 += usize::from(is_wish);
            match line.is_title() {
                true => title = Some(role),
                false => before = Some(role),
            }
        }
    }
    score
}

impl Score {
    /// Share that was read in its role.
    pub fn right(&self) -> f64 {
        let right: usize = (0..COUNT).map(|role| self.table[role][role]).sum();
        share(right, self.table.iter().flatten().sum())
    }

    /// Share of the most frequent role: what one has right who reads nothing.
    pub fn most_frequent(&self) -> f64 {
        let of = |role: &[usize; COUNT]| role.iter().sum::<usize>();
        share(self.table.iter().map(of).max().unwrap_or_default(), self.table.iter().flatten().sum())
    }

    /// Of what is taken for a wish, the share that is one; of the wishes, the share that is taken for one.
    pub fn wishes(&self) -> (f64, f64) {
        let taken = self.table.iter().map(|row| row[0]).sum();
        (share(self.table[0][0], taken), share(self.table[0][0], self.table[0].iter().sum()))
    }

    /// The same by the rules for words alone.
    pub fn wishes_by_rules(&self) -> (f64, f64) {
        let (found, taken, all) = self.rules;
        (share(found, taken), share(found, all))
    }
}

fn share(part: usize, all: usize) -> f64 {
    part as f64 / all.max(1) as f64
}
