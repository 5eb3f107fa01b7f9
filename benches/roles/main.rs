//! Learns which words stand for which part of an issue, and measures it: `cargo bench --bench roles`; with `-- write` the weights
//! are written, with `-- read TITLE FILE` each sentence of an issue is shown with its role.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a program for developers: it measures, prints, and stops at the first thing that is wrong"
)]

mod corpus;
mod learn;
mod score;

use millwright::domain::plan::roles::{By, COUNT, ROLES, Role, judge, judge_title};
use millwright::domain::plan::source;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let ["read", title, file] = arguments.as_slice() {
        return read(title, &std::fs::read_to_string(file).unwrap());
    }
    if arguments == ["write"] {
        let weights = learn::weights(&corpus::learned());
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/domain/plan/roles/weights.txt");
        std::fs::write(file, weights).unwrap();
        println!("written; build again to measure them");
        return;
    }
    let score = score::score(&corpus::held_out());
    println!(
        "sentences of issues that the weights have not seen, by role (rows) and by what they were read as"
    );
    println!("{:>6}{}", "", ROLES.map(|(letter, _)| format!("{letter:>6}")).join(""));
    for ((letter, _), row) in ROLES.iter().zip(score.table) {
        let numbers: [String; COUNT] = row.map(|count| format!("{count:>6}"));
        println!("{letter:>6}{}", numbers.join(""));
    }
    println!(
        "read in their role: {:.1} %; in the most frequent one are {:.1} %",
        100.0 * score.right(),
        100.0 * score.most_frequent()
    );
    let (sure, found) = score.wishes();
    println!(
        "wishes: {:.0} % of what is taken for one is one, {:.0} % are found",
        100.0 * sure,
        100.0 * found
    );
    let (sure, found) = score.wishes_by_rules();
    println!("by rules for words alone: {:.0} % and {:.0} %", 100.0 * sure, 100.0 * found);
}

fn read(title: &str, body: &str) {
    let title = judge_title(title).role();
    println!("title: {title:?}");
    let mut before = None;
    for piece in source::read(body).pieces {
        let judged = judge(&piece.said(By::Issue, (before, Some(title))));
        before = Some(judged.role());
        println!(
            "{:?} {} %, a wish {} %: {}",
            judged.role(),
            judged.percent(judged.role()),
            judged.percent(Role::Wish),
            piece.text
        );
    }
}
