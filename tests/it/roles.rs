//! The weights that tell wishes from talk: they are what the corpus gives, and they read what they have not seen.

#[path = "../../benches/roles/corpus.rs"]
mod corpus;
#[path = "../../benches/roles/learn.rs"]
mod learn;
#[path = "../../benches/roles/score.rs"]
mod score;

#[test]
fn the_weights_are_those_of_the_corpus() {
    let learned = learn::weights(&corpus::learned());
    let file = include_str!("../../src/domain/plan/roles/weights.txt");
    let parts = |line: &str| {
        let (feature, numbers) = line.split_once('\t').unwrap();
        let numbers: Vec<i32> = numbers.split(' ').map(|number| number.parse().unwrap()).collect();
        (feature.to_owned(), numbers)
    };
    assert_eq!(
        learned.lines().count(),
        file.lines().count(),
        "`cargo bench --bench roles -- write` learns them anew"
    );
    for (learned, known) in learned.lines().map(parts).zip(file.lines().map(parts)) {
        // Another machine's exponential may round otherwise in its last digit.
        let near = learned.1.iter().zip(&known.1).all(|(one, other)| (one - other).abs() <= 1);
        assert!(learned.0 == known.0 && near, "{learned:?} instead of {known:?}");
    }
}

#[test]
fn sentences_that_nobody_learned_from_are_read_in_their_role() {
    let score = score::score(&corpus::held_out());
    assert!(score.right() > 0.75 && score.right() > 2.5 * score.most_frequent(), "{score:?}");
    let ((sure, found), (sure_by_rules, found_by_rules)) = (score.wishes(), score.wishes_by_rules());
    assert!(sure > 0.72 && found > 0.82, "{sure} {found}");
    assert!(sure > sure_by_rules && found > found_by_rules, "{sure_by_rules} {found_by_rules}");
}
