//! Whole plans, read as a person reads them.

pub(super) mod world;
mod rate_limit;
mod rules;
mod repositories;
mod circumstances;
mod bug;
mod asked;
mod vague;
mod wished;
mod checklist;
mod foreign;
mod option;
mod children;
mod revised;
mod properties;
mod standard;
mod frames;
mod golden;
mod claims;
mod reading;
mod remedy;
mod already;
mod heard;
mod kinds;
mod kinds_of_issue;
mod shapes;
mod presentation;
