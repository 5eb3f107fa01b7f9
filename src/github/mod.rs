//! how we talk to GitHub
