//! Requests with manners, and thoughts that only sound like requests.

use crate::domain::plan::pattern::Pattern;

/// How a request with manners begins.
macro_rules! begging {
    () => {
        r"(?:(?:can|could) (?:we|you|there|somebody|someone) (?:please |possibly |maybe |also |instead |perhaps )*(?:get|have|add|allow|support|expose|make|provide|introduce|offer|keep|let|use|show|print|change|extend|include|return|accept)\b|(?:can|could|should) (?:it|this|that|these|they|the [\w` ]{2,40}) (?:please |possibly |maybe |also |instead |perhaps )*be (?:made|changed|added|extended|exposed|turned|shown|hidden|printed|kept|allowed|supported|documented|configurable|optional)\b|could (?:it|this|the [\w` ]{2,40}?|its [\w` ]{2,40}?|`[^`]{2,40}`) (?:please |possibly |maybe |also |instead |perhaps |then |at least )*(?:say|mention|tell|print|show|list|report|name|warn|contain|include|return|accept|support|allow|ignore|skip|keep|detect|handle|respect)\b|would(?:n['’]?t| not)? it (?:not )?(?:make (?:more |any )?sense|be (?:better|nice|nicer|great|good|easier|possible)) (?:to|if|for)\b|(?:i['’]?m|i am|i was) wondering (?:if|whether) [^?]{3,120}\b(?:should|could|can)\b|i wonder (?:if|whether) [^?]{3,120}\b(?:should|could|can)\b|it(?: would|['’]d) (?:also )?(?:be (?:very |really |so |super )?(?:nice|great|good|lovely|useful|helpful|awesome|handy|cool)|(?:really |greatly )?help|make (?:more )?sense) (?:to|if)\b)"
    };
}

static BEGS: Pattern =
    Pattern::new(concat!(r"^\W*(?:(?:so|but|and|also|hence|therefore|hello|hi|hey)[ ,!]+)*", begging!()));
/// `An example like this would be nice.`
static NICE: Pattern = Pattern::new(
    r"\bwould (?:also )?be (?:very |really |so |super )?(?:nice|great|good|lovely|useful|helpful|awesome|handy|cool|ideal)(?: to have)?\W*$",
);
/// Asks for help, for an opinion or for a cause, and for nothing to be built.
static HELP: Pattern = Pattern::new(
    r"\b(?:help (?:me|us|with)|explain|tell (?:me|us)|understand|clarify|point (?:me|us)|advise|look into|confirm|guidance|feedback|thoughts|opinions?|more (?:details?|information|context)|reproduc\w+|a call|pointers?|prs?|pull requests?|repl(?:y|ies)|workarounds?|releases?|take a look|share|to see (?:the|your) (?:full|complete|whole|code|config\w*|output|logs?)|an? (?:bug|problem|cause|regression)|(?:be|is) (?:related|caused|due))\b",
);

/// Asks for something to be built, politely.
pub fn begs(text: &str) -> bool {
    (BEGS.is_in(text) || NICE.is_in(text)) && !HELP.is_in(text)
}

/// `So in `a.rs` please set …`: the deed stands behind the word, wherever that stands.
static PLEADS: Pattern = Pattern::new(r"^[^,;:]{2,60}?,? (?:please|pls),? (\S.{8,})$");
/// What is asked of whoever reads it.
static READS: Pattern =
    Pattern::new(r"^(?:read|see|look|consult|open|follow|find|visit|refer|check|contact|ask)\b");
static HERE: Pattern =
    Pattern::new(r"^\W*(?:(?:so|then|therefore|also|and|but) )*(?:in|for|with|from|on|at)\b");

/// Asks for a deed behind the place where it is to be done.
pub fn pleads(text: &str) -> bool {
    let deed = PLEADS.first(text, 1).filter(|deed| super::bids(deed) && !READS.is_in(deed));
    deed.is_some() && HERE.is_in(text) && !super::is_question(text) && !HELP.is_in(text)
}

/// A wish in the first person.
macro_rules! able {
    () => {
        r"(?:i|we)(?:['’]d| would) (?:really |also )?(?:like|love) to be able to \w+"
    };
}

static BEHIND: Pattern = Pattern::new(concat!(
    r"^.{20,}?[,;–—] (?:but |so |and |hence |therefore )?((?:",
    begging!(),
    r"|",
    able!(),
    r").*)$"
));
static ABLE: Pattern = Pattern::new(concat!(r"\b", able!()));

/// The request behind what is told first: `It works with a trick, but wouldn't it make sense to …?`
pub fn request_behind(text: &str) -> Option<String> {
    if let Some(fault) = BLAMES.first(text, 1).filter(|fault| !TURNS.is_in(fault)) {
        return Some(fault.to_owned());
    }
    if let Some(asked) = CONCEDES.first(text, 1) {
        return Some(asked.to_owned());
    }
    let request = BEHIND.first(text, 1)?;
    let told = text.strip_suffix(request)?;
    let demands = super::says_must(told) || super::is_imperative(told);
    ((begs(request) || ABLE.is_in(request)) && !demands).then(|| request.to_owned())
}

/// `Should ferry get an option `--slow`?`
static SHOULD_GET: Pattern = Pattern::new(
    r"^\W*should (?:the |our )?(?:[\w`.-]+ ){1,3}(?:get|have|gain|offer|provide|support|accept|allow|grow) (?:an? |the )?(?:new )?[^?]{3,120}\?$",
);

/// `Would it be reasonable to compare without case?`
static WOULD_IT: Pattern = Pattern::new(
    r"\bwould it be (?:reasonable|feasible|acceptable|sensible|ok(?:ay)?|fine|worth(?:while)?) (?:to|for \w+ to) (\w+) .{12,}",
);
/// `Can several reporters be switched on?`
static CAN_BE: Pattern = Pattern::new(
    r"(?:^|[:,;–—-] ?)\W*(?:so |and |but )?(?:can|could) ((?:[\w`.-]+ ){1,4})be (?:\w+ed|made|set|given|shown|sent|kept)\b[^?]{0,160}\?$",
);
/// What somebody would do for it, and no part of it.
static OFFERS: Pattern = Pattern::new(r"^(?:work|open|close|submit|send|ask|wait|help|try|take)$");
/// What stands elsewhere, or the issue itself.
static POINTS: Pattern = Pattern::new(r"^(?:it|this|that|these|those|this (?:issue|bug|ticket)|the issue) $");

/// Asks whether something could be so, which is to ask for it.
pub fn could_be(text: &str) -> bool {
    let would = WOULD_IT.first(text, 1).is_some_and(|deed| !OFFERS.is_in(deed));
    let can = || CAN_BE.first(text, 1).is_some_and(|subject| !POINTS.is_in(subject));
    (would || can()) && !HELP.is_in(text)
}

/// Asks for help, and for nothing to be built.
pub fn seeks_help(text: &str) -> bool {
    HELP.is_in(text)
}

/// Asks whether something should be had, which is to ask for it.
pub fn should_get(text: &str) -> bool {
    SHOULD_GET.is_in(text) && !super::is_maybe(text)
}

/// `That it runs one of them is fine with me, but it should say so`.
static CONCEDES: Pattern = Pattern::new(
    r"^[^,;]{6,120}?\b(?:is|are|would be|seems?|works?) (?:perfectly |totally |absolutely )?(?:ok(?:ay)?|fine|good|all right|acceptable|understandable|correct)(?: (?:for|with|by|to) (?:me|us))?,? but ((?:[^,;]{3,60},? )?(?:it|there|we|that|this|they|the \w+) (?:should|must|needs? to|has to|ought to)\b.{8,})$",
);
static TURNS: Pattern = Pattern::new(r"^\W*(?:but|although|though|however|not sure|i|we)\b");
/// `I think this is a bug: when …, it should …`.
static BLAMES: Pattern = Pattern::new(
    r"^\W*(?:i (?:think|believe|guess|assume) )?(?:that )?(?:this|it) (?:is|looks like|seems like|seems to be|might be|may be) an? (?:\w+ )?(?:bug|issue|problem|regression)\s*[:,–—-]\s+(?:as |because |since )?(.{12,}\b(?:should|must)\b.{4,})$",
);

/// `If both are given, we can fail or let one win`: the condition and the two ways.
static EITHER_WAY: Pattern = Pattern::new(
    r"^\W*((?:if|when|where) [^.]{4,80}?),? we (?:can|could|might) (?:also |either |just )*([a-z][^.]{3,70}?),? or (?:also |else |just )*([a-z][^.]{3,70}?)\W*$",
);

/// A choice that whoever writes leaves open: when, and either of which.
pub fn leaves_choice(text: &str) -> Option<[&str; 3]> {
    let found = EITHER_WAY.captures(text)?;
    let part = |group| Some(found.get(group)?.as_str());
    Some([part(1)?, part(2)?, part(3)?])
}

/// What somebody who answers thinks aloud, or tells of how it came to be.
static MUSES: Pattern = Pattern::new(
    r"^\W*arguably\b|^\W*(?:this|that|the|your)\b[^.;]{0,60}\b(?:i|we) (?:do )?(?:acknowledge|understand)\b[^.;]*\b(?:but|however|yet)\b|\bshould have (?:been|had)\b|\bwould be (?:enough|excessive|sufficient|overkill|too much) (?:if|when)\b|^\W*(?:this|that|it) can (?:already )?be (?:done|achieved|had|worked around) (?:with|by|via|using|through)\b|\bseems? to (?:do|work|fix|solve|help|be enough)\b|\b(?:i(?:['’]m| am) )?not sure (?:how|if|whether|about|what|why)\b",
);
static HISTORY: Pattern = Pattern::new(
    r"^\W*(?:the )?[\w.-]+ (?:already )?(?:added|made|introduced|removed|changed|switched|moved|dropped|landed|shipped|released) \w+[^?:]*$",
);

/// What others do, what only labels an example, and what has to come before: none of it is asked for here.
static BESIDE_IT: Pattern = Pattern::new(
    r"^\W*(?:some|many|most|several) (?:other )?(?:tools|programs|formatters|linters|editors|projects|libraries|frameworks|languages)\b|^\W*(?:for )?(?:an? )?examples?\W+`[^`]+`\W*$|^\W*(?:that|this|it) needs? (?:implement|fix|merg|resolv|sort)ing(?: out)? first\b",
);

static WANTS: Pattern =
    Pattern::new(r"\b(?:want|wants|wish|would like|would love|ask for|asked for|needs? (?:an?|the) )\b");

/// Says something beside the demand, whatever its words.
pub fn stands_beside(text: &str) -> bool {
    BESIDE_IT.is_in(text) && !super::says_must(text) && !WANTS.is_in(text)
}

/// Thinks aloud or tells how it came to be: no demand of somebody who answers.
pub fn muses(text: &str) -> bool {
    MUSES.is_in(text) || HISTORY.is_in(text) && !super::says_must(text) || tells_reason(text)
}

static PREFERS: Pattern = Pattern::new(
    r"\bi(?:['’]d| would)? (?:strongly |much |really |rather |now )*prefer (?:to )?.{6,160}? (?:than|over|rather than|instead of) .{4,}",
);

/// What is not possible, and why.
static LACKS: Pattern = Pattern::new(
    r"^(.*?)\b(?:is|are|was) (?:currently |simply |just |today )?(?:impossible|not possible|unfeasible)\b[^.]*\b(?:since|because|as)\b",
);

/// Tells why something is not possible today, or for which case it is wished: `must` behind that is a reason.
fn tells_reason(text: &str) -> bool {
    LACKS.first(text, 1).is_some_and(|before| !super::says_must(before)) || USE_CASE.is_in(text)
}

static USE_CASE: Pattern = Pattern::new(
    r"^\W*what i (?:have|had) in mind\b[^.]*\bis the (?:use )?case (?:where|when|in which|that)\b|^\W*(?:an?|one|my|our|the) (?:\w+ )?(?:setup|use case|case|scenario|situation) (?:that|which) (?:would|could) (?:gain|benefit|profit)\b",
);

/// Offers two ways, and is sure of none.
static UNSURE_WAYS: Pattern = Pattern::new(
    r"\b(?:probably|maybe|perhaps)\b (.{8,}?),? or (?:perhaps|maybe|probably|possibly|even) (.{8,})$",
);

/// The two ways that a sentence offers without being sure of any.
pub fn offers_ways(text: &str) -> Option<[&str; 2]> {
    let found = UNSURE_WAYS.captures(text.trim_end_matches(['.', '!', '?']))?;
    Some([found.get(1)?.as_str(), found.get(2)?.as_str()])
}

/// Would have another thing than the one that is asked for.
pub fn prefers(text: &str) -> bool {
    PREFERS.is_in(text) && !AS_ASKED.is_in(text)
}

static LEANS: Pattern = Pattern::new(
    r"\bi(?:['’]m| am) (?:thinking|leaning|inclined)\b.{0,60}?\b(?:instead of|rather than|to(?:wards)?)\b .{8,}|\bwe might (?:just |rather )*(?:consider|want to)\b .{8,}",
);

/// Says which way it may be done, and leaves it open.
pub fn leans(text: &str) -> bool {
    LEANS.is_in(text) && !super::is_question(text)
}

static MAYBE: Pattern = Pattern::new(
    r"^\W*(?:(?:so|but|and|well|hm+|then|or),? )*(?:maybe|perhaps|possibly) (?:we (?:could|should|can) |just |simply |only |rather )*(.{8,})$",
);
static WAY: Pattern = Pattern::new(
    r"^\W*(?:(?:so|but|and|well|hm+|then|or),? )*(?:(?:how|what) about (?:an? |the |`|\w+ing\b|just )|alternatively,? )|\bif anything,? (?:i|we)(?:['’]d| would) ",
);
/// More, and not another.
static BESIDE: Pattern = Pattern::new(r"\b(?:also|too|as well|in addition)\b");
static NEW_THING: Pattern =
    Pattern::new(r"^(?:an?|one) (?:additional|new|separate|second|different|dedicated|optional|explicit) ");

/// Names another way than the one that is asked for: `Maybe just deprecate it?`, `How about a new method?`
pub fn names_way(text: &str) -> bool {
    let maybe = || {
        let deed = MAYBE.first(text, 1)?;
        Some(NEW_THING.is_in(deed) || super::is_imperative(deed))
    };
    !HELP.is_in(text) && !BESIDE.is_in(text) && (WAY.is_in(text) || maybe().unwrap_or_default())
}

static POSSIBLY: Pattern = Pattern::new(
    r"^\W*(?:possibly|maybe|perhaps|optionally),? (?:also |even |as )*((?:the|an?|by|for|in|on|as|with)\b[^?]{3,100})\?\W*$",
);

/// What whoever wishes is not sure to wish: `Possibly the new default?`
pub fn possibly(text: &str) -> Option<&str> {
    POSSIBLY.first(text, 1)
}

static WOULD_MORE: Pattern = Pattern::new(
    r"^\W*(?:(?:so|but|and|also),? )*(?:would it (?:also )?be (?:useful|helpful|nice|good|better|worth\w*)|would it make sense|should (?:it|this|we) also) .{6,}\?$",
);

/// Asks whether more is wanted, or another form of it.
pub fn asks_for_more(text: &str) -> bool {
    WOULD_MORE.is_in(text)
}

static AS_ASKED: Pattern =
    Pattern::new(r"\bas (?:the issue|you|(?:proposed|suggested|described|asked|requested))\b");

/// Wants it otherwise than it is, and does not say how much.
static COMPARES: Pattern = Pattern::new(
    r"\b(?:faster|slower|better|easier|nicer|cleaner|simpler|smarter|friendlier|prettier|lighter|quicker|improve\w*|optimi[sz]e\w*|enhance\w*|speed up|clean up|more (?:robust|useful|readable|efficient|helpful|flexible|consistent|intuitive|reliable|usable|stable|modern|elegant|powerful))\b",
);

/// Wants it otherwise than it is, and does not say how much?
pub fn compares(text: &str) -> bool {
    COMPARES.is_in(text)
}

static SECURES: Pattern = Pattern::new(r"^\W*(?:please )?(?:ensure|make sure|verify|check|guarantee)\b");

/// Wants to be sure of what it says, which is no fault then: `Ensure that the key is not logged`.
pub fn secures(text: &str) -> bool {
    SECURES.is_in(text)
}

static FLAG: Pattern = Pattern::new(r"^[`\s]*--[a-z]");

/// `--export is ignored`: begins with an option.
pub fn begins_with_flag(text: &str) -> bool {
    FLAG.is_in(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whether_it_could_be_so_is_asked_of_a_thing_and_not_of_the_issue() {
        for text in [
            "Would it be reasonable to compare the names without case?",
            "So, all that to ask - can multiple reporters be enabled somehow?",
            "And if they can't, could the github reporter be changed to print both?",
        ] {
            assert!(could_be(text), "{text}");
        }
        for text in [
            "Can it be used with version 3?",
            "How can the log level be changed at runtime?",
            "Could this be fixed in the next version?",
            "Can this issue be closed now that 2.1 is out?",
            "Would it be okay to work on this issue next week?",
        ] {
            assert!(!could_be(text), "{text}");
        }
    }

    #[test]
    fn a_request_with_manners_is_told_from_a_cry_for_help() {
        for text in [
            "Can we get a `width` variable that holds the columns?",
            "Wouldn't it make more sense to keep the old name?",
            "I'm wondering if the limit of the parent should hold for its children.",
            "It would be great to have a hook behind the parser.",
            "A page with a complete configuration would be nice.",
            "Could the colour be made configurable?",
        ] {
            assert!(begs(text), "{text}");
        }
        for text in [
            "Can you add more details?",
            "It would be great if someone could help me with the setup.",
            "I'm wondering if this could be a bug of the driver.",
            "Can it be used with version 3?",
            "Any pointers would be great.",
            "It would be great if someone could take a look.",
            "Can we get a new release with this?",
            "Could there be two of them at work?",
            "Could it be that the cache is stale?",
            "The report would be nice and short before that.",
        ] {
            assert!(!begs(text), "{text}");
        }
    }

    #[test]
    fn what_is_told_before_a_request_is_no_part_of_it() {
        let text =
            "One can set it for every job by hand, but wouldn't it make sense to take the group's value?";
        let request = request_behind(text).unwrap();
        assert_eq!(request, "wouldn't it make sense to take the group's value?");
        assert_eq!(
            request_behind(
                "Perhaps this is there and I missed it, but I'd like to be able to pick the file."
            ),
            Some("I'd like to be able to pick the file.".to_owned())
        );
        assert_eq!(request_behind("It fails, so can you tell me how to set it?"), None);
        assert_eq!(
            request_behind("Running one of the two is OK for me, but before it starts it should look for both and then stop.").as_deref(),
            Some("before it starts it should look for both and then stop.")
        );
        assert_eq!(request_behind("The sort is stable, but slow and should stay so."), None);
        let both = "Every write must be tried three times and logged, could we make that the default?";
        assert_eq!(request_behind(both), None, "what stands before it is asked for as well");
    }

    #[test]
    fn who_thinks_aloud_or_tells_history_demands_nothing() {
        for text in [
            "Arguably the filter should have been a plain function.",
            "The loader added a second path in 2.1 and made it the default in 2.3.",
            "It would be nice to mend this, but I'm not sure how hard it is.",
            "One pass would be enough if the names were sorted.",
        ] {
            assert!(muses(text), "{text}");
        }
        for text in ["Errors made by users must be shown.", "Add a flag for it.", "It should be sorted."] {
            assert!(!muses(text), "{text}");
        }
        assert!(prefers("At this point I would prefer to drop `sort` than to keep two of them."));
        assert!(!prefers("Prefer short names over long ones."));
        assert!(!prefers("I prefer an error over a guess, as the issue says."));
    }

    #[test]
    fn another_way_is_told_from_a_guess_and_from_a_question() {
        for text in [
            "Maybe just deprecate it for now?",
            "If anything, I would prefer this to be a symbol.",
            "How about `redirectBack()`?",
            "Maybe an additional flag `absolute` that would default to true?",
            "Perhaps we could keep the old name beside it.",
        ] {
            assert!(names_way(text), "{text}");
        }
        for text in [
            "Maybe it is the driver.",
            "Perhaps you can share your configuration?",
            "Maybe the cache is stale?",
            "Maybe also update the README?",
            "Perhaps this is a duplicate of #4.",
            "I would prefer that.",
        ] {
            assert!(!names_way(text), "{text}");
        }
        assert_eq!(possibly("Possibly the new default?"), Some("the new default"));
        assert_eq!(possibly("Maybe you know why?"), None);
    }

    #[test]
    fn a_choice_is_ours_and_what_a_program_may_do_is_none() {
        let choice = "If somebody passes `--all` we can error out or just prefer one of them.";
        assert_eq!(
            leaves_choice(choice),
            Some(["If somebody passes `--all`", "error out", "prefer one of them"])
        );
        for fault in [
            "If the file is missing, it may crash or hang.",
            "When the network drops, it can hang or lose messages.",
            "When a list is open, you can sort or filter it.",
        ] {
            assert_eq!(leaves_choice(fault), None, "{fault}");
        }
    }
}
