//! what things are: plain data, pure rules
