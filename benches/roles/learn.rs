//! Logistic regression by stochastic descent (AdaGrad), in an order that is always the same.

use std::collections::{BTreeMap, HashMap};

use millwright::domain::plan::roles::{COUNT, Judged, ROLES, Role, UNIT, features};

use super::corpus::Issue;

/// What is seen less often is not learned.
const LEAST: usize = 3;
const PASSES: usize = 10;
const STEP: f32 = 0.1;
/// Draws every weight towards nothing.
const DRAG: f32 = 0.002;

/// The weights as a text, a feature on each line with one number for each role.
pub fn weights(issues: &[Issue]) -> String {
    let mut ids: HashMap<String, usize> = HashMap::new();
    let mut seen: Vec<usize> = Vec::new();
    let mut rows: Vec<(Vec<usize>, usize)> = Vec::new();
    for issue in issues {
        let (mut before, mut title) = (None, None);
        for line in issue {
            let mut row = Vec::new();
            for feature in features::of(&line.said(before, title)) {
                let next = ids.len();
                let id = *ids.entry(feature).or_insert(next);
                seen.resize(ids.len(), 0);
                seen[id] += 1;
                row.push(id);
            }
            rows.push((row, place(line.role)));
            match line.is_title() {
                true => title = Some(line.role),
                false => before = Some(line.role),
            }
        }
    }
    for (row, _) in &mut rows {
        row.retain(|id| seen[*id] >= LEAST);
    }
    let learned = descend(&rows, ids.len());
    let whole = |weight: f32| (weight / UNIT).round() as i16;
    let named: BTreeMap<&String, [i16; COUNT]> = ids
        .iter()
        .filter(|(_, id)| seen[**id] >= LEAST)
        .map(|(name, id)| (name, learned[*id].map(whole)))
        .filter(|(_, weights)| weights.iter().any(|weight| *weight != 0))
        .collect();
    let line = |(name, weights): (&String, [i16; COUNT])| {
        format!("{name}\t{}\n", weights.map(|weight| weight.to_string()).join(" "))
    };
    named.into_iter().map(line).collect()
}

fn place(role: Role) -> usize {
    ROLES.iter().position(|(_, known)| *known == role).expect("every role is in the table")
}

fn descend(rows: &[(Vec<usize>, usize)], count: usize) -> Vec<[f32; COUNT]> {
    let mut weights = vec![[0.0; COUNT]; count];
    let mut moved = vec![[1e-6_f32; COUNT]; count];
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let mut dice = Dice(88_172_645_463_325_252);
    for _ in 0..PASSES {
        for last in (1..order.len()).rev() {
            order.swap(last, dice.below(last + 1));
        }
        for (row, role) in order.iter().map(|index| &rows[*index]) {
            let mut scores = [0.0; COUNT];
            for id in row {
                for (score, weight) in scores.iter_mut().zip(weights[*id]) {
                    *score += weight;
                }
            }
            let mut wrong = Judged::from_scores(scores).shares();
            wrong[*role] -= 1.0;
            for id in row {
                for ((weight, moved), wrong) in weights[*id].iter_mut().zip(&mut moved[*id]).zip(wrong) {
                    let slope = wrong + DRAG * *weight;
                    *moved += slope * slope;
                    *weight -= STEP * slope / moved.sqrt();
                }
            }
        }
    }
    weights
}

/// Numbers that are always the same.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}
