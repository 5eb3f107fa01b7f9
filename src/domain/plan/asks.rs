//! Words that ask for something, words that only tell, and what the headings of issues mean.

mod calls; // calls to contributors
mod code; // what sentences say of the code below them
mod faults; // titles that tell of a fault
mod forms; // boxes of issue forms
mod manners; // requests with manners, and thoughts

pub use self::calls::{calls_for_parts, taken_part};
pub use self::code::{Leads, denies, labels_output, leads_to};
pub use self::faults::{brings_error, tells_fault, without_commands};
pub use self::forms::{is_choice, is_promise};
pub use self::manners::{
    asks_for_more, begins_with_flag, begs, compares, could_be, leans, leaves_choice, muses, names_way,
    offers_ways, pleads, possibly, prefers, request_behind, secures, seeks_help, should_get, stands_beside,
};
use crate::domain::plan::pattern::Pattern;

/// Ended in favor of another, up to the name of that one.
macro_rules! closed_as_duplicate {
    () => {
        r"\bclos(?:e|ed|ing)\b(?: (?:it|this|that|as|the|issue|one|an?))+ (?:duplicate|dupe) of"
    };
}
pub(super) use closed_as_duplicate;

/// What people put before a wish, with the space behind it.
macro_rules! lead_in {
    () => {
        r"(?:at the same time|also|in addition|additionally|finally|besides|moreover|furthermore|while (?:we(?:\x27re| are)|you(?:\x27re| are)) at it|first(?:ly)?|second(?:ly)?|last(?:ly)?|if possible|ideally|afterwards|as a bonus),?\s+"
    };
}
pub(super) use lead_in;

static MUST: Pattern = Pattern::new(
    r"\b(?:must|shall|sh(?:ould|oud|uold)|has to|have to|needs? to|had better|['’]d better|is required to|are required to|may not|cannot be allowed|ought to|muss|müssen|soll|sollen|sollte|sollten|darf|dürfen|doit|doivent|devrait|debe|deben|deve|devono|moet|moeten)\b",
);
static ACCEPTANCE: Pattern = Pattern::new(
    r"accept|criteri|requirement|definition of done|done when|must|expected|tasks?$|to ?do|checklist|scope$|goals?$|akzeptanz|anforderung|kriterien|erwartet|aufgaben|ziele?$|critères|exigences|criterios|requisitos|criteri di|criteria",
);
static EXCLUDED: Pattern =
    Pattern::new(r"out of scope|non-?goals?|not in scope|nicht (?:im umfang|teil)|won'?t|hors périmètre");
static TALK: Pattern = Pattern::new(
    r"environment|versions?\b|platforms?$|context|background|motivation|why|steps|reproduc|actual|current behaviou?r|screenshot|logs?$|umgebung|hintergrund|schritte|additional|references?|links?$|related (?:to|issues?)|problem|alternatives? you|workaround|considered|system info|used (?:tools?|package)|operating system|how did you install|prior art|use ?case|implementation|technical|design notes|contexte|contexto",
);
/// Headings below which people say what they want.
static SOLUTION: Pattern = Pattern::new(
    r"solution|feature description|proposal|propose|desired|expected (?:behaviou?r|result|outcome)|describe the feature|feature request|what (?:should|would|do you want|i(?:'d| would) like|i want)|wanted|lösung|vorschlag|gewünscht",
);
static EXPECTED: Pattern = Pattern::new(
    r"expect(?:ed|ations?)\b|\b(?:you|i|we|one) expect\b|should (?:happen|have)|\bdo after\b.*\bchange|erwartet|attendu|esperado",
);
static ACTUAL: Pattern = Pattern::new(
    r"\bactual|observed|\b(?:incorrect|wrong) (?:\w+ )?(?:output|result|behaviou?r|correction|suggestion|value|message)s?\b|current(?:ly)? (?:behaviou?r|result)|what happen(?:s|ed)\b|\bcurrently do\b|instead|\bi (?:get|got|see)\b|tatsächlich",
);
static STEPS: Pattern = Pattern::new(
    r"^\W*(?:example|sample|test|input) (?:data|input|code|file|text)\W*$|^\W*(?:sample|input)\W*$|steps|reproduc|reproduktion|schritte|étapes|pasos|code snippet|minimal example|when i run",
);
static OPTIONS: Pattern =
    Pattern::new(r"^(?:options?|alternatives?|approach(?:es)?|variants?|optionen|alternativen)\b");
static OPTION: Pattern = Pattern::new(r"^\**(?:option|variant|alternative|approach)\s+(?:[a-d]|\d)\b");

static INQUIRY: Pattern = Pattern::new(
    r"^\W*(?:\[?question\]?:?\s*)?(?:how (?:do|can|to|should|would|does)|where (?:do|can|is|are|does)|what (?:is|are|does)|why (?:is|are|does|do)|which)\b[^.;]*\?\s*$",
);

/// Does a title ask how something is, where or why?
pub fn inquires(title: &str) -> bool {
    INQUIRY.is_in(title)
}

/// Between a heading and one that stands below it: nobody types it.
pub const UNDER: &str = " ›\u{2060} ";

static CODE: Pattern = Pattern::new(r"`[^`]*`");

/// A heading without its code: `Context` in a signature says nothing of what stands below it.
pub fn worded(heading: &str) -> String {
    CODE.replace(heading, |_| "`…`".to_owned())
}

/// Does what stands below `inner` belong to the proposal that `outer` heads?
pub fn heads_parts(outer: &str, inner: &str) -> bool {
    let own = [is_apart, is_excluded, is_acceptance, is_solution, is_steps, is_expected, is_actual, is_open];
    let inner = worded(inner);
    is_solution(outer)
        && !is_expected(outer)
        && !own.iter().any(|kind| kind(&inner))
        && !is_option(&inner, "")
}

static OPEN: Pattern = Pattern::new(
    r"^(?:open|unresolved|outstanding) (?:questions?|points?|issues?)|^questions?$|^to be (?:decided|discussed)|^undecided|^tbd$|^offene (?:fragen|punkte)",
);

/// Is the section about what is not decided yet?
pub fn is_open(section: &str) -> bool {
    OPEN.is_in(section)
}

static ASIDE: Pattern =
    Pattern::new(r"implementation|technical|design notes|considerations?|constraints?|notes?$|details?$");

/// A section of remarks, in which what is measured or names code is asked for all the same.
pub fn is_aside(section: &str) -> bool {
    ASIDE.is_in(section)
}

static OUTSIDE: Pattern = Pattern::new(
    r"^[^,;]{3,120}\b(?:is|are|stays?|remains?) (?:explicitly )?(?:out of scope|outside (?:of )?the scope|not in scope|not (?:needed|required|necessary) (?:here|for now|yet)|a non-goal|non-goals)\W*$|^(?:support (?:for|of) |\W*)[^,;]{3,80} (?:is|are) not (?:needed|required|necessary)\W*$|^\W*(?:there is )?no need (?:for|to)\b",
);

static MEASURED: Pattern = Pattern::new(
    r"bisect|results?\b|environment|benchmarks?|measure|timeline|history|tested|compatib|observ",
);
static SEEN_SO: Pattern = Pattern::new(
    r"(?:^|\| *|✅|❌|✔|✖|✗)\W*(?:passe[sd]|pass|fail(?:s|ed)?|works?|broken|ok|crash(?:es|ed)?|green|red|good|bad)\b[^|\w]{0,6}(?:\||$)",
);

/// Is the row of a table a thing that was seen rather than one that is wanted?
pub fn is_observation(section: &str, row: &str) -> bool {
    SEEN_SO.is_in(row) && !is_acceptance(section) || MEASURED.is_in(section) && !is_acceptance(section)
}

/// Says that something is not to be done.
pub fn is_outside(text: &str) -> bool {
    OUTSIDE.is_in(text) && !CONDITION.is_in(text) || ELSEWHERE.is_in(text)
}
static ELSEWHERE: Pattern = Pattern::new(
    r"\b(?:open|file|create|belongs? (?:in|to)) an?(?:other)? (?:separate|new|different|own) (?:issue|ticket)\b",
);

static CONDITION: Pattern = Pattern::new(r"\b(?:if|when|where|must|should|which|that)\b");

/// Is the section about what has to hold?
pub fn is_acceptance(section: &str) -> bool {
    ACCEPTANCE.is_in(section)
}

/// Is the section about what is not to be done?
pub fn is_excluded(section: &str) -> bool {
    EXCLUDED.is_in(section)
}

/// Is the section about the circumstances rather than the matter?
pub fn is_apart(section: &str) -> bool {
    TALK.is_in(section)
}

static CIRCUMSTANCE: Pattern = Pattern::new(
    r"environment|versions?\b|platforms?\b|screenshot|logs?$|alternativ|considered|workaround|system info|used (?:tools?|package)|operating system|how did you install|checklist|references?|related",
);

/// Does nothing below the heading ask for anything, whatever its words?
pub fn is_circumstance(section: &str) -> bool {
    CIRCUMSTANCE.is_in(section)
}

/// Does the section say what is wanted?
pub fn is_solution(section: &str) -> bool {
    SOLUTION.is_in(section) && !section.to_lowercase().contains("discuss")
}

/// Does the section of a report say what should have happened?
pub fn is_expected(section: &str) -> bool {
    EXPECTED.is_in(section) && !ACTUAL.is_in(section)
}

/// Does the section of a report say what happened?
pub fn is_actual(section: &str) -> bool {
    ACTUAL.is_in(section) && !YOURS.is_in(section)
}

/// `What did you expect to happen instead?`
static YOURS: Pattern = Pattern::new(r"\b(?:did|do|would) you (?:expect|want)");

/// Does the section of a report, or the sentence before a list, say how to see it?
pub fn is_steps(section: &str) -> bool {
    STEPS.is_in(section)
}

/// Does the heading or the sentence itself offer a choice?
pub fn is_option(section: &str, text: &str) -> bool {
    OPTIONS.is_in(section) || OPTION.is_in(text)
}

/// Sentences that lead in a list of wishes.
static LEADS: Pattern = Pattern::new(
    r"\b(?:must|shall|should|has to|have to|needs?|needed to|needed:|want|would like|would be|'d (?:need|like)|propose|suggest|ideally|expect(?:ed)?|requirements?|add|adds|support|allow|implement|change|goals?|following|ideal|soll|muss|wünsch\w+)",
);

/// Does a sentence lead in a list of wishes?
pub fn leads(text: &str) -> bool {
    let asks = LEADS.is_in(text) || ACCEPTANCE.is_in(text);
    asks && !STEPS.is_in(text) && !DESCRIBES.is_in(text) && !SCENARIO.is_in(text)
}

/// Leads in when it happens, not what is wanted.
static SCENARIO: Pattern = Pattern::new(
    r"\b(?:scenarios?|situations?|throw(?:s|ing)|fail(?:s|ing)|error|happens|occurs|cases? when)\b",
);
static DESCRIBES: Pattern = Pattern::new(
    r"\b(?:is|are) described\b|^\W*(?:currently|at this time|at the moment|today|right now|derzeit)\b|^\W*(?:often|usually|normally|typically|generally),? (?:e\.g\.|as|with|like|when|for|in)\b|\bthere (?:is|are) already\b|^\W*(?:in practice|as far as i)|^\W*(?:all|most|much) of (?:it|this|that) (?:happens|is|lies|lives|takes place)\b",
);
static IMPERATIVE: Pattern = Pattern::new(concat!(
    r"^[\s*_\[\]-]*(?:",
    lead_in!(),
    r")?(?:please |just |simply |then |also |at least |let's |let us |we can |we could )*(?:do not |don't |never |not )?(?:accept|add|allow|align|apply|avoid|ban|bump|cache|call|change|check|clarify|clean up|collect|compute|configure|consider|convert|copy|count|create|debounce|decrypt|deduplicate|delete|deprecate|describe|destructure|detect|disable|display|document|drop|emit|enable|encode|encrypt|enforce|escape|exclude|exit|expose|extend|extract|filter|fix|forbid|format|forward|generate|give|group|handle|hide|highlight|honou?r|ignore|implement|improve|include|introduce|invalidate|keep|let|limit|list|load|log|make|mark|mask|match|measure|mention|merge|migrate|move|normali[sz]e|notify|offer|omit|only allow|paginate|parse|pass|persist|preserve|prevent|print|propagate|provide|publish|purge|raise|read|record|redact|reduce|refactor|refuse|reject|release|remember|remove|rename|render|replace|report|require|reset|resolve|respect|restore|restrict|retry|return|reuse|revert|rewrite|rotate|round|sanitize|simplify|strip|suppress|throttle|truncate|redirect|register|run|save|see|send|serialize|serve|set|show|skip|sort|speed up|split|start|stop|store|support|swap|sync|tell|test|throw|touch|track|translate|treat|trim|turn|unify|update|upgrade|use|validate|verify|warn|wait|write|füge|erlaube|zeige|verhindere|ergänze|a new|an? optional|new (?:option|flag|property|method|setting|parameter|argument|command|endpoint))\b"
));
static PROPOSES: Pattern = Pattern::new(
    r"^\W*this (?:ticket|issue|request|proposal) (?:is to (?:request|propose|suggest|ask for)|(?:requests|proposes|suggests|asks) (?:that|for|to))\b|\b(?:i|we)(?:'d| would)? (?:also |really |just )*(?:propose|suggest|would like|want|like|love|wish|expect|need)\b|(?:would|might|could) be (?:very |really |so |super )?(?:nice|great|good|helpful|useful|cool|awesome|handy|ideal|wonderful|preferable|desirable|lovely)|\bmy (?:proposal|suggestion|idea|thought|plan|proposed solution) (?:is|would be)\b|^\W*would (?:also |really )*(?:like|love) to\b|\bi plan (?:on|to)\b|\bwe (?:would )?simply \w+\b|\bi(?:'m| am) (?:imagining|thinking of|proposing|suggesting|envisioning)\b|\bthe idea (?:is|being|would be) (?:that|to)\b|\bthere should be\b|\ban? (?:\w+ ){0,2}(?:option|parameter|flag|setting|argument|method)\b.{0,200}\bwould (?:fix|solve|resolve|address) (?:this|that|the|it|my|our)\b|\bwe (?:can|could) (?:have|add|introduce|provide) (?:an?|another|one)(?: new| more)? (?:option|flag|setting|switch|parameter|argument|field|property|method)\b|\bi(?:'d| would) (?:limit|keep|prefer|make|use|go with|start|only|not|rather)\b",
);
static STRONG: Pattern = Pattern::new(
    r"^(?:so )?(?:i|we)(?:'d| would)? (?:propose|suggest|like|expect)\b|^my (?:proposal|suggestion) is\b|^this (?:ticket|issue|request|proposal) (?:is to (?:request|propose|suggest|ask for)|(?:requests|proposes|suggests|asks) (?:that|for|to))\b",
);
static REQUEST: Pattern = Pattern::new(
    r"^\W*(?:(?:hello|hi|hey)[ ,!]+)?(?:(?:could|can|would|will) (?:you|we|it|this|`?[\w-]+`?) (?:please |possibly |maybe )?(?:consider |be possible |be able |support|add|allow|have|provide|use|get|offer|expose|make)|would it be possible|is it possible|is there (?:a|any) way|how about|what about|why not|could consider|please )",
);
/// What somebody tells of themselves: a story, not a demand.
static NARRATIVE: Pattern = Pattern::new(
    r"\b(?:i|you|they|he|she|people|users?|those|everyone|somebody|someone)\b[^.,;`]{0,60}\b(?:have|has|had|having|need|needs|needed) to\b|^\W*(?:having|needing) to\b|^\W*(?:i|my|our|some of (?:us|our|my)|they|when i|if i|sometimes|currently|today|right now|at this time|as a|after i|this is my)\b|\bi will\b|\bfor me\b|\bi thought\b",
);
/// Said as a thought, or as a way to do it: no demand.
static MAYBE: Pattern = Pattern::new(
    r"^\W*(?:later on|future (?:idea|work))\b|^\W*(?:i|we) have (?:an? |some )?[\w ]{2,30} (?:where|in which)\b|^\W*i (?:really |do )?(?:like|love) (?:it|this|that|the idea)\b|^\W*(?:maybe|may be (?:that )?|might be (?:that )?|(?:it )?(?:may|might|could) be that|perhaps|possibly|alternatively|optionally|not sure|i (?:guess|think|wonder)|another option)\b|^\W*i(?: do not| don['’]t| am not|['’]m not) (?:really )?(?:know|sure|certain|think|believe)\b|^\W*i can\b|^[^.]{0,60}\b(?:can|could) then\b|may be worth|might be worth|^to do (?:this|that|so)\b|\bwe(?:'d| would) (?:need|have) to\b|^\W*i(?:'d|'m| would be| am) (?:happy|willing|glad)|\bcan submit a pr\b|\b(?:like|love|want) to (?:implement|work on|take|contribute|help|give|submit|open)\b|^\W*(?:it |this |that )?(?:should|must) be (?:straight|easy|simple|fixed|possible|fine|ok|enough|released|closed)",
);

static ONLY: Pattern = Pattern::new(r"^only .{3,60}? (?:may|can|is allowed|are allowed|darf|dürfen)\b");
/// `… but it should be!`: says nothing that the sentence before does not.
static BACK: Pattern = Pattern::new(
    r"\b(?:should|must|shall|ought to)(?: not|n['’]t)?(?: be| do)?\W*$|\b(?:needs?|has|have) to do (?:this|that|so|it)\b",
);

/// What somebody or something else says: no demand of the one who writes.
static HEARSAY: Pattern = Pattern::new(
    r"\b(?:docs?|documentation|spec(?:ification)?|manual|standard|\w+(?:db|sql)|he|she|they)\b[^.]{0,60}\b(?:says?|claims?|states?|seems? to (?:define|say))\b[^.]{0,80}\b(?:should|must)\b|\b(?:says|claims) (?:that )?it (?:should|must)\b|\bi (?:do )?hope\b",
);

/// What holds all the same.
static EVEN: Pattern = Pattern::new(r"\beven (?:if|though)\b[^,.;]*");

/// `… going back and forth on what it should look like`: what it should, nobody says.
static UNDECIDED: Pattern = Pattern::new(
    r"\b(?:back and forth|agree\w*|consensus|decid\w+|know|sure|figur\w+ out|discuss\w*|wonder\w*|question|no idea) (?:on |about |of |over )?(?:what|how|whether|where|who)\b[^.,;:]{0,50}?\b(?:should|must)\b[^.,;:]*\W*$",
);

/// Says must, outside parentheses, and is no story.
pub fn demands(text: &str) -> bool {
    let bare = EVEN.replace(&without_asides(text), |_| String::new());
    let bare = UNDECIDED.replace(&bare, |_| String::new());
    (MUST.is_in(&bare) || ONLY.is_in(&bare))
        && !HEARSAY.is_in(&bare)
        && !BACK.is_in(&bare)
        && !is_story(text)
        && !is_maybe(text)
}

/// Says must anywhere.
pub fn says_must(text: &str) -> bool {
    MUST.is_in(text)
}

/// Begins as something to do.
pub fn is_imperative(text: &str) -> bool {
    let two = || {
        let found = TWO_DEEDS.captures(text)?;
        Some(!tells_fault(found.get(1)?.as_str()) && IMPERATIVE.is_in(found.get(2)?.as_str()))
    };
    // `--export` is an option, and nobody is told to export.
    let option = begins_with_flag(text) || ACTS.is_in(text);
    let option = option || TOPIC.is_in(text);
    !option && (IMPERATIVE.is_in(text) || EITHER_WAY.is_in(text) || two().unwrap_or(false))
}

/// `migrate - strange message`: what it is about, and what is wrong with it.
static TOPIC: Pattern = Pattern::new(
    r"^\W*\w+ (?:-|–|—) (?:an? |the )?(?:strange|odd|weird|bogus|misleading|confusing|cryptic|spurious|unexpected|incorrect|wrong|garbled|bad|missing|broken)\b",
);

/// `Include fails`: what is called like a deed and does something itself.
static ACTS: Pattern = Pattern::new(
    r"^[\s*_\[\]-]*\w+ (?:fails|failed|crashes|breaks|hangs|is|are|was|does|doesn['’]t|returns|ignores|loses|throws|raises|panics|stops)\b",
);

/// Words that are a deed before what it is done to, and else a thing: `Build fails`, `Build the image`.
static EITHER_WAY: Pattern = Pattern::new(
    r"^[\s*_\[\]-]*(?:please |just |then |also )*(?:archive|block|build|capture|clear|close|compress|connect|cut|delay|deploy|export|fetch|flag|flush|guard|import|inline|install|join|kill|lock|lower|map|mock|monitor|mount|open|order|pin|poll|prefix|protect|quote|rebuild|scale|scan|share|sign|silence|snapshot|switch|undo|wrap)\s+(?:up |down |out )?(?:the|an?|all|each|every|any|both|its|our|their|this|that|these|those|only|no|`)",
);

/// One word that may be a verb but no plural, what it is done to, and a second deed.
static TWO_DEEDS: Pattern = Pattern::new(r"^(\p{L}{2,}[^s\W\d] [^.,;:]{3,60}?) and (\p{L}{3,} \S.*)$");

/// Proposes plainly, in the first person.
pub fn proposes_plainly(text: &str) -> bool {
    STRONG.is_in(text) && !is_question(text) && !DESCRIBES.is_in(text)
}

/// Asks for something without saying must.
pub fn proposes(text: &str) -> bool {
    let asks = IMPERATIVE.is_in(text) || PROPOSES.is_in(&without_asides(text));
    asks && !is_story(text) && !is_maybe(text) && !DESCRIBES.is_in(text)
}

static POLITE: Pattern = Pattern::new(
    r"^\W*(?:(?:could|can|would|will) (?:you|we|it|this) (?:please |possibly |maybe |also )*|(?:would it be|is it|would there be a way|is there (?:a|any) way) (?:possible )?to )(.+)$",
);

/// `Could you please make …`: a demand with manners.
pub fn asks_politely(text: &str) -> bool {
    POLITE.first(text, 1).is_some_and(|rest| IMPERATIVE.is_in(rest)) && !is_maybe(text)
}

/// Asks for something as a question, or politely.
pub fn requests(text: &str) -> bool {
    let polite = POLITE.first(text, 1).is_some_and(|rest| IMPERATIVE.is_in(rest));
    (polite || REQUEST.is_in(text)) && !is_maybe(text) && !DESCRIBES.is_in(text)
}

/// Proposes something, in whichever words.
pub fn mentions_wish(text: &str) -> bool {
    PROPOSES.is_in(text)
}

/// A thought aside, one for another time, or an answer.
pub fn is_maybe(text: &str) -> bool {
    MAYBE.is_in(text) || is_later(text) || is_reply(text)
}

/// Advises somebody, or only wants to know: asks for nothing, whatever its words.
pub fn is_reply(text: &str) -> bool {
    REPLY.is_in(text)
}

static REPLY: Pattern = Pattern::new(
    r"\bshould (?:already )?(?:do the trick|suffice|be enough|solve (?:it|this|your)|do it\b)|^\W*i(?:['’]d be|['’]m| am| would be) (?:curious|wondering|interested in (?:knowing|hearing))\b|^\W*(?:i|we)(?:['’]d| would) (?:really |also |just |only )*(?:like|love|want) to (?:understand|know|hear|learn|ask|find out) (?:whether|if|why|what|how|where|when)\b",
);

/// Said to come another time.
pub fn is_later(text: &str) -> bool {
    LATER.is_in(text)
}

static LATER: Pattern = Pattern::new(
    r"^\W*(?:as )?an? (?:future|later) (?:idea|step|enhancement|improvement|extension)\b|^\W*(?:later|eventually|someday|one day|in the (?:long run|future)),",
);

/// Tells how things are, as a lead-in or a note.
pub fn describes(text: &str) -> bool {
    DESCRIBES.is_in(text)
}

/// A question, or what somebody tells of themselves; no story where anything but its teller must.
pub fn is_story(text: &str) -> bool {
    is_question(text) || (NARRATIVE.is_in(text) && !PROPOSES.is_in(text) && !binds_others(text))
}

static BOUND: Pattern = Pattern::new(
    r"([\p{L}\d`)_'’-]+),?\s+(?:(?:also|always|then|just|really|still|only|never)\s+)*(?:must|shall|should|ought to|may not)\b",
);
static TELLER: Pattern = Pattern::new(r"^(?:i|we|me|so|and|or|but|than|as)$");
static THOUGHT: Pattern = Pattern::new(r"\bi (?:thought|assumed|figured|guessed|hoped)\b");

/// Must something other than the one who tells?
fn binds_others(text: &str) -> bool {
    !THOUGHT.is_in(text) && BOUND.all(text, 1).into_iter().any(|subject| !TELLER.is_in(subject))
}

static FIRST_PERSON: Pattern =
    Pattern::new(r"\b(?:i|we)\b[^.,;`]{0,60}\b(?:have|has|had|having|need|needs|needed) to\b");

/// Sends the reader elsewhere: nothing to be done.
static POINTS: Pattern = Pattern::new(
    r"^\W*(?:please )?(?:see|compare|cf|look (?:at|here|into)|have a look|take a look|check (?:out|this|the (?:link|issue|discussion))|refer to|note|keep in mind|remember that|let me know|feel free|tell me|thank)\b",
);

/// Only points at something?
pub fn points(text: &str) -> bool {
    POINTS.is_in(text)
}

/// `Support cannot tell …`: who acts, not what to do.
static NOUN: Pattern = Pattern::new(
    r"^\w+ (?:can(?:not|'t)?|is|are|was|were|has|does|do|did|will|would|may|might|must|should)\b",
);

/// Begins as something to do, and is no name of who acts and no hint where to look.
pub fn bids(text: &str) -> bool {
    IMPERATIVE.is_in(text) && !NOUN.is_in(text) && !POINTS.is_in(text)
}

/// Asks in whichever words: must, a deed, a wish or a polite question; `I have to restart` binds nobody.
pub fn has_ask(text: &str) -> bool {
    let told = FIRST_PERSON.is_in(text) && !binds_others(text);
    let wishes = !POINTS.is_in(text) && (PROPOSES.is_in(text) || requests(text));
    (MUST.is_in(text) && !told) || bids(text) || BARS.is_in(text) || wishes
}

/// `Don't leave …`, whatever the deed.
static BARS: Pattern = Pattern::new(r"^\W*(?:please |also |but |and )*(?:do not|don['’]t|never)\s+\w+");

static HARD: Pattern = Pattern::new(r"\b(?:must|shall|has to|have to|muss|müssen|doit|doivent|deve|moet)\b");

/// Says what should have been, not what has to be: in a report that is its outcome.
pub fn hopes(text: &str) -> bool {
    MUST.is_in(text) && !HARD.is_in(text)
}

static EXPECTS: Pattern = Pattern::new(
    r"^\W*(?:so |since [^,]{1,80}, )?i(?:'d| would)? (?:also |really |still )?(?:have )?expect|\b(?:i|we)(?:'d| would)? (?:also |really |still )?(?:have )?expect(?:ed)?\b|^\W*expected\b|\b(?:is|are|was|were) expected to\b|^\W*it(?:['’]d| would| might) be (?:much |far |very |really )?(?:nicer|better|preferable|desirable) (?:if|that|to (?:get|see|have|receive))\b",
);

/// Says what somebody expected.
pub fn expects(text: &str) -> bool {
    EXPECTS.is_in(text)
}

/// Ends in a question mark.
pub fn is_question(text: &str) -> bool {
    text.trim_end().ends_with('?')
}

/// A sentence without what stands between parentheses.
fn without_asides(text: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

static DECLINES: Pattern = Pattern::new(concat!(
    r"^(?:nope|no)\W*$|^(?:nope|no)\b[,.!]? (?:thanks|thank you|sorry|we (?:won|don|do not|will not)|i (?:don|won|do not|would not))|\bout of scope\b|\bwon['’]?t ?(?:fix|add|implement|accept|merge|be (?:added|implemented|accepted|merged))|\bprobably not\b|\bnot (?:going|planning|willing) to (?:add|implement|support|accept|merge|change|do)|\bno plans? (?:to|for|on)\b|\b(?:do not|don['’]t) plan (?:to|on)\b|^\W*(?:(?:this|it) (?:is|looks like|seems)(?: to be)? )?(?:an? )?(?:\w+ )?(?:duplicate[sd]?|dupe?)(?: of)? #\d|",
    closed_as_duplicate!(),
    r" (?:#\d|https?://)|\bi don['’]?t (?:think|believe) (?:we|this|it|that)[^.!?]{0,80}\b(?:add|belongs?|should|support|worth|needed|feature)\b|\bi(?:['’]d| would) rather not\b|\bi (?:would not|wouldn['’]t) (?:like|want) to\b|\bnot (?:yet |really |fully )?convinced\b|\b(?:is not|isn['’]t|it['’]s not) (?:the |a |our |my )?(?:responsibility|job|goal) of\b|\bnot (?:the |an? )?(?:responsibility|job) (?:of|for) (?:this|the)\b|\bi['’]?m closing\b|\bi am closing\b|\bworking as (?:intended|designed|expected)\b|\bthis is (?:by design|not a bug|expected|intended(?: behaviou?r)?)\b|^\W*(?:it|that)(?: is|['’]s) (?:by design|not a bug|expected)(?: behaviou?r)?\W*$|\b(?:is|was|are|were) intentional(?:ly)? (?:only|not|un\w+|limited|restricted|left)\b|\bclosing,? (?:this |the issue |this issue )?(?:as|since|because)\b|\bnot something (?:we|i)\b|\bworks? as (?:intended|designed|expected)$"
));
static ACCEPTS: Pattern = Pattern::new(
    r"\b(?:happy to (?:review|accept|merge|see)|prs? (?:is|are)? ?welcome|accept a pr|good (?:idea|catch|point|suggestion)|sounds (?:good|great|reasonable)|makes sense|let['’]?s (?:do|add)|i(?:['’]d| would) be (?:happy|open|okay|ok|fine)|agreed|confirmed|looks good|definitely a bug|consider this a bug|go for it)\b",
);

/// Does a maintainer turn the wish down?
pub fn declines(text: &str) -> bool {
    DECLINES.is_in(text) && !is_question(text)
}

/// Words that nobody uses but to turn something down.
static CLOSES: Pattern = Pattern::new(concat!(
    r"^\W*closing\b|",
    closed_as_duplicate!(),
    r"\b|\bworking as (?:intended|designed)\b|\b(?:this|that|it) is (?:the )?intended behaviou?r\b"
));

/// Does a maintainer turn it down in so many words?
pub fn closes(text: &str) -> bool {
    CLOSES.is_in(text)
}

static INVITES: Pattern = Pattern::new(
    r"\b(?:would you (?:like|mind|be (?:willing|interested|up))|(?:can|could|will) you (?:send|open|make|submit|create|file)|want to (?:send|open|submit|contribute|work)|pull request|\bprs?\b|thoughts|any(?:one|body)|opinions?)\b",
);

/// Asked of those who wrote the code.
static WHY_SO: Pattern = Pattern::new(
    r"\b(?:was|is|were) (?:it|this|that|there|the \w+) (?:an? )?(?:(?:\w+ )?(?:reason|decision|choice)|intentional|deliberate|on purpose)\b|\bis there (?:any|an?) (?:good |particular |specific )?reason (?:why|not|to|for)\b",
);

/// Does a maintainer ask something of the matter, and not for help with it?
pub fn inquires_of_author(text: &str) -> bool {
    is_question(text)
        && !WHY_SO.is_in(text)
        && !requests(text)
        && !INVITES.is_in(text)
        && text.split_whitespace().count() > 3
}

static REVOKES: Pattern = Pattern::new(
    r"^\W*(?:i['’]?m |i am )?not sure (?:any|that|it|this|these|those|they)\b|^\W*(?:on second thoughts?|never ?mind|scratch that|i (?:was|stand) (?:wrong|corrected)|(?:ah|oh),? (?:it|this|that|i|so)|looks (?:to me )?(?:like|as (?:if|though))|reopening)\b",
);

/// Does a maintainer take back what was said before, or go into the matter again?
pub fn revokes(text: &str) -> bool {
    REVOKES.is_in(text)
}

/// Does a maintainer take it up?
pub fn accepts(text: &str) -> bool {
    ACCEPTS.is_in(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_are_told_from_talk() {
        for text in [
            "It would be useful to set the depth per object.",
            "I also want the command to be given the lines.",
            "My proposal is to configure the default.",
            "Destructure `A` the same way as `B`",
            "I'm imagining an option `-w <name>`.",
            "We can have another option `a` to hide it.",
            "An additional parameter (eg. `-x`) with a list of rows would fix this issue.",
        ] {
            assert!(proposes(text), "{text}");
        }
        for text in [
            "At this time all objects are cut at the same depth.",
            "There is already an option to ignore identifiers.",
            "The variable is described here:",
            "I'd be happy to open a PR.",
            "Another option is to leave it.",
            "The delay is going back and forth on what this should look like.",
        ] {
            assert!(!proposes(text) && !demands(text), "{text}");
        }
        assert!(requests("Could `fd` support longer lists?") && requests("How about a simple bool?"));
        assert!(declines("This seems out of scope to me.") && !declines("Is this by design?"));
        assert!(is_maybe("May be that `wrap()` should return another type"));
        assert!(tells_fault("the help is non-deterministic"));
        assert!(tells_fault("parse is case sensitive") && tells_fault("x gives ArgumentError"));
        assert!(is_promise("Validations", "Follow our Code of Conduct") && !is_promise("", "Follow links"));
        for text in [
            "no more than 50,000 rows, otherwise 413",
            "there is no `tmp` left behind",
            "make sure the file is closed",
            "check that names are sorted",
        ] {
            assert!(!is_promise("", text), "{text}");
        }
        assert!(is_promise("", "No, this is not a duplicate") && is_promise("", "I use version 3.2"));
        for text in
            ["They should have two decimals.", "Today the exporter must stop.", "Our totals should add up."]
        {
            assert!(demands(text), "{text}");
        }
        for text in ["I have to restart it.", "I thought it should print 3.", "Sometimes we should rest."] {
            assert!(!demands(text), "{text}");
        }
        assert!(!leads("It fails in the following scenario:") && leads("The importer must:"));
    }
}
