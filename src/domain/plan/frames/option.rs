//! A command gets an option.

mod carried; // how one beside it gets to where it is acted upon
mod declared; // the files that declare options
mod named; // what its name says it does
mod settled; // which wins where a file sets the same
mod wished; // what one would like to do with it
mod unless; // what is refused without it
mod used; // whether its writer has it today

use crate::domain::plan::clause;
use crate::domain::plan::frames::{Claim, Findings, Frame, Risk, Scene};
use crate::domain::plan::gate;
use crate::domain::plan::mentions::{self, MentionKind};
use crate::domain::plan::model::{Place, Question};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;
use crate::domain::plan::quantity;
use crate::domain::plan::statement::{Origin, Statement};
use crate::domain::plan::words;

use declared::Declared;
use unless::unless;

/// The frame.
pub static FRAME: Frame = Frame {
    name: "command-line option",
    read,
    risk: Some(Risk {
        named: |name| name.starts_with('-'),
        ..Risk::of("scripts that pass {name} already, with another meaning")
    }),
};

static VALUE: Pattern =
    Pattern::new(r"--[\w-]+[= ]<?([A-Z][A-Z_]+|[a-z]+\|[a-z|]+|<[^>]+>)(?:[>\]`\s,;:)]|$)");
static PRINTS: Pattern = Pattern::new(
    r"`\s+(?:must |should |shall |has to |needs to )?((?:prints?|exits?|shows?|writes?|lists?|skips?|limits?|sets?|makes?|reads?|stops?|disables?|enables?|turns?|fails?|opens?|starts?|uses?|keeps?|returns?|adds?|removes?|runs?|checks?|ignores?|creates?|deletes?|hides?)\b.*)$",
);
static TAKES: Pattern = Pattern::new(
    r"(?:option|flag|switch|argument)`?(?:\s+`[^`]+`(?:\s*[/,]\s*`[^`]+`)*)?\s+(?:which|that|to)\s+((?:takes?|sets?|makes?|limits?|prints?|shows?|skips?|excludes?|includes?|disables?|enables?|ignores?|stops?|\w+)\s.{3,160})$",
);
/// What it stands for.
static EQUAL: Pattern = Pattern::new(
    r"\b(?:equivalent (?:of|to)|(?:does|do|doing|is|be|means?|works?|acts?|behaves?) (?:exactly |just )?(?:the )?same as|short(?:hand|cut)? for|alias (?:of|for))(?: running| calling| typing)? `([^`]{4,120})`",
);
/// Then it is just what it does not do.
static UNLIKE: Pattern =
    Pattern::new(r"(?:\bnot|n['’]t|\bunlike|\bcurrently) (?:\w+ ){0,3}(?:the )?(?:same|equivalent)\b");
static CHOICES: Pattern = Pattern::new(r"`([\w-]+)`(?:\s*(?:,|or|and|/|\|)\s*`([\w-]+)`)+");

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    let declared = Declared::new(scene);
    let mut first: Option<String> = None;
    for (index, statement) in scene.open(findings) {
        let Some(flag) = flag_of(&declared, findings, (index, statement)) else {
            nameless(&declared, findings, (index, statement));
            continue;
        };
        let main = first.get_or_insert_with(|| flag.clone()).clone();
        one(
            &declared,
            findings,
            index,
            Asked { text: &statement.text, flag: &flag, group: format!("option {main}") },
        );
        if main == flag {
            let (deed, of) =
                if declared.declaring(&flag).is_some() { ("Change", "of") } else { ("Add", "to") };
            let command =
                of_command(scene, &flag).map_or(String::new(), |command| format!(" {of} `{command}`"));
            findings.title(&format!("option {main}"), format!("{deed} `{flag}`{command}"));
        }
    }
    wished::join(scene, findings);
    if let Some(flag) = &first {
        settled::tell(&declared, findings, flag);
        around(&declared, findings, flag);
        without_flag(&declared, findings, flag);
    }
    way(&declared, findings, first.as_deref());
}

/// How an option beside a new one is carried through the sources; nothing where the option is there already.
fn way(declared: &Declared<'_>, findings: &mut Findings, flag: Option<&str>) {
    let scene = declared.scene;
    if flag.is_some_and(|flag| declared.declaring(flag).is_some()) {
        return;
    }
    let mut claims = findings.claims.iter_mut().zip(&scene.reading.demands);
    let own = claims.find_map(|(claim, demand)| {
        claim.as_mut().filter(|claim| claim.frame == FRAME.name).map(|claim| (claim, demand))
    });
    let Some((claim, demand)) = own else { return };
    let [home] = claim.places.as_slice() else { return };
    let asked = format!("{} {}", scene.brief.title, demand.text);
    let Some(way) = carried::way(scene, (&home.path, flag), &asked) else { return };
    claim.places.extend(way.acts);
    findings.reuse.push(way.told);
}

/// `Add an option to keep the files`: what it does is said, and not what it is called.
static NAMELESS: Pattern = Pattern::new(
    r"^\W*(?:please )?(?:add|have|provide|introduce|offer)\b[^.:]{0,24}?\b(?:options?|flag|switch) (not )?to (?:not )?([a-z]+)( [^.?]{4,90})[.?]?$",
);

/// `Command-line option for not deleting the files`.
static FOR: Pattern = Pattern::new(
    r"^\W*(?:an? |the |new |cli |command[- ]line |config(?:uration)? |optional )*(?:options?|flag|switch) for (not )?(\w+ing) ([^.?]{4,90})[.?]?$",
);

/// `An option by which warnings count as errors would be great`.
static BY_WHICH: Pattern = Pattern::new(
    r"^\W*(?:(?:please )?(?:add|have|provide|introduce|offer) )?(?:an? |the |new |cli |command[- ]line |config(?:uration)? |optional )*(?:options?|flag|switch) (?:by which|with which|so that|that makes?|which makes?|where|under which) ([^.?]{8,100}?)(?:,? (?:would|could|might) be (?:\w+ )?(?:nice|great|good|handy|useful|helpful|cool|awesome|ideal)\b.*)?[.?!]*$",
);

/// `Titles: don't color them`, and a way to choose that.
static DENIES: Pattern =
    Pattern::new(r"^(?:[^:]{2,60}: )?\W*(?:please )?(?:do not|don['’]t|never) ([a-z]+) ([^:]{4,110}?)[.!]*$");
static TOGGLES: Pattern = Pattern::new(
    r"\b(?:an?|some|any) (?:way|means|possibility|option|flag|switch|setting) (?:of|to|for) (?:be able to )?(?:toggl(?:e|ing)|disabl(?:e|ing)|opt(?:ing)? out|(?:turn|switch)(?:ing)? (?:this|it|that|them|these|those|on|off))\b",
);

/// What an option without a name does.
fn does(scene: &Scene<'_>, statement: &Statement) -> Option<String> {
    let text = statement.text.as_str();
    if let Some(found) = NAMELESS.captures(text) {
        let part = |group: usize| found.get(group).map_or("", |it| it.as_str());
        let denied = found.get(1).is_some() || text.contains(" to not ");
        let (verb, rest) = (part(2), part(3).trim_end());
        return Some(match denied {
            true => format!("does not {verb}{rest}"),
            false => format!("{}{rest}", clause::agrees("it", verb)),
        });
    }
    if let Some(found) = FOR.captures(text) {
        let part = |group: usize| found.get(group).map_or("", |it| it.as_str());
        let no = if found.get(1).is_some() { "no " } else { "" };
        return Some(format!("{no}{} {}", part(2), part(3).trim_end()));
    }
    // What the title sums up, a sentence says as an option.
    let titled = statement.line == 0;
    let by_which = || scene.reading.own().filter(|_| titled).find_map(|said| BY_WHICH.first(&said.text, 1));
    if let Some(told) = BY_WHICH.first(text, 1).or_else(by_which) {
        return Some(told.trim_end().to_owned());
    }
    // `Some way of toggling this`: what, the title says.
    let toggles = scene.reading.own().any(|said| TOGGLES.is_in(&said.text));
    let said = if TOGGLES.is_in(text) { scene.brief.title.as_str() } else { text };
    let found = DENIES.captures(said).filter(|_| toggles)?;
    let part = |group: usize| found.get(group).map_or("", |it| it.as_str());
    Some(format!("does not {} {}", part(1), part(2)))
}

fn nameless(declared: &Declared<'_>, findings: &mut Findings, (index, statement): (usize, &Statement)) {
    let scene = declared.scene;
    let Some(does) = does(scene, statement) else { return };
    let cases =
        vec![format!("with the option: {does}"), "without it: output and exit code as before".to_owned()];
    // Whoever may triage has named it.
    let of_triage = |one: &&Statement| one.by.as_deref().is_some_and(|by| scene.brief.triages(by));
    let said = scene.reading.demands.iter().chain(&scene.reading.talk).filter(of_triage);
    let names = |one: &Statement| {
        let flags = mentions::mentions(&one.text).into_iter().filter(|flag| flag.kind == MentionKind::Flag);
        let mut new = flags.filter(|flag| declared.declaring(&flag.text).is_none());
        new.any(|flag| is_asked(&one.text, &flag.text))
    };
    let named = said.take(40).any(names);
    if !named {
        findings.ask(
            scene,
            "the option",
            Question::new(
                scene.slot("option.called", index),
                "What is the option called?".to_owned(),
                "a name like those beside it".to_owned(),
                70,
            ),
        );
    }
    let places = declared.home().map(places::existing).into_iter().collect();
    findings
        .claim(index, Claim { frame: FRAME.name, group: "option".into(), kind: "feature", cases, places });
}

/// A command of the workshop that has to pass: no option of what is built there.
static TOOL: Pattern = Pattern::new(
    r"^\W*`?(?:npx |yarn |pnpm )?(?:eslint|tsc|prettier|jest|vitest|mocha|stylelint|biome|oxlint|black|flake8|pylint|isort|mypy|pyright|bandit|rubocop|phpstan|psalm|phpcs|golangci-lint|gofmt|staticcheck|govulncheck|clippy|rustfmt|shellcheck|hadolint|actionlint|zizmor|clang-tidy|clang-format|ktlint|detekt|checkstyle|spotbugs|pre-commit|ruff|pytest|tox|nox)\b[^`.;]{0,80}--?\w[^.;]{0,60}?\b(?:must|should|has to|needs to|shall)\s+(?:always |also |still )?(?:pass|be (?:green|clean|run|added|part)|succeed|stay|run|find|report no)|^\W*`(?:\$ )?(?:cargo|npm|npx|pnpm|yarn|bun|deno|go|make|just|mvn|\./mvnw|gradle|\./gradlew|dotnet|bundle|rake|composer|pytest|python3?|tox|nox|uv|poetry|ruff|mypy|docker|git|swift|mix|sbt)\s[^`]+`",
);

static SINGLE: Pattern = Pattern::new(r#"(?:^|[\s`\x22'(])(-[a-z][a-z-]{2,24})(?:[\s`\x22'=)<,.]|$)"#);
/// One letter, called an option.
static LETTER: Pattern = Pattern::new(
    r"`(-[A-Za-z])` (?:option|flag|switch)\b|\b(?:option|flag|switch)(?: called| named)? `(-[A-Za-z])`",
);
static WANTS: Pattern = Pattern::new(
    r"\b(?:an?|new|as a) (?:cli |command[- ]line |optional |new )*(?:options?|flags?|switch(?:es)?)\b(?: to| that| which| for|[.?]?$)",
);
static LONG: Pattern = Pattern::new(r"(?:^|[\s`])(--[a-z][a-z0-9-]{2,24})");

/// The option a demand asks for: its own, or the one the issue's examples show, where options are declared here.
fn flag_of(
    declared: &Declared<'_>,
    findings: &mut Findings,
    (index, statement): (usize, &Statement),
) -> Option<String> {
    let scene = declared.scene;
    // A report that names an option asks for none.
    // What a proposal's code wants of a type is of a library, and no option of a program.
    if TOOL.is_in(&statement.text) || statement.origin == Origin::Report || scene.lookups.of_type {
        return None;
    }
    let flags = mentions::mentions(&statement.text)
        .into_iter()
        .filter(|one| one.kind == MentionKind::Flag && !is_compared(&statement.text, &one.text));
    let meant = |flag: &String| match used::is_used(scene, flag) {
        true => !used::is_beside(&statement.text, flag) && is_asked(&statement.text, flag),
        false => declared.declaring(flag).is_none() || is_asked(&statement.text, flag),
    };
    // Beside a new one, one that is there already only stands for the case.
    let mut flags: Vec<String> = flags.map(|mention| mention.text).filter(meant).collect();
    flags.sort_by_key(|flag| declared.declaring(flag).is_some());
    if let Some(flag) = flags.into_iter().next() {
        return Some(flag);
    }
    let home = declared.home().and_then(|path| scene.places.text(path))?;
    if let Some(letter) = LETTER.either(&statement.text) {
        return Some(letter.to_owned());
    }
    if let Some(short) = SINGLE.first(&statement.text, 1) {
        let long = format!("-{short}");
        if home.contains("--") || home.contains("long") {
            findings.ask(
                scene,
                &words::code(short),
                Question::new(
                    scene.slot("option.name", index),
                    format!("Is it called `{long}` here, or `{short}` as in the issue?"),
                    format!("`{long}`, like the options beside it"),
                    70,
                ),
            );
            return Some(long);
        }
        return Some(short.to_owned());
    }
    if !WANTS.is_in(&statement.text) {
        return None;
    }
    let blocks = scene.reading.blocks.iter().map(|block| block.text.as_str());
    let shown = blocks.flat_map(|text| LONG.all(text, 1)).find(|flag| {
        let quoted = format!("\"{}\"", flag.trim_start_matches('-'));
        let mut files = scene.places.snapshot.files.iter().filter(|(path, _)| places::is_source(path));
        !files.any(|(_, text)| text.contains(*flag) || text.contains(&quoted))
    });
    shown.map(str::to_owned)
}

/// `Short flags for `--export``, `the same as `--csv``: named beside the one that is asked for.
fn is_compared(text: &str, flag: &str) -> bool {
    let Some(at) = text.find(flag) else { return false };
    let before = text.get(..at).unwrap_or_default().trim_end_matches(['`', ' ', '"', '\'']);
    COMPARED.is_in(before)
}

static COMPARED: Pattern = Pattern::new(
    r"\b(?:flags?|options?|switch(?:es)?|aliases|alias|shorthands?|names?) for(?: the)?$|\b(?:equivalent|equal|similar|identical|compared|next|alternative) to(?: the)?$|\b(?:same as|just like|flags? like|options? like|e\.g\.|such as|rather than|instead of|in place of|existing)(?: the)?$|\b(?:instead of|rather than) (?:always |having to )?\w+ing\b[^.;,]{0,60}$|^\W*for (?:example|instance)\b[^.]*$",
);

/// Does a sentence ask something of an option that is there already, instead of only calling with it?
fn is_asked(text: &str, flag: &str) -> bool {
    let Some(at) = text.find(flag) else { return false };
    let (before, after) =
        (text.get(..at).unwrap_or_default(), text.get(at + flag.len()..).unwrap_or_default());
    ASKS_FOR.is_in(before.trim_end_matches(['`', ' ', '"', '\''])) || DOES.is_in(after)
}

static ASKS_FOR: Pattern = Pattern::new(
    r"\b(?:add|accept|adapt|allow|deprecate|disable|drop|enable|expand|extend|fix|give|have|honou?r|implement|improve|introduce|let|like|make|need|offer|provide|remove|rename|respect|support|teach|want)(?:ing|s)?\b[^.]{0,60}$",
);
static DOES: Pattern = Pattern::new(
    r"^[^.;]{0,40}?(?:\b(?:must|should|shall|has to|have to|needs? to|could|would|may not|is to|will)\b|`\s+(?:prints|exits|shows|writes|lists|skips|limits|sets|makes|reads|stops|disables|enables|turns|fails|takes|accepts|ignores|works)\b)",
);

/// What a usage line of the issue says of the option: `-links n` and its explanation.
fn usage(scene: &Scene<'_>, flag: &str) -> Option<String> {
    let bare = flag.trim_start_matches('-');
    scene.reading.blocks.iter().find_map(|block| {
        let mut lines = block.text.lines().map(str::trim).filter(|line| !line.is_empty());
        let first = lines
            .next()
            .filter(|line| line.trim_start_matches('-').starts_with(bare) && line.starts_with('-'))?;
        // `--sort=WORD    sort by WORD …`: on one line, and it may go on below.
        if let Some((head, told)) = first.split_once("  ") {
            let bare = |part: &str| part.trim_start_matches('-').split(['=', ' ', '[']).next() == Some(bare);
            let rest = lines.take_while(|line| !line.starts_with('-')).take(3);
            let told = std::iter::once(told.trim()).chain(rest).collect::<Vec<_>>().join(" ");
            let told = words::clipped(told.trim_end_matches('.'), 120);
            return bare(head).then(|| format!("{}: {told}", words::code(head)));
        }
        let told = lines.next()?;
        let argument = first.trim_start_matches('-').strip_prefix(bare)?.trim();
        let shown = if argument.is_empty() { flag.to_owned() } else { format!("{flag} {argument}") };
        Some(format!("`{shown}`: {}", words::clipped(told.trim_end_matches('.'), 100)))
    })
}

/// Demands that speak of the option without naming it.
fn around(declared: &Declared<'_>, findings: &mut Findings, flag: &str) {
    let scene = declared.scene;
    let stem = words::nouns(&flag.replace('-', " "));
    for (index, statement) in scene.open(findings) {
        let spoken = !words::nouns(&statement.text).is_disjoint(&stem) && scene.own_places(index).is_empty();
        if spoken {
            let cases = super::plain::chained::cases(scene, index, statement);
            let places = declared.home().map(places::existing).into_iter().collect();
            findings.claim(
                index,
                Claim { frame: FRAME.name, group: format!("option {flag}"), kind: "feature", cases, places },
            );
        }
    }
}

struct Asked<'a> {
    text: &'a str,
    flag: &'a str,
    group: String,
}

fn one(declared: &Declared<'_>, findings: &mut Findings, index: usize, asked: Asked<'_>) {
    let scene = declared.scene;
    let Asked { text, flag, group } = asked;
    if let Some(refused) = unless(text, flag) {
        let cases = vec![format!("without `{flag}`: {refused}"), format!("with `{flag}`: done")];
        let places = home_of(declared, index, flag);
        findings.claim(index, Claim { frame: FRAME.name, group, kind: "feature", cases, places });
        return;
    }
    let shows = super::plain::cases(
        text,
        scene.reading.demands.get(index).map_or(Origin::Must, |demand| demand.origin),
    );
    // Of several that hold it the one behind which something is said of it.
    let holding: Vec<&str> = mentions::spans(text)
        .into_iter()
        .filter(|(span, code)| *code && span.contains(flag))
        .map(|(span, _)| span)
        .collect();
    let tells = |span: &&&str| {
        let behind = text.split_once(&words::code(span)).map_or("", |(_, behind)| behind);
        let said = behind.split('`').next().unwrap_or_default();
        PRINTS.is_in(&format!("`{said}"))
    };
    let span = holding.iter().find(tells).or(holding.first()).copied();
    let does = |span| PRINTS.first(text, 1).or_else(|| which(text, span));
    let shows = match span.and_then(|span| Some((span, does(span)?))) {
        Some((span, what)) => {
            vec![format!("`{span}`: {}", words::shorten(what.trim_end_matches('.'), 100))]
        }
        None => match EQUAL
            .first(text, 1)
            .filter(|_| !UNLIKE.is_in(text))
            .map(|same| format!("does what {} does", words::code(same)))
            .as_deref()
            .or_else(|| TAKES.first(text, 1))
        {
            Some(what) => vec![format!("`{flag}`: {}", words::shorten(what.trim(), 100))],
            None => shows.into_iter().filter(|case| !restates(case, text)).collect(),
        },
    };
    let mut cases: Vec<String> = Vec::new();
    let choices = choices(text);
    for choice in &choices {
        cases.push(format!("`{flag} {choice}`: accepted"));
    }
    if choices.len() > 1 {
        cases.push(format!(
            "`{flag} x{}`: refused, naming {}",
            choices.first().map_or("", String::as_str),
            words::list(&words::codes(&choices))
        ));
    }
    for case in shows.into_iter().filter(|_| choices.is_empty()) {
        let named = case.contains(flag);
        cases.push(if named { case } else { format!("with `{flag}`: {case}") });
    }
    if quantity::exit_code(text).is_none()
        && choices.is_empty()
        && declared.declaring(flag).is_none()
        && (VALUE.is_in(text) || GIVEN.is_in(&PULLS.replace(text, |_| String::new())))
    {
        cases.push(format!("`{flag}` without its value: an error that names it, nothing is done"));
    }
    let shown = gate::printed(&cases, &gate::Asked { quote: text, title: &scene.brief.title });
    if shown.is_empty() && declared.declaring(flag).is_none() {
        let named = || named::outcome(flag).map(|outcome| format!("with `{flag}`: {outcome}"));
        cases = usage(scene, flag).or_else(named).into_iter().collect();
    }
    if cases.is_empty() && declared.declaring(flag).is_none() {
        cases.push(format!("`--help` lists `{flag}`"));
        findings.ask(
            scene,
            &words::code(flag),
            Question::new(
                format!("option.does.{flag}"),
                format!("What does `{flag}` do: which input, which output?"),
                format!("what `{flag}` says, like its neighbors"),
                84,
            ),
        );
    }
    let places = home_of(declared, index, flag);
    findings.claim(index, Claim { frame: FRAME.name, group, kind: "feature", cases, places });
}

fn home_of(declared: &Declared<'_>, index: usize, flag: &str) -> Vec<Place> {
    let scene = declared.scene;
    let own = scene.own_places(index).first().filter(|_| scene.lookups.likely.is_empty()).cloned();
    let home = || declared.beside(flag).or_else(|| declared.home()).map(places::existing);
    own.or_else(|| declared.taking(flag)).or_else(home).into_iter().collect()
}

static WHICH: Pattern = Pattern::new(r"^,? (?:which|that) ([a-z]+s\b.{3,160}?)[.!]?$");

/// `… --listen ADDRESS, which overrides it`: what the option does.
fn which<'t>(text: &'t str, span: &str) -> Option<&'t str> {
    let behind = text.split_once(&words::code(span))?.1;
    WHICH.first(behind, 1)
}

/// Whoever accepts a pull request accepts no value.
static PULLS: Pattern = Pattern::new(
    r"\b(?:accept|take|welcome|merge)(?:s|ing)? (?:an?|the|your) (?:pr|pull request|patch|contribution)\b",
);
static GIVEN: Pattern = Pattern::new(r"\b(?:takes?|accepts?|with)\s+(?:an?|one|the)\s+[\w .-]{2,40}");

/// A case that only says the demand again.
fn restates(case: &str, text: &str) -> bool {
    text.starts_with(case.trim_end_matches('…').trim())
}

fn choices(text: &str) -> Vec<String> {
    let Some(all) = CHOICES.first(text, 0) else { return Vec::new() };
    mentions::spans(all)
        .into_iter()
        .filter(|(word, code)| *code && !word.starts_with('-'))
        .map(|(word, _)| word.to_owned())
        .collect()
}

/// What holds when the option is not given: said once, for the first demand.
fn without_flag(declared: &Declared<'_>, findings: &mut Findings, flag: &str) {
    let scene = declared.scene;
    let group = format!("option {flag}");
    let output = scene.reading.demands.iter().any(|demand| {
        demand.text.contains("without")
            || demand.text.contains("default")
            || unless(&demand.text, flag).is_some()
    });
    let claim = findings.claims.iter_mut().flatten().find(|claim| claim.group == group);
    if let (false, Some(claim)) = (output, claim) {
        claim.cases.push(format!("without `{flag}`: output and exit code as before"));
    }
    if let Some(path) = declared.declaring(flag) {
        findings.ask(
            scene,
            &words::code(flag),
            Question {
                slot: format!("option.exists.{flag}"),
                text: format!("`{flag}` stands in `{path}` already. Is that the same option?"),
                default: format!("yes, and it is changed there, in `{path}`"),
                why: String::new(),
                weight: 88,
            },
        );
    }
}

/// The command that takes the option: the one that is shown with it, else the first that is shown.
fn of_command(scene: &Scene<'_>, flag: &str) -> Option<String> {
    let text = scene.whole();
    let called = |(span, code): &(&str, bool)| {
        *code
            && span.split_whitespace().count() > 1
            && !ADDRESS.is_in(span)
            && !TOOL.is_in(&words::code(span))
            && (span.contains(flag) || !span.contains("--"))
            && !["a ", "an ", "the "].iter().any(|article| span.starts_with(article))
            && !span.contains('\n')
    };
    let all: Vec<&str> = mentions::spans(&text).into_iter().filter(called).map(|(span, _)| span).collect();
    let command = all.iter().find(|span| span.contains(flag)).or(all.first())?;
    let words: Vec<&str> =
        command.split_whitespace().take_while(|word| !word.starts_with('-')).take(2).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// `GET /stock` is called, too, and takes no options.
static ADDRESS: Pattern = Pattern::new(r"(?-i:^[A-Z]{3,7} /)");
