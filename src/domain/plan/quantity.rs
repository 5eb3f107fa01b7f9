//! Numbers with units, and the numbers just beside them.

use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::words;

/// A number and its unit, such as `60 s`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    /// How many.
    pub value: u64,
    /// As the issue writes it; short for times (`s`, `min`).
    pub unit: String,
}

/// A length of time in its issue's unit.
pub fn duration(number: Option<&str>, unit: &str) -> Option<Quantity> {
    let value = number.map_or(Ok(1), str::parse).ok()?;
    let unit = match unit.to_lowercase().as_str() {
        "ms" | "millisecond" | "milliseconds" => "ms",
        "s" | "sec" | "secs" | "second" | "seconds" | "sekunde" | "sekunden" => "s",
        "m" | "min" | "mins" | "minute" | "minutes" | "minuten" => "min",
        "h" | "hr" | "hour" | "hours" | "stunde" | "stunden" => "h",
        "d" | "day" | "days" | "tag" | "tage" | "tagen" => "days",
        "w" | "week" | "weeks" => "weeks",
        _ => return None,
    };
    Some(Quantity { value, unit: unit.to_owned() })
}

static TIME: Pattern = Pattern::new(
    r"\b(\d{1,9})\s?(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?|days?|weeks?|sekunden?|minuten?|stunden?|tagen?)\b",
);

static COUNT: Pattern = Pattern::new(r"\b(\d{1,3}(?:,\d{3})+|\d{1,9})\b");

/// The first number that a text names.
pub fn first_number(text: &str) -> Option<u64> {
    COUNT.first(text, 1)?.replace(',', "").parse().ok()
}

/// The first length of time that a text names.
pub fn first_time(text: &str) -> Option<Quantity> {
    let found = TIME.captures(text)?;
    duration(found.get(1).map(|digits| digits.as_str()), found.get(2)?.as_str())
}

impl Quantity {
    /// Is it a length of time?
    pub fn is_time(&self) -> bool {
        matches!(self.unit.as_str(), "ms" | "s" | "min" | "h" | "days" | "weeks")
    }

    /// `60 s`.
    pub fn text(&self) -> String {
        format!("{} {}", self.value, self.unit)
    }

    /// Just less: `59 s`; one minute becomes 59 s.
    pub fn below(&self) -> String {
        let (value, unit) = self.fine();
        format!("{} {unit}", value.saturating_sub(1))
    }

    /// Just more: `61 s`.
    pub fn above(&self) -> String {
        let (value, unit) = self.fine();
        format!("{} {unit}", value.saturating_add(1))
    }

    fn fine(&self) -> (u64, &str) {
        match (self.value, self.unit.as_str()) {
            (1..=3, "min") => (self.value * 60, "s"),
            (1..=3, "h") => (self.value * 60, "min"),
            (1..=3, "days") => (self.value * 24, "h"),
            (1..=3, "weeks") => (self.value * 7, "days"),
            (1..=3, "s") => (self.value * 1000, "ms"),
            (value, unit) => (value, unit),
        }
    }
}

/// A bound that a sentence states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// Which side is allowed.
    pub side: Side,
    /// The number and its unit.
    pub quantity: Quantity,
    /// The words as they stand.
    pub words: String,
}

/// Which side of a bound is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Up to and with it.
    AtMost,
    /// From it on.
    AtLeast,
    /// Below it.
    Below,
    /// Only above it.
    Above,
    /// A time after which something holds.
    After,
}

static BOUND: Pattern = Pattern::new(
    r"\b(at most|no more than|not more than|up to|max(?:imum)?(?: of)?|höchstens|maximal|limited to|at least|no less than|min(?:imum)?(?: of)?|mindestens|under|below|less than|within|in under|unter|weniger als|after|nach|longer than|more than|greater than|over|above|mehr als|länger als|exceeds?)\s+(\d{1,3}(?:,\d{3})+|\d{1,12})\s?(%|[a-zäöü]{1,14})?",
);

/// The bounds of a sentence, in order.
pub fn bounds(text: &str) -> Vec<Bound> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(found) = BOUND.captures(rest) {
        let end = found.get(0).map_or(rest.len(), |whole| whole.end());
        let side = found.get(1).map(|word| side(&word.as_str().to_lowercase()));
        let value = found.get(2).and_then(|digits| digits.as_str().replace(',', "").parse().ok());
        let before = found.get(0).map_or(0, |whole| whole.start());
        let negated = rest.get(..before).is_some_and(|before| NOT.is_in(before));
        let side = side.map(|side| if negated && side == Side::Above { Side::AtMost } else { side });
        if let (Some(side), Some(value)) = (side, value) {
            let unit = found.get(3).map_or("", |unit| unit.as_str());
            let unit = if NO_UNITS.contains(&unit.to_lowercase().as_str()) { "" } else { unit }.to_owned();
            let words = found.get(0).map_or("", |whole| whole.as_str()).trim().to_owned();
            let time = duration(Some(&format!("{value}")), &unit);
            if side != Side::After || time.is_some() {
                out.push(Bound { side, quantity: time.unwrap_or(Quantity { value, unit }), words });
            }
        }
        rest = rest.get(end..).unwrap_or_default();
    }
    out
}

static AMOUNT: Pattern = Pattern::new(
    r"\b\d+(?:\.\d+)?\s?(?:ms|s|seconds?|min|minutes?|h|hours?|days?|weeks?|[kmgt]i?b|bytes?|%|percent|files?|lines?|rows?|characters?|items?|entries|times|columns?|pages?)\b",
);

/// Does the text hold a number with its unit?
pub fn is_amount(text: &str) -> bool {
    AMOUNT.is_in(text)
}

static NOT: Pattern = Pattern::new(r"\b(?:not|no|never|n't|nicht)\s+(?:\w+\s+){0,2}$");

/// Words behind a number that count nothing.
const NO_UNITS: [&str; 42] = [
    "although", "for", "and", "or", "to", "if", "when", "but", "of", "in", "on", "is", "are", "the", "with",
    "as", "per", "at", "by", "from", "while", "it", "i", "we", "then", "so", "must", "should", "shall",
    "may", "can", "will", "has", "have", "be", "does", "not", "that", "which", "where", "muss", "soll",
];

fn side(word: &str) -> Side {
    match word {
        "at least" | "no less than" | "mindestens" => Side::AtLeast,
        "under" | "below" | "less than" | "in under" | "unter" | "weniger als" => Side::Below,
        "after" | "nach" => Side::After,
        "exceed" | "exceeds" | "longer than" | "more than" | "greater than" | "over" | "above"
        | "mehr als" | "länger als" => Side::Above,
        _ if word.starts_with("min") => Side::AtLeast,
        _ => Side::AtMost,
    }
}

static TURN: Pattern = Pattern::new(r"\bafter\s+(\d{1,6})\s+((?:[\p{L}-]+ ){0,2}?[\p{L}-]{2,20}s)\b");
static OTHERWISE: Pattern = Pattern::new(r"\b(?:otherwise|or else|else|beyond that|sonst)\b");

/// The last number that is not refused and the first that is, where a sentence refuses by a number: with the noun that
/// it counts.
pub fn around(text: &str, status: &str) -> Option<Vec<String>> {
    if !status.starts_with(['4', '5']) {
        return None;
    }
    if let Some(found) = TURN.captures(text) {
        let (count, thing) = (found.get(1)?.as_str().parse::<u64>().ok()?, found.get(2)?.as_str());
        if duration(Some("1"), thing.rsplit(' ').next().unwrap_or(thing)).is_some() || count == 0 {
            return None;
        }
        let span = if count == 1 { "1".to_owned() } else { format!("1–{count}") };
        let next = count + 1;
        return Some(vec![
            format!("{thing} {span}: not {status}"),
            format!("the {}: {status}", words::ordinal(next)),
        ]);
    }
    let bounds = bounds(text);
    let bound = bounds.iter().find(|bound| !bound.quantity.unit.is_empty() && !bound.quantity.is_time())?;
    let Quantity { value, unit } = &bound.quantity;
    let (fits, refused) = match (bound.side, OTHERWISE.is_in(text)) {
        (Side::AtMost, true) | (Side::Above, false) => (*value, value.saturating_add(1)),
        (Side::AtLeast, true) => (*value, value.saturating_sub(1)),
        (Side::Below, true) => (value.saturating_sub(1), *value),
        (Side::Below, false) => (*value, value.saturating_sub(1)),
        _ => return None,
    };
    Some(vec![format!("{fits} {unit}: not {status}"), format!("{refused} {unit}: {status}")])
}

static STATUS: Pattern = Pattern::new(
    r"(?:\b(?:otherwise|or else|answers?|answer with|returns?|responds?(?: with)?|replies|status(?: code)?|http|code|gives?|yields?|with(?: a)?)\s+(?:an?\s+)?(?:http\s+)?`?)([1-5]\d\d)\b|`([1-5]\d\d)[` ]",
);

/// The HTTP status a sentence names.
pub fn status(text: &str) -> Option<&str> {
    STATUS.either(text)
}

static EXIT: Pattern =
    Pattern::new(r"\b(?:exits?(?:\s+(?:with|code|status))*|exit code(?: of)?|exit status)\s+`?(\d{1,3})\b");

/// The exit code a sentence names.
pub fn exit_code(text: &str) -> Option<&str> {
    EXIT.first(text, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbors_of_short_times_are_in_the_finer_unit() {
        let minute = Quantity { value: 1, unit: "min".to_owned() };
        assert_eq!((minute.below(), minute.above()), ("59 s".to_owned(), "61 s".to_owned()));
        let window = Quantity { value: 60, unit: "s".to_owned() };
        assert_eq!((window.below(), window.above()), ("59 s".to_owned(), "61 s".to_owned()));
    }

    #[test]
    fn bounds_know_their_side() {
        let seen: Vec<(Side, String)> =
            bounds("names of at least 3 characters and at most 40 characters, in under 50 ms")
                .into_iter()
                .map(|bound| (bound.side, bound.quantity.text()))
                .collect();
        assert_eq!(
            seen,
            [
                (Side::AtLeast, "3 characters".to_owned()),
                (Side::AtMost, "40 characters".to_owned()),
                (Side::Below, "50 ms".to_owned())
            ]
        );
        assert_eq!(status("must answer 429"), Some("429"));
        for (text, status, expected) in [
            ("must answer 429 after 5 tries", "429", ["tries 1–5: not 429", "the 6th: 429"]),
            ("no more than 50,000 rows, otherwise 413", "413", ["50000 rows: not 413", "50001 rows: 413"]),
            ("answers 400 for more than 20 names", "400", ["20 names: not 400", "21 names: 400"]),
        ] {
            assert_eq!(super::status(text), Some(status), "{text}");
            assert_eq!(around(text, status).unwrap_or_default(), expected, "{text}");
        }
        assert_eq!(around("must answer 504 after 30 seconds", "504"), None);
        assert_eq!(bounds("must not exceed 5 MB")[0].side, Side::AtMost);
        assert_eq!(exit_code("exits with code 2"), Some("2"));
    }
}
