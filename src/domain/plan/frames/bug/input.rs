//! What a report puts in: its steps, its command or its code, with all that triggers the fault.

use super::called::{called, tried};
use super::{in_section, seen, under};
use crate::domain::plan::asks;
use crate::domain::plan::examples;
use crate::domain::plan::frames::Scene;
use crate::domain::plan::frames::bug::expected::hopes;
use crate::domain::plan::frames::bug::thrown::is_message;
use crate::domain::plan::mentions;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::source::Block;
use crate::domain::plan::statement::Statement;
use crate::domain::plan::{trace, unheard, words};

/// Longest part of a case, in characters.
const PART: usize = 160;

/// What goes in, with the circumstance that the title names.
pub(super) fn input(scene: &Scene<'_>) -> String {
    let given = given(scene);
    match circumstance(scene, &given) {
        Some(when) => format!("{given}, {when}"),
        None => given,
    }
}

/// What was done: the steps, the command, the snippet, or the sentence that tells.
fn given(scene: &Scene<'_>) -> String {
    if let Some(typed) = titled(scene) {
        return typed;
    }
    let steps = steps(scene);
    let block = block(scene);
    let listed = steps.first().zip(steps.last()).filter(|(first, last)| last.line > first.line);
    if let (None, [_], Some(typed)) = (&block, steps.as_slice(), only_typed(&steps)) {
        return typed;
    }
    if let (None, None, Some(typed)) = (listed, &block, prompted(scene)) {
        return typed;
    }
    let within = |block: &Block| listed.is_some_and(|(first, _)| block.line > first.line && steps.len() > 1);
    match (block, listed) {
        (Some(block), Some((first, last))) if within(block) => {
            let end = block.line + block.text.trim_end().lines().count();
            format!("the steps of lines {}–{}", first.line, last.line.max(end))
        }
        (Some(block), _) => match (command(block), ran(scene)) {
            (Some(typed), _) => words::code(&words::shorten(&typed, PART)),
            (None, Some(ran)) if !block.text.contains(&ran) => {
                format!("{}, run as {}", snippet(scene, block), words::code(&ran))
            }
            (None, _) => snippet(scene, block),
        },
        (None, Some((first, last))) => {
            told_steps(&steps).unwrap_or_else(|| format!("the steps of lines {}–{}", first.line, last.line))
        }
        (None, None) => match (told_steps(&steps), ran(scene)) {
            (Some(told), _) => told,
            (None, Some(ran)) => again(scene, &ran),
            (None, None) => called(scene)
                .or_else(|| tried(scene))
                .or_else(|| under::titled(&scene.brief.title))
                .or_else(|| seen::leading(scene))
                .or_else(|| said_when(scene))
                .or_else(|| traced(scene))
                .unwrap_or_else(|| told(scene)),
        },
    }
}

/// The command that the title names, where it is one of several that were typed.
fn titled(scene: &Scene<'_>) -> Option<String> {
    let title = &scene.brief.title;
    let named =
        mentions::spans(title).into_iter().find(|(part, code)| *code && TYPED.is_in(part.trim()))?.0.trim();
    // In a session of root `#` is the prompt.
    const PROMPTS: [char; 4] = ['$', '#', '>', '%'];
    let typed = |block: &&Block| {
        let typed: Vec<&str> = block.text.lines().filter(|line| line.starts_with(PROMPTS)).collect();
        let bare = |line: &&str| line.trim_start_matches(PROMPTS).trim() == named;
        typed.len() > 1 && typed.iter().any(bare)
    };
    scene.reading.blocks.iter().find(typed).map(|_| words::code(named))
}

/// The sentences that say how to see it, in their order.
pub(super) fn steps<'a>(scene: &Scene<'a>) -> Vec<&'a Statement> {
    let said = || {
        let all = scene.reading.talk.iter().chain(&scene.reading.demands);
        all.filter(|said| said.by.is_none() && said.line > 0)
    };
    let mut steps: Vec<&Statement> = said().filter(|said| in_section(said, asks::is_steps)).collect();
    if steps.is_empty() {
        steps = said().filter(|said| unheard::is_numbered(scene.reading, said)).collect();
    }
    if steps.is_empty() {
        steps = said().filter(|said| reproduces(said)).take(1).collect();
    }
    // What only brings in the code below it is no step by itself.
    let brings = |said: &Statement| {
        let below =
            scene.reading.blocks.iter().any(|block| block.lead.as_deref() == Some(said.text.as_str()));
        below && said.text.ends_with(':') && words::nouns(&said.text).len() <= 2
    };
    steps.retain(|said| !POINTS.is_in(&said.text) && !is_unknown(said) && !brings(said));
    steps.sort_by_key(|said| said.line);
    steps
}

/// `Should reproduce given an empty folder`, wherever it stands.
static REPRODUCES: Pattern = Pattern::new(
    r"^\W*(?:this |it )?(?:should|can|will|could) (?:be )?reproduc\w+ (?:with|given|by|using) (.{6,})$",
);
static NO_STEP: Pattern = Pattern::new(
    r"(?:with|given|by|using) (?:the |this |that |an? )?(?:latest|master|main|all|any|every|versions?|following|this|attached|below|above|code|snippet|example)\b|:\W*$",
);

/// The writer does not know how to see it.
static UNKNOWN: Pattern = Pattern::new(
    r"\bhard to (?:tell|say) (?:how|when|what)\b[^.]*\breproduc|\b(?:can(?:no|['’])?t|unable to|not able to|don['’]?t know how to|do not know how to|no (?:reliable |clear )?(?:way|steps) to) (?:reliably |consistently )?(?:be )?reproduced?\b|^\W*(?:it['’]s |it is |this is )?(?:a |an )?(?:sporadic|intermittent|not reproducible)\b",
);
/// It is known where it shows.
static ELSEWHERE: Pattern =
    Pattern::new(r"\bonly (?:on|in|with)\b|\bexcept\b|\bbut (?:this|here|with|on|in)\b|\d+\.\d");

fn reproduces(said: &Statement) -> bool {
    REPRODUCES.is_in(&said.text) && !NO_STEP.is_in(&said.text)
}

/// What the report says of not knowing how to see it, with its line.
pub(super) fn unknown<'a>(scene: &Scene<'a>) -> Option<&'a Statement> {
    if !steps(scene).is_empty() || block(scene).is_some() {
        return None;
    }
    let all = scene.reading.talk.iter().chain(&scene.reading.demands);
    all.filter(|said| said.by.is_none() && said.line > 0).find(|said| is_unknown(said))
}

fn is_unknown(said: &Statement) -> bool {
    UNKNOWN.is_in(&said.text) && !ELSEWHERE.is_in(&said.text)
}

/// The only command that the steps hold.
fn only_typed(steps: &[&Statement]) -> Option<String> {
    let spans = steps.iter().flat_map(|said| mentions::spans(&said.text));
    let typed: Vec<&str> =
        spans.filter(|(part, code)| *code && TYPED.is_in(part.trim())).map(|(part, _)| part).collect();
    match typed.as_slice() {
        [typed] => Some(words::code(&words::shorten(typed.trim(), PART))),
        _ => None,
    }
}

/// A command with its arguments, and no message.
pub(super) static TYPED: Pattern = Pattern::new(r"(?-i:^(?:\$ )?[a-z./~][\w./-]* \S)");

static COMES_OF_IT: Pattern = Pattern::new(
    r"^(.*?)[.,;]?\s*\b(?:and\s+)?(?:(?:this|it|that|which|the \w+) (?:then |now )?)?(?:results? in|crash(?:es)?\b|panics?\b|throws\b|raises\b|fails\b|leads to|(?:you|i|one)(?:['’]ll| will)? (?:see|get|got)|and got|observe|notice)\b.*$",
);
static RUN: Pattern = Pattern::new(
    r"^(?:please )?(?:run|execute|type|enter)\s+(?:(?:the|this|a|following|command|code|as|follows)\s*)*:?\s*(`.*)$",
);
static THEN: Pattern = Pattern::new(r"^(?:and |and then |next,? |after that,? )");

/// A few short steps, one after the other, without what comes of them.
fn told_steps(steps: &[&Statement]) -> Option<String> {
    let mut out: Vec<String> = Vec::new();
    for said in steps {
        let text = said.text.trim();
        let text = COMES_OF_IT.first(text, 1).unwrap_or(text).trim();
        let text = REPRODUCES.first(text, 1).unwrap_or(text);
        let followed = RUN.first(text, 1).filter(|_| text.contains("following"));
        let text = followed.unwrap_or(text).trim_end_matches(['.', ';', ',', ':', '!']).trim();
        let text = THEN.replace(text, |_| String::new());
        if text.is_empty() {
            continue;
        }
        out.push(if out.is_empty() { text } else { words::lowered(&text) });
    }
    if let [only] = out.as_mut_slice()
        && let Some(typed) = RUN.first(only, 1)
    {
        *only = typed.to_owned();
    }
    let told = out.join(", ");
    (!out.is_empty() && out.len() < 6 && told.chars().count() <= PART + 40).then_some(told)
}

static RAN: Pattern = Pattern::new(
    r"\b(?:run|runs|running|ran|invoked?|invoking|executed?|executing|typed?|typing|called as|started? (?:it )?(?:as|with)|command line)\b[^.]{0,60}$",
);

/// The command by which a sentence says that it is run.
pub(super) fn ran(scene: &Scene<'_>) -> Option<String> {
    let own = scene.reading.talk.iter().chain(&scene.reading.demands).filter(|said| said.by.is_none());
    let typed = |said: &'_ Statement| -> Option<String> {
        let spans = mentions::spans(&said.text);
        let pair = spans.windows(2).find_map(|pair| match pair {
            [(words, false), (code, true)] if RAN.is_in(words.trim_end_matches('`')) => Some(*code),
            _ => None,
        })?;
        let pair = pair.trim().trim_matches('`').trim();
        (pair.contains(' ') && !pair.contains('(') && !pair.starts_with("git ")).then(|| pair.to_owned())
    };
    let mut found = own.filter_map(typed);
    let led = |block: &&Block| block.lead.as_deref().is_some_and(|lead| RUNS.is_in(lead));
    let below = |block: &&Block| {
        led(block)
            || block.section.as_deref().is_some_and(asks::is_steps)
                && TYPED.is_in(block.text.trim())
                && !block.text.trim().contains('\n')
    };
    let blocks = || scene.reading.blocks.iter().filter(below).find_map(command);
    found.next().or_else(blocks).map(|typed| words::shorten(typed.trim(), PART))
}

/// How it is run, behind the command.
static AGAIN: Pattern = Pattern::new(
    r"^\s+(twice|again|a second time|as root|without (?:any )?arguments|in parallel|from (?:another|a different) (?:folder|directory)|in an? (?:empty|new) (?:folder|directory|repository))\b",
);

/// A command, and how a sentence says that it is run.
fn again(scene: &Scene<'_>, ran: &str) -> String {
    let own = scene.reading.talk.iter().chain(&scene.reading.demands).filter(|said| said.by.is_none());
    let shown = words::code(ran);
    let mut rest = own.filter_map(|said| said.text.split_once(&shown));
    match rest.find_map(|(_, rest)| AGAIN.first(rest, 1)) {
        Some(how) => format!("{shown} {how}"),
        None => shown,
    }
}

static RUNS: Pattern = Pattern::new(r"\b(?:run|running|execute|command line|to reproduce)\b");

/// Lines of a session that are read.
const SESSION: usize = 200;

/// What was typed at a prompt, above the trace that came of it.
fn prompted(scene: &Scene<'_>) -> Option<String> {
    let typed = |block: &Block| {
        // Within an interpreter that was started, what was typed there is it.
        let within: Vec<&str> = block
            .text
            .lines()
            .take(SESSION)
            .filter_map(|line| line.strip_prefix(">>> "))
            .map(str::trim)
            .collect();
        let first = || {
            let lines = block.text.lines().skip_while(|line| line.trim().is_empty());
            lines.map_while(examples::typed_at_prompt).map(str::trim).collect()
        };
        let typed: Vec<&str> = if within.is_empty() { first() } else { within };
        let shown = together(&typed)?;
        (!shown.is_empty()).then(|| words::code(&words::shorten(&shown.replace('`', "'"), PREPARED)))
    };
    scene.reading.blocks.iter().filter(|block| fails(block)).find_map(typed)
}

/// Shows an error, by a trace or by what the program says itself.
fn fails(block: &Block) -> bool {
    trace::has_trace(&block.text) || trace::complaints(&block.text).next().is_some()
}

/// Nobody says what was done, but a trace says what was called.
fn traced(scene: &Scene<'_>) -> Option<String> {
    let trace = trace::find(&scene.brief.body)?;
    Some(format!("the calls of the trace in line {}", trace.error_line.max(1)))
}

/// A short sentence that tells when it happens, but for the title.
fn said_when(scene: &Scene<'_>) -> Option<String> {
    let mut said = scene.reading.talk.iter().filter(|said| tells(said) && said.by.is_none());
    said.find_map(|said| {
        if let Some(under) = under::under(&said.text) {
            return Some(under);
        }
        let text = BRINGS.first(&said.text, 1).unwrap_or(said.text.trim_end_matches('.'));
        (text.chars().count() <= 110 && !text.ends_with(':')).then(|| words::quoted(text))
    })
}

/// `If I do this, I get this error:`, and there it stands.
static BRINGS: Pattern = Pattern::new(
    r"^(.{12,}?),? (?:i|we|you|one|it|this|there) (?:\w+ )?(?:gets?|got|sees?|comes?|is|are|fails?)\b[^,:]*:$",
);

/// A sentence that tells when it happens, else what there is.
fn told(scene: &Scene<'_>) -> String {
    let said = scene.reading.talk.iter().find(|said| tells(said));
    let told =
        said.or(scene.reading.demands.first()).map_or(scene.brief.title.as_str(), |demand| &demand.text);
    words::quoted(&words::clipped(told, 90))
}

static TELLS: Pattern =
    Pattern::new(r"\b(?:when|while|after|if|during|sometimes|whenever|as soon as|even|wenn|nachdem|beim)\b");

/// A sentence of the report that says when it happens.
pub(super) fn tells(said: &Statement) -> bool {
    let apart = in_section(said, asks::is_apart);
    let plain = !asks::proposes(&said.text) && !asks::is_question(&said.text);
    !apart
        && plain
        && !hopes(said)
        && !in_section(said, asks::is_expected)
        && !in_section(said, asks::is_solution)
        && said.text.chars().count() > 24
        && TELLS.is_in(&said.text)
        && !DEFAULTS.is_in(&said.text)
}

/// Tells how it is set up, not what was done.
static DEFAULTS: Pattern = Pattern::new(r"\b(?:defaults?|fall(?:s|ing)? back) to\b");

static WHEN: Pattern = Pattern::new(r"\b((?:when|whenever|if) [^.,;:?!]{6,70})$");

/// The condition that the title names and that the input does not show.
fn circumstance(scene: &Scene<'_>, given: &str) -> Option<String> {
    let when = WHEN.first(scene.brief.title.trim(), 1)?;
    let shows_code =
        given.starts_with(['`', 't']) && !given.contains(", run as ") && !given.starts_with("the steps");
    let nouns = words::nouns(when);
    if COULD.is_in(when) {
        return None;
    }
    (shows_code && !nouns.is_empty() && !nouns.is_subset(&words::nouns(given))).then(|| words::lowered(when))
}

/// Says what ought to be rather than when.
static COULD: Pattern = Pattern::new(
    r"\b(?:could|should|would|can|must|may|does|is|are)(?:n['’]t| not)?\b.*\b(?:more|better|be|work)\b",
);

static VERSIONS: Pattern = Pattern::new(
    r"^\s*(?:\S+@\S+ .*?[%$#>] |\$ |> |% )?(?:[\w./-]+ (?:--version|-V|-v|version)|pip (?:freeze|list|show).*|[\w. -]*diagnose|npm ls.*|uname.*)\s*$",
);

/// The snippet that shows the fault: below the steps first, never a log or an environment; the largest that calls the thing.
pub(super) fn block<'a>(scene: &Scene<'a>) -> Option<&'a Block> {
    let names = examples::names(&scene.brief.title);
    let shows = |block: &&Block| {
        let section = block.section.as_deref().unwrap_or_default();
        // Whatever heading it ended up below: somebody typed it, and it complains.
        let session = block.text.lines().any(|line| behind_prompt(line).is_some())
            && trace::complaints(&block.text).next().is_some();
        let circumstance = asks::is_apart(section) && !asks::is_steps(section) && !session;
        let leads = block.lead.as_deref().and_then(asks::leads_to);
        let given = leads == Some(asks::Leads::Given);
        let outcome =
            asks::is_expected(section) && !examples::is_program(block) || asks::is_actual(section) && !given;
        let typed = block.is_denied() && command(block).is_some();
        let came = leads.is_some() && !given && !typed;
        let versions =
            block.text.lines().find(|line| !line.trim().is_empty()).is_some_and(|line| VERSIONS.is_in(line));
        !circumstance
            && !outcome
            && !came
            && !is_message(block)
            && !versions
            && !is_environment(block)
            && !command(block).is_some_and(|typed| examples::looks_around(&typed, &scene.brief.title))
            && !POINTS.is_in(&block.text)
            && !declares(block)
            && !is_difference(block)
            && !block.text.trim().is_empty()
            && (!trace::has_trace(&block.text) || examples::is_source(block))
    };
    // Lines of a comment are no lines of the issue.
    let own = scene.reading.blocks.iter().take(scene.reading.own_blocks).filter(shows);
    own.max_by_key(|block| {
        let steps = block.section.as_deref().is_some_and(asks::is_steps);
        let telling = examples::telling_line(block, &names).is_some();
        let titled = scene.brief.title.contains(block.text.trim());
        let denied = block.is_denied();
        let called = names.iter().filter(|name| block.text.contains(name.as_str())).count();
        let calls = command(block).is_some() || examples::is_program(block);
        (
            steps,
            denied,
            titled,
            calls,
            telling,
            called,
            block.text.lines().count(),
            std::cmp::Reverse(block.line),
        )
    })
}

/// `tool 1.25.1 (2024-04-07)`, `os: Linux`: which build and which machine, line by line.
fn is_environment(block: &Block) -> bool {
    let lines: Vec<&str> = block.text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let versioned = lines.first().is_some_and(|first| BUILD.is_in(first));
    let told = lines.iter().filter(|line| BUILD.is_in(line) || FACT.is_in(line)).count();
    let system = lines.iter().any(|line| SYSTEM.is_in(line));
    versioned && system && lines.len() > 1 && 2 * told > lines.len()
}

/// A program and its version, and no code.
static BUILD: Pattern =
    Pattern::new(r"^(?:[\w.@/-]+ ?){1,3}[: ]\W*v?\d+\.\d+(?:\.\d+)?[\w.+-]*(?: [^={};]*)?$");
/// The machine, or how it was built.
static SYSTEM: Pattern = Pattern::new(
    r"^(?:os|mac ?os|windows|linux|ubuntu|debian|fedora|arch|darwin|platform|build[- ]date|build|commit|target|host|rustc|compiler|features)\b",
);
static FACT: Pattern = Pattern::new(r"^[\w -]{2,30}: ?[^={};]+$");

/// Nothing but addresses: where to look, and nothing that is put in.
pub(super) static POINTS: Pattern = Pattern::new(r"^\s*(?:<?https?://\S+>?\s*)+$");
static HEAD: Pattern = Pattern::new(
    r"^\s*(?:(?:pub|public|private|protected|static|export|async|abstract) )*(?:func|fn|def|function|class|interface|struct|type|void|int)\b.*[{:;)]\s*$",
);

/// The head of a function or type without its body: it names a place, and calls nothing.
fn declares(block: &Block) -> bool {
    let mut lines = block.text.lines().filter(|line| !matches!(line.trim(), "" | "}" | "..." | "…"));
    lines.next().is_some_and(|line| HEAD.is_in(line)) && lines.next().is_none()
}

/// Longest line of commands, in characters.
const PREPARED: usize = 100;

/// What a tool changed or would change: it came out, and nothing of it goes in.
fn is_difference(block: &Block) -> bool {
    block.text.lines().any(|line| line.starts_with("@@ -"))
}

/// What is typed, where a block is one command, or a few, one after the other.
fn command(block: &Block) -> Option<String> {
    let lines: Vec<&str> = block.text.lines().filter(|line| !line.trim().is_empty()).collect();
    match lines.as_slice() {
        [only] if !only.contains("://") => {
            Some(behind_prompt(only).unwrap_or(only.trim()).trim_matches('`').to_owned())
        }
        // A session told in comments is more than its first command.
        lines
            if lines.iter().any(|line| line.trim_start().starts_with("# "))
                && trace::complaints(&block.text).next().is_some() =>
        {
            None
        }
        [first, ..] if behind_prompt(first).is_some() => {
            let typed: Vec<&str> = lines.iter().map_while(|line| behind_prompt(line)).collect();
            together(&typed)
        }
        _ => None,
    }
}

/// What prepares it, up to the first output, belongs to the first command where there is room.
fn together(typed: &[&str]) -> Option<String> {
    let whole = typed.join("; ");
    match typed {
        [only] => Some((*only).to_owned()),
        // The first of many says nothing of the fault: its lines are pointed to.
        _ => (whole.chars().count() <= PREPARED).then_some(whole),
    }
}

fn behind_prompt(line: &str) -> Option<&str> {
    let line = line.trim_start();
    // In some languages `%` begins a comment.
    let typed =
        |rest: &&str| rest.starts_with(|c: char| c.is_ascii_lowercase() || matches!(c, '.' | '/' | '~'));
    line.strip_prefix("$ ").or_else(|| line.strip_prefix("% ").filter(typed)).map(str::trim)
}

fn snippet(scene: &Scene<'_>, block: &Block) -> String {
    let lines = format!("the code of {}", block.lines());
    let names = examples::names(&scene.brief.title);
    let named = |line: &&str| line.contains('(') && names.iter().any(|name| line.contains(name.as_str()));
    let alone = block.text.lines().take(200).filter(named).count() < 2;
    match examples::telling_line(block, &names) {
        // One of several calls of the same thing may be the one that works.
        Some(line) if alone && examples::is_only(block, &line) => {
            format!("{lines}, with {}", words::code(&line))
        }
        _ => lines,
    }
}
