//! What a tool's words for severities mean.

use super::{FindingsSpec, Severity, grade};
use crate::event::Grade;
use crate::spec::Choice;

/// Words that mean the same with every tool that has them, unless its file says otherwise; the last
/// four are the levels of SARIF.
const KNOWN: &[(&str, Grade)] = &[
    ("critical", Grade::Critical),
    ("high", Grade::High),
    ("medium", Grade::Medium),
    ("moderate", Grade::Medium),
    ("low", Grade::Low),
    ("info", Grade::Info),
    ("error", Grade::High),
    ("warning", Grade::Medium),
    ("note", Grade::Low),
    ("none", Grade::Info),
];

/// The words of one tool.
pub(super) struct Words {
    own: Vec<(String, Grade)>,
    default: Grade,
}

impl Words {
    /// Those of a spec; the error names a word that stands for no severity.
    pub(super) fn of(spec: &FindingsSpec) -> Result<Self, String> {
        let own = spec.severity.0.iter().map(|(word, meaning)| {
            let grade = named(meaning).ok_or_else(|| {
                format!(
                    "`{}` is said to mean `{}`, which is no severity",
                    **word, **meaning
                )
            })?;
            Ok((word.to_lowercase(), grade))
        });
        Ok(Self {
            own: own.collect::<Result<_, String>>()?,
            default: grade(spec.severity_default),
        })
    }

    /// What the tool's file itself says of a word.
    pub(super) fn own(&self, word: &str) -> Option<Grade> {
        let word = word.trim().to_lowercase();
        self.own
            .iter()
            .find(|(known, _)| *known == word)
            .map(|(_, grade)| *grade)
    }

    /// What a word means; the error names it, and `whose` it is.
    pub(super) fn grade(
        &self,
        word: Option<&str>,
        whose: impl FnOnce() -> String,
    ) -> Result<Grade, String> {
        let Some(word) = word else {
            return Ok(self.default);
        };
        let known = || {
            let row = KNOWN
                .iter()
                .find(|(known, _)| word.trim().eq_ignore_ascii_case(known));
            row.map(|(_, grade)| *grade)
        };
        self.own(word).or_else(known).ok_or_else(|| {
            format!(
                "the severity `{word}` of {} is not known; `severity` can say what it means",
                whose()
            )
        })
    }
}

/// The severity that is written so.
pub(super) fn named(word: &str) -> Option<Grade> {
    let index = Severity::WORDS.iter().position(|known| *known == word)?;
    Some(grade(Severity::at(index)))
}

/// What a score from 0 to 10 means, as CVSS 3 divides the range.
pub(super) fn scored(score: f64) -> Option<Grade> {
    match score {
        score if !(0.0..=10.0).contains(&score) => None,
        9.0.. => Some(Grade::Critical),
        7.0.. => Some(Grade::High),
        4.0.. => Some(Grade::Medium),
        0.1.. => Some(Grade::Low),
        _ => Some(Grade::Info),
    }
}
