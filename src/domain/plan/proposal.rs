//! What the code of a proposal declares: fields with their comments, calls, commands and settings, each a case of the
//! sentence or heading that owns the block.

use crate::domain::plan::asks;
use crate::domain::plan::clause;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::roles::Role;
use crate::domain::plan::source::Block;
use crate::domain::plan::statement::{Origin, Reading, Statement};
use crate::domain::plan::{trace, wish, words};

/// Most cases of one block.
const LIMIT: usize = 8;
/// Longest code of a case, in characters.
const CODE: usize = 110;
/// Most blocks that are looked at.
const BLOCKS: usize = 30;

/// What a block shows, for the demand of these words at this line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// Line of the demand; 0 is the title.
    pub line: usize,
    /// Its words.
    pub text: String,
    /// One case for each thing that is declared.
    pub cases: Vec<String>,
    /// Is the demand shown by the block alone, and not by its words?
    pub is_owner: bool,
}

/// Code that a wish brings in with `Something like:`, by the number of its demand.
pub fn sketch(reading: &Reading, index: usize) -> Option<&Block> {
    let demand = reading.demands.get(index).filter(|demand| demand.by.is_none())?;
    // All that is asked by itself owns what any proposal sketches.
    let only = demand.line == 0 && reading.demands.len() == 1;
    if demand.line == 0 && !only {
        return None;
    }
    let next = reading.demands.iter().map(|other| other.line).filter(|line| *line > demand.line).min();
    let sketches = |block: &&Block| {
        let led = block.lead.as_deref().is_some_and(|lead| SKETCHES.is_in(lead) && !OF_TODAY.is_in(lead));
        let here = block.line > demand.line && next.is_none_or(|next| block.line < next);
        let owned = block.section == demand.section
            || only && block.section.as_deref().is_some_and(asks::is_solution);
        led && here && owned && !block.text.trim().is_empty()
    };
    reading.blocks.iter().take(reading.own_blocks).find(sketches)
}

static SKETCHES: Pattern = Pattern::new(
    r"^\W*(?:for example|for instance|e\.?g|example|usage)\b|\b(?:something like|like (?:this|so|that)|(?:could|would|might) (?:then )?look|similar to|proposed (?:api|syntax|usage))\b",
);
static OF_TODAY: Pattern = Pattern::new(
    r"\b(?:currently|today|now|at the moment|have to|has to|had to|must|work(?:ing|ed|s)? ?around|instead|prints?|printed|gives?|gets?|got|shows?|is|was|errors?|fails?)\b",
);

/// Gives each block of a wish to the demand that owns it; a block below a heading of a proposal is a demand of its own.
pub fn own(reading: &mut Reading, blocks: &[Block]) {
    let mut fresh: Vec<Statement> = Vec::new();
    for (index, block) in blocks.iter().enumerate().take(BLOCKS) {
        let section = block.section.as_deref().unwrap_or_default();
        let apart = asks::is_apart(section) || asks::is_circumstance(section) || asks::is_option(section, "");
        if apart || trace::has_trace(&block.text) || trace::error(&block.text).is_some() {
            continue;
        }
        let others: Vec<&Block> =
            blocks.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, block)| block).collect();
        if block.lead.as_deref().is_some_and(|lead| asks::is_story(lead) || TRIED.is_in(lead)) {
            continue;
        }
        let (cases, told) = match outcome(reading, block) {
            Some(case) => (vec![case], true),
            None => (declared(block, &others), false),
        };
        let owner = block.lead.as_deref().and_then(|lead| {
            let led = |demand: &&Statement| demand.by.is_none() && demand.text == lead;
            reading.demands.iter().find(led).map(|demand| (demand.line, demand.text.clone()))
        });
        match owner {
            _ if cases.is_empty() => {}
            Some((line, text)) => reading.declared.push(Declared { line, text, cases, is_owner: true }),
            None if section.contains(asks::UNDER) && block.lead.is_none() => {
                let demand = headed(block);
                let (line, text) = (demand.line, demand.text.clone());
                fresh.push(demand);
                reading.declared.push(Declared { line, text, cases, is_owner: true });
            }
            None => {
                let Some(first) = reading.demands.iter().find(|one| one.by.is_none()) else { continue };
                let (line, text) = (first.line, first.text.clone());
                reading.declared.push(Declared { line, text, cases, is_owner: told });
            }
        }
    }
    let owned = reading.declared.iter().filter(|one| one.is_owner).map(|one| one.line).max().unwrap_or(0);
    let (summary, demands) =
        std::mem::take(&mut reading.demands).into_iter().partition(|one| one.line < owned && sums_up(one));
    reading.demands = demands;
    reading.talk.extend::<Vec<Statement>>(summary);
    for demand in fresh {
        let at = reading.demands.iter().position(|one| one.by.is_some() || one.line > demand.line);
        reading.demands.insert(at.unwrap_or(reading.demands.len()), demand);
    }
}

/// Leads in what somebody has already, or has tried in vain.
static TRIED: Pattern = Pattern::new(
    r"\beven (?:if|though|when|with)\b|\bi (?:set|have|had|use|used|tried|did|ran|called|got|get)\b",
);

static SUMMARY: Pattern = Pattern::new(r"^(?:summary|overview|abstract|tl;?dr|in short)\b");

/// Above a proposal that shows each part, a summary that shows nothing asks for nothing more.
fn sums_up(demand: &Statement) -> bool {
    let headed = demand.section.as_deref().is_some_and(|section| SUMMARY.is_in(section));
    let case = clause::case(&demand.text).or_else(|| wish::case(&demand.text));
    headed && demand.by.is_none() && case.is_none_or(|case| clause::is_hollow(&case, &demand.text))
}

static NUMBERED: Pattern = Pattern::new(r"^\d+(?:\.\d+)*[.)]?\s+(.+)$");

/// A block that nothing leads in is named by its heading.
fn headed(block: &Block) -> Statement {
    let section = block.section.clone().unwrap_or_default();
    let heading = section.rsplit(asks::UNDER).next().unwrap_or_default().trim();
    let text = NUMBERED.first(heading, 1).unwrap_or(heading).to_owned();
    Statement {
        text,
        said: None,
        line: block.line,
        section: block.section.clone(),
        by: None,
        origin: Origin::Criterion,
        role: Role::Wish,
        wish: 100,
        links: Vec::new(),
    }
}

/// What stands in place of a subject behind a block: the block itself does it.
static DOES: Pattern = Pattern::new(
    r"^(?:\W*(?:this|that|which|it) )?(?:would|will|should|must)(?: then)? ([a-z]+ .{8,200}?)\W*$",
);

/// `Would add a column with …` just behind a command says what it does.
fn outcome(reading: &Reading, block: &Block) -> Option<String> {
    let mut lines = block.text.lines().filter(|line| !line.trim().is_empty());
    let (command, None) = (lines.next()?, lines.next()) else { return None };
    let end = block.line + block.text.trim_end().lines().count();
    let said = reading.talk.iter().chain(&reading.demands);
    let behind = said.filter(|said| said.by.is_none() && (end..end + 4).contains(&said.line));
    let does = behind.filter_map(|said| DOES.first(&said.text, 1)).next()?;
    let command = bare(command.trim_start().trim_start_matches("$ "));
    Some(format!("{}: {}", words::code(&words::shorten(&command, CODE)), words::shorten(does, CODE)))
}

static DECLARES: Pattern = Pattern::new(
    r"^\s*(?:export |public |pub |data |abstract )*(?:type|struct|interface|record)\b.{0,80}[{(]\s*$",
);
static COMMENT: Pattern = Pattern::new(r"^\s*(?://+!?|#+(?:\s|\b|$)|/\*+|\*+|--|;+)\s*(.*?)\s*(?:\*/)?$");
static FIELD: Pattern = Pattern::new(
    r"^\s+(?:public |private |pub |readonly |final |static |val |var |let )*(\w{1,40})(\??:?\s+[^\s=(].{0,90}?)[;,]?(?:\s*(?://|#)\s*(.{3,120}))?$",
);
static CALL: Pattern = Pattern::new(r"^\s*(?:\$ )?[\w$@.:\[\]>-]+(?:\(|\.\w+\().*\)\s*;?\s*$");
static COMMAND: Pattern = Pattern::new(r"^\s*(?:\$ )?[a-z][\w./-]*(?: \S+)*? -{1,2}[a-z][\w-]*\b.*$");
static SETTING: Pattern = Pattern::new(r"^\s*[{\[]");

/// The cases of a block.
fn declared(block: &Block, others: &[&Block]) -> Vec<String> {
    let lines: Vec<&str> =
        block.text.lines().take(120).filter(|line| !line.trim().is_empty() && line.len() < 400).collect();
    let code = |line: &str| words::code(&words::shorten(&bare(line), CODE));
    let mut out = match lines.as_slice() {
        [] => Vec::new(),
        lines if lines.iter().any(|line| DECLARES.is_in(line)) => {
            let calls = lines.iter().filter_map(|line| signature(line));
            calls.chain(fields(lines, others)).collect()
        }
        lines if lines.iter().any(|line| SIGNATURE.is_in(line)) => {
            lines.iter().filter_map(|line| signature(line)).collect()
        }
        lines if lines.iter().any(|line| PROGRAM.is_in(line)) => Vec::new(),
        lines if lines.iter().all(|line| CALL.is_in(line)) && level(lines) => {
            lines.iter().map(|line| format!("{}: accepted", code(line))).collect()
        }
        lines if lines.iter().all(|line| COMMAND.is_in(line)) => {
            lines.iter().map(|line| format!("{}: accepted", code(line.trim_start_matches("$ ")))).collect()
        }
        lines if lines.iter().any(|line| remark(line).is_some()) => groups(lines),
        [first, ..] if SETTING.is_in(first) => vec![format!("as in {}", code(&flat(&lines)))],
        lines if lines.iter().any(|line| CALL.is_in(line)) && flat(lines).chars().count() <= CODE => {
            vec![format!("{}: accepted", code(&flat(lines)))]
        }
        lines => spread(block, lines).into_iter().collect(),
    };
    out.truncate(LIMIT);
    out
}

static SIGNATURE: Pattern = Pattern::new(
    r"^(?:pub |public |export |async |static |abstract )*(?:fn|func|function|fun|def) +(?:\([^()]*\) *)?(\w+)(?:<[^()]*>)?\(([^()]*)\)\s*(?:->|:|\s)\s*([^\s{:;][^{;]{0,60}?)\s*[{;:]?$",
);
/// Code that runs as a whole: an example of how it is today, rather than of what is to be there.
static PROGRAM: Pattern = Pattern::new(
    r"^(?:#!/|import \w|from \w+ import|use \w+::|using \w[\w.]*;|package \w|#include)|^\s*(?:pub )?fn main\(|\bint main\(|__main__",
);

/// A function that is declared: its call, and what comes back.
fn signature(line: &str) -> Option<String> {
    let found = SIGNATURE.captures(line.trim_end())?;
    let part = |group: usize| found.get(group).map_or("", |it| it.as_str().trim());
    let given = |parameter: &str| {
        let name = parameter.split([':', '=']).next().unwrap_or_default().trim();
        name.split_whitespace().find(|word| *word != "mut").unwrap_or_default().to_owned()
    };
    let names: Vec<String> = part(2).split(',').map(given).filter(|name| !name.is_empty()).collect();
    let call = format!("{}({})", part(1), names.join(", "));
    let is_main = part(1) == "main" || part(1).starts_with("test");
    // `def f(a): return a` says nothing of what comes back.
    let is_told =
        !part(3).starts_with("where") && (line.contains("->") || !line.trim_start().starts_with("def"));
    (is_told && !is_main).then(|| format!("{}: returns {}", words::code(&call), words::code(part(3))))
}

/// One call over many lines: its first and its last, and where it stands.
fn spread(block: &Block, lines: &[&str]) -> Option<String> {
    let (first, within, last) = match lines {
        [first, within @ .., last] if !within.is_empty() => (first.trim(), within, last.trim()),
        _ => return None,
    };
    let deeper = within.iter().all(|line| line.starts_with([' ', '\t', ']', '}', ')']));
    let (opens, closes) = (OPENS.is_in(first), CLOSES.is_in(last));
    (deeper && opens && closes).then(|| {
        let call = format!("{first}…{}", last.trim_end_matches(';'));
        format!("{} as in {}: accepted", words::code(&call.replace('`', "'")), block.lines())
    })
}

static OPENS: Pattern = Pattern::new(r"^[\w$@.:>-]{3,60}\([\[{]?$");
static CLOSES: Pattern = Pattern::new(r"^[\]}]?\);?$");

/// All begin in one column: a list of calls rather than one chain of them.
fn level(lines: &[&str]) -> bool {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut all = lines.iter().map(|line| indent(line));
    let first = all.next();
    all.all(|one| Some(one) == first) && !lines.iter().any(|line| line.trim_start().starts_with('.'))
}

fn bare(line: &str) -> String {
    line.trim().trim_end_matches([';', ',']).trim().replace('`', "'")
}

fn flat(lines: &[&str]) -> String {
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

/// The words of a line that is nothing but a comment.
fn remark(line: &str) -> Option<&str> {
    COMMENT
        .first(line, 1)
        .map(str::trim)
        .filter(|said| said.split_whitespace().count() > 0 && !said.starts_with('['))
}

/// The fields of a type, each with what its comment says, shown as the issue's other code sets it.
fn fields(lines: &[&str], others: &[&Block]) -> Vec<String> {
    let mut said: Vec<&str> = Vec::new();
    let mut out: Vec<String> = Vec::new();
    for line in lines {
        if out.len() == LIMIT {
            break;
        }
        if let Some(comment) = remark(line) {
            said.push(comment);
            continue;
        }
        let field =
            FIELD.captures(line).filter(|_| !DECLARES.is_in(line) && !line.trim_end().ends_with(['{', '(']));
        if let Some(field) = field {
            let name = field.get(1).map_or("", |it| it.as_str());
            let comment = field.get(3).map_or_else(|| said.join(" "), |it| it.as_str().to_owned());
            let kind = field.get(2).map_or("", |it| it.as_str());
            let set = set(name, others);
            let says = told(name, &comment).filter(|_| !ASIDE.is_in(&comment));
            // A field of which nothing is said, and which nothing sets, is no case: it is only there.
            let says = says.or_else(|| set.is_some().then(|| "there".to_owned()));
            let shown = set.unwrap_or_else(|| format!("{name}{kind}"));
            out.extend(
                says.map(|says| format!("{}: {says}", words::code(&words::shorten(&bare(&shown), CODE)))),
            );
        }
        said.clear();
    }
    out
}

/// `SkipPaths defines paths that …` without the name.
fn told(name: &str, comment: &str) -> Option<String> {
    let rest = comment.strip_prefix(name).unwrap_or(comment).trim().trim_end_matches('.');
    let rest = rest.strip_prefix("is ").unwrap_or(rest);
    (!rest.is_empty()).then(|| words::shorten(rest, CODE))
}

/// Said to whoever reads the proposal, not of the field.
static ASIDE: Pattern = Pattern::new(
    r"^\W*(?:we|i|you|maybe|perhaps|todo|fixme|not sure|or|alternatively|could|can|might)\b|\?$",
);

/// How another block sets the field: the line, with the first of what it holds.
fn set(name: &str, others: &[&Block]) -> Option<String> {
    others.iter().find_map(|block| {
        let lines: Vec<&str> = block.text.lines().take(120).map(str::trim).collect();
        let at = lines.iter().position(|line| {
            let rest = line.strip_prefix(name).map(str::trim_start);
            rest.is_some_and(|rest| rest.starts_with([':', '=']) && !rest.starts_with("=="))
        })?;
        let line = lines.get(at)?;
        let closes = match line.chars().next_back() {
            Some('{') => "}",
            Some('[') => "]",
            Some('(') => ")",
            _ => return Some((*line).to_owned()),
        };
        let inside = lines.get(at + 1).map(|first| first.trim_end_matches(',')).unwrap_or_default();
        let is_all = lines.get(at + 2).is_some_and(|next| next.starts_with(closes));
        Some(format!("{line} {inside}{} {closes}", if is_all { "" } else { ", …" }))
    })
}

/// Code below comments: each comment says what its code is.
fn groups(lines: &[&str]) -> Vec<String> {
    let mut out: Vec<(String, Vec<&str>)> = Vec::new();
    for line in lines {
        match (remark(line), out.last_mut()) {
            (Some(said), Some((head, code))) if code.is_empty() => {
                head.push(' ');
                head.push_str(said);
            }
            (Some(said), _) => out.push((said.to_owned(), Vec::new())),
            (None, Some((_, code))) => code.push(line),
            (None, None) => {}
        }
    }
    let shown = out.into_iter().filter(|(_, code)| !code.is_empty());
    shown
        .map(|(said, code)| {
            let code = words::code(&words::shorten(&bare(&flat(&code)), CODE));
            format!("{}: {code}", words::shorten(said.trim_end_matches([':', '.']), 80))
        })
        .collect()
}
