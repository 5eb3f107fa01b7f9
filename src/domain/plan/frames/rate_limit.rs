//! So many of something within so much time from one source: then a refusal.

mod reached; // what comes of so many
mod unmeasured; // how many is still to be said

use crate::domain::plan::frames::{Claim, Findings, Frame, Need, Risk, Scene};
use crate::domain::plan::model::{Place, Question};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::quantity::{self, Quantity};
use crate::domain::plan::words;

/// The frame.
pub static FRAME: Frame = Frame {
    name: "rate limit",
    read,
    risk: Some(Risk::of("a counter in memory is empty after a restart, and two instances count apart")),
};

static ABOUT: Pattern = Pattern::new(
    r"rate.?limit|throttl|too many|lock ?out|brute.?force|\bquota|drossel|begrenz|\blimit(?:ed|ing)?\b",
);
static COUNT: Pattern = Pattern::new(
    r"((?:after|more than|over|at most|up to|max(?:imum)?(?: of)?|limit(?:ed)? to|nach|mehr als|höchstens)?\s*\b(\d{1,9})) ((?:[\p{L}-]+ ){0,2}?(?:attempts?|requests?|calls?|sign-?ins?|logins?|failures?|tries|messages?|uploads?|mails?|jobs?|versuchen?|anfragen))\b",
);
static WINDOW: Pattern = Pattern::new(
    r"(?:\b(?:within|in|per|every|each|pro|innerhalb von)\b|/)\s*(?:(\d{1,9})\s*)?(ms|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?|minuten?|sekunden?|stunden?)\b",
);
static KEY: Pattern = Pattern::new(
    r"(?:from|per|by|for each|for every|von)\s+((?:one |a |an |the same |each |every |a single |single |einer )?(?:client ip|ip address|ip|e-?mail address|address|adresse|client|user|account|api key|key|token|tenant|session|host))\b",
);
static RESET: Pattern = Pattern::new(r"\b(?:resets?|clears?|zurücksetz\w*)\b");
static CONFIG: Pattern = Pattern::new(r"\b(?:configur\w+|setting|konfigurier\w+)\b");
static LIMIT_VERB: Pattern = Pattern::new(
    r"^(?:please )?(?:add )?(?:a )?(?:rate.?limit(?:ing|er)?|limit|throttle)\s+(?:(?:for|on|to|of)\s+)?(.+)$",
);
static UNTIL: Pattern = Pattern::new(r"retry-after|\buntil\b|locked for|blocked for|for \d+ ?(?:s|min|h)");

struct Slots {
    main: usize,
    count: u64,
    count_words: String,
    thing: String,
    window: Quantity,
    answer: String,
    named: bool,
    key: Option<String>,
}

const GROUP: &str = "rate limit";
const CONFIG_GROUP: &str = "rate limit, configured";

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    if !ABOUT.is_in(&scene.whole())
        && !scene.reading.demands.iter().any(|one| COUNT.is_in(&one.text) && WINDOW.is_in(&one.text))
    {
        return;
    }
    reached::read(scene, findings);
    let filled = scene.open(findings).into_iter().find_map(|(index, one)| fill(index, &one.text));
    let Some(slots) = filled.or_else(|| unmeasured::read(scene, findings)) else { return };
    let config =
        scene.open(findings).into_iter().find(|(index, one)| *index != slots.main && CONFIG.is_in(&one.text));
    let reset =
        scene.open(findings).into_iter().find(|(index, one)| *index != slots.main && RESET.is_in(&one.text));
    let home = scene.place(slots.main).or_else(|| scene.own_places(slots.main).first().cloned());
    if scene.answered(EXIT).is_some() {
        findings.used.push(EXIT);
    }
    main(scene, findings, &slots, home.as_ref());
    if let Some((index, one)) = config {
        configured(scene, findings, &slots, Configured { index, text: &one.text, home: home.as_ref() });
    }
    let refused_reset = reset.map(|(index, _)| index);
    if let Some(index) = refused_reset {
        let cases = vec![
            format!(
                "{} failures, success, {} failures: no {}",
                slots.count.saturating_sub(1),
                slots.count,
                slots.answer
            ),
            format!("the next attempt: {}", slots.answer),
        ];
        let places = home.clone().into_iter().collect();
        findings
            .claim(index, Claim { frame: FRAME.name, group: GROUP.into(), kind: "feature", cases, places });
    }
    title(scene, findings, &slots, refused_reset.is_some());
    if !scene.is_done(slots.main) {
        questions(scene, findings, &slots, refused_reset);
    }
    meanings(scene, findings, &slots, config.map(|(_, one)| one.text.as_str()));
}

fn fill(index: usize, text: &str) -> Option<Slots> {
    let count = COUNT.captures(text)?;
    let window = WINDOW.captures(text)?;
    let unit = window.get(2)?.as_str();
    Some(Slots {
        main: index,
        count: count.get(2)?.as_str().parse().ok()?,
        count_words: count.get(1)?.as_str().trim().to_owned(),
        thing: count.get(3)?.as_str().to_owned(),
        window: quantity::duration(window.get(1).map(|digits| digits.as_str()), unit)?,
        answer: quantity::status(text).unwrap_or("refused").to_owned(),
        named: quantity::status(text).is_some(),
        key: KEY.first(text, 1).map(str::to_owned),
    })
}

fn main(scene: &Scene<'_>, findings: &mut Findings, slots: &Slots, home: Option<&Place>) {
    let Slots { count, window, answer, .. } = slots;
    let failing = slots.thing.contains("fail");
    let many = if failing { "failures".to_owned() } else { plural(&slots.thing) };
    let next = unit(slots);
    let article = if next.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    let second = second_key(scene, findings, slots);
    let cases = vec![
        format!("{many} 1–{count}: none is {answer}"),
        format!("then {article} {next} at {}: {answer}", window.below()),
        end(scene, slots, &window.above()),
        format!("from {second}: not {answer}"),
    ];
    let places = home.cloned().into_iter().collect();
    findings
        .claim(slots.main, Claim { frame: FRAME.name, group: GROUP.into(), kind: "feature", cases, places });
}

/// When a refusal ends: as answered, else with the window, just after which is `above`.
fn end(scene: &Scene<'_>, slots: &Slots, above: &str) -> String {
    let answer = &slots.answer;
    let Some(said) = scene.answered(EXIT) else { return format!("at {above}: not {answer}") };
    match quantity::first_time(&said) {
        Some(end) => format!("{} after the refusal: {answer}, after {}: not", end.below(), end.above()),
        None if NEVER.is_in(&said) => format!("at {above} and ever after: {answer}"),
        None => format!("the {answer} ends: {said}"),
    }
}

/// The slot of the end.
const EXIT: &str = "rate_limit.exit";

/// It ends by no time.
static NEVER: Pattern = Pattern::new(r"^never\b");

fn second_key(scene: &Scene<'_>, findings: &mut Findings, slots: &Slots) -> String {
    const SLOT: &str = "rate_limit.key";
    let bare = slots.key.as_deref().map(bare_key);
    match (scene.answer(SLOT), bare) {
        (Some(answer), _) => match counted(&answer.text) {
            Some(key) => {
                findings.used.push(SLOT);
                format!("a second {key}")
            }
            None => format!("a second {}", words::shorten(bare_key(&answer.text), 30)),
        },
        (None, Some(key)) => format!("a second {key}"),
        (None, None) => "a second client IP".to_owned(),
    }
}

/// What counts together: in “the account's e-mail address” not the account.
fn counted(answer: &str) -> Option<&str> {
    let owner = |key: &&str| ["'s ", "’s "].iter().any(|of| answer.contains(&format!("{key}{of}")));
    let found = ANSWERED.all(answer, 1);
    found.iter().find(|key| !owner(key)).or(found.first()).copied()
}

/// The words for it.
static ANSWERED: Pattern = Pattern::new(
    r"\b(client ip|caller['’]s ip|ip address|ip|e-?mail address|e-?mail|user name|account|user|api key|credential|token|tenant|session|host name|host|adresse)\b",
);

struct Configured<'a> {
    index: usize,
    text: &'a str,
    home: Option<&'a Place>,
}

fn configured(scene: &Scene<'_>, findings: &mut Findings, slots: &Slots, config: Configured<'_>) {
    let (count, seconds) =
        if slots.count == 2 { (3, 10) } else { (2, if slots.window.value == 10 { 20 } else { 10 }) };
    let Slots { answer, window, .. } = slots;
    let unit = &window.unit;
    let thing = if slots.thing.contains("fail") { "failures".to_owned() } else { plural(&slots.thing) };
    let file = scene
        .own_places(config.index)
        .iter()
        .find(|place| Some(&place.path) != config.home.map(|home| &home.path));
    let absent = if file.is_some() { "file missing" } else { "setting absent" };
    let cases = vec![
        format!(
            "set to {count} in {seconds} {unit}, {count} {thing}, then at {} {unit}: {answer}",
            seconds - 1
        ),
        end(scene, slots, &format!("{} {unit}", seconds + 1)),
        format!("{absent}: {} in {}", slots.count, window.text()),
    ];
    let places = config.home.cloned().into_iter().collect();
    let claim = Claim { frame: FRAME.name, group: CONFIG_GROUP.into(), kind: "config", cases, places };
    findings.claim(config.index, claim);
    let subject = if config.text.to_lowercase().contains("limit") { "limit" } else { "numbers" };
    match file {
        Some(file) => {
            findings.title(CONFIG_GROUP, format!("Read the {subject} from `{}`", file.path));
            findings.rollback.push(format!("without {{{CONFIG_GROUP}}} nothing reads `{}`", file.path));
        }
        None => {
            findings.title(CONFIG_GROUP, format!("Make {} in {} configurable", slots.count, window.text()))
        }
    }
    findings.needs.push(Need {
        group: CONFIG_GROUP.into(),
        on: GROUP.into(),
        reason: "it configures the numbers that {on} brings in".into(),
    });
}

fn title(scene: &Scene<'_>, findings: &mut Findings, slots: &Slots, reset: bool) {
    let object =
        LIMIT_VERB.first(&scene.brief.title, 1).map(|object| object.trim_end_matches('.').to_owned());
    let object = object
        .filter(|object| object.len() < 50 && object.ends_with('s'))
        .unwrap_or_else(|| slots.thing.clone());
    let tail = if reset { "; a success resets" } else { "" };
    let Slots { answer, count, window, .. } = slots;
    let start = if slots.named { format!("Answer {answer}") } else { "Refuse".to_owned() };
    findings.title(GROUP, format!("{start} after {count} {object} in {}{tail}", window.text()));
}

fn questions(scene: &Scene<'_>, findings: &mut Findings, slots: &Slots, reset: Option<usize>) {
    let key = slots.key.as_deref();
    match key.map(bare_key) {
        Some(bare) => {
            if let Some((text, default)) = two_meanings(bare) {
                let about = words::quoted(key.unwrap_or(bare));
                findings.ask(
                    scene,
                    &about,
                    Question {
                        slot: "rate_limit.key".into(),
                        text: format!("{about}: {text}"),
                        default: default.into(),
                        why: "It is the key of the counter.".into(),
                        weight: 90,
                    },
                );
            }
        }
        None => findings.ask(
            scene,
            "the key of the counter",
            Question {
                slot: "rate_limit.key".into(),
                text: format!(
                    "Whose {} count together: everybody's, or those of one client IP or account?",
                    slots.thing
                ),
                default: "one client IP".into(),
                why: format!("{} names no key.", words::quoted(&slots.count_words)),
                weight: 90,
            },
        ),
    }
    if !slots.named {
        let next = words::ordinal(slots.count.saturating_add(1));
        findings.ask(
            scene,
            "the refusal",
            Question {
                slot: "rate_limit.answer".into(),
                text: format!("What does the caller get instead of the {next} {}?", unit(slots)),
                default: format!("an error that names {} in {}", slots.count, slots.window.text()),
                why: String::new(),
                weight: 70,
            },
        );
    }
    if UNTIL.is_in(&scene.whole()) {
        return;
    }
    let Slots { answer, count, window, .. } = slots;
    let oldest = format!(
        "until the oldest of the {count} {} is {} old; refused attempts do not count",
        noun(slots),
        window.text()
    );
    let (why, default) = match reset {
        Some(index) => (
            format!(
                "R{} frees {} by a success, but a refused attempt cannot succeed.",
                index + 1,
                owner(slots)
            ),
            format!("refused without checking {} {oldest}", checked(scene)),
        ),
        None => (String::new(), format!("refused {}", oldest.replace("attempts", &plural(&slots.thing)))),
    };
    let refusal = if slots.named { format!("the {answer}") } else { "the refusal".to_owned() };
    let end = format!("When does {refusal} end?");
    findings.ask(
        scene,
        &format!("the end of {refusal}"),
        Question {
            slot: EXIT.into(),
            text: format!("{end}{}", if why.is_empty() { String::new() } else { format!(" {why}") }),
            default,
            why: String::new(),
            weight: 80,
        },
    );
}

fn owner(slots: &Slots) -> String {
    match slots.key.as_deref().map(bare_key) {
        Some(key) if key.starts_with(['a', 'e', 'i']) => format!("an {key}"),
        Some(key) => format!("a {key}"),
        None => "the counter".to_owned(),
    }
}

fn checked(scene: &Scene<'_>) -> &'static str {
    let text = scene.whole().to_lowercase();
    match text.contains("sign-in")
        || text.contains("login")
        || text.contains("password")
        || text.contains("sign in")
    {
        true => "the password",
        false => "the request",
    }
}

fn meanings(scene: &Scene<'_>, findings: &mut Findings, slots: &Slots, config: Option<&str>) {
    let Slots { count, window, .. } = slots;
    let next = unit(slots);
    let ordinal = words::ordinal(count.saturating_add(1));
    findings.read_as.push(format!("{} = the {ordinal} {next} is refused", words::quoted(&slots.count_words)));
    if config.is_some_and(|text| text.to_lowercase().contains("limit")) {
        findings.read_as.push(format!("“limit” = both numbers, {count} and {}", window.text()));
    }
    match (scene.places.known(), scene.schema()) {
        (false, _) => {}
        (true, None) => findings.read_as.push(format!(
            "The tree has no schema or migration, so the counter of {} lives in memory: a restart empties it, and two instances count apart",
            slots.thing
        )),
        (true, Some(path)) => findings.ask(scene, "the counter's store", Question {
            slot: "rate_limit.store".into(),
            text: format!("Does the counter of {} live in memory or in the database of `{path}`?", slots.thing),
            default: format!("in memory: a restart forgets {count} in {}", window.text()),
            why: String::new(),
            weight: 50,
        }),
    }
}

fn noun(slots: &Slots) -> String {
    if slots.thing.contains("fail") { "failures".into() } else { plural(&slots.thing) }
}

/// One of what is counted.
fn unit(slots: &Slots) -> String {
    let many = slots.thing.rsplit(' ').next().unwrap_or("attempt");
    words::one(many)
}

fn plural(thing: &str) -> String {
    if thing.ends_with('s') { thing.to_owned() } else { format!("{thing}s") }
}

fn bare_key(key: &str) -> &str {
    let articles = ["one ", "an ", "the same ", "each ", "every ", "a single ", "single ", "a ", "einer "];
    articles.iter().find_map(|article| key.strip_prefix(article)).unwrap_or(key)
}

fn two_meanings(key: &str) -> Option<(&'static str, &'static str)> {
    match key.to_lowercase().as_str() {
        "address" | "adresse" => Some(("IP or e-mail address?", "client IP")),
        "client" => Some(("client IP or API key?", "client IP")),
        "host" => Some(("the caller's IP or the host name asked for?", "the caller's IP")),
        "key" | "token" => {
            Some(("the credential itself, or the account that owns it?", "the credential itself"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counts_together_is_the_thing_and_not_its_owner() {
        assert_eq!(counted("the account's e-mail address"), Some("e-mail address"));
        assert_eq!(counted("the client IP, not the user’s name"), Some("client IP"));
        assert_eq!(counted("per account"), Some("account"));
        assert_eq!(counted("whatever is cheapest"), None);
    }
}
