//! What the writer of a report expected.

use super::{in_section, thrown};
use crate::domain::plan::asks::{self, Leads};
use crate::domain::plan::clause;
use crate::domain::plan::examples;
use crate::domain::plan::frames::Scene;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::roles::Role;
use crate::domain::plan::source::Block;
use crate::domain::plan::statement::Statement;
use crate::domain::plan::words;

/// What was expected, in the report's own words: each sentence below such a heading, and each that says so elsewhere.
pub(super) fn expected(scene: &Scene<'_>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut put = |said: String| {
        // What a form holds before somebody writes there, or what only brings in a block.
        if !FILLS.is_in(&said) && said.chars().count() > 2 && !out.contains(&said) {
            out.push(said);
        }
    };
    let outcome = |block: &&Block| {
        let given = block.lead.as_deref().and_then(asks::leads_to) == Some(Leads::Given);
        block.section.as_deref().is_some_and(asks::is_expected) && !examples::is_program(block) && !given
    };
    let shown = scene.reading.blocks.iter().find(outcome);
    let sections = under_expected(scene);
    let hard = sections.iter().any(|said| OUGHT.is_in(&said.text));
    let offers = alternatives(scene);
    for said in sections.into_iter().filter(|said| {
        !VERSION.is_in(&said.text) && !SAYS_NOTHING.is_in(&said.text) && !CAME.is_in(&said.text)
    }) {
        // Beside what should be, what the writer does is the way there.
        let narrates = hard && FIRST_PERSON.is_in(&said.text) && !OUGHT.is_in(&said.text);
        let later = offers.as_ref().is_some_and(|(_, others)| others.contains(&said.line));
        let before = shown.and_then(|block| block.lead.as_ref()).is_some_and(|lead| *lead == said.text);
        let given = given(scene, said);
        if narrates || later || leads(&said.text) && given.is_none() || before && BRINGS.is_in(&said.text) {
            continue;
        }
        let text = given.as_deref().unwrap_or(&said.text).trim_end_matches(['.', ':']);
        let text = IDEALLY.replace(text, |_| String::new());
        let text = PREFACE.replace(&text, |_| String::new());
        let text = deed(&text).unwrap_or(text);
        let text = SHOWN_THERE.first(&text, 1).unwrap_or(&text);
        let hope = HOPED.first(text, 1);
        let bare = hope.unwrap_or(text);
        let bare = REASON.first(bare, 1).unwrap_or(bare);
        if let Some(told) = hope.and_then(|_| acts(bare)) {
            put(told);
            continue;
        }
        let wished = asks::mentions_wish(bare).then(|| clause::case(bare)).flatten();
        put(wished.unwrap_or_else(|| words::clipped(&does(bare), 120)));
    }
    if let Some(line) = shown.and_then(|block| block.text.lines().find(|line| !line.trim().is_empty())) {
        put(longer(scene, line).unwrap_or_else(|| shown_line(line)));
    }
    let hoping = || scene.reading.talk.iter().filter(|said| hopes(said) && !EITHER_OR.is_in(&said.text));
    for said in hoping() {
        let text = said.text.trim_end_matches(['.', '?']);
        let text = BUT.either(text).unwrap_or(text);
        // `This should not be valid` says nothing that the sentence before does not.
        if !POINTS_BACK.is_in(text) {
            put(hoped(text));
        }
    }
    // Bidden word by word, and said nowhere yet.
    let reading = scene.reading;
    let all =
        || reading.talk.iter().chain(&reading.demands).chain(&reading.left_open).chain(&reading.options);
    let bidden = || all().filter(|said| said.by.is_none());
    let printed = bidden().find_map(|said| clause::printed(&said.text));
    out.extend(printed.filter(|told| {
        let words =
            told.split_once('“').map_or(told.as_str(), |(_, words)| words.trim_end_matches(['”', '.']));
        !out.iter().any(|said| said.contains(words))
    }));
    // `Which path?`, asked of a message.
    if let (true, Some(lacks)) = (out.is_empty(), thrown::lacks(scene)) {
        out.push(format!("the message names the {lacks}"));
    }
    if out.is_empty() {
        let back = hoping().map(|said| hoped(said.text.trim_end_matches('.')));
        out.extend(back.filter(|said| !FILLS.is_in(said)).take(1));
    }
    out
}

/// What a maintainer says is the right one of what comes.
pub(super) fn ruled(scene: &Scene<'_>) -> Option<String> {
    let all = scene.reading.talk.iter().chain(&scene.reading.demands);
    let said = all.filter_map(|said| Some((said.by.as_deref()?, said.text.as_str())));
    let mut said = said.filter(|(by, _)| *by != scene.brief.author && scene.brief.triages(by));
    let (by, told) = said.find_map(|(by, text)| Some((by, RULED.first(text, 1)?)))?;
    Some(format!("{} ({by})", words::quoted(&words::clipped(told, 120))))
}

static RULED: Pattern = Pattern::new(
    r"^(?:.*(?:[,;:]|https?://\S+) )?((?:what|how|the|this|that|it) .{3,110}? (?:is|are) (?:the )?(?:(?:expected|correct|intended|desired|right) (?:one|behaviou?r|output|result|format(?:ting)?)|behaviou?r (?:to expect|(?:that )?we want)))\W*$",
);

static FOLLOWING: Pattern = Pattern::new(r"\b(?:the|this|these) following ((?:`[^`]+`|\w+))");
/// `… and it looks as follows` behind what is said in words.
static SHOWN_THERE: Pattern = Pattern::new(
    r"^(.{12,}?),? and [^,.;]{0,60}?\b(?:as follows|like this|as shown|as below|shown below|the following)\W*$",
);

/// `With the following file, the tool should …:` with the lines of that file; nothing where the sentence brings in no input.
fn given(scene: &Scene<'_>, said: &Statement) -> Option<String> {
    let is_given = asks::leads_to(&said.text) == Some(Leads::Given) && OUGHT.is_in(&said.text);
    let block = scene.reading.blocks.iter().find(|block| block.lead.as_ref() == Some(&said.text));
    let block = block.filter(|_| is_given)?;
    Some(FOLLOWING.replace(&said.text, |found| {
        let thing = found.split_once("following ").map_or("", |(_, thing)| thing);
        format!("the {thing} of {}", block.lines())
    }))
}

/// A line of output that says what it says today and more: the more is what is asked.
fn longer(scene: &Scene<'_>, line: &str) -> Option<String> {
    let actual = |block: &&Block| block.section.as_deref().is_some_and(asks::is_actual);
    let today =
        scene.reading.blocks.iter().find(actual)?.text.lines().find(|line| !line.trim().is_empty())?;
    let more = listed(line)
        .strip_prefix(listed(today))
        .filter(|more| more.starts_with([' ', '.', ',', ';', ':']))?;
    let more = more.trim_start_matches(|letter: char| !letter.is_alphanumeric());
    (!more.is_empty()).then(|| format!("{} is followed by {}", shown_line(listed(today)), shown_line(more)))
}

/// A line of output without what makes it an item of a list.
fn listed(line: &str) -> &str {
    let line = line.trim();
    line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")).unwrap_or(line).trim()
}

/// A line of output between backticks.
fn shown_line(line: &str) -> String {
    words::code(&words::shorten(&line.trim().replace('`', "'"), 120))
}

/// `fd: runs it` behind an input of its own: `fd runs it`.
pub(super) fn joined(expected: &str) -> String {
    match expected.split_once(": ") {
        // Not within code.
        Some((subject, outcome))
            if subject.split(' ').count() < 5 && subject.matches('`').count() % 2 == 0 =>
        {
            format!("{subject} {outcome}")
        }
        _ => small(expected),
    }
}

/// A sentence that no longer stands alone.
pub(super) fn small(text: &str) -> String {
    let first = text.split(' ').next().unwrap_or_default();
    if matches!(first, "The" | "A" | "An") || first.ends_with("ing") {
        words::lowered(text)
    } else {
        text.to_owned()
    }
}

/// Sentences below a heading of what was expected; what follows a block there is said of something else.
fn under_expected<'a>(scene: &Scene<'a>) -> Vec<&'a Statement> {
    let all = scene.reading.talk.iter().chain(&scene.reading.demands);
    let mut said: Vec<&Statement> = all.filter(|said| in_section(said, asks::is_expected)).collect();
    said.sort_by_key(|said| said.line);
    let blocks = || scene.reading.blocks.iter().filter(|block| !examples::is_program(block));
    let mut out: Vec<&Statement> = Vec::new();
    for one in said {
        let over = |block: &&Block| block.section == one.section && block.line < one.line;
        let before = out.iter().any(|seen: &&Statement| seen.section == one.section);
        if before || !blocks().any(|block| over(&block)) {
            out.push(one);
        }
    }
    out
}

/// Longest quotation, in characters.
const QUOTED: usize = 140;

/// What the author says should be, in the words that stand below its heading.
pub(super) fn said(scene: &Scene<'_>) -> Option<String> {
    let telling = |said: &&Statement| {
        let nothing = SAYS_NOTHING.is_in(&said.text) || VERSION.is_in(&said.text) || FILLS.is_in(&said.text);
        !nothing && OUGHT.is_in(&said.text) && !leads(&said.text) && !asks::is_question(&said.text)
    };
    let said = under_expected(scene).into_iter().find(telling)?;
    Some(words::quoted(words::shorten(&said.text, QUOTED).trim_end_matches('.')))
}

/// What came instead, below the same heading.
static CAME: Pattern = Pattern::new(r"^\W*(?:but )?(?:got|gotten|received|actual(?:ly)?)\b");

/// On which system it was seen.
static VERSION: Pattern = Pattern::new(
    r"^\W*(?:(?:version|release|os|platform|operating system|browser|python|node|rust|java)\b\W*(?:version\W*)?v?\d|v?\d+\.\d+(?:\.\d+)?\W*$)",
);

/// Only that it should be otherwise.
static SAYS_NOTHING: Pattern = Pattern::new(
    r"^\W*(?:this|that|which) is (?:what happens|how it (?:is|was|works|worked)|the case)(?: (?:on|in|with|at) \S+(?: \S+)?)?\W*$|^\W*(?:not (?:that|this|so)|(?:for )?(?:it|this|that) (?:to |should )?(?:not (?:do|be) (?:that|this|so)|works?)|the opposite|(?:mind|note|notice|observe) (?:the|that|how) .{3,60}|none|n/a|nothing|no (?:bug|crash|error|issue|problem)s?)\W*$",
);

static FILLS: Pattern =
    Pattern::new(r"^[\s*_]*(?:\[[a-z][a-z']*(?: [a-z'?.]+){2,}\]|(?:to )?(?:get|see|have|be|read))\W*$");

/// What ought to be.
static OUGHT: Pattern = Pattern::new(r"\b(?:should|must|ought|ideally|expect(?:ed)?|shall|has to|have to)\b");
/// `It makes three attempts and ends with the real error:` says something before it shows the rest.
static SAYS_MORE: Pattern = Pattern::new(r"^\W*\S+ (?:\S+ ){6,}\S+:\W*$");
static POINTS_ON: Pattern = Pattern::new(
    r"\b(?:following|below|like (?:this|so))\b|\b(?:be|is|are|was|as|this|that|these|print\w*|return\w*|output\w*|show\w*|see|get|say\w*|read\w*|look\w*)\W*$",
);

/// Only brings in what follows.
fn leads(text: &str) -> bool {
    LEADS.is_in(text) && (!SAYS_MORE.is_in(text) || POINTS_ON.is_in(text))
}

/// `We should add a helpful message`, and there it stands.
static BRINGS: Pattern = Pattern::new(
    r"^\W*(?:(?:i|we|you|it|there|this) )?(?:(?:should|would|must|could|can) )?(?:add|be|display|get|have|log|output|print|return|say|see|show)\b(?: [\w-]+){0,4}\W*$",
);
static FIRST_PERSON: Pattern = Pattern::new(r"\b(?:i|i['’]m|i['’]ve|we|my)\b");
/// Brings in what follows.
static LEADS: Pattern = Pattern::new(r":\W*$|^\W*(?:in|with|for) the following\b");
static IDEALLY: Pattern = Pattern::new(
    r"^(?:[-*\s]*(?:less |more )?(?:ideal|preferred|best)(?:,? but [^:]{3,30})?\W*:\s*(?:(?:ideally|preferably|at least),?\s+)?|(?:ideally|preferably|at least),?\s+)",
);
static EITHER_OR: Pattern = Pattern::new(r"\beither\b.{4,120}\bor\b");

static ONE_OF: Pattern = Pattern::new(r"\b(?:one of (?:two|three|these|the following)|either of)\b");
static OFFER: Pattern = Pattern::new(
    r"^\W*(?:(ideal|preferred|best|option [1a])|(?:less ideal|second best|alternatively|acceptable|or at least|otherwise|option [2-9b-d]))\b",
);

static FALLS_BACK: Pattern = Pattern::new(
    r"^\W*(?:(?:and )?if (?:it|this|that)(?: is|['’]s)(?:(?: not|n['’]t) possible| impossible)|if not possible|failing that|or else)\b",
);

/// Outcomes of which one will do: what they are, the first first, and the lines of the others.
pub(super) fn alternatives(scene: &Scene<'_>) -> Option<(Vec<String>, Vec<usize>)> {
    let said = under_expected(scene);
    let mut offered: Vec<&Statement> = said.iter().copied().filter(|said| OFFER.is_in(&said.text)).collect();
    // `If that is not possible, …` stands beside what stands before it.
    let falls = said.windows(2).find(|pair| pair.iter().skip(1).any(|said| FALLS_BACK.is_in(&said.text)));
    if let (Some(pair), true) = (falls, offered.len() < 2) {
        offered = pair.to_vec();
    }
    let any = scene.reading.talk.iter().any(|said| said.by.is_none() && ONE_OF.is_in(&said.text));
    let (first, others) =
        offered.split_first().filter(|(_, others)| !others.is_empty() && (any || others.len() == 1))?;
    let shown = |said: &Statement| {
        let text = IDEALLY.replace(said.text.trim_end_matches('.'), |_| String::new());
        words::clipped(&does(REASON.first(&text, 1).unwrap_or(&text)), 110)
    };
    let all = std::iter::once(first).chain(others).map(|said| shown(said)).collect();
    Some((all, others.iter().map(|said| said.line).collect()))
}

/// `An error is raised or it is skipped`.
static OR: Pattern = Pattern::new(
    r"^\W*(.{4,90}? (?:is|are|gets?) \w+(?:ed|en|n|t)),? or (.{4,90}? (?:is|are|gets?) \w+(?:ed|en|n|t))\W*$",
);
static UNDER_WHICH: Pattern = Pattern::new(r"\b(?:when(?:ever)?|if|where|that|unless|which|whether)\b");
static STOPS: Pattern =
    Pattern::new(r"\b(?:errors?|exceptions?|raised|thrown|refused|rejected|aborted|stopped|failed)\b");

/// Two outcomes of one sentence, of which one will do: both, and whether only the first stops what is done today.
pub(super) fn either(scene: &Scene<'_>) -> Option<(String, String, bool)> {
    let told = under_expected(scene).into_iter().filter(|said| !UNDER_WHICH.is_in(&said.text));
    let found = told.into_iter().find_map(|said| OR.captures(&said.text))?;
    let (first, second) = (found.get(1)?.as_str(), found.get(2)?.as_str());
    Some((first.to_owned(), second.to_owned(), STOPS.is_in(first) && !STOPS.is_in(second)))
}

static WOULD: Pattern = Pattern::new(r"^(.{2,120}?) (?:would|should) (\w+)([ ,].{2,110})?$");

/// `It would raise an error` as what it does.
fn does(text: &str) -> String {
    let found =
        WOULD.captures(text).filter(|found| found.get(2).is_some_and(|verb| !NO_VERB.is_in(verb.as_str())));
    let Some(found) = found else { return text.to_owned() };
    let part = |group: usize| found.get(group).map_or("", |it| it.as_str());
    let rest = OUGHT_TO_BE.replace(part(3), |found| {
        let thing = found.trim_end_matches(" should be").trim_end_matches(" would be");
        format!("{thing} {}", clause::agrees(thing.rsplit(' ').next().unwrap_or_default(), "be"))
    });
    // A second verb goes with the first.
    let rest = AND.replace(&rest, |found| {
        format!(" and {}", clause::agrees(part(1), found.trim_start_matches(" and ")))
    });
    format!("{} {}{rest}", part(1), clause::agrees(part(1), part(2)))
}

static AND: Pattern = Pattern::new(
    r" and (?:accept|add|apply|call|close|continue|create|delete|display|exit|fail|follow|give|ignore|keep|list|load|log|open|pass|print|produce|raise|read|remove|render|report|return|run|send|set|show|skip|start|stop|store|throw|treat|use|wait|warn|write)\b",
);

/// `… completes, or at least a message should be printed`: it is printed. What is said to have to be so stays a rule.
static OUGHT_TO_BE: Pattern =
    Pattern::new(r"(?:,|\bor\b|\band\b)(?: at least)?(?: \w+){1,5} (?:should|would) be\b");
static NO_VERB: Pattern =
    Pattern::new(r"^(?:not|be|have|never|also|still|then|only|always|just|ideally|probably|\w+ly)$");

/// What is said, without why.
static REASON: Pattern = Pattern::new(r"^(.{12,}?)(?:, as|,? (?:since|because))\b.*$");

static POINTS_BACK: Pattern = Pattern::new(
    r"^\W*(?:however,? |but |so |therefore,? |obviously,? )*(?:this|it|that|these|those|they|which)\b",
);
/// `I expected - as long as A - that B`: its condition and its outcome.
static UNDER: Pattern = Pattern::new(
    r"^\W*(?:i|we)(?:'d| would)? (?:have )?expect(?:ed)? [-–—,] ?(.{3,120}?) ?[-–—,] that (.{3,})$",
);

/// What a sentence expects, without the expecting.
fn hoped(text: &str) -> String {
    let text = &PREFACE.replace(text, |_| String::new());
    if let Some((under, outcome)) =
        UNDER.captures(text).and_then(|found| Some((found.get(1)?.as_str(), found.get(2)?.as_str())))
    {
        return format!("{}: {}", words::clipped(under.trim(), 120), words::clipped(outcome, 120));
    }
    let text = &UNLIKELY.replace(text, |_| String::new());
    let bare = HOPED.first(text, 1);
    match bare.filter(|bare| EITHER.is_in(bare)) {
        Some(either) => words::clipped(either, 120),
        None => bare
            .and_then(acts)
            .or_else(|| bare.and_then(wished))
            .or_else(|| clause::case(text))
            .unwrap_or_else(|| {
                let bare = bare.unwrap_or(text);
                words::clipped(ITS.first(bare, 1).unwrap_or(bare), 120)
            }),
    }
}

/// `It would be better if the list would end` is `the list ends`.
fn wished(bare: &str) -> Option<String> {
    let text = MAKING.first(bare, 1).unwrap_or(bare);
    let told = does(text);
    (told != text).then(|| words::clipped(&told, 120))
}

/// What it would be good for is no part of it.
static MAKING: Pattern = Pattern::new(r"^(.{12,}?), (?:making|which|so|as|because|since)\b.*$");

/// `We expected the list to end` is `the list ends`.
fn acts(bare: &str) -> Option<String> {
    let found = TO_DO.captures(bare)?;
    let part = |name: &str| found.name(name).map_or("", |it| it.as_str());
    let (subject, verb) = (found.get(1)?.as_str(), part("verb"));
    // `X should let it go`: the verb of the sentence stands before.
    if OUGHT.is_in(subject) {
        return None;
    }
    let told = format!("{subject} {}{}{}", part("adverb"), clause::agrees(subject, verb), part("rest"));
    (!NO_DEED.is_in(verb)).then(|| words::clipped(&told, 120))
}

static NO_DEED: Pattern = Pattern::new(
    r"^(?:the|an?|my|our|your|its|their|this|that|these|those|it|me|us|them|all|any|each|one|both)$",
);
static TO_DO: Pattern = Pattern::new(
    r"^((?:`[^`]+`|[^`,]){1,60}?) to (?:(?:simply|just|silently) )?(?P<adverb>(?:only|always|still|never|also|first) )?(?P<verb>[a-z]+)\b(?P<rest>.*)$",
);
/// Said of what goes in.
static ITS: Pattern =
    Pattern::new(r"^(?:this|it|that) ((?:does|do|will|would|should|must|is|are|has|have) .{3,})$");
static EITHER: Pattern = Pattern::new(r"^either\b");

/// What is wanted, without what happens instead.
static BUT: Pattern = Pattern::new(
    r"^(.{12,}?),? (?:but (?:it|they|this|that|today|now|instead|currently)|whereas|instead of|and not)\b.*$|^(.{12,}?)[.;] instead\b.*$",
);
static HOPED: Pattern = Pattern::new(
    r"^\W*(?:so |but |and |instead,? )?(?:(?:i|we) (?:imagine|think|believe|figure) that|(?:i|we)(?:'d| would)? (?:also |really |still )?(?:have )?(?:expect(?:ed)?(?: that| to (?:get|see|have))?|want(?:ed)? to (?:get|see|have)|would like to (?:get|see|have)|like to (?:get|see|have))|(?:the|my) expectation (?:is|was|would be) that|it(?:['’]d| would| might) be (?:much |far |very |really )?(?:nicer?|better|preferable|desirable|good|great|helpful|useful|lovely) (?:if|that|to (?:get|see|have|receive))) (.{3,})$",
);

/// `So it looks like in this place it should be allowed`, `Better would be …`.
static PREFACE: Pattern = Pattern::new(
    r"^\W*(?:(?:so|thus|therefore),? )?(?:it (?:looks like|seems(?: like| that)?|appears(?: that)?),? (?:in this (?:context|case|place),? )?|(?:better|nicer|ideal|best) would be (?:if |for |to have )?)",
);

/// `` `tool -l` actually listing all ``: what it does.
fn deed(text: &str) -> Option<String> {
    let found = DOING.captures(text)?;
    Some(format!("{} {}{}", &found[1], clause::agrees("it", &found[2].to_lowercase()), &found[3]))
}

static DOING: Pattern = Pattern::new(
    r"^(`[^`]+`) (?:actually |really |just |only )?(list|show|print|display|report|output|return|accept|reject|skip|sort|add|pass|send|read|load|open|warn|fail|exit)ing( .+)$",
);

/// How seldom it happens is no condition of it.
static UNLIKELY: Pattern =
    Pattern::new(r"^\W*even (?:if|though) [^,]*\b(?:unlikely|rare|rarely|unusual|seldom)\b[^,]*,\s*");
static UNSURE: Pattern = Pattern::new(r"\bi (?:do )?hope\b|\b(?:i['’]m|i am) not sure\b");

static FAULT: Pattern = Pattern::new(
    r"\b(crash|hang|freeze|panic|segfault|deadlock|abort|infinite loop|endless loop|stack overflow|memory leak)(?:s|es|ed|ing)?\b[^.;:?!]{0,40}? ((?:when(?:ever)?|if|while|after|as soon as|once|every time) [^.;:?!]{6,110})",
);

/// `It crashes when the name is empty`: what is done, and the fault.
pub(super) fn faulted(scene: &Scene<'_>) -> Option<(String, String)> {
    let title = scene.title();
    let told =
        scene.reading.talk.iter().filter(|said| said.by.is_none() && !in_section(said, asks::is_apart));
    std::iter::once(title.as_str()).chain(told.map(|said| said.text.as_str())).find_map(|text| {
        let found = FAULT.captures(text)?;
        let (fault, when) = (found.get(1)?.as_str().to_lowercase(), found.get(2)?.as_str().trim());
        let telling = !words::nouns(when).is_empty();
        telling.then(|| (words::clipped(when, 100), fault))
    })
}

static WAY_AROUND: Pattern = Pattern::new(
    r"^\W*what (?:the|my|our|this) (?:\w+ )?(?:file|script|code|config(?:uration)?|query|snippet|workflow|job|test) (?:should|must|has to|have to|needs? to|is supposed to) do\b|\b(?:for now|as a workaround|work ?around|in the meantime|until then)\b|^\W*(?:\w+, )?you (?:can|could|should|may|might|need|have)\b|\bfor now,? you\b",
);

/// Looks for a way, which is what it is asked for.
static WAY: Pattern =
    Pattern::new(r"\b(?:like|love|want|need) to (?:have|find|get) (?:a|some|any) way (?:to|of)\b");
/// Says of what happens today that it is meant.
static MEANT: Pattern = Pattern::new(concat!(
    meant_so!(),
    r"|\bstrictly speaking\b|\b(?:by design|(?:works?|working|behaves) as (?:intended|designed)|on purpose|intentional(?:ly)?)\b"
));
/// What somebody who looks into it thinks that comes today.
static FORETELLS: Pattern = Pattern::new(
    r"\b(?:i|we)(?:['’]d| would)? (?:also |still )?expect (?:that )?[^.]{2,80}? (?:will|['’]ll|is going to)\b",
);

/// Talks of a way around, of reasons or of the talk itself.
fn advises(said: &Statement) -> bool {
    matches!(said.role, Role::Around | Role::Reason | Role::Talk)
}

/// Says what should have been, outside the sections that head it.
pub(super) fn hopes(said: &Statement) -> bool {
    // One heading for the steps and all that belongs to them.
    let told = in_section(said, asks::is_steps) && asks::expects(&said.text) && !leads(&said.text);
    let apart = in_section(said, asks::is_apart) && !told || in_section(said, asks::is_expected);
    let thinks = said.by.is_none() && THINKS.is_in(&said.text);
    let asks = thinks
        || asks::demands(&said.text)
        || asks::proposes_plainly(&said.text)
        || asks::expects(&said.text);
    let unsure = UNSURE.is_in(&said.text) || asks::tells_fault(&said.text) && !asks::expects(&said.text);
    // Who answers says how to mend it more often than what comes of that.
    let of_triage = said.by.is_some() && (advises(said) || !OUGHT.is_in(&said.text));
    let foretold = said.by.is_some() && FORETELLS.is_in(&said.text);
    let aside = foretold
        || WAY_AROUND.is_in(&said.text)
        || of_triage
        || MEANT.is_in(&said.text)
        || WAY.is_in(&said.text);
    !apart
        && asks
        && !aside
        && !unsure
        && (thinks || !asks::is_question(&said.text) && !asks::is_maybe(&said.text))
}

/// Whoever reports says so of what should be, and means it.
static THINKS: Pattern = Pattern::new(
    r"^\W*(?:(?:also|but|so|and),? )?i (?:think|believe|guess|feel(?: like)?) (?:that )?(?:the|an?|all|every|each|any|`|[a-z]+,|[a-z]+ (?:and|or) )[^?]{6,}\b(?:should|must|ought to)\b [^?]{4,}\??$",
);

#[cfg(test)]
mod tests {
    use super::FILLS;

    #[test]
    fn what_a_form_holds_is_no_outcome_and_a_list_is() {
        for filled in ["[What you expect to happen]", "**[describe it here]**", "to get"] {
            assert!(FILLS.is_in(filled), "{filled}");
        }
        for value in ["[1, 2, 3, 4]", "[\"a\", \"b\", \"c\"]", "`[1, 2, 3, 4]`", "[a, b, c, d]"] {
            assert!(!FILLS.is_in(value), "{value}");
        }
    }
}
