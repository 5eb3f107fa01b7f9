//! Every view there is: those of the features and the few of the commands themselves.

use crate::render::view::Sample;
use crate::triggers::commands::help::Help;

/// The views of the commands themselves.
pub fn all() -> Vec<Sample> {
    vec![Sample::of::<Help>()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features;
    use crate::render::check::check;
    use crate::render::renderer::Renderer;

    #[test]
    fn every_template_has_a_view_and_every_sample_renders() {
        let samples = [features::samples::all(), all()].concat();
        let mut problems = check(&samples, &Renderer::default());
        problems.retain(|problem| !problem.starts_with("test/"));
        assert_eq!(problems, Vec::<String>::new());
    }
}
