//! what the bot does
