//! The end of the comment: owners, read as, done when, back out, not checked, commands and footer.

use crate::domain::escape;
use crate::domain::plan::markdown::links::Links;
use crate::domain::plan::markdown::{Presentation, ended, plain};
use crate::domain::plan::model::{Plan, Verdict, WorkItem};
use crate::domain::plan::rules::Level;
use crate::domain::plan::{questions, size, words};

/// Sub-issues that are there already.
pub fn existing(plan: &Plan) -> Option<String> {
    if plan.existing.is_empty() {
        return None;
    }
    let lines: Vec<String> = plan.existing.iter().map(|line| format!("- {}", issue_line(line))).collect();
    let (open, rest) = lines.split_at(lines.len().min(12));
    let more = if rest.is_empty() { String::new() } else { format!("\n- and {} more", rest.len()) };
    Some(format!("**Sub-issues that exist**\n{}{more}", open.join("\n")))
}

/// Keeps the reference at the start a reference; escapes the title behind it.
fn issue_line(line: &str) -> String {
    match line.split_once(' ') {
        Some((number, rest)) => format!("{number} {}", plain(rest)),
        None => line.to_owned(),
    }
}

/// Who reviews.
pub fn owners(plan: &Plan, links: &mut Links) -> Option<String> {
    let lines: Vec<String> = plan.owners.iter().map(|line| links.prose(line)).collect();
    (!lines.is_empty()).then(|| ended(&lines.join("; ")))
}

/// Options the issue lists, as a record to fill in.
pub fn decision(plan: &Plan) -> Option<String> {
    if plan.decision.is_empty() {
        return None;
    }
    let options: Vec<String> = plan.decision.iter().map(|option| format!("- {}", plain(option))).collect();
    let count = plan.decision.len();
    Some(format!(
        "<details><summary>Decision to record: {count} options</summary>\n\nStatus: proposed\n\n{}\n\nChosen: \n\nBecause: \n\n</details>",
        options.join("\n")
    ))
}

/// Read as, done when, back out, not checked: one paragraph, one line each.
pub fn last(plan: &Plan, links: &mut Links) -> Option<String> {
    let mut lines = Vec::new();
    if !plan.read_as.is_empty() {
        lines.push(read_as(plan, links));
    }
    lines.extend(warned(plan, links));
    lines.extend(listed("There already", &plan.reuse, links));
    lines.extend(listed("House rules", &plan.customs, links));
    if let Some(importers) = importers(plan, links) {
        lines.push(importers);
    }
    if !plan.done_when.is_empty() {
        let done: Vec<String> = plan.done_when.iter().map(|line| links.prose(line)).collect();
        lines.push(format!("**Done when** {}", ended(&done.join("; "))));
    }
    if !plan.rollback.is_empty() {
        let back: Vec<String> =
            plan.rollback.iter().map(|line| ended(&words::capitalized(&links.prose(line)))).collect();
        lines.push(format!("**Back out:** {}", words::lowered(&back.join(" "))));
    }
    lines.extend(not_checked(plan, links));
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn read_as(plan: &Plan, links: &mut Links) -> String {
    // A single one is said sooner than it is folded away.
    let open = if plan.read_as.len() > READ_AS + 1 { READ_AS } else { plan.read_as.len() };
    let (shown, rest) = plan.read_as.split_at(open);
    // The number of a closed issue that a line begins with is known to be there.
    let ours = |line: &String| line.starts_with('#') && line.split(' ').nth(1) == Some("(closed)");
    let mut told = |line: &String| {
        let text = ended(&links.prose(line));
        if ours(line) { text.replacen("#\u{200b}", "#", 1) } else { text }
    };
    let shown: Vec<String> = shown.iter().map(&mut told).collect();
    let mut out = format!("**Read as:** {}", shown.join(" "));
    if !rest.is_empty() {
        let rest: Vec<String> = rest.iter().map(|line| format!("- {}", told(line))).collect();
        out.push_str(&format!(
            "\n<details><summary>Read as: {} further points</summary>\n\n{}\n\n</details>\n",
            words::number(rest.len()),
            rest.join("\n")
        ));
    }
    out
}

/// How many ways of reading are shown without folding.
const READ_AS: usize = 6;

/// A line of its own, where there is anything to say.
fn listed(head: &str, told: &[String], links: &mut Links) -> Option<String> {
    let told: Vec<String> = told.iter().map(|line| links.prose(line)).collect();
    (!told.is_empty()).then(|| format!("**{head}:** {}", ended(&told.join("; "))))
}

/// What the rules warn of, one line.
fn warned(plan: &Plan, links: &mut Links) -> Option<String> {
    let warnings = plan.rules.iter().filter(|finding| finding.level == Level::Warn);
    let told: Vec<String> = warnings.map(|finding| ended(&links.prose(&finding.text))).collect();
    (!told.is_empty()).then(|| format!("**Before it starts:** {}", told.join(" ")))
}

fn importers(plan: &Plan, links: &mut Links) -> Option<String> {
    let changed = |path: &String| plan.work_items.iter().any(|item| item.paths.contains(path));
    let uses: Vec<String> = plan
        .importers
        .iter()
        .filter(|importers| changed(&importers.path))
        .take(3)
        .map(|importers| {
            let by = words::some(&words::codes(&importers.by), 3);
            links.prose(&format!("`{}` by {by}", importers.path))
        })
        .collect();
    (!uses.is_empty()).then(|| format!("**Used by others:** {}", ended(&uses.join("; "))))
}

fn not_checked(plan: &Plan, links: &mut Links) -> Option<String> {
    let mut sentences = Vec::new();
    if !plan.not_checked.is_empty() {
        // Each by itself: a backtick that one leaves open is none of the next.
        let told: Vec<String> = plan.not_checked.iter().map(|entry| links.prose(entry)).collect();
        sentences.push(ended(&told.join("; ")));
    }
    let is_told = |item: &&WorkItem| item.size.prior && size::is_sure(plan, item);
    let priors: Vec<&WorkItem> = plan.work_items.iter().filter(is_told).collect();
    if let Some(first) = priors.first() {
        let n = first.size.n;
        let sizes = match (priors.len(), plan.work_items.len()) {
            (1, 1) => "Size is a prior".to_owned(),
            (1, _) => format!("Size of {} is a prior", first.ordinal),
            _ => "Sizes are priors".to_owned(),
        };
        match first.paths.first().filter(|_| plan.not_checked.is_empty()) {
            Some(path) => {
                let path = links.prose(&words::code(path));
                sentences.push(format!("how much of {path} changes. {sizes} (n={n})."));
            }
            None => sentences.push(format!("{sizes} (n={n}).")),
        }
    }
    (!sentences.is_empty()).then(|| format!("**Not checked:** {}", sentences.join(" ")))
}

/// What approving does where a part of the work items is there already; nothing where all of them are done.
fn beside(plan: &Plan, new: usize, approve: &str) -> Option<String> {
    let open: Vec<String> =
        plan.work_items.iter().filter_map(WorkItem::open_as).map(|issue| format!("#{issue}")).collect();
    let which = match (new, plan.work_items.len() - new) {
        (1, 1) => "the other as a sub-issue".to_owned(),
        (1, _) => "the one that is left as a sub-issue".to_owned(),
        (new, _) => format!("the other {} as sub-issues", words::number(new)),
    };
    match (open.as_slice(), new) {
        ([], 0) => None,
        ([], _) => Some(format!("{approve} opens {which}")),
        (open, 0) => Some(format!("{approve} keeps {} and opens nothing new", words::list(open))),
        (open, _) => Some(format!("{approve} keeps {} and opens {which}", words::list(open))),
    }
}

/// The rules that leave nothing to begin with, by their names. What somebody turned down, or only asks, no criterion lets in.
fn held_back(plan: &Plan) -> Option<String> {
    let asks = plan.questions.iter().any(|question| question.text.starts_with(questions::INQUIRED));
    let blocks = plan.rules.iter().filter(|finding| finding.level == Level::Block);
    let mut ids: Vec<&str> = blocks.map(|finding| finding.rule.as_str()).collect();
    ids.dedup();
    let counts = plan.turned_down_by.is_none() && !asks && !ids.is_empty();
    counts.then(|| words::list(&ids))
}

/// What one can type, and the footer.
pub fn commands(plan: &Plan, presentation: &Presentation) -> String {
    let Presentation { revision, prefix, .. } = presentation;
    let command = |text: &str| escape::code_span(&format!("{prefix}{text}"));
    let mut parts = Vec::new();
    let answering = plan.questions.is_empty();
    let new = plan.work_items.iter().filter(|item| item.is_new()).count();
    match (plan.verdict, plan.work_items.len()) {
        (Verdict::TooVague | Verdict::NotFeasible, _) | (_, 0) => {
            if answering {
                parts.push(command("items"));
            } else {
                parts.push(format!("{} makes the next revision", command("revise …")));
            }
            parts.extend(held_back(plan).map(|by| format!("held back by {by}: {}", command("why rules"))));
        }
        (_, all) if new < all => parts.extend(beside(plan, new, &command(&format!("approve {revision}")))),
        (_, 1) => {
            parts.push(format!("{} opens it as a sub-issue", command(&format!("approve {revision}"))));
            parts.push(format!("{} keeps it here", command(&format!("approve {revision} --one"))));
        }
        (_, count) => {
            let which = if count == 2 { "both".to_owned() } else { format!("all {count}") };
            parts.push(format!("{} opens {which} as sub-issues", command(&format!("approve {revision}"))));
            parts.push(format!(
                "{} keeps one pull request, here",
                command(&format!("approve {revision} --one"))
            ));
        }
    }
    if new < plan.work_items.len() {
        parts.push(command("items"));
    }
    if let Some(first) = plan.requirements.first().filter(|_| !plan.work_items.is_empty()) {
        parts.push(command(&format!("why {}", first.id)));
    }
    let base = plan.base_sha.get(..7).unwrap_or(&plan.base_sha);
    let base = if base.is_empty() { "none".to_owned() } else { base.to_owned() };
    let help = command("help");
    format!("{}\n<sub>rev {revision} · base {base} · no model · {help}</sub>", parts.join(" · "))
}
