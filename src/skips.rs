//! Tests that need what this machine may not have: a server, a program, contract data.

/// Says that a test, or a part of one, was skipped and why. With `MILLWRIGHT_TEST_ALL=1`, as `.ci/run` sets it, that is a
/// failure: a skipped test looks as green as one that ran.
pub fn skip(why: &str) {
    #[expect(clippy::disallowed_methods, reason = "whether all tests have to run is the caller's choice")]
    let all = std::env::var("MILLWRIGHT_TEST_ALL");
    assert!(all.as_deref() != Ok("1"), "MILLWRIGHT_TEST_ALL is 1, and this was skipped: {why}");
    eprintln!("skipped: {why}");
}
