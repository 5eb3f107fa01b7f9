//! how work survives a restart
