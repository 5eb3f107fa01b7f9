//! A limit that names no number: the number is asked for, with what people said of it.

use crate::domain::brief::Brief;
use crate::domain::plan::frames::{Claim, Findings, Scene};
use crate::domain::plan::model::Question;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::quantity::{self, Quantity};

use super::{COUNT, FRAME, GROUP, KEY, Slots, WINDOW, bare_key, plural};

/// What is counted stands before the verb or right behind it: the size of something is no such thing.
static LIMITED: Pattern = Pattern::new(
    r"^\W*(?:all |the |failed |our )*((?:[\p{L}-]+ )?(?:attempts?|requests?|calls?|sign-?ins?|log-?ins?|sign-?ups?|registrations?|messages?|uploads?|mails?))\b[^.,;:]{0,40}?\b(?:should|must|shall|ha(?:s|ve) to|needs? to|ought to)\s+be\s+(?:rate.?)?(?:limited|throttled)\b(?: (?:per|by|for|from|in)\b|\W*$)|^\W*(?:please )?(?:add (?:an? )?rate.?limit(?:s|ing|er)? (?:for|to|on|of)|rate.?limit|limit|throttle)\s+(?:all |the |failed |our )*((?:[\p{L}-]+ )?(?:attempts?|requests?|calls?|sign-?ins?|log-?ins?|sign-?ups?|registrations?|messages?|uploads?|mails?))\b",
);
static NUMBER: Pattern = Pattern::new(r"\b(\d{1,9})\b");
/// How large something is, is another bound than how often it comes.
static OF_SIZE: Pattern = Pattern::new(
    r"\b(?:sizes?|lengths?|large|larger|big|bigger|long|longer|heavy|bytes|[kmg]i?b|megabytes?|gigabytes?|bandwidth|speed)\b",
);
/// What is guessed at.
static GUESSED: Pattern = Pattern::new(r"sign-?in|log-?in|password|attempt|failed|failure");

const SLOT: &str = "rate_limit.count";

/// How many in which time.
struct Measure {
    count: u64,
    window: Quantity,
}

impl Measure {
    fn of(text: &str) -> Option<Self> {
        let window = WINDOW.captures(text)?;
        let unit = window.get(2)?.as_str();
        let count = NUMBER.first(text, 1)?.parse().ok()?;
        let window = quantity::duration(window.get(1).map(|digits| digits.as_str()), unit)?;
        Some(Self { count, window })
    }

    fn text(&self) -> String {
        format!("{} in {}", self.count, self.window.text())
    }
}

/// The slots of a limit whose number was answered; else its cases and the question are found.
pub(super) fn read(scene: &Scene<'_>, findings: &mut Findings) -> Option<Slots> {
    let limited =
        |text: &str| LIMITED.first(text, 1).or_else(|| LIMITED.first(text, 2)).map(str::to_lowercase);
    let (index, text, thing) = scene.open(findings).into_iter().find_map(|(index, one)| {
        Some((
            index,
            one.text.as_str(),
            limited(&one.text).filter(|_| !NUMBER.is_in(&one.text) && !OF_SIZE.is_in(&one.text))?,
        ))
    })?;
    let key = KEY.first(text, 1).map(str::to_owned);
    if let Some(measure) = scene.answered(SLOT).as_deref().and_then(Measure::of) {
        findings.used.push(SLOT);
        return Some(Slots {
            main: index,
            count: measure.count,
            count_words: measure.count.to_string(),
            thing,
            window: measure.window,
            answer: quantity::status(text).unwrap_or("refused").to_owned(),
            named: quantity::status(text).is_some(),
            key,
        });
    }
    let many = plural(&thing);
    let answer = quantity::status(text).unwrap_or("refused");
    let id = index + 1;
    let cases = match scene.answered(SLOT) {
        Some(said) => vec![format!("{many}: {said}"), format!("one more: {answer}")],
        None => vec![
            format!("{many} up to the number asked below: none is {answer}"),
            format!("one more within its time: {answer}"),
            format!("one after it: not {answer}"),
        ],
    };
    let said = proposals(scene.brief);
    let guess = if GUESSED.is_in(&format!("{thing} {text}")) { "5 in 15 min" } else { "60 in 1 min" };
    let default = said.last().map_or(guess.to_owned(), |(_, measure)| measure.text());
    let who: Vec<String> =
        said.iter().map(|(author, measure)| format!("{author}: {}", measure.text())).collect();
    let why = if who.is_empty() { String::new() } else { format!("Said so far: {}.", who.join(", ")) };
    let each = key.map(|key| format!(" per {}", bare_key(&key))).unwrap_or_default();
    findings.ask(
        scene,
        &format!("the limit of R{id}"),
        Question {
            slot: SLOT.into(),
            text: format!("How many {many}{each} are let through, and in which time?"),
            default,
            why,
            weight: 95,
        },
    );
    let places = scene.place(index).or_else(|| scene.own_places(index).first().cloned());
    let places = places.into_iter().collect();
    findings.claim(index, Claim { frame: FRAME.name, group: GROUP.into(), kind: "feature", cases, places });
    None
}

/// What each person proposed last, oldest first: nobody who may triage, whose word is in the demand.
fn proposals(brief: &Brief) -> Vec<(String, Measure)> {
    let mut said: Vec<(String, Measure)> = Vec::new();
    for comment in brief.comments.iter().filter(|comment| !comment.is_bot) {
        let sentences: Vec<&str> = comment.body.split(['.', '\n', ';']).collect();
        let found = sentences.into_iter().rev().find_map(|sentence| {
            let count = COUNT.captures(sentence)?;
            Measure::of(sentence.get(count.get(0)?.start()..)?)
        });
        if let Some(measure) = found {
            said.retain(|(author, _)| *author != comment.author);
            said.push((comment.author.clone(), measure));
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_what_comes_in_is_no_count_of_it() {
        for (text, thing) in [
            ("Sign-ins should be limited per address.", Some("Sign-ins")),
            ("Failed login attempts must be throttled.", Some("login attempts")),
            ("Rate limit API calls per token", Some("API calls")),
            ("Limit the size of uploads", None),
            ("Uploads must be limited to pictures.", None),
            ("Requests that are limited should be logged.", None),
        ] {
            let found = LIMITED.first(text, 1).or_else(|| LIMITED.first(text, 2));
            assert_eq!(found, thing, "{text}");
        }
    }
}
