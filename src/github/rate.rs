//! Reads GitHub's rate limits out of an answer.

use http::{HeaderMap, StatusCode};

/// What an answer says about limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing stands in the way.
    Free,
    /// The answer is a refusal because of a limit: wait until then.
    Limited { until_ms: i64, scope: Scope },
    /// The answer is good, and the last one: wait until then.
    Spent { until_ms: i64 },
}

/// What has to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// Everything for the installation.
    Installation,
    /// Only what draws on the same budget, such as search or GraphQL.
    Resource,
}

/// The parts of an answer that speak of limits.
pub(super) struct Signs<'a> {
    pub status: StatusCode,
    pub headers: &'a HeaderMap,
    /// GitHub's error message; empty for a good answer.
    pub message: &'a str,
    /// How many refusals without a time have come in a row before this one.
    pub strikes: u32,
}

/// Weighs an answer that arrived at `now_ms` (our clock).
///
/// In GitHub's order: `retry-after`, then `x-ratelimit-remaining: 0` with its reset, else at least 60 s, doubled with
/// each refusal in a row up to an hour. A 403 with none of these signs is a plain refusal, not a limit.
/// Source: GitHub, "Best practices for using the REST API".
pub(super) fn weigh(signs: &Signs<'_>, now_ms: i64) -> Verdict {
    let refused = matches!(signs.status, StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS);
    let spent_until_ms = spent_until_ms(signs.headers, now_ms);
    if !refused {
        let core = resource(signs.headers).is_none_or(|resource| resource == "core");
        return match spent_until_ms {
            Some(until_ms) if core => Verdict::Spent { until_ms },
            _ => Verdict::Free,
        };
    }
    if let Some(wait_s) = number(signs.headers, "retry-after") {
        let until_ms = now_ms.saturating_add(wait_s.clamp(1, 24 * 3600) * 1000);
        return Verdict::Limited { until_ms, scope: Scope::Installation };
    }
    if let Some(until_ms) = spent_until_ms {
        return Verdict::Limited { until_ms, scope: scope(signs.headers) };
    }
    let unreadable_wait = signs.headers.contains_key("retry-after");
    if signs.status == StatusCode::TOO_MANY_REQUESTS || unreadable_wait || speaks_of_a_limit(signs.message) {
        let wait_s = 60_i64 << signs.strikes.min(6);
        return Verdict::Limited { until_ms: now_ms + wait_s.min(3600) * 1000, scope: Scope::Installation };
    }
    Verdict::Free
}

/// Requests left in the budget that an answer was counted in.
pub(super) fn remaining(headers: &HeaderMap) -> Option<i64> {
    number(headers, "x-ratelimit-remaining")
}

/// Whether a refusal is that of a used up budget; `Retry-After` comes with secondary limits.
pub(super) fn is_spent(headers: &HeaderMap) -> bool {
    remaining(headers) == Some(0) && !headers.contains_key("retry-after")
}

/// Whether a message is GitHub's wording of a primary or secondary limit.
pub(super) fn speaks_of_a_limit(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    ["secondary rate limit", "rate limit exceeded", "abuse"].iter().any(|sign| message.contains(sign))
}

/// GitHub's clock when it answered, unix milliseconds.
pub(super) fn date_ms(headers: &HeaderMap) -> Option<i64> {
    let date = chrono::DateTime::parse_from_rfc2822(headers.get(http::header::DATE)?.to_str().ok()?).ok()?;
    Some(date.timestamp_millis())
}

/// Requests that were left when an answer was given, and until when that figure says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Left {
    pub requests: i64,
    /// Unix ms of our clock.
    pub until_ms: i64,
}

/// What an answer that arrived at `now_ms` (our clock) says is left; without a reset it holds for an hour, GitHub's window.
pub(super) fn left(headers: &HeaderMap, now_ms: i64) -> Option<Left> {
    let until_ms = reset_ms(headers, now_ms).unwrap_or(now_ms + 3_600_000);
    remaining(headers).map(|requests| Left { requests, until_ms })
}

fn spent_until_ms(headers: &HeaderMap, now_ms: i64) -> Option<i64> {
    if remaining(headers)? > 0 {
        return None;
    }
    reset_ms(headers, now_ms)
}

fn reset_ms(headers: &HeaderMap, now_ms: i64) -> Option<i64> {
    let reset_ms = number(headers, "x-ratelimit-reset")?.checked_mul(1000)?;
    // The reset is a time of GitHub's clock; ours may differ.
    let wait_ms = reset_ms.saturating_sub(date_ms(headers).unwrap_or(now_ms));
    Some(now_ms + wait_ms.clamp(1000, 24 * 3_600_000))
}

fn scope(headers: &HeaderMap) -> Scope {
    match resource(headers) {
        None | Some("core") => Scope::Installation,
        Some(_) => Scope::Resource,
    }
}

fn resource(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-ratelimit-resource")?.to_str().ok()
}

fn number(headers: &HeaderMap, name: &str) -> Option<i64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok().filter(|number| *number >= 0)
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

    use super::{Scope, Signs, Verdict, weigh};

    const NOW_MS: i64 = 1_000_000_000;

    fn verdict(status: u16, headers: &[(&'static str, &'static str)], message: &str) -> Verdict {
        after_strikes(0, status, headers, message)
    }

    fn after_strikes(
        strikes: u32,
        status: u16,
        headers: &[(&'static str, &'static str)],
        message: &str,
    ) -> Verdict {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        let status = StatusCode::from_u16(status).unwrap();
        weigh(&Signs { status, headers: &headers, message, strikes }, NOW_MS)
    }

    fn whole(until_ms: i64) -> Verdict {
        Verdict::Limited { until_ms, scope: Scope::Installation }
    }

    #[test]
    fn f5_retry_after_wins() {
        let headers =
            [("retry-after", "72"), ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1000900")];
        assert_eq!(verdict(403, &headers, ""), whole(NOW_MS + 72_000));
        assert_eq!(verdict(429, &[("retry-after", "5")], ""), whole(NOW_MS + 5_000));
    }

    #[test]
    fn f5_a_spent_budget_waits_for_its_reset() {
        let headers = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1000900")];
        assert_eq!(verdict(403, &headers, "API rate limit exceeded"), whole(1_000_900_000));
        assert_eq!(verdict(429, &headers, ""), whole(1_000_900_000));
        assert_eq!(verdict(200, &headers, ""), Verdict::Spent { until_ms: 1_000_900_000 });
        let past = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "5")];
        assert_eq!(verdict(403, &past, ""), whole(NOW_MS + 1000));
    }

    #[test]
    fn f5_without_a_time_at_least_a_minute_and_growing() {
        let message = "You have exceeded a secondary rate limit. Please wait.";
        assert_eq!(verdict(403, &[], message), whole(NOW_MS + 60_000));
        assert_eq!(after_strikes(1, 403, &[], message), whole(NOW_MS + 120_000));
        assert_eq!(after_strikes(40, 429, &[], ""), whole(NOW_MS + 3_600_000));
        assert_eq!(
            verdict(403, &[], "You have triggered an abuse detection mechanism."),
            whole(NOW_MS + 60_000)
        );
    }

    #[test]
    fn f7_a_plain_refusal_is_no_limit() {
        let headers = [("x-ratelimit-remaining", "4000"), ("x-ratelimit-reset", "1000900")];
        assert_eq!(verdict(403, &headers, "Resource not accessible by integration"), Verdict::Free);
        assert_eq!(verdict(404, &[("retry-after", "9")], ""), Verdict::Free);
    }

    #[test]
    fn f9_a_reset_is_read_by_githubs_clock() {
        // GitHub's clock stands 600 s behind ours: its reset 900 s from its now is 900 s from ours.
        let headers = [
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "1000300"),
            ("date", "Mon, 12 Jan 1970 13:36:40 GMT"),
        ];
        assert_eq!(verdict(403, &headers, ""), whole(NOW_MS + 900_000));
    }

    #[test]
    fn other_budgets_do_not_stop_the_installation() {
        let search = [
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "1000060"),
            ("x-ratelimit-resource", "search"),
        ];
        let limited = Verdict::Limited { until_ms: 1_000_060_000, scope: Scope::Resource };
        assert_eq!(verdict(403, &search, ""), limited);
        assert_eq!(verdict(200, &search, ""), Verdict::Free);
    }

    #[test]
    fn odd_headers_are_read_with_caution() {
        let odd = [("x-ratelimit-remaining", "-1"), ("x-ratelimit-reset", "x")];
        assert_eq!(verdict(403, &odd, "no"), Verdict::Free);
        assert_eq!(verdict(403, &[("retry-after", "soon")], "no"), whole(NOW_MS + 60_000));
        assert_eq!(verdict(403, &[("retry-after", "9223372036854775807")], ""), whole(NOW_MS + 86_400_000));
    }
}
