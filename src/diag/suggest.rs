//! Near misses: what somebody probably meant.

/// The candidate that `word` is most likely a misspelling of.
///
/// A candidate counts if its Damerau-Levenshtein distance is at most a third of the longer word
/// (at least 1), which is the rule of thumb that compilers use.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = word.to_lowercase().replace('_', "-");
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let distance = strsim::damerau_levenshtein(&folded, &candidate.to_lowercase());
            let allowed = (folded.chars().count().max(candidate.chars().count()) / 3).max(1);
            (distance <= allowed).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The help line for a misspelt word, if something near it exists.
pub fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    closest(word, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swapped_letter_is_a_near_miss_and_another_word_is_not() {
        let known = ["timeout", "needs", "ok-exit-codes"];
        assert_eq!(closest("tiemout", known), Some("timeout"));
        assert_eq!(closest("ok_exit_codes", known), Some("ok-exit-codes"));
        assert_eq!(closest("parallel", known), None);
    }
}
