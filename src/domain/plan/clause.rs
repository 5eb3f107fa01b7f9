//! A sentence of the form “when this, that must happen” as a case: the condition, then what one sees.

mod abroad; // cases in other tongues
mod alias; // names that are taken for others
mod arrow; // `this -> that`
mod given; // a scenario in one sentence
mod having; // what one would like a thing to do
mod loose; // what is written in a hurry
mod message; // what is to be printed word by word
mod workaround; // what one has to do today

use regex::Captures;

use self::abroad::abroad;
use crate::domain::plan::asks;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::{quantity, words};

pub use alias::alias;
pub use arrow::arrow;
pub use given::given;
pub use having::having;
pub use message::{message, printed};
pub use workaround::workaround;

/// Longest part of a case, in characters.
const PART: usize = 110;

static FIRST: Pattern = Pattern::new(
    r"^(?:and |but |so |also |even )?(?:if|when|whenever|once|while|unless|for|on|wenn|falls|sobald)\s+(.{3,200}),\s*(?:then\s+)?([^,]{2,140}?\s+(?:must|shall|should|has to|have to|needs? to|may|can)\b.{2,300}|[^,]{3,200})$",
);
/// `If the file exists already it should be overwritten`, without a comma.
static UNPARTED: Pattern = Pattern::new(
    r"^(?:and |but |so |also |even )?(?:if|when|whenever|once|unless)\s+([^,:;]{4,120}?)\s+((?:it|this|they|these|there|the (?:[\w-]+ ){0,2}[\w-]+|an? (?:[\w-]+ )?[\w-]+|`[^`]+`)\s+(?:must|shall|should|has to|have to|needs? to)\b.{2,300})$",
);
static MODAL: Pattern = Pattern::new(
    r"^(.{2,140}?)\s+(?:must|shall|should|has to|have to|needs? to|ought to|may|can)(?:\s+(?:also|always|then|still|only|just|rather|simply|instead|better))?(\s+not|n't|\s+never|not)?\s+(.{2,300})$",
);
static LAST: Pattern =
    Pattern::new(r"^(.{3,200}?),?\s+(if|when|whenever|once|while|until|unless|as long as)\s+([^,]{3,140})$");
static LONE: Pattern = Pattern::new(r"^`([\w.-]+)\s*[:=]\s*([^`\s]+)`$");
static EXACTLY: Pattern = Pattern::new(
    r"^(?:.*\b(?:there must|must)\s+(?:appear|be)\s+)?(.{3,120}?),\s*(?:otherwise|or else|else)\s+(.{3,160}?)(?:\s+(?:should|must|has to) be (\w+))?$",
);
static WOULD: Pattern = Pattern::new(
    r"^(?:.*\b(?:i|we)(?:'d| would)? (?:also )?(?:expect|want|like))\s+(?:that\s+)?(.{2,120}?)\s+to\s+(.{3,200})$",
);
static ADDED: Pattern =
    Pattern::new(r"^(.{3,240}?)(?:,? (?:so that|because|which means)\b.*|, (?:so|since)\b.*)$");

static SAME: Pattern = Pattern::new(
    r"^(?:[^,:]{2,40}[:,] )?(?:and )?(?:the )?same (?:for|with|goes for|applies to|is true for) (.{3,120})$",
);

/// The reason stands before it.
static WHY: Pattern = Pattern::new(r"^(?:as|since|because) [^,:;]{6,110}, (.{8,})$");
/// What whoever reads it is to keep in mind.
static MINDS: Pattern = Pattern::new(
    r"^(?:please )?(?:note|mind|keep in mind|be aware|of course|obviously),? (?:also )?(?:that )?(.{12,})$",
);

/// `Same with this, which should …`: what it should is said.
static SAME_WHICH: Pattern = Pattern::new(
    r"^(?:and )?(?:the )?same (?:for|with|goes for|applies to) (.{2,80}?),? which ((?:must|should|shall|has to) .{3,200})$",
);

/// The case a demand states in its own words; nothing where it has no outcome to see.
pub fn case(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches(['.', ';', '!']);
    // What holds all the same is no condition.
    let text = CONCEDES.first(text, 1).unwrap_or(text);
    let text = MINDS.first(text, 1).unwrap_or(text);
    let text = WHY.first(text, 1).unwrap_or(text);
    let told = arrow(text).or_else(|| given(text)).or_else(|| workaround(text)).or_else(|| abroad(text));
    let told = told.or_else(|| loose::loose(text));
    if let Some(case) = told {
        return Some(case);
    }
    if let Some(found) = SAME_WHICH.captures(text) {
        return case(&format!("{} {}", found.get(1)?.as_str(), found.get(2)?.as_str()));
    }
    if let Some(other) = SAME.first(text, 1).filter(|other| other.contains('`')) {
        return Some(format!("{}: the same", words::shorten(other.trim(), PART)));
    }
    if let Some(found) = LONE.captures(text) {
        return Some(format!("`{}` not given: {}", found.get(1)?.as_str(), found.get(2)?.as_str()));
    }
    let whole = |found: &Captures<'_>| found.get(1).is_some_and(|it| !OPEN_END.is_in(it.as_str()));
    let parted = FIRST.captures(text).or_else(|| UNPARTED.captures(text).filter(whole));
    let (condition, rest) = match parted {
        Some(found) => (found.get(1).map(|it| it.as_str()), found.get(2)?.as_str()),
        None => (None, text),
    };
    if let (None, Some(found)) = (condition, EXACTLY.captures(rest)) {
        let (right, wrong) = (found.get(1)?.as_str(), found.get(2)?.as_str());
        let done = found.get(3).map_or(String::new(), |done| format!(" {}", done.as_str()));
        return Some(format!("not {}: {}{done}", words::shorten(right, PART), words::shorten(wrong, PART)));
    }
    if let (None, Some(found)) = (condition, WOULD.captures(rest)) {
        let (subject, outcome) = (found.get(1)?.as_str(), found.get(2)?.as_str());
        // `I want to propose … to …`: what somebody does, and no subject.
        if subject.starts_with("to ") {
            return None;
        }
        let bare = outcome.strip_prefix("be ").unwrap_or(outcome);
        let said = if bare == outcome { inflected(subject, bare) } else { bare.to_owned() };
        let subject = (!PRONOUN.is_in(subject)).then(|| within(subject));
        return Some(joined(subject.as_deref(), &said)).filter(|case| case.len() > 6);
    }
    let rest = THOUGHT.first(rest, 1).unwrap_or(rest);
    let Some(found) = MODAL.captures(rest) else { return stated(condition, rest) };
    let subject = found.get(1)?.as_str().trim();
    let subject = ALSO.first(subject, 1).unwrap_or(subject);
    if OFFER.is_in(rest) || OPEN_END.is_in(subject) {
        return None;
    }
    let negated = found.get(2).is_some();
    let verb = ADDED.first(found.get(3)?.as_str(), 1).unwrap_or(found.get(3)?.as_str());
    let last = LAST.captures(verb).filter(|_| !WAITS.is_in(verb));
    let (verb, condition) = match (condition, last) {
        (None, Some(last)) => {
            (last.get(1)?.as_str(), Some(with(last.get(2)?.as_str(), last.get(3)?.as_str())))
        }
        (condition, _) => (verb, condition.map(str::to_owned)),
    };
    let subject = match subject.to_lowercase().as_str() {
        "it" | "this" | "that" | "we" | "you" | "i" | "one" | "there" | "this means there" => "",
        _ => subject,
    };
    let outcome = outcome(negated, verb.trim())
        .filter(|outcome| outcome.chars().count() > 2 || !outcome.chars().all(char::is_alphabetic))?;
    if let (None, Some((done, when)), true) = (&condition, when_done(&outcome), !subject.is_empty()) {
        return Some(joined(Some(when), &format!("{} {done}", within(subject))));
    }
    Some(match (condition, subject) {
        (None, "") => words::shorten(&outcome, PART),
        (None, subject) => joined(Some(subject), &inflected(subject, &outcome)),
        (Some(condition), "") => joined(Some(&condition), &outcome),
        (Some(condition), subject) => {
            let subject = within(subject);
            joined(Some(&condition), &format!("{subject} {}", inflected(&subject, &outcome)))
        }
    })
}

/// `printed for an empty file`: what is done, and for what.
pub fn when_done(outcome: &str) -> Option<(&str, &str)> {
    let found = FOR.captures(outcome)?;
    let when = found.get(2)?.as_str();
    (!SPAN.is_in(when)).then_some((found.get(1)?.as_str(), when))
}

static FOR: Pattern = Pattern::new(
    r"^((?:also |always )?(?:printed|shown|written|logged|emitted|raised|thrown|returned|executed|called|run|sent|created|given)) (?:for|in case of|upon) ((?:an? |the |each |every |all |any |empty |`).{3,90})$",
);
/// How long, or what for.
static SPAN: Pattern = Pattern::new(
    r"^(?:an?|the|each|every) (?:\w+ )?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|while|time|session|sake|purpose|benefit|user|reader|moment)\b",
);

/// `Wait until …`: what is waited for is the outcome and no condition of it.
static WAITS: Pattern = Pattern::new(r"^(?:wait|block|sleep|pause|hold|hold on) (?:until|while)\b");
/// `We can …`: an offer, whose wish says what comes of it.
static OFFER: Pattern = Pattern::new(r"^(?:we|you|i|one) (?:can|may|could) \w");
/// `The page that should …` is no sentence: what the page does never comes.
static OPEN_END: Pattern = Pattern::new(r"\b(?:that|which|who|what|where|whether|and|or|but|to)$");
static THOUGHT: Pattern = Pattern::new(
    r"^(?:(?:one more|another|an?|my) (?:\w+ ){0,2}\w+: )?(?:i (?:guess|think|believe|feel like)(?: that)?|(?:i['’]?m|i am|i was) wondering (?:if|whether)|i wonder (?:if|whether)|in my opinion,?|imho,?|my (?:guess|feeling|sense|hunch|take|view|opinion|thinking|preference) (?:is|would be)(?: that)?)\s+(.+)$",
);
static PRONOUN: Pattern = Pattern::new(r"^(?:it|this|that|you|we|them|a way|be able|some\w*|any\w*)\b");

/// An adverb between a subject and its verb.
static ALSO: Pattern = Pattern::new(
    r"^(?:(?:ideally|however|instead|so|but),? )?(.{2,}?),?(?: (?:also|now|then|always|still|simply|just|only|really))?$",
);

static STATED: Pattern = Pattern::new(
    r"^(.{1,90}?)\s+((?:wins?|allows|handles|contains|supports|overrides?|takes? precedence|ignores?|stays?|keeps?|returns?|throws?|raises?|prints?|shows?|fails?|appears?|disappears?|closes|opens|exits?|logs?|skips?|refuses?|rejects?|accepts?|runs?|behaves?|becomes?|does the same|do the same|uses|takes|answers|gets?|works?|happens?|remains?|sends?|writes?|reads?|deletes?|removes?|is (?:not |no longer |still |always |never )?(?:\w+ed|shown|sent|kept|read|written|thrown|hidden|set|empty|null|optional|the same)|are (?:not |no longer |still |always |never )?(?:\w+ed|shown|sent|kept|read|written|thrown|hidden|set|empty|null|optional|the same))\b.*)$",
);

/// A demand that states what is so, without must.
fn stated(condition: Option<&str>, text: &str) -> Option<String> {
    let told = !asks::is_imperative(text) && !asks::requests(text);
    let found = STATED.captures(text).filter(|found| {
        found.get(1).is_some_and(|it| {
            !it.as_str().contains(" that ") && !BEFORE_NOUN.is_in(it.as_str()) && !DENIED.is_in(it.as_str())
        })
    });
    let found = found.filter(|_| told);
    let Some(found) = found else { return condition.is_none().then(|| proposed(text)).flatten() };
    let (subject, outcome) = (found.get(1)?.as_str().trim_end_matches([':', ' ']), found.get(2)?.as_str());
    let subject = ALSO.first(subject, 1).unwrap_or(subject);
    let (subject, outcome) = match WILL.first(subject, 1) {
        Some(bare) => (bare, inflected(bare, outcome)),
        None => (subject, outcome.to_owned()),
    };
    Some(match condition {
        Some(condition) => joined(Some(condition), &format!("{subject} {outcome}")),
        None => joined(Some(subject), &outcome),
    })
}

/// What comes after it does not come.
static DENIED: Pattern = Pattern::new(r"(?:n['’]t|\bnot|\bnever)$");

/// What it will do, it does.
static WILL: Pattern = Pattern::new(r"^(.{2,}?) (?:will|would|shall)$");

/// What comes after one of these is a noun, however much it looks like a verb.
static BEFORE_NOUN: Pattern = Pattern::new(
    r"\b(?:the|an?|of|for|to|in|on|at|by|with|from|into|its|their|your|our|my|no|each|every|this|these|those|new|all|any|and|or|more|how|can)$",
);

static PROPOSAL: Pattern = Pattern::new(
    r"^(?:(?:i|we)(?:'d| would)? (?:propose|suggest|like|want|love)(?: that)?(?: (?:to|we|you))?(?: be able to)?)\s+(.{4,300})$",
);
static NEW: Pattern = Pattern::new(
    r"^(?:(?:i|we)(?:'d| would)? (?:like|want|propose|suggest) |add |adds |introduce )?an? (?:new |optional |additional )*(?:option|property|setting|flag|parameter|argument|field|attribute|variable|method|key) (`[^`]+`).*?\bdefault(?:s to| is|:| =|=)?\s+(`?[\w.]+`?)",
);
static OTHERWISE: Pattern =
    Pattern::new(r"^(?:default|fall back|defaults|falls back)\s+to\s+(.{1,60}?)\s+(?:if|when)\s+(.{3,120})$");
static TOKEN: Pattern = Pattern::new(r"`[^`]+`|'[^' ]{1,20}'|\b(?:ctrl|shift|alt|cmd)\+\w");

/// What somebody proposes, without the proposing and the reasons; nothing where it names nothing to see.
fn proposed(text: &str) -> Option<String> {
    if let Some(found) = OTHERWISE.captures(text) {
        return Some(joined(Some(found.get(2)?.as_str()), found.get(1)?.as_str()));
    }
    if let Some(found) = NEW.captures(text) {
        return Some(joined(Some(&format!("{} not given", found.get(1)?.as_str())), found.get(2)?.as_str()));
    }
    let what = PROPOSAL.first(text, 1)?;
    let what = ADDED.first(what, 1).unwrap_or(what);
    TOKEN.is_in(what).then(|| words::shorten(what.trim(), 150))
}

/// A verb in its first form as it follows its subject, whichever verb it is.
pub fn agrees(subject: &str, verb: &str) -> String {
    let last = subject.split(' ').rfind(|word| !word.contains('`')).unwrap_or_default();
    let first = subject.split(' ').next().unwrap_or_default();
    let many = |word: &str| {
        word.ends_with('s')
            && !word.ends_with("ss")
            && !word.ends_with("us")
            && word.len() > 3
            && !word.eq_ignore_ascii_case("this")
            || matches!(word.to_lowercase().as_str(), "i" | "we" | "you" | "they" | "these" | "those")
    };
    if many(last) || many(first) {
        return if verb == "be" { "are" } else { verb }.to_owned();
    }
    match verb {
        "have" => "has".to_owned(),
        "do" => "does".to_owned(),
        "go" => "goes".to_owned(),
        "be" => "is".to_owned(),
        verb => of_one(verb),
    }
}

/// A regular verb behind a subject of which there is one: `copies`, `passes`.
fn of_one(verb: &str) -> String {
    match verb.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u'])) {
        _ if verb.ends_with(['s', 'x', 'z']) || verb.ends_with("ch") || verb.ends_with("sh") => {
            format!("{verb}es")
        }
        Some(stem) => format!("{stem}ies"),
        None => format!("{verb}s"),
    }
}

/// A verb in its first form: `stop` of `stops`.
pub fn base(verb: &str) -> String {
    let hissed = ["sses", "shes", "tches", "xes", "zzes"].iter().any(|end| verb.ends_with(end));
    match verb.strip_suffix("ies") {
        Some(stem) if stem.len() > 1 => format!("{stem}y"),
        _ if hissed => verb.strip_suffix("es").unwrap_or(verb).to_owned(),
        _ => verb.strip_suffix('s').unwrap_or(verb).to_owned(),
    }
}

/// The verb as it follows its subject: `it starts`, `they start`.
fn inflected(subject: &str, outcome: &str) -> String {
    let (verb, rest) = outcome.split_once(' ').unwrap_or((outcome, ""));
    let many =
        |word: &str| word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") && word.len() > 3;
    let mut words = subject.split(' ').filter(|word| !word.contains('`'));
    let first = words.clone().next().unwrap_or_default();
    let plural =
        words.next_back().is_some_and(many) || (many(first) && !first.ends_with("'s") && first != "This");
    // `should automatically update` is `automatically updates`.
    if verb.ends_with("ly") && rest.split(' ').next().is_some_and(|verb| BASE.is_in(verb)) {
        return format!("{verb} {}", inflected(subject, rest));
    }
    if let Some(kept) = outcome.strip_prefix("does not ").filter(|_| plural) {
        return format!("do not {kept}");
    }
    // `Must be kept`: what is done already takes no ending.
    let finite = BASE.is_in(verb) && !plural && !matches!(verb, "kept" | "left" | "held");
    let verb = if finite { of_one(verb) } else { verb.to_owned() };
    if rest.is_empty() { verb } else { format!("{verb} {rest}") }
}

static BASE: Pattern = Pattern::new(
    r"^(?:implement|indicate|provide|define|derive|generate|check|suppress|rewrite|validate|detect|render|parse|preserve|enforce|expose|treat|follow|apply|round|trim|filter|format|encode|decode|escape|mark|mask|convert|request|produce|search|forward|pass|propagate|respect|honor|reject|resolve|report|add|list|cache|count|draw|focus|select|expand|collapse|output|highlight|call|cancel|cause|throw|raise|return|refuse|reject|accept|ignore|skip|log|print|show|display|list|write|save|store|delete|remove|read|load|open|close|start|stop|exit|fail|succeed|pass|work|keep|kept|left|held|stay|remain|appear|disappear|include|contain|exclude|match|emit|send|receive|respond|answer|redirect|retry|wait|block|allow|disable|enable|set|reset|clear|default|fall|use|change|update|create|sort|handle|win|override|take|give|run|end|begin|support|mention|refer|move|copy|hide|notify|warn|report|leave|name|enter|join|attach|detach)$",
);

/// A subject that no longer begins its sentence.
fn within(subject: &str) -> String {
    let article = ["The ", "A ", "An ", "Its ", "Any ", "Each ", "Every ", "No "]
        .iter()
        .any(|word| subject.starts_with(word));
    match article {
        true => {
            subject.char_indices().map(|(at, c)| if at == 0 { c.to_ascii_lowercase() } else { c }).collect()
        }
        false => subject.to_owned(),
    }
}

/// `until` and `unless` change what a condition means; the rest need no word.
fn with(word: &str, condition: &str) -> String {
    match word.to_lowercase().as_str() {
        "until" | "unless" | "as long as" | "while" => format!("{} {condition}", word.to_lowercase()),
        _ => condition.to_owned(),
    }
}

fn joined(condition: Option<&str>, outcome: &str) -> String {
    let outcome = words::shorten(outcome.trim(), PART);
    match condition {
        Some(condition) => format!("{}: {outcome}", words::shorten(condition.trim(), PART)),
        None => outcome,
    }
}

static SEEN: Pattern = Pattern::new(
    r"^(?:be |get )?(?:re)?(?:call|cancel|caus|throw|rais|return|refus|reject|accept|ignor|skip|log|print|show|display|list|writ|sav|stor|delet|remov|read|load|open|clos|start|stop|exit|fail|succeed|pass|work|keep|kept\b|left\b|held\b|stay|remain|appear|disappear|includ|contain|exclud|match|emit|send|sent|receiv|respon|answer|redirect|retri|retry|wait|block|allow|disabl|enabl|set|reset|clear|default|fall|us(?:e|ing)\b|chang|updat|creat|sort|order|group|filter|hid|hidden|visible|focus|select|copy|copi|mov|merg|split|escap|encod|decod|pars|validat|convert|round|truncat|limit|count|increment|decrement|notif|warn|report|mask|redact|expire|cach|document|describ|mention|refer|support|handl|win\b|overrid|tak|giv|run|ran|execut|end|begin|no |not |nothing|null|none|empty|zero|true|false|optional|required|possible|available|compatible|the same|equal|unchanged|case|at |\d|`|check|suppress|rewrit|detect|render|preserv|enforc|expos|treat|follow|appl|encod|forward|propagat|respect|honor|produc|search|leav(?:e|es|ing)\b|nam(?:e|es|ing)\b|enter|join|attach|detach|overwr|replac|strip|trim|drop|quot|highlight|underlin|colou?r|indent|align|wrap|pad|prefix|suffix|append|prepend|insert|draw|download|upload|install|uninstall|regist|unregist|restor|revert|lock|unlock|terminat|kill|abort|paus|resum|trigger|fired\b|dispatch|publish|deliver|queu|schedul|compress|decompress|sign(?:ed|s)?\b|encrypt|decrypt|import|export|renam|resiz|collaps|expand|toggl|tag|label|mark|assign|resolv|substitut|interpolat|evaluat|inherit|omit|flag|bump|link|point|repeat|reflect|pick|choos|chosen|infer|deriv|calculat|comput|quit\b|catch|get (?:an?|the|its)\b|go (?:back|to|on)\b|\w+able\b|\w+ible\b)",
);

/// Qualities that each reader measures by a rule of their own: nothing to see.
static FELT: Pattern = Pattern::new(
    r"^(?:be |stay |remain |become |get |look )?(?:more |very |really |easily |highly |better )*(?:maintain|read|reli|scal|us|test|understand|manage|sustain|extens|flex|reason|sens|enjoy|comfort|predict|depend|present|respons|reus|robust)(?:able|ible|ive)\b|^(?:work|works|run|runs|behave|behaves|perform|performs|respond|responds)(?: \w+){0,2} (?:properly|correctly|well|better|fine|nicely|smoothly|gracefully|reliably|as expected)$",
);

/// Does it ask for nothing but such a quality?
pub fn is_felt(demand: &str) -> bool {
    let verb = MODAL.captures(demand.trim()).and_then(|found| found.get(3));
    verb.is_some_and(|verb| FELT.is_in(verb.as_str())) && !LOOKED_UP.is_in(demand)
}

/// What can be counted or looked up: a number, code, or words as they stand on a screen.
static LOOKED_UP: Pattern = Pattern::new(r#"\d|`|["“„«]|(?:^|\s)['‘]\S"#);

static BARE: Pattern = Pattern::new(r": (?:there|given up after the time asked below)$|^\D*: accepted$");

/// Says only that something is there: nothing beside cases that show it.
pub fn is_bare(case: &str) -> bool {
    BARE.is_in(case)
}

/// Is the case its demand again, with nothing to count or to look up in it?
///
/// A case says what one sees; one that only moves a colon into the sentence says no more than the sentence did.
pub fn is_hollow(case: &str, demand: &str) -> bool {
    let seen = LOOKED_UP.is_in(case) || arrow(demand).is_some();
    !seen && words::stands_in(demand, case)
}

/// Does the case use the demand's own words in their order? `stays as is` and `must stay as is` are one.
pub fn repeats(case: &str, demand: &str) -> bool {
    let stems = |text: &str| -> String {
        let plain = words::bare(text);
        let words =
            plain.split(' ').filter(|word| !matches!(*word, "must" | "should" | "shall" | "has" | "to"));
        words.map(words::singular).collect::<Vec<_>>().join(" ")
    };
    words::stands_in(demand, case) || words::stands_in(&stems(demand), &stems(case))
}

/// What a demand wants as it is: its code, else what stands before the verb.
pub fn kept(demand: &str) -> Option<String> {
    let verb = KEPT.captures(demand).filter(|_| !TOLD.is_in(demand))?.get(0)?.start();
    let before = demand.get(..verb)?.trim();
    let subject = MODAL_END.first(before, 1).unwrap_or(before).trim().trim_end_matches(',');
    (subject.chars().count() > 2 && subject.chars().count() < 60).then(|| subject.to_owned())
}

static MODAL_END: Pattern = Pattern::new(r"^(.+?)\s+(?:must|should|shall|has to|have to|needs? to)$");

/// As before, in so many words.
static KEPT: Pattern = Pattern::new(
    r"\b(?:stays?|remains?) (?:as (?:it |they )?(?:is|are)|the same|unchanged|untouched)\b|\bkeeps? (?:on )?(?:working|running|compiling|passing|building)\b|\b(?:must|should|may|shall|does|do)(?: not|n['’]t) (?:change|break|regress)\b|\b(?:unchanged|untouched)\b",
);
/// As before or new, nobody can tell from the words.
static LASTS: Pattern = Pattern::new(r"\b(?:stays?|remains?|keeps?|still)\b");
static TOLD: Pattern = Pattern::new(
    r"\b(?:gets?|becomes?|behaves?|works?|feels?|looks?|is|are|stays?|remains?) (?:\w+ ){0,2}(?:\w+(?:able|ible|ive)|slow|fast|good|better|nice|nicer|clean|cleaner|easy|easier|simple|simpler|properly|correctly|well)\b",
);

/// What shows a demand that is its own case.
pub const TEST: &str = "its test, red before the change";
/// Of what is to stay as it is.
pub const STAYS: &str = "its test, green before the change and after";
/// Of a fault that nobody shows.
pub const FAILS: &str = "a test that fails before the change";
/// Of what lasts, as before or anew.
const LASTING: &str = "a test of its own";
static REMAINS: Pattern = Pattern::new(
    r"\b(?:can|should|must|will|would|to|is|are) (?:still|keep|remain|stay|continue)\b|\bunaffected\b|\bremains?\b",
);

/// What stands in for a case where nothing is said that one would see.
const UNSHOWN: &str = "a test of its own, red before the change";

/// Says no more than that there is to be a test: no case that one could write down.
pub fn is_unshown(case: &str) -> bool {
    case == UNSHOWN
}

/// Says of no case what one would see: that a test is to be there, and no more.
pub fn is_bare_test(case: &str) -> bool {
    [TEST, STAYS, FAILS, LASTING].contains(&case) || is_unshown(case)
}

/// A test of a demand, red before the change unless what is asked is to stay as it is.
pub fn red(demand: &str, test: &str) -> String {
    match REMAINS.is_in(demand) {
        true => format!("{test}, green before the change and after"),
        false => format!("{test}, red before the change"),
    }
}

/// The test of a demand whose words show nothing.
pub fn test_of(demand: &str) -> &'static str {
    if REMAINS.is_in(demand) { STAYS } else { UNSHOWN }
}

static CONCEDES: Pattern = Pattern::new(r"^(?:although|(?:even )?though) [^,]{6,120}, (.{10,})$");

/// What a demand shows that says in words alone what one would see: as before, or a test that is red today.
///
/// Nothing where two readers would look at different things.
pub fn proof(demand: &str, base: &str) -> Option<String> {
    case(demand).filter(|_| !TOLD.is_in(demand))?;
    Some(match () {
        () if KEPT.is_in(demand) => format!("as at {base}"),
        () if LASTS.is_in(demand) => LASTING.to_owned(),
        () => TEST.to_owned(),
    })
}

/// Denied, does the verb say no more than that something is wrong?
pub fn is_hollow_verb(verb: &str) -> bool {
    HOLLOW.is_in(verb)
}

static HOLLOW: Pattern = Pattern::new(r"^(?:work|help|matter|behave|apply|happen|do|make sense)\W*$");

static MORE: Pattern = Pattern::new(
    r"^(.{4,}?)(?:,| &|,? and) (?:it|they|this|that|the(?: \w+){1,2}) (?:stays?|will|must|should)\b.*$",
);

/// What one sees, with the negation where it belongs; nothing where the verb shows nothing.
fn outcome(negated: bool, verb: &str) -> Option<String> {
    if !negated
        && (!SEEN.is_in(verb) || FELT.is_in(verb))
        && !verb.contains('`')
        && !quantity::is_amount(verb)
    {
        return None;
    }
    if negated && is_hollow_verb(verb) {
        return None;
    }
    // What comes behind what is denied is not denied.
    let verb = if negated { MORE.first(verb, 1).unwrap_or(verb) } else { verb };
    let bare = verb.strip_prefix("be ");
    Some(match (negated, bare) {
        (true, Some(rest)) => format!("not {rest}"),
        (true, None) => match verb.strip_prefix("get ") {
            Some(done) if done.split(' ').next().is_some_and(|word| word.ends_with("ed")) => {
                format!("not {done}")
            }
            _ => format!("does not {verb}"),
        },
        (false, Some(rest)) => rest.to_owned(),
        (false, None) => verb.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demand_is_its_condition_and_its_outcome() {
        for (text, expected) in [
            ("A warning should be printed for an empty file.", "an empty file: a warning printed"),
            ("The user should not be asked for the password", "The user: not asked for the password"),
            ("A session must be kept for a week", "A session: kept for a week"),
            (
                "if a name is longer than the limit, `Malformed` must be thrown with the path in the message",
                "a name is longer than the limit: `Malformed` thrown with the path in the message",
            ),
            ("negative limit -> IllegalArgumentException", "negative limit: IllegalArgumentException"),
            (
                "If it is invalid, it should cause a `JsonRejection` with the `From<A> for B` impl",
                "it is invalid: cause a `JsonRejection` with the `From<A> for B` impl",
            ),
            ("The help must print `fn a() -> u8`", "The help: prints `fn a() -> u8`"),
            ("`a -> b` -> `c`", "`a -> b`: `c`"),
            (
                "`OnRetry` must not be called when the duration is exceeded.",
                "the duration is exceeded: `OnRetry` not called",
            ),
            ("A running attempt must not be cancelled.", "A running attempt: not cancelled"),
            ("The default must be no limit, so nothing changes", "The default: no limit"),
            (
                "`Berth` should wait until no ship came for 100 ms",
                "`Berth`: waits until no ship came for 100 ms",
            ),
            ("`Berth` should keep the name", "`Berth`: keeps the name"),
            ("`Tracker` must not poll once it is off", "it is off: `Tracker` does not poll"),
            ("A new property `Max` (int, default 3) on `Options`", "`Max` not given: 3"),
            (
                "It should return the last page until a new one is there",
                "until a new one is there: return the last page",
            ),
        ] {
            assert_eq!(case(text).as_deref(), Some(expected), "{text}");
        }
        for (text, expected) in [
            (
                "This means there must appear exactly one of the `n` flags, otherwise an error should be printed.",
                "not exactly one of the `n` flags: an error printed",
            ),
            (
                "Since it is off, I would expect shell completions to search without case sensitivity.",
                "shell completions: search without case sensitivity",
            ),
            ("empty | 422", "empty: 422"),
            ("DELETE | a guest | 403", "DELETE, a guest: 403"),
        ] {
            assert_eq!(case(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "The code should feel modern",
            "the code must be maintainable",
            "it should work properly",
            "Can you please just make it work properly?",
            "Add the logs to the page",
            "The reader that should be checking if the mode must be set or not.",
            "I want to propose either changing these calls to take types or adding new calls",
        ] {
            assert_eq!(case(text), None, "{text}");
        }
        assert!(is_hollow("Queue: gets slow when it is large", "The queue gets slow, when it is large."));
        assert!(!is_hollow("`Berth`: keeps the name", "`Berth` keeps the name"));
        assert!(!is_hollow("A running attempt: not cancelled", "A running attempt must not be cancelled"));
        assert_eq!(case("no demand at all"), None);
    }

    #[test]
    fn what_is_denied_ends_where_something_else_is_said() {
        for (text, expected) in [
            ("The text must not be added & the output must be as it is today", "The text: not added"),
            (
                "It must not delete the file and the folder it is in",
                "does not delete the file and the folder it is in",
            ),
            ("Even if the file is empty, a header must be printed", "the file is empty: a header printed"),
            (
                "The `text` fields will only get added if `-r` is given",
                "The `text` fields: get added if `-r` is given",
            ),
        ] {
            assert_eq!(case(text).as_deref(), Some(expected), "{text}");
        }
    }
}
