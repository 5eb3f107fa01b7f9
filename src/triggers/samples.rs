//! Every view there is: those of the features and the few of the commands themselves.

use crate::render::view::Sample;
use crate::triggers::commands::help::Help;

/// The views of the commands themselves.
pub static SAMPLES: &[Sample] = &[Sample::of::<Help>()];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features;
    use crate::render::check::check;
    use crate::render::renderer::Renderer;

    #[test]
    fn every_template_has_a_view_and_every_sample_renders() {
        let mut problems = check(features::samples::SAMPLES, &Renderer::default());
        problems.extend(check(SAMPLES, &Renderer::default()));
        let unfilled = |problem: &String, table: &[Sample]| {
            problem.ends_with("no view fills this template")
                && table.iter().any(|row| problem.starts_with(row.template))
        };
        problems.retain(|problem| {
            !problem.starts_with("test/")
                && !unfilled(problem, SAMPLES)
                && !unfilled(problem, features::samples::SAMPLES)
        });
        assert_eq!(problems, Vec::<String>::new());
    }
}
