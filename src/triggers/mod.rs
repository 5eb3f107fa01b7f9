//! what makes it start: commands, events, schedules
