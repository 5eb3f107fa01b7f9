//! What is said beside the plan itself.

use serde::Serialize;

use crate::render::view::View;

/// The plan would be the same again.
#[derive(Serialize)]
pub struct Unchanged {
    /// The revision that stands.
    pub rev: i64,
    /// Its comment.
    pub url: String,
    /// The commit looked at now, seven digits.
    pub base: String,
}

impl View for Unchanged {
    const TEMPLATE: &'static str = "enhance/unchanged.md.j2";

    fn samples() -> Vec<Self> {
        vec![Self {
            rev: 1,
            url: "https://github.com/acme/web/issues/2#issuecomment-1".to_owned(),
            base: "4f1c2ab".to_owned(),
        }]
    }
}

/// The plan was made for another issue and stands there.
#[derive(Serialize)]
pub struct Elsewhere {
    /// The other issue.
    pub issue: i64,
    /// The revision.
    pub rev: i64,
    /// Its comment.
    pub url: String,
}

impl View for Elsewhere {
    const TEMPLATE: &'static str = "enhance/elsewhere.md.j2";

    fn samples() -> Vec<Self> {
        vec![Self { issue: 7, rev: 1, url: "https://github.com/acme/web/issues/7#issuecomment-1".to_owned() }]
    }
}
