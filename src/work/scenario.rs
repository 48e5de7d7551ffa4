//! Scenarios of a specification and the tests that bear their names.

/// A scenario and the test that covers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// The scenario, as the specification calls it.
    pub scenario: String,
    /// The test, as its runner calls it; `None` if no test that ran covers the scenario.
    pub test: Option<String>,
}

/// Finds for each scenario, numbered from 1, a test that bears its name. Case, separators,
/// parameters and words such as `test` before the name do not count; `test_scenario_2` covers the
/// second one whatever it is called.
pub fn match_scenarios(scenarios: &[&str], tests: &[String]) -> Vec<Match> {
    let known: Vec<(&String, Vec<Name>)> = tests.iter().map(|test| (test, names(test))).collect();
    let matched = (1..).zip(scenarios).map(|(number, scenario)| {
        let wanted = Wanted {
            words: words(scenario),
            number: format!("{number}"),
        };
        let found = known
            .iter()
            .find(|(_, names)| names.iter().any(|name| wanted.is(name)));
        Match {
            scenario: (*scenario).to_owned(),
            test: found.map(|(test, _)| (*test).clone()),
        }
    });
    matched.collect()
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
    number: String,
}

impl Wanted {
    fn is(&self, name: &Name) -> bool {
        let numbered = ["scenario", &self.number];
        let rest = match name.words.as_slice() {
            [scenario, number, rest @ ..] if [scenario, number] == numbered => {
                if rest.is_empty() {
                    return true;
                }
                rest
            }
            words => words,
        };
        // One word could be the name of any folder, and the end of any name.
        if self.words.len() < 2 && !name.is_own {
            return false;
        }
        // Jest puts the names of groups before that of the test, with a blank between.
        let at_the_end = self.words.len() > 1 && rest.ends_with(&self.words);
        !self.words.is_empty() && (rest == self.words || at_the_end)
    }
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
fn words(name: &str) -> Vec<String> {
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

    fn covers(scenario: &str, test: &str) -> bool {
        match_scenarios(&[scenario], &[test.to_owned()])[0]
            .test
            .is_some()
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
