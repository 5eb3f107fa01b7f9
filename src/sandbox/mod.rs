//! A small GitHub that runs in memory, for `millwright demo` and for the tests; it knows nothing of Millwright.
//!
//! A [`World`] holds people, repositories, issues and installations. [`router`] answers GitHub's REST and GraphQL
//! APIs from that state alone, strict where GitHub is strict; [`World::act_as`] lets people act; what happens becomes
//! webhooks, which a [`Deliverer`] sends; [`World::faults`] lets things go wrong. Time comes from outside.

mod actions;
mod alerts;
mod app;
mod apply;
mod auth;
mod defaults;
mod deliver;
mod faults;
mod git;
mod graphql;
mod limits;
mod log;
mod model;
mod pages;
mod person;
mod refusal;
mod rest;
mod seed;
mod server;
mod state;
mod view;
mod webhooks;
mod world;

#[cfg(test)]
mod tests;

pub use actions::{IssueEdit, NewFile, NewIssue, NewLabel, Push};
pub use alerts::{NewAlert, Scanner};
pub use app::AppRegistration;
pub use defaults::REPOSITORY;
pub use deliver::{Deliverer, signature};
pub use faults::{Effect, Fault, FaultAnswer, FaultHeader, Faults, Gate, HookFault, Moment, When};
pub use git::{Mode, object_id};
pub use limits::Rates;
pub use log::{Request, TokenKind};
pub use model::{
    Change, Clock, Comment, EventKind, Issue, IssueEvent, Label, Level, Permissions, Reaction, Role,
};
pub use pages::NoPage;
pub use person::Person;
pub use refusal::Refusal;
pub use seed::{NewRepository, NewRun};
pub use server::{router, serve};
pub use state::Abilities;
pub use webhooks::{HookDelivery, HookOutcome};
pub use world::World;
