//! Did you mean: the nearest known word.

/// The known word that `word` probably means, if one is near enough.
///
/// Near is an edit distance (insertions, deletions, substitutions, swapped neighbours) of at most
/// a third of the length; case counts little. Of equally near ones the first wins.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Hostile input: distances cost time in the product of the lengths.
    if word.is_empty() || word.len() > 100 {
        return None;
    }
    let folded = word.to_lowercase();
    let mut best: Option<(usize, &str)> = None;
    for candidate in known {
        if candidate == word || candidate.len() > 100 {
            continue;
        }
        let limit = (word.chars().count().max(candidate.chars().count()) / 3).max(1);
        let lower = candidate.to_lowercase();
        // An abbreviation (`warn`) is as good as one slip.
        let shortened = folded.len() >= 3 && lower.starts_with(&folded);
        let distance = if shortened { 1 } else { strsim::damerau_levenshtein(&folded, &lower) };
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        let known = ["bounce_method", "cmd", "crossover", "mem"];
        assert_eq!(nearest("crosover", known), Some("crossover"));
        assert_eq!(nearest("bounce-method", known), Some("bounce_method"));
        assert_eq!(nearest("CMD", known), Some("cmd"));
        assert_eq!(nearest("cross", known), Some("crossover"));
        assert_eq!(nearest("memory", known), None);
        assert_eq!(nearest("", known), None);
    }
}
