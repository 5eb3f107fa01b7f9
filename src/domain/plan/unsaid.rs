//! What kinds of wishes leave unsaid as a rule, asked with the default that changes least.
//!
//! To add one: a line in `USUAL`.

use crate::domain::plan::frames::{Findings, Scene};
use crate::domain::plan::model::Question;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::statement::{Origin, Statement};

/// Most of them that are asked of one issue.
const LIMIT: usize = 2;

/// Something that a kind of wish leaves unsaid.
struct Usual {
    /// For the slot, and for the answer when it is shown.
    name: &'static str,
    /// A wish of this kind; its first group is `{it}` in the question.
    about: Pattern,
    /// Words anywhere in the issue that settle it.
    settled: Pattern,
    /// The question.
    text: &'static str,
    /// Its default.
    default: &'static str,
    /// How much hangs on it.
    weight: u32,
}

static USUAL: [Usual; 8] = [
    Usual {
        name: "one of two",
        about: Pattern::new(
            r"\b((?:an?|the) (?:[\w-]+ ){0,3}?[\w-]+,? or (?:maybe |perhaps |just )?(?:some|another) (?:kind|sort|type|form) of [\w-]+)",
        ),
        settled: Pattern::new(r"\b(?:whichever|either (?:is|one|would|will)|up to you)\b"),
        text: "Which of the two is meant by “{it}”?",
        default: "the first",
        weight: 74,
    },
    Usual {
        name: "stream of a warning",
        about: Pattern::new(
            r"^(?:[^.]*[^o] )?(?:an? |the |some )?(?:\w+ )?(warning|hint)s?\b (?:should|must|could|would|to|is|be)\b[^.]*\b(?:printed|written|emitted|output)\b|\b(?:print|write|emit|output)(?:s|ing|ed)? (?:an? |the |some )?(?:\w+ )?(warning|notice|hint)\b",
        ),
        settled: Pattern::new(
            r"\b(?:stderr|stdout|standard (?:error|output)|exit (?:code|status)|logs?|logger|logging|console|browser|page|dialog|invoice|receipt|e-?mail|screen|field|form|banner|toast|modal|no|not|never|without|stop|suppress\w*|silence\w*|compil\w+|lint\w*|python|deprecat\w+)\b",
        ),
        text: "Does it go to standard error, and does the exit code stay what it is?",
        default: "yes to both: what other programs read stays as at {base}",
        weight: 70,
    },
    Usual {
        name: "color",
        about: Pattern::new(
            r"\b((?:in )?(?:bold |ansi )?colou?r(?:s|ed|ful|i[sz]ed?)?)\b(?:[^.]*\b(?:output|print(?:ed|s|ing)?|terminal|console|stdout|verbose|logs?)\b)|\b(?:output|print(?:ed|s|ing)?|terminal|console|stdout|logs?)\b[^.]*\b((?:in )?colou?r(?:s|ed|ful|i[sz]ed?)?)\b",
        ),
        settled: Pattern::new(
            r"\b(?:tty|pipes?|piped|redirect\w*|NO_COLOR|--colou?r|--no-colou?r|no colou?rs?|css|html|theme\w*|background|images?|pictures?|svg|plots?|charts?|syntax|highlight\w*|pixels?)\b",
        ),
        text: "Is it colored everywhere, or only where the output is a terminal?",
        default: "only there; a pipe, a file and `NO_COLOR` get the text of today",
        weight: 66,
    },
    Usual {
        name: "unset variable",
        about: Pattern::new(
            r"\b(environment variables?|env(?:ironment)? vars?)\b[^.]*\b(?:decide|choose|pick|select|set|control|override|configure|expand|interpolat\w*|substitut\w*|used?|supported?|allowed)\b|\b(?:decide|choose|pick|select|set|control|override|configure|expand|interpolat\w*|substitut\w*|use|support|allow)\w*\b[^.]*\b(environment variables?|env(?:ironment)? vars?)\b",
        ),
        settled: Pattern::new(
            r"\b(?:un(?:set|defined)|not (?:set|defined|given|there|present)|isn['’]?t set|missing|empty|defaults?|falls? back|fallback|otherwise|optional|if (?:it is )?set)\b",
        ),
        text: "What holds where the environment variable is not set, or empty?",
        default: "what holds at {base} without it",
        weight: 68,
    },
    Usual {
        name: "async twin",
        about: Pattern::new(
            r"\basync(?:hronous)? (?:version|variant|overload|counterpart|equivalent|alternative|api|method|function|support)s?\b(?: (?:of|for|to) (\S+))?",
        ),
        settled: Pattern::new(r"\b(?:cancel\w*|tokens?|synchronous(?:ly)?|sync|block(?:s|ing)?)\b"),
        text: "Can it be canceled, and what does a synchronous call that reaches it do?",
        default: "both as what is asynchronous already does at {base}",
        weight: 70,
    },
    Usual {
        name: "marker in a text",
        about: Pattern::new(
            r"\b(?:look for|find|replace|recogni[sz]e|detect|put|place|insert|expand)\w*\b[^.]*?(`(?:\[\[?[A-Za-z][\w -]*\]\]?|\{\{[^`]+\}\}|<!-- ?[\w -]+ ?-->|%[A-Za-z]\w+%|@[A-Z]\w+)`)",
        ),
        settled: Pattern::new(
            r"\b(?:twice|several times|more than once|multiple|every (?:one|occurrence)|each (?:one|occurrence)|first (?:one|occurrence)|code blocks?|inline|own line|by itself)\b",
        ),
        text: "What of a text that holds {it} twice, within a line, or in a code block?",
        default: "each that stands on a line of its own; all else stays text",
        weight: 68,
    },
    Usual {
        name: "way to switch",
        about: Pattern::new(
            r"\b(?:way|possibility|ability|option) (?:of|to) (?:toggl\w*|turn(?:ing)? \w+ off|switch(?:ing)? \w+ off|disabl\w*|opt(?:ing)?[ -]out\w*)\b|\bopt(?:ing)?[ -]out of (?:this|that|it|the)\b|\bmak(?:e|ing) (?:this|that|it) (?:optional|configurable)\b",
        ),
        settled: Pattern::new(
            r"(?:^|[\s`(])--?[a-z][\w-]+|\b(?:called|named|by default|defaults? to|environment variable|env var)\b|`\w+ ?[:=]",
        ),
        text: "What is the switch called, and which way does it stand by itself?",
        default: "a name like those beside it; as at {base}, so that nothing changes unasked",
        weight: 72,
    },
    Usual {
        name: "list of names",
        about: Pattern::new(
            r"\b(?:takes?|accepts?|given|input is|value is|option is|with|by) (?:an? |the )?(?:comma[- ]separated )?(?:list|array|set) of ((?:\w+ )?(?:names?|files?|paths?|accounts?|users?|ids?|categories|tags?|labels?|packages?|modules?|keys?|hosts?|columns?|fields?|rules?|types?|branches|commands?|groups?|languages?|plugins?|extensions?))\b",
        ),
        settled: Pattern::new(
            r"\b(?:unknown|not exist|doesn['’]?t exist|no such|invalid|empty list|case[- ](?:in)?sensitiv\w*|matches none|refused?|rejected|ignored if)\b",
        ),
        text: "What of a name in the list that nothing has, and of an empty list?",
        default: "neither changes anything, and neither is an error",
        weight: 62,
    },
];

/// Asks what the demands leave unsaid.
pub fn ask(scene: &Scene<'_>, findings: &mut Findings) {
    let whole = format!("{}\n{}", scene.brief.title, scene.brief.body);
    let mut asked = 0;
    for usual in USUAL.iter().filter(|usual| !usual.settled.is_in(&whole)) {
        let Some((index, it)) = first(scene, usual) else { continue };
        let slot = scene.slot(&format!("unsaid.{}", usual.name), index);
        if asked >= LIMIT && scene.answer(&slot).is_none() {
            continue;
        }
        asked += 1;
        let text = usual.text.replace("{it}", &it);
        let default = usual.default.replace("{base}", &scene.base());
        findings.ask(scene, usual.name, Question::new(slot, text, default, usual.weight));
    }
}

/// The first sentence of its kind, of the demands and else of the author's own talk, with what it names; a report has none.
fn first(scene: &Scene<'_>, usual: &Usual) -> Option<(usize, String)> {
    let demands = scene.reading.demands.iter().enumerate();
    let mut demands: Vec<(usize, &Statement)> =
        demands.filter(|(_, one)| one.origin != Origin::Report).collect();
    // A sentence that points back at the title is none of them.
    if let Some((first, _)) = demands.first().copied() {
        demands.extend(scene.reading.talk.iter().filter(|said| said.by.is_none()).map(|said| (first, said)));
    }
    demands.into_iter().find_map(|(index, demand)| {
        let found = usual.about.captures(&demand.text)?;
        let it = (1..found.len()).find_map(|group| found.get(group));
        Some((index, it.map_or_else(|| "it".to_owned(), |it| it.as_str().trim().to_owned())))
    })
}

/// Each question with its default, as the page of frames has it.
#[cfg(test)]
pub(super) fn told() -> Vec<String> {
    USUAL
        .iter()
        .map(|usual| {
            let row = format!("- **{}:** {} *Default: {}.*", usual.name, usual.text, usual.default);
            row.replace("“{it}”", "“… or some kind of …”")
                .replace("{it}", "it")
                .replace("{base}", "the base commit")
        })
        .collect()
}
