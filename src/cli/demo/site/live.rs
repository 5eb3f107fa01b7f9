//! Tells the page that something changed; it then asks for what it shows.

use std::convert::Infallible;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream, StreamExt as _};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::cli::demo::site::Site;
use crate::sandbox::Change;

/// Server-sent events named `changed`: one at the beginning, then one for each change that can be seen.
pub async fn changes(State(site): State<Site>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let following = stream::unfold(site.world.changes(), next);
    let first = stream::once(async { changed("0".to_owned()) });
    Sse::new(first.chain(following).map(Ok)).keep_alive(KeepAlive::default())
}

async fn next(mut changes: Receiver<Change>) -> Option<(Event, Receiver<Change>)> {
    loop {
        let event = match changes.recv().await {
            Ok(Change::Issue { number, .. } | Change::Comment { number, .. }) => changed(number.to_string()),
            // Too much at once: the page looks at everything anyway.
            Ok(Change::Repository(_)) | Err(RecvError::Lagged(_)) => changed("0".to_owned()),
            Ok(_) => continue,
            Err(RecvError::Closed) => return None,
        };
        return Some((event, changes));
    }
}

/// The data is the number of the issue, 0 for all.
fn changed(issue: String) -> Event {
    Event::default().event("changed").data(issue)
}
