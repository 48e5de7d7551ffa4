//! What a label says, by whole words: `Endpoints` are no points, and a `Download` is no load.

use super::scenario::words;

/// Whether a label has these words, one after the other. A plural is the same word.
pub(super) fn says(label: &str, phrase: &str) -> bool {
    let (label, phrase) = (singular(label), singular(phrase));
    !phrase.is_empty() && label.windows(phrase.len()).any(|some| some == phrase)
}

/// Whether a label begins with this word.
pub(super) fn begins(label: &str, word: &str) -> bool {
    singular(label).first().is_some_and(|first| first == word)
}

fn singular(text: &str) -> Vec<String> {
    let mut words = words(text);
    for word in &mut words {
        if word.len() > 3 && word.ends_with('s') {
            word.pop();
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_says_whole_words_in_their_order() {
        assert!(says("Integration Points:", "point"));
        assert!(says("docker-compose file", "compose"));
        assert!(says("The contract files", "contract file"));
        assert!(!says("Endpoints", "point"));
        assert!(!says("Download", "load"));
        assert!(!says("file of the contract", "contract file"));
        assert!(begins("Steps to take", "step"));
        assert!(!begins("No steps", "step"));
    }
}
