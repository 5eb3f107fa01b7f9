//! A call to contributors is no piece of work until somebody takes a part: which are taken, and which is meant.

use crate::domain::plan::asks;
use crate::domain::plan::frames::{Findings, Scene};
use crate::domain::plan::mentions;
use crate::domain::plan::model::Question;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;
use crate::domain::plan::said::VAGUE;
use crate::domain::plan::words;

/// Slot of the question which part is meant.
const PART: &str = "vague.part";
/// Most parts that are told as taken.
const SHOWN: usize = 4;

static DOCS: Pattern = Pattern::new(r"\b(?:docs?|documentation|guides?|manual)\b");

/// Asks which part is meant, and what is to be seen of it; nothing where that is answered or the issue is no call.
pub fn ask(scene: &Scene<'_>, findings: &mut Findings) -> bool {
    if !scene.reading.is_call {
        return false;
    }
    let parts = parts(scene);
    let (paths, told) = taken(scene, &parts);
    let free: Vec<&str> = parts.files.iter().copied().filter(|path| !paths.contains(path)).collect();
    let named = match told.as_slice() {
        [] => " No comment names one.".to_owned(),
        told => format!(" Named in comments: {}.", words::some(told, SHOWN)),
    };
    let default = match (free.as_slice(), parts.folder) {
        ([], _) => "none; whoever takes a part names it".to_owned(),
        (free, Some(folder)) => {
            let count = format!("{} of {}", free.len(), parts.files.len());
            format!("`{folder}/`: one page that no comment names ({count})")
        }
        ([first, ..], None) => format!("`{first}`, which no comment names"),
    };
    findings.questions.retain(|question| question.slot.starts_with("duplicate."));
    let question = Question::new(PART.to_owned(), format!("Which part is meant?{named}"), default, 90);
    findings.ask(scene, "The part", question);
    let text = "What is wrong in that part today, and what will stand there instead?".to_owned();
    let default = "none; without it nobody can say when it is done".to_owned();
    findings.ask(scene, "What one sees", Question::new("vague.measure".to_owned(), text, default, 80));
    findings.questions.iter().any(|question| question.slot.starts_with(VAGUE))
}

/// Is it open which part of a call is meant?
pub fn is_asked(questions: &[Question]) -> bool {
    questions.iter().any(|question| question.slot == PART)
}

/// What the call is about: files that it names, else the pages of the documentation.
struct Parts<'a> {
    files: Vec<&'a str>,
    folder: Option<&'static str>,
}

fn parts<'a>(scene: &Scene<'a>) -> Parts<'a> {
    let own = mentions::mentions(&scene.brief.body);
    let files: Vec<&str> = own
        .iter()
        .filter_map(|mention| scene.places.resolve(&mention.text))
        .filter(|path| scene.places.has(path))
        .collect();
    let said = format!("{}\n{}", scene.brief.title, scene.brief.body);
    let folder = ["docs", "doc", "documentation"].into_iter().find(|folder| scene.places.has_folder(folder));
    match folder.filter(|_| files.is_empty() && DOCS.is_in(&said)) {
        Some(folder) => {
            let within = |path: &&str| path.starts_with(&format!("{folder}/")) && places::is_prose(path);
            Parts { files: scene.places.files().filter(within).collect(), folder: Some(folder) }
        }
        None => Parts { files, folder: None },
    }
}

/// The parts that comments name, and each with who names it.
fn taken<'a>(scene: &Scene<'a>, parts: &Parts<'a>) -> (Vec<&'a str>, Vec<String>) {
    let mut paths: Vec<&str> = Vec::new();
    let mut told: Vec<String> = Vec::new();
    for comment in scene.brief.comments.iter().filter(|comment| !comment.is_bot) {
        let mentions = mentions::mentions(&comment.body);
        let mut named: Vec<&str> =
            mentions.iter().filter_map(|mention| scene.places.resolve(&mention.text)).collect();
        let in_words = asks::taken_part(&comment.body);
        let page = in_words.and_then(|part| called(&parts.files, part));
        named.extend(page);
        named.retain(|path| scene.places.has(path));
        let words_alone = in_words.filter(|_| named.is_empty()).map(words::quoted);
        for path in named {
            if !paths.contains(&path) {
                paths.push(path);
                told.push(format!("{} ({})", words::code(path), comment.author));
            }
        }
        told.extend(words_alone.map(|part| format!("{part} ({})", comment.author)));
    }
    (paths, told)
}

/// The one file that is called like a part.
fn called<'a>(files: &[&'a str], part: &str) -> Option<&'a str> {
    let letters = |text: &str| text.to_lowercase().replace(['-', '_', ' '], "");
    let part = part.rsplit_once(' ').map_or(part, |(name, _)| name);
    let mut found = files.iter().filter(|path| letters(places::stem(places::name(path))) == letters(part));
    found.next().copied().filter(|_| found.next().is_none())
}
