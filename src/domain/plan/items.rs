//! Cuts the demands into work items: by frame and place, joined by shared subject, one when all of it is small.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::brief::{Brief, IssueState, State};
use crate::domain::ids::IssueNumber;
use crate::domain::plan::frames::{self, Findings, Scene};
use crate::domain::plan::model::{Place, Requirement};
use crate::domain::plan::revise::{CHANGED, DROPPED};
use crate::domain::plan::{asks, clause, size, statement, unheard, words};

/// To how many lines one pull request is called small and is not cut.
const SMALL: u64 = 100;

/// A piece of work before it has a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Groups that went into it.
    pub groups: Vec<String>,
    /// Indices of its demands.
    pub demands: Vec<usize>,
    /// Imperative.
    pub title: String,
    /// Kind of work item.
    pub kind: &'static str,
    /// Its files, the first is the main one.
    pub places: Vec<Place>,
    /// The sub-issue that it is already.
    pub issue: Option<IssueNumber>,
}

/// The drafts in the order of the issue, and what was merged because of the cap.
pub struct Cut {
    /// What is cut already, and at most `max_items` beside it.
    pub drafts: Vec<Draft>,
    /// A sentence, where the cap merged something.
    pub merged: Option<String>,
}

/// Cuts what no sub-issue carries yet. Demands with nothing observable make no item; boxes and clear wishes among them go with the others.
pub fn cut(scene: &Scene<'_>, findings: &Findings, requirements: &[Requirement], max_items: usize) -> Cut {
    let kept = kept(scene, findings, requirements);
    let free = |index: &usize| !scene.reading.covered.contains_key(index);
    let usable: Vec<usize> = (0..requirements.len())
        .filter(free)
        .filter(|index| has_cases(requirements, *index) || goes_along(scene, requirements, *index))
        .collect();
    let mut drafts: Vec<Draft> = Vec::new();
    for (group, demands) in groups(scene, findings, requirements, &usable) {
        drafts.push(draft(scene, findings, requirements, (group, demands)));
    }
    let lines = lines(requirements, &usable);
    if drafts.len() > 1 && lines <= SMALL && findings.needs.is_empty() {
        let title = match (kept.as_slice(), drafts.as_slice()) {
            ([], _) | (_, []) => scene.title(),
            (_, [first, rest @ ..]) => {
                rest.iter().fold(first.title.clone(), |title, next| both(&title, &next.title, &scene.title()))
            }
        };
        drafts = vec![join(drafts, &title)];
    }
    // The issue's title is the name of its only item; beside others it would name them, too.
    if let ([only], []) = (drafts.as_mut_slice(), kept.as_slice()) {
        let framed =
            findings.titles.iter().any(|(group, _)| only.groups.contains(group)) && only.groups.len() == 1;
        if !framed {
            let title = frames::short(&current_title(scene, &only.demands));
            let wish = asks::is_imperative(&title) || statement::is_wish(scene.brief);
            let fault = asks::tells_fault(&title) && !statement::is_wanted(&scene.brief.title) && !wish;
            only.title = if fault { format!("Fix: {title}") } else { title };
        }
    }
    let mut cut = cap(drafts, &scene.title(), max_items.max(1));
    recognize(scene.brief, &mut cut.drafts, &kept);
    cut.drafts.extend(kept);
    cut.drafts.sort_by_key(|draft| draft.demands.iter().min().copied());
    cut
}

/// The title of the issue, as long as it names what is still asked: of a name that somebody has taken out of the demands it
/// speaks no more, and has the one that took its place, or the words of the first demand.
fn current_title(scene: &Scene<'_>, demands: &[usize]) -> String {
    let title = scene.title();
    let names = |text: &str| -> Vec<String> {
        let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '-').to_owned();
        let words = text.split_whitespace().map(bare);
        words.filter(|word| word.starts_with("--") || word.contains(['_', '/', '.', ':'])).collect()
    };
    let asked = scene.reading.demands.iter().flat_map(|demand| names(&demand.text)).collect::<Vec<_>>();
    let slots = scene.brief.answers.iter().filter_map(|answer| answer.slot.as_deref());
    let gone = slots.filter_map(|slot| slot.strip_prefix(DROPPED).or(slot.strip_prefix(CHANGED)));
    let gone: Vec<String> = gone.flat_map(names).filter(|name| !asked.contains(name)).collect();
    let Some(lost) = names(&title).into_iter().find(|name| gone.contains(name)) else { return title };
    let alike = |name: &String| name.starts_with("--") == lost.starts_with("--") && asked.contains(name);
    let instead = scene.brief.answers.iter().filter(|answer| {
        let old = answer.slot.as_deref().and_then(|slot| slot.strip_prefix(CHANGED));
        old.is_some_and(|old| names(old).contains(&lost))
    });
    if let Some(new) = instead.flat_map(|answer| names(&answer.text)).find(alike) {
        return title.replace(&lost, &new);
    }
    let first = demands.first().and_then(|index| scene.reading.demands.get(*index));
    first.map_or(title, |first| words::capitalized(&first.text))
}

/// What a sub-issue carries already, a draft for each, with the groups of its demands so that others can wait for it.
fn kept(scene: &Scene<'_>, findings: &Findings, requirements: &[Requirement]) -> Vec<Draft> {
    let mut by_issue: BTreeMap<IssueNumber, Vec<usize>> = BTreeMap::new();
    for (index, issue) in &scene.reading.covered {
        if *index < requirements.len() {
            by_issue.entry(*issue).or_default().push(*index);
        }
    }
    let one = |(issue, demands): (IssueNumber, Vec<usize>)| {
        let parts = groups(scene, findings, requirements, &demands);
        let parts: Vec<Draft> =
            parts.into_iter().map(|part| draft(scene, findings, requirements, part)).collect();
        let child = scene.brief.sub_issue(issue);
        let title = child.map(|child| child.title.clone()).unwrap_or_default();
        let named = parts.iter().map(|part| part.title.clone()).chain([frames::short(&scene.title())]);
        // GitHub's title has lost the marks of code.
        let own = named.into_iter().find(|own| is_called(&title, own) || title.is_empty());
        Draft { issue: Some(issue), ..join(parts, &own.unwrap_or(title)) }
    };
    by_issue.into_iter().map(one).collect()
}

/// An open sub-issue of the same title is the work item, whoever opened it. Those that we opened tell by what stands in them.
fn recognize(brief: &Brief, drafts: &mut [Draft], kept: &[Draft]) {
    for draft in drafts {
        let same = |child: &&IssueState| {
            child.state == Some(State::Open)
                && child.carries.is_empty()
                && is_called(&child.title, &draft.title)
                && !kept.iter().any(|other| other.issue == Some(child.number))
        };
        draft.issue = brief.sub_issues.iter().find(same).map(|child| child.number);
    }
}

fn is_called(title: &str, planned: &str) -> bool {
    title.eq_ignore_ascii_case(&planned.replace('`', ""))
}

/// What is plainly wished where it lies is work, whoever says later what one sees.
pub fn is_found(scene: &Scene<'_>, index: usize, requirement: &Requirement) -> bool {
    let Some(demand) = scene.reading.demands.get(index) else { return false };
    // A title that names code, or asks for it plainly, says what it is about.
    let plain = || demand.text.contains('`') || asks::requests(&demand.text);
    let names = || plain() && stays(scene, index) && !clause::is_felt(&demand.text);
    // So does whoever asks for code by its name.
    let asks = || demand.text.contains('`') && asks::requests(&demand.text);
    !requirement.places.is_empty() && (demand.stays() || names() || asks())
}

/// Stays in the work, whatever it shows; its question is asked. What the title asks for does not go for what is said beside it.
pub fn stays(scene: &Scene<'_>, index: usize) -> bool {
    let heading = statement::own_title(&scene.brief.title);
    let demand = scene.reading.demands.get(index);
    demand.is_some_and(|one| one.stays() || unheard::repeats(heading, &one.text))
}

/// Whether a demand that shows nothing goes into the work beside one that does: what stays, and what somebody said who may
/// triage. Its question promises by this what the items do.
pub fn goes_along(scene: &Scene<'_>, requirements: &[Requirement], index: usize) -> bool {
    let free = |index: &usize| !scene.reading.covered.contains_key(index);
    let of_triage = || {
        let by = scene.reading.demands.get(index).and_then(|demand| demand.by.as_deref());
        by.is_some_and(|by| scene.brief.triages(by))
    };
    (stays(scene, index) || of_triage())
        && (0..requirements.len()).filter(free).any(|index| has_cases(requirements, index))
}

fn has_cases(requirements: &[Requirement], index: usize) -> bool {
    requirements.get(index).is_some_and(|requirement| !requirement.cases.is_empty())
}

fn lines(requirements: &[Requirement], demands: &[usize]) -> u64 {
    let mine: Vec<&Requirement> = demands.iter().filter_map(|index| requirements.get(*index)).collect();
    let cases = mine.iter().map(|requirement| requirement.cases.len()).sum();
    let new = mine.iter().flat_map(|requirement| &requirement.places).filter(|place| place.new).count();
    size::prior_lines(cases, new)
}

/// Group names with their demands, in the order of their first demand.
fn groups(
    scene: &Scene<'_>,
    findings: &Findings,
    requirements: &[Requirement],
    usable: &[usize],
) -> Vec<(String, Vec<usize>)> {
    let by_section = by_section(scene, usable);
    let mut out: Vec<(String, Vec<usize>)> = Vec::new();
    let mut homeless: Vec<usize> = Vec::new();
    let phased = |index: usize| {
        let section = scene.reading.demands.get(index).and_then(|demand| demand.section.as_deref())?;
        statement::phase(section).map(|(_, number)| (number, format!("section {section}")))
    };
    let numbers: BTreeSet<u32> = usable.iter().filter_map(|index| phased(*index)).map(|one| one.0).collect();
    for index in usable {
        // Who cuts the work into phases has cut it.
        if let Some((_, group)) = phased(*index).filter(|_| numbers.len() > 1) {
            put(&mut out, group, *index);
            continue;
        }
        if !has_cases(requirements, *index) {
            homeless.push(*index);
            continue;
        }
        let framed = findings.claims.get(*index).and_then(Option::as_ref).map(|claim| claim.group.clone());
        let own = framed.filter(|group| !group.is_empty());
        let section = scene.reading.demands.get(*index).and_then(|demand| demand.section.clone());
        let section = section.filter(|_| by_section).map(|section| format!("section {section}"));
        let path = requirements.get(*index).and_then(|requirement| requirement.places.first());
        let path = path.map(|place| format!("path {}", place.path));
        match own.or(section).or(path) {
            Some(group) => put(&mut out, group, *index),
            None => homeless.push(*index),
        }
    }
    for index in homeless {
        let silent = !has_cases(requirements, index);
        let first = || out.first().map(|(group, _)| group.clone()).filter(|_| silent);
        let group = nearest(scene, &out, index).or_else(first).unwrap_or_else(|| "rest".to_owned());
        put(&mut out, group, index);
    }
    out.sort_by_key(|(_, demands)| demands.iter().min().copied());
    out
}

/// Headings cut a list when at least two of them stand over its boxes.
fn by_section(scene: &Scene<'_>, usable: &[usize]) -> bool {
    let mut sections: Vec<&str> = Vec::new();
    for demand in usable.iter().filter_map(|index| scene.reading.demands.get(*index)) {
        match demand.section.as_deref() {
            Some(section) if !sections.contains(&section) => sections.push(section),
            Some(_) => {}
            None => return false,
        }
    }
    sections.len() > 1 && usable.len() > 8
}

fn put(groups: &mut Vec<(String, Vec<usize>)>, group: String, index: usize) {
    match groups.iter_mut().find(|(seen, _)| *seen == group) {
        Some((_, demands)) => demands.push(index),
        None => groups.push((group, vec![index])),
    }
}

/// The group that shares most words with a demand; the only one where there is but one.
fn nearest(scene: &Scene<'_>, groups: &[(String, Vec<usize>)], index: usize) -> Option<String> {
    let own = words::nouns(&scene.reading.demands.get(index)?.text);
    let shared = |demands: &[usize]| {
        let texts = demands.iter().filter_map(|index| scene.reading.demands.get(*index));
        texts.map(|demand| words::nouns(&demand.text).intersection(&own).count()).max().unwrap_or(0)
    };
    let best = groups
        .iter()
        .map(|(group, demands)| (shared(demands), group))
        .max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(a.1)));
    best.filter(|(shared, _)| *shared > 0).map(|(_, group)| group.clone())
}

fn draft(
    scene: &Scene<'_>,
    findings: &Findings,
    requirements: &[Requirement],
    group: (String, Vec<usize>),
) -> Draft {
    let (group, demands) = group;
    let mut places: Vec<Place> = Vec::new();
    for place in demands.iter().filter_map(|index| requirements.get(*index)).flat_map(Requirement::taken) {
        if !places.iter().any(|seen| seen.path == place.path) {
            places.push(place.clone());
        }
    }
    let kind = demands
        .iter()
        .find_map(|index| findings.claims.get(*index)?.as_ref())
        .map_or("feature", |claim| claim.kind);
    let framed = findings.titles.iter().find(|(seen, _)| *seen == group).map(|(_, title)| title.clone());
    let title = framed.unwrap_or_else(|| title(scene, &group, &demands));
    Draft { groups: vec![group], demands, title, kind, places, issue: None }
}

fn title(scene: &Scene<'_>, group: &str, demands: &[usize]) -> String {
    if let Some(section) = group.strip_prefix("section ") {
        return frames::short(section.rsplit(asks::UNDER).next().unwrap_or(section));
    }
    let first = demands
        .first()
        .and_then(|index| scene.reading.demands.get(*index))
        .map_or("", |demand| demand.text.as_str());
    match (demands.len(), group.strip_prefix("path ")) {
        (1, _) => words::capitalized(&frames::short(first)),
        (_, Some(path)) => format!("{} in `{path}`", frames::short(&words::shorten(&scene.title(), 56))),
        (_, None) => frames::short(&scene.title()),
    }
}

fn join(drafts: Vec<Draft>, title: &str) -> Draft {
    let kind = drafts.first().map_or("feature", |draft| draft.kind);
    let mut all = Draft {
        groups: Vec::new(),
        demands: Vec::new(),
        title: frames::short(title),
        kind,
        places: Vec::new(),
        issue: None,
    };
    for draft in drafts {
        all.groups.extend(draft.groups);
        all.demands.extend(draft.demands);
        for place in draft.places {
            if !all.places.iter().any(|seen| seen.path == place.path) {
                all.places.push(place);
            }
        }
    }
    all.demands.sort_unstable();
    all
}

/// Merges the smallest neighbors until the cap holds.
fn cap(mut drafts: Vec<Draft>, issue: &str, max_items: usize) -> Cut {
    let before = drafts.len();
    while drafts.len() > max_items {
        let pair = (0..drafts.len() - 1).min_by_key(|at| {
            let count = |index: usize| drafts.get(index).map_or(0, |draft| draft.demands.len());
            count(*at) + count(at + 1)
        });
        let Some(at) = pair else { break };
        let second = drafts.remove(at + 1);
        if let Some(first) = drafts.get_mut(at) {
            let title = both(&first.title, &second.title, issue);
            *first = join(vec![first.clone(), second], &title);
        }
    }
    let merged = (before > drafts.len()).then(|| {
        format!(
            "The issue has {before} parts and `max_items: {max_items}` allows {}: neighbors were merged",
            drafts.len()
        )
    });
    Cut { drafts, merged }
}

fn both(first: &str, second: &str, issue: &str) -> String {
    let joined = format!("{first}; {second}");
    if joined.chars().count() <= 100 { joined } else { words::shorten(&format!("{first}; {issue}"), 100) }
}
