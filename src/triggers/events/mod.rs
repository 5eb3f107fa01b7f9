//! What we listen to: one file per subscription, and their table.

pub mod comments; // commands in comments
pub mod installations; // who let us in, and who no longer does
pub mod repositories; // which repositories, under which names
pub mod issues; // work items that people close, reopen, move or delete
pub mod pushes; // configuration that changed

use futures_util::future::BoxFuture;

use crate::ctx::JobCtx;
use crate::domain::event::{Envelope, EventKind};
use crate::domain::failure::Outcome;
use crate::github::webhook::Shallow;

/// Who is called for which events.
pub struct Subscription {
    /// The name of its file.
    pub name: &'static str,
    /// One sentence for the docs.
    pub summary: &'static str,
    /// Events and actions.
    pub on: &'static [EventKind],
    /// Whether a delivery may concern it, by the little that is read before the answer. One that concerns nobody is kept as any
    /// other, and nobody works on it: most comments are such.
    pub may_concern: fn(&Shallow) -> bool,
    /// The handler.
    pub run: for<'a> fn(&'a JobCtx, &'a Envelope) -> BoxFuture<'a, Outcome>,
}

impl Subscription {
    /// Whether this (event, action) pair is listened to.
    pub fn wants(&self, event: &str, action: Option<&str>) -> bool {
        self.on.iter().any(|kind| kind.matches(event, action))
    }
}

/// All subscriptions, in the order in which they are called.
pub static SUBSCRIPTIONS: &[&Subscription] = &[
    &installations::SUBSCRIPTION,
    &repositories::SUBSCRIPTION,
    &pushes::SUBSCRIPTION,
    &issues::SUBSCRIPTION,
    &comments::SUBSCRIPTION,
];

/// Whether anybody listens to this event, with whatever action.
pub fn wanted_event(event: &str) -> bool {
    SUBSCRIPTIONS.iter().any(|subscription| subscription.on.iter().any(|kind| kind.name == event))
}

/// Whether anybody listens to this pair: what nobody listens to is answered and not stored.
pub fn wanted(event: &str, action: Option<&str>) -> bool {
    SUBSCRIPTIONS.iter().any(|subscription| subscription.wants(event, action))
}

/// Whether anybody may have something to do with such a delivery.
pub fn concerns_anybody(event: &str, shallow: &Shallow) -> bool {
    let action = shallow.action.as_deref();
    SUBSCRIPTIONS.iter().any(|one| one.wants(event, action) && (one.may_concern)(shallow))
}
