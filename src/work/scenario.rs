//! Scenarios of a specification and the tests that bear their names.

use super::spec::Scenario;

/// A scenario and the test that covers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// The scenario, as the specification calls it.
    pub scenario: String,
    /// The test, as its runner calls it; `None` if no test that ran covers the scenario.
    pub test: Option<String>,
}

/// Finds for each scenario a test that bears its name. Case, separators, parameters and words such
/// as `test` before the name do not count; `test_scenario_2` covers the one with that number whatever
/// it is called. A test covers one scenario only, the one whose name says most of its own.
pub fn match_scenarios(scenarios: &[Scenario], tests: &[String]) -> Vec<Match> {
    let wanted = scenarios.iter().map(|scenario| Wanted {
        words: words(&scenario.name),
        number: scenario.number.map(|number| number.to_string()),
    });
    let wanted: Vec<Wanted> = wanted.collect();
    let mut found: Vec<Option<&String>> = vec![None; scenarios.len()];
    for test in tests {
        let names = names(test);
        let fits = |one: &Wanted| names.iter().filter_map(|name| one.fit(name)).max();
        let fits = wanted.iter().map(fits).enumerate();
        // Of two that fit as well the first: the names of both are told to be the same.
        let best = fits.rev().max_by_key(|(_, fit)| *fit);
        if let Some((index, Some(_))) = best {
            found[index].get_or_insert(test);
        }
    }
    let matched = scenarios.iter().zip(found);
    matched
        .map(|(scenario, test)| Match {
            scenario: scenario.name.value.clone(),
            test: test.cloned(),
        })
        .collect()
}

/// Whether two names are the same but for case and separators.
pub fn same_name(one: &str, other: &str) -> bool {
    words(one) == words(other)
}

/// Words that runners put before a name.
const BEFORE: &[&str] = &["test", "tests", "it", "should"];

/// Something that a test is called by.
struct Name {
    words: Vec<String>,
    /// Whether it is the test's own, not that of a group, a class or a file that it is in.
    is_own: bool,
}

struct Wanted {
    words: Vec<String>,
    number: Option<String>,
}

/// How well a name fits: that of the test itself before that of a group, then by how much of it the
/// scenario accounts for.
type Fit = (bool, usize);

impl Wanted {
    fn fit(&self, name: &Name) -> Option<Fit> {
        let rest = match name.words.as_slice() {
            [scenario, number, rest @ ..] if scenario == "scenario" && is_number(number) => {
                if self.number.as_ref() != Some(number) {
                    return None;
                }
                if rest.is_empty() {
                    return Some((name.is_own, usize::MAX));
                }
                rest
            }
            words => words,
        };
        // One word could be the name of any folder, and the end of any name.
        if self.words.len() < 2 && !name.is_own {
            return None;
        }
        // Jest puts the names of groups before that of the test, with a blank between.
        let at_the_end = self.words.len() > 1 && rest.ends_with(&self.words);
        let fits = !self.words.is_empty() && (rest == self.words || at_the_end);
        fits.then_some((name.is_own, self.words.len()))
    }
}

fn is_number(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_digit())
}

/// What a test can be called: all of its name, and each part of it.
fn names(test: &str) -> Vec<Name> {
    const SEPARATORS: &[&str] = &["::", " > ", " › ", "#", ".", "/"];
    let plain = test.split('[').next().unwrap_or(test);
    let plain = plain.strip_suffix("()").unwrap_or(plain);
    let parted = SEPARATORS
        .iter()
        .fold(plain.to_owned(), |name, one| name.replace(one, "\n"));
    let parts: Vec<&str> = parted.split('\n').collect();
    let last = parts.len() - 1;
    let parts = parts
        .into_iter()
        .enumerate()
        .map(|(index, part)| (part, index == last));
    parts
        .chain([(plain, true)])
        .map(|(name, is_own)| {
            let mut words = words(name);
            while words.len() > 1 && BEFORE.contains(&words[0].as_str()) {
                words.remove(0);
            }
            Name { words, is_own }
        })
        .collect()
}

/// The words of a name in lower case, taken apart at what is no letter or digit and at capitals.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        let begins = !c.is_alphanumeric() || (c.is_uppercase() && !before.is_uppercase());
        if begins && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::{Span, Spanned};

    /// The test that covers each scenario; a scenario is its number and its name.
    fn covered<'t>(scenarios: &[(usize, &str)], tests: &'t [&'t str]) -> Vec<Option<String>> {
        let scenarios: Vec<Scenario> = scenarios
            .iter()
            .map(|(number, name)| Scenario {
                name: Spanned::new((*name).to_owned(), Span::default()),
                number: Some(*number),
                ..Scenario::default()
            })
            .collect();
        let tests: Vec<String> = tests.iter().map(|test| (*test).to_owned()).collect();
        let matched = match_scenarios(&scenarios, &tests).into_iter();
        matched.map(|one| one.test).collect()
    }

    fn covers(scenario: &str, test: &str) -> bool {
        covered(&[(1, scenario)], &[test])[0].is_some()
    }

    #[test]
    fn a_number_in_the_name_of_a_test_is_that_which_the_heading_writes() {
        let scenarios = [(2, "Happy path"), (1, "Payments are down")];
        let tests = ["test_scenario_1"];
        assert_eq!(
            covered(&scenarios, &tests),
            [None, Some(tests[0].to_owned())]
        );
        let contradicts = ["test_scenario_1_happy_path"];
        assert_eq!(covered(&scenarios, &contradicts), [None, None]);
    }

    #[test]
    fn a_test_covers_only_the_scenario_whose_name_says_most_of_its_own() {
        let scenarios = [(1, "Is paid"), (2, "The order is paid")];
        let one = ["test_the_order_is_paid"];
        assert_eq!(covered(&scenarios, &one), [None, Some(one[0].to_owned())]);
        let both = ["test_the_order_is_paid", "test_is_paid"];
        assert_eq!(
            covered(&scenarios, &both),
            [Some(both[1].to_owned()), Some(both[0].to_owned())]
        );
        let grouped = ["TestTheOrderIsPaid::test_is_paid"];
        assert_eq!(
            covered(&scenarios, &grouped),
            [Some(grouped[0].to_owned()), None]
        );
    }

    #[test]
    fn b58_a_test_covers_the_scenario_whose_name_it_bears() {
        for test in [
            "test_happy_path",
            "tests/test_orders.py::TestOrders::test_happy_path[slow-2]",
            "tests.test_orders.TestOrders.test_happy_path",
            "TestHappyPath",
            "orders › happy path",
            "Orders and payments happy path",
            "should HAPPY-PATH",
            "orders::happy_path",
            "test_scenario_1",
            "test_scenario_1_happy_path",
            "com.example.OrdersTest.happyPath()",
            "tests/test_orders.py::TestHappyPath::test_is_paid",
            "shop/orders.TestOrders/happy_path",
        ] {
            assert!(covers("Happy path", test), "{test}");
        }
    }

    #[test]
    fn b58_a_test_of_another_name_covers_nothing() {
        for test in [
            "test_unhappy_path",
            "test_happy_path_of_another",
            "test_path",
            "test_scenario_2",
            "test_scenario_11",
            "",
        ] {
            assert!(!covers("Happy path", test), "{test}");
        }
        assert!(
            !covers("Retry", "test_no_retry"),
            "one word has to be all of the name"
        );
        assert!(
            !covers("Orders", "tests/orders/test_retry.py::test_retry"),
            "a folder"
        );
        assert!(!covers("—", "test"), "a name without words");
    }
}
