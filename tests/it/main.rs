//! Everything that is tested from outside: the rules of the house, and whole flows.

#[cfg(test)]
mod sources; // the sources as text, as `layers` and `house` read them

#[cfg(test)]
mod house;
#[cfg(test)]
mod layers;
