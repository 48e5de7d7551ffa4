//! Decimal numbers without rounding: whether 0.3 is a multiple of 0.1 has one answer.

use std::cmp::Ordering;

use serde_json::{Number, Value};

/// `digits` divided by ten to the power of `scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Exact {
    digits: i128,
    scale: u32,
}

impl Exact {
    /// A whole number.
    pub fn whole(digits: i128) -> Self {
        Self { digits, scale: 0 }
    }

    /// Reads a JSON number; nothing if it has more digits than can be counted with here.
    pub fn of(number: &Number) -> Option<Self> {
        Self::parse(&number.to_string())
    }

    fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
        let scale = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
        let exact = match u32::try_from(scale) {
            Ok(scale) => Self { digits, scale },
            Err(_) => Self::whole(digits.checked_mul(power(scale.unsigned_abs())?)?),
        };
        power(exact.scale)?;
        Some(exact.reduced())
    }

    fn reduced(mut self) -> Self {
        while self.scale > 0 && self.digits % 10 == 0 {
            self.digits /= 10;
            self.scale -= 1;
        }
        self
    }

    /// Both as whole numbers of the same unit, and the scale of the unit.
    fn aligned(self, other: Self) -> Option<(i128, i128, u32)> {
        let scale = self.scale.max(other.scale);
        let lift = |exact: Self| exact.digits.checked_mul(power(scale - exact.scale)?);
        Some((lift(self)?, lift(other)?, scale))
    }

    /// Which is larger; nothing if that can't be counted.
    pub fn compare(self, other: Self) -> Option<Ordering> {
        let (a, b, _) = self.aligned(other)?;
        Some(a.cmp(&b))
    }

    /// The sum.
    pub fn plus(self, other: Self) -> Option<Self> {
        let (a, b, scale) = self.aligned(other)?;
        let digits = a.checked_add(b)?;
        Some(Self { digits, scale }.reduced())
    }

    /// The product.
    pub fn times(self, other: Self) -> Option<Self> {
        let digits = self.digits.checked_mul(other.digits)?;
        let scale = self.scale + other.scale;
        power(scale)?;
        Some(Self { digits, scale }.reduced())
    }

    /// Whether it is `step` times a whole number.
    pub fn is_multiple_of(self, step: Self) -> Option<bool> {
        let (a, b, _) = self.aligned(step)?;
        a.checked_rem(b).map(|rest| rest == 0)
    }

    /// The smallest positive number that is a multiple of both.
    pub fn common_multiple(self, other: Self) -> Option<Self> {
        let (a, b, scale) = self.aligned(other)?;
        let (mut x, mut y) = (a.checked_abs()?, b.checked_abs()?);
        while y != 0 {
            (x, y) = (y, x % y);
        }
        let digits = a
            .checked_abs()?
            .checked_div(x)?
            .checked_mul(b.checked_abs()?)?;
        Some(Self { digits, scale }.reduced())
    }

    /// The largest whole number of `step`s that is not above it.
    pub fn steps(self, step: Self) -> Option<i128> {
        let (a, b, _) = self.aligned(step)?;
        a.checked_div_euclid(b)
    }

    /// As JSON writes it.
    pub fn json(self) -> Option<Value> {
        if self.scale == 0 {
            let whole = i64::try_from(self.digits).map(Value::from);
            if let Ok(whole) = whole.or_else(|_| u64::try_from(self.digits).map(Value::from)) {
                return Some(whole);
            }
        }
        let text = format!("{}e-{}", self.digits, self.scale);
        serde_json::from_str(&text).ok()
    }
}

fn power(exponent: u32) -> Option<i128> {
    10i128.checked_pow(exponent)
}

/// The number written one way only: `1.0` is `1`.
pub(super) fn canonical(value: Value) -> Value {
    match value {
        Value::Number(number) => Exact::of(&number)
            .and_then(Exact::json)
            .unwrap_or(Value::Number(number)),
        Value::Array(items) => items.into_iter().map(canonical).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (name, canonical(value)))
            .collect(),
        other => other,
    }
}
