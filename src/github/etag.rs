//! Answers we have read before, so that GitHub can say "not modified", which costs no budget.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};

use crate::domain::ids::InstallationId;

/// A bounded store of whole, parsed answers; what was used longest ago goes first.
pub(super) struct EtagCache {
    limit: usize,
    state: Mutex<State>,
}

/// Whose answer it is: the same address answers differently for another installation or another token.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct CacheKey {
    pub installation: InstallationId,
    /// What the token was limited to.
    pub scope: String,
    pub method: http::Method,
    pub uri: String,
    pub accept: &'static str,
}

/// An answer as it was.
#[derive(Debug, Clone)]
pub(super) struct Cached {
    pub etag: HeaderValue,
    pub headers: HeaderMap,
    pub body: Bytes,
}

#[derive(Default)]
struct State {
    tick: u64,
    bytes: usize,
    entries: HashMap<CacheKey, (u64, Cached)>,
    by_age: BTreeMap<u64, CacheKey>,
}

/// Headers that mean something for an answer from the cache.
const KEPT: [http::HeaderName; 1] = [http::header::LINK];

impl EtagCache {
    /// Keeps at most `limit` bytes; one answer at most an eighth of it.
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, state: Mutex::default() }
    }

    /// The answer to this request when it was last read.
    pub(super) fn get(&self, key: &CacheKey) -> Option<Cached> {
        let mut state = self.state();
        state.tick += 1;
        let tick = state.tick;
        let (age, cached) = state.entries.get_mut(key)?;
        let (before, cached) = (std::mem::replace(age, tick), cached.clone());
        state.by_age.remove(&before);
        state.by_age.insert(tick, key.clone());
        Some(cached)
    }

    /// Keeps an answer that was parsed whole.
    pub(super) fn put(&self, key: CacheKey, cached: Cached) {
        let Cached { etag, mut headers, body } = cached;
        let kept: HeaderMap =
            KEPT.into_iter().filter_map(|name| headers.remove(&name).map(|value| (name, value))).collect();
        let cached = Cached { etag, headers: kept, body };
        let bytes = weight(&key, &cached);
        if bytes > self.limit / 8 {
            return;
        }
        let mut state = self.state();
        state.remove(&key);
        state.tick += 1;
        let tick = state.tick;
        state.bytes += bytes;
        state.by_age.insert(tick, key.clone());
        state.entries.insert(key, (tick, cached));
        while state.bytes > self.limit {
            let Some(oldest) = state.by_age.first_key_value().map(|(_, key)| key.clone()) else { break };
            state.remove(&oldest);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn remove(&mut self, key: &CacheKey) {
        if let Some((tick, cached)) = self.entries.remove(key) {
            self.by_age.remove(&tick);
            self.bytes = self.bytes.saturating_sub(weight(key, &cached));
        }
    }
}

fn weight(key: &CacheKey, cached: &Cached) -> usize {
    let headers: usize = cached.headers.values().map(HeaderValue::len).sum();
    // The key is kept twice; the constant stands for what the maps themselves take.
    cached.body.len() + headers + cached.etag.len() + 2 * (key.uri.len() + key.scope.len()) + 400
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, HeaderValue};

    use super::{CacheKey, Cached, EtagCache};
    use crate::domain::ids::InstallationId;

    fn key(installation: i64, uri: &str) -> CacheKey {
        CacheKey {
            installation: InstallationId(installation),
            scope: String::new(),
            method: http::Method::GET,
            uri: uri.to_owned(),
            accept: "json",
        }
    }

    fn cached(bytes: usize) -> Cached {
        let etag = HeaderValue::from_static("\"e\"");
        Cached { etag, headers: HeaderMap::new(), body: Bytes::from(vec![b'x'; bytes]) }
    }

    #[test]
    fn an_answer_belongs_to_its_installation_permissions_method_address_and_form() {
        let cache = EtagCache::new(100_000);
        cache.put(key(1, "/a"), cached(10));
        assert!(cache.get(&key(1, "/a")).is_some());
        let others = [
            key(2, "/a"),
            key(1, "/b"),
            CacheKey { scope: "issues".to_owned(), ..key(1, "/a") },
            CacheKey { method: http::Method::HEAD, ..key(1, "/a") },
            CacheKey { accept: "raw", ..key(1, "/a") },
        ];
        for other in &others {
            assert!(cache.get(other).is_none(), "{} {}", other.method, other.uri);
        }
    }

    #[test]
    fn the_bound_holds_and_what_is_used_stays() {
        let cache = EtagCache::new(20_000);
        for number in 0..100 {
            cache.put(key(1, &number.to_string()), cached(1_500));
            assert!(cache.get(&key(1, "0")).is_some(), "used each time, so kept");
            assert!(cache.state().bytes <= 20_000);
        }
        assert!(cache.get(&key(1, "1")).is_none());
        assert!(cache.get(&key(1, "99")).is_some());
        cache.put(key(1, "large"), cached(2_600));
        assert!(cache.get(&key(1, "large")).is_none());
        let state = cache.state();
        assert_eq!(state.entries.len(), state.by_age.len());
    }
}
