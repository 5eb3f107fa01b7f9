//! Something is written down for people.

use crate::domain::plan::asks;
use crate::domain::plan::frames::{Claim, Findings, Frame, Scene};
use crate::domain::plan::mentions;
use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;
use crate::domain::plan::words;
use crate::domain::plan::workflows;

/// The frame.
pub static FRAME: Frame = Frame { name: "documentation", read, risk: None };

static DOCUMENT: Pattern = Pattern::new(
    r"\b(?:document(?:ed|s)?|documentation|docs|readme|changelog|(?:history|changes|news|releases)\.(?:md|rst|txt)|mention(?:ed|s)? in|describe[sd]? in|dokumentier\w+|beschreib\w+)\b",
);

/// `Emit several documents`: what a program reads and writes.
static DATA: Pattern = Pattern::new(
    r"\b(?:an?|the|each|every|this|that|these|those|one|two|three|\d+|multiple|several|many|all|both|single|first|second|last|next|other|new|empty|whole|large|xml|yaml|json|html|pdf|markdown)\s+documents?\b",
);

/// What a message may point to is no page to be written.
static LINK: Pattern = Pattern::new(
    r"\b(?:link|pointer|reference|url)s? to (?:the |our |its )?(?:docs?|documentation|readme|manual)\b",
);

/// What stands in an address is nobody's wish.
static ADDRESS: Pattern = Pattern::new(r"https?://\S+");

/// Documented in a function or type: its own comment.
static INSIDE: Pattern = Pattern::new(
    r"\bdocument\w*\s+(?:in|at|on|for)\s+`|java-?doc|js-?doc|doc-?string|doc comment|kdoc|phpdoc|xml doc",
);
static WHOLLY: Pattern = Pattern::new(
    r"^(?:please |an? |the |full |better |more )*(?:document|documentation|docs)\b|\b(?:full|better|more|missing|proper|add) documentation\b|(?:not|un|aren't|isn't) ?documented",
);

/// What is new is of the product, wherever its pages come in: `a new option … when the docs are built`.
static ADDS: Pattern = Pattern::new(
    r"\b(?:an?|another|one more|additional) (?:(?:new|additional|separate|optional) )?(?:\w+ )?(?:options?|flags?|settings?|parameters?|switch|arguments?|methods?|functions?|commands?|keys?)\b",
);

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    for (index, statement) in scene.open(findings) {
        let all = scene.named_places(index);
        let own = all.iter().find(|place| places::is_prose(&place.path)).cloned();
        let inside = all.first().filter(|_| INSIDE.is_in(&statement.text)).cloned();
        let inside = inside.filter(|place| !places::is_prose(&place.path));
        let prose = ADDRESS.replace(&statement.prose(), |_| String::new());
        let prose = DATA.replace(&prose, |_| String::new());
        let prose = LINK.replace(&asks::without_commands(&prose), |_| String::new());
        let asked = DOCUMENT.is_in(&prose);
        let wholly = is_matter(&statement.text)
            || own.is_some()
            || all.is_empty()
            || inside.is_some()
            || WHOLLY.is_in(&prose);
        if !(asked && wholly) || ADDS.is_in(&prose) && !WHOLLY.is_in(&prose) {
            continue;
        }
        let told = |findings: &mut Findings| {
            let page = page(scene, &statement.text).or_else(|| readme(scene, &statement.text))?;
            findings.reads(format!("no page is named: `{}` is taken", page.path));
            Some(page)
        };
        let file = match own.or(inside).or_else(|| published(scene)) {
            Some(file) => Some(file),
            None => match elsewhere(scene) {
                Some(host) => {
                    let said = format!("the pages of {} are not in this tree", words::code(host));
                    if !findings.read_as.contains(&said) {
                        findings.read_as.push(said);
                    }
                    None
                }
                None => told(findings),
            },
        };
        // Which pages a workflow publishes it does not say; those below `docs/` are what all of these take.
        let page =
            file.as_ref().filter(|page| page.path.starts_with("docs/") && places::is_prose(&page.path));
        if let Some(page) = page
            && let Some(workflow) = publisher(scene)
        {
            findings.leaves(
                index,
                format!(
                    "the published page of `{}` changes back with the next run of `{workflow}`",
                    page.path
                ),
            );
        }
        match file {
            Some(file) if !places::is_prose(&file.path) => {
                own_comment(findings, index, (&statement.text, file))
            }
            file => one(scene, findings, index, (&statement.text, file)),
        }
    }
}

/// What puts pages on the web.
static PUBLISHES: Pattern = Pattern::new(
    r"\b(?:actions/deploy-pages|mkdocs gh-deploy|mike deploy|docusaurus deploy|netlify(?:-cli)? deploy|firebase deploy|wrangler pages)\b",
);

/// The workflow that publishes the pages of the tree.
fn publisher<'a>(scene: &Scene<'a>) -> Option<&'a str> {
    let files = scene.places.snapshot.files.range(".github/workflows/".to_owned()..);
    let mut files = files.take_while(|(path, _)| path.starts_with(".github/workflows/"));
    files.find(|(_, text)| PUBLISHES.is_in(text)).map(|(path, _)| workflows::file_name(path))
}

static MATTER: Pattern = Pattern::new(
    r"^\W*(?:docs?|documentation)\b\W*[\]:]|\b(?:not|un|never|poorly|badly)[ -]?documented\b|\b(?:missing|absent) (?:from|in) (?:the )?(?:docs?|documentation)\b|\b(?:docs?|documentation) (?:is|are|fails?|does|do) \w+",
);

/// Is it documentation that a title complains of, whatever its template calls it?
pub fn is_matter(title: &str) -> bool {
    MATTER.is_in(&asks::without_commands(title))
}

static PAGE: Pattern = Pattern::new(
    r"https?://([\w.-]+)/[^\s)>\]]*?([\w-]+)(?:\.html?)?/?(?:[#?][^\s)>\]]*)?(?:[\s)>\],]|\.?$)",
);
static OF_CODE: Pattern =
    Pattern::new(r"^(?:www\.)?(?:github|gitlab|bitbucket|stackoverflow|gist\.github)\b");

/// The source of a published page that the issue links.
fn published(scene: &Scene<'_>) -> Option<Place> {
    let stems = PAGE.all(&scene.brief.body, 2).into_iter().take(20);
    let prose = |stem: &str| {
        let named = |path: &&str| places::is_prose(path) && places::stem(places::name(path)) == stem;
        let mut found = scene.places.files().filter(named);
        found.next().filter(|_| found.next().is_none())
    };
    stems.filter(|stem| stem.len() > 3).find_map(prose).map(places::existing)
}

/// Where the pages lie that the issue links, where this tree has none of its own.
fn elsewhere<'a>(scene: &Scene<'a>) -> Option<&'a str> {
    if scene.places.has_folder("docs") || scene.places.has_folder("doc") {
        return None;
    }
    PAGE.all(&scene.brief.body, 1).into_iter().take(20).find(|host| !OF_CODE.is_in(host))
}

/// What is described where it is defined.
fn own_comment(findings: &mut Findings, index: usize, asked: (&str, Place)) {
    let (text, file) = asked;
    let codes =
        mentions::spans(text).into_iter().filter(|(_, code)| *code).map(|(part, _)| words::code(part));
    let mut names: Vec<String> = codes.collect();
    let subject =
        if names.is_empty() { words::code(places::stem(places::name(&file.path))) } else { names.remove(0) };
    let says = match names.as_slice() {
        [] => words::shorten(text.trim_end_matches('.'), 90),
        names => words::some(names, 3),
    };
    let cases = vec![format!("the comment of {subject} names {says}")];
    let group = format!("docs {}", file.path);
    findings.title(&group, format!("Document {subject} in its comment"));
    findings.claim(index, Claim { frame: FRAME.name, group, kind: "docs", cases, places: vec![file] });
}

fn one(scene: &Scene<'_>, findings: &mut Findings, index: usize, asked: (&str, Option<Place>)) {
    let (text, file) = asked;
    let named = |(part, code): (&str, bool)| {
        (code && !part.ends_with(".md") && !part.ends_with(".rst")).then(|| words::code(part))
    };
    let mut names: Vec<String> = mentions::spans(text).into_iter().filter_map(named).collect();
    if names.is_empty() {
        let whole = scene.whole();
        names = mentions::spans(&whole).into_iter().filter_map(named).take(1).collect();
    }
    let path = file.as_ref().map(|file| words::code(&file.path));
    let cases = match (path, names.as_slice()) {
        (Some(path), []) => vec![format!("{path} says: {}", words::shorten(text.trim_end_matches('.'), 90))],
        (Some(path), names) => {
            vec![format!("{path} names {} with an example that runs", words::some(names, 3))]
        }
        (None, []) => Vec::new(),
        (None, names) => vec![format!("a reader finds {} with an example that runs", words::some(names, 3))],
    };
    let group = match &file {
        Some(file) => format!("docs {}", file.path),
        None => "docs".to_owned(),
    };
    if let (Some(file), Some(name)) = (&file, names.first()) {
        findings.title(&group, format!("Describe {name} in `{}`", file.path));
    }
    findings.claim(
        index,
        Claim { frame: FRAME.name, group, kind: "docs", cases, places: file.into_iter().collect() },
    );
}

/// The page of the documentation whose name the demand or the title speaks of.
fn page(scene: &Scene<'_>, text: &str) -> Option<Place> {
    if CHANGELOG.is_in(text) {
        return None;
    }
    let said = words::nouns(&format!("{} {text}", scene.brief.title));
    let score = |path: &str| {
        words::nouns(&places::stem(places::name(path)).replace(['_', '-'], " ")).intersection(&said).count()
    };
    let pages = scene
        .places
        .files()
        .filter(|path| places::is_prose(path) && path.contains('/') && !path.starts_with('.'));
    let best = pages.map(|path| (score(path), path)).filter(|(score, _)| *score > 0);
    best.max_by(|a, b| a.0.cmp(&b.0).then(b.1.len().cmp(&a.1.len()))).map(|(_, path)| places::existing(path))
}

static CHANGELOG: Pattern = Pattern::new(r"change-?log|readme|news\b");

fn readme(scene: &Scene<'_>, text: &str) -> Option<Place> {
    let wanted = if text.to_lowercase().contains("changelog") { "changelog" } else { "readme" };
    let top =
        scene.places.files().find(|path| !path.contains('/') && path.to_lowercase().starts_with(wanted))?;
    Some(places::existing(top))
}
