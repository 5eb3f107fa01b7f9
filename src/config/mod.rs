//! process settings; the repository's own file
