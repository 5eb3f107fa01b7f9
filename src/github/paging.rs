//! Lists, read page by page.

use serde::de::DeserializeOwned;

use crate::github::error::ApiResult;
use crate::github::repo::RepoClient;
use crate::github::request::Request;

/// Pages that a list is read for unless the caller wants fewer: 5,000 items.
pub(super) const MAX_PAGES: usize = 50;

/// Items of a page.
pub const PAGE: usize = 100;

/// A list, and whether it is all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T> {
    /// In GitHub's order.
    pub items: Vec<T>,
    /// False when there are more pages than were read.
    pub complete: bool,
}

impl RepoClient {
    /// Reads up to `max_pages` pages of a list, 100 items each.
    pub(super) async fn list<T: DeserializeOwned>(
        &self,
        request: Request,
        max_pages: usize,
    ) -> ApiResult<Listed<T>> {
        let mut request = request.query("per_page", &PAGE.to_string());
        let mut items = Vec::new();
        for _ in 0..max_pages.max(1) {
            let answer = self.core.send(&self.caller, &request).await?;
            let (page, next): (Vec<T>, _) = self.core.parse(&request, answer)?;
            items.extend(page);
            match next {
                Some(url) => request = Request::page(url, &request),
                None => return Ok(Listed { items, complete: true }),
            }
        }
        Ok(Listed { items, complete: false })
    }
}
