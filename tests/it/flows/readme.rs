//! The README's sample is what the bot writes.

use millwright::sandbox::{NewIssue, REPOSITORY, World};

use super::harness::{Setup, Talk};

fn furnish(world: &World) {
    let body = "`src/main.rs` should take `--listen ADDRESS`, which overrides the address it is given.\n";
    let new =
        NewIssue { title: "Add `--listen`".to_owned(), body: Some(body.to_owned()), ..NewIssue::default() };
    world.add_issue(REPOSITORY, "rita", new).unwrap();
}

#[tokio::test]
async fn the_sample_of_the_readme_is_a_whole_answer_of_the_bot() {
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    let sample = quoted(&talk.asks("tess", 3, "/enhance").await);
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    assert!(readme.contains(&sample), "the README's sample has to be\n\n{sample}");
    talk.end().await;
}

/// As a block quote without links; a comment keeps its line breaks by itself, a page does not.
fn quoted(comment: &str) -> String {
    let is_target = |line: &&str| !(line.starts_with('[') && line.contains("]: "));
    let lines = comment.trim_end().lines().filter(is_target).map(unlinked).collect::<Vec<_>>();
    let text = lines.join("\n").trim_end().to_owned();
    let lines = text.lines().collect::<Vec<_>>();
    let mut out = String::new();
    for (index, line) in lines.iter().enumerate() {
        let next = lines.get(index + 1).copied().unwrap_or_default();
        let own_line = line.is_empty() || line.starts_with('|') || next.is_empty() || next.starts_with("1. ");
        out.push_str(&format!("> {line}{}", if own_line { "" } else { "<br>" }));
        out.truncate(out.trim_end().len());
        out.push('\n');
    }
    out
}

/// Without the targets of links: `[text][f1]` is its text.
fn unlinked(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, (text, after))) =
        rest.split_once('[').and_then(|(before, link)| Some((before, link.split_once("][")?)))
    {
        out.push_str(before);
        out.push_str(text);
        rest = after.split_once(']').map_or("", |(_, rest)| rest);
    }
    out + rest
}
