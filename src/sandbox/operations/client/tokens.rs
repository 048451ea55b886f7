//! How long a client's tokens are valid: values with units of their own, within bounds, and none
//! longer than the refresh token that renews it.

use std::ops::RangeInclusive;

use serde_json::Value;

use super::super::super::refusal::Refusal;
use super::Wanted;

/// Days that a refresh token is valid where nothing is said.
pub(super) const REFRESH_DAYS: i64 = 30;

const UNITS: &[(&str, i64)] = &[("seconds", 1), ("minutes", 60), ("hours", 3600), ("days", 86_400)];

/// A kind of token.
struct Token {
    value: &'static str,
    unit: &'static str,
    /// The value and the unit where nothing is said.
    default: (i64, &'static str),
    /// Seconds.
    range: RangeInclusive<i64>,
}

const fn short(value: &'static str, unit: &'static str) -> Token {
    Token { value, unit, default: (1, "hours"), range: 300..=86_400 }
}

const ACCESS: Token = short("AccessTokenValidity", "AccessToken");
const ID: Token = short("IdTokenValidity", "IdToken");
const REFRESH: Token = Token {
    value: "RefreshTokenValidity",
    unit: "RefreshToken",
    default: (REFRESH_DAYS, "days"),
    range: 3600..=315_360_000,
};

impl Token {
    /// For how many seconds it is valid.
    fn seconds(&self, wanted: &Wanted<'_>) -> Result<i64, Refusal> {
        let value = wanted.body.get(self.value).and_then(Value::as_i64).unwrap_or(self.default.0);
        let units = wanted.body.get("TokenValidityUnits");
        let unit = units.and_then(|units| units.get(self.unit)?.as_str()).unwrap_or(self.default.1);
        let factor = UNITS.iter().find(|(name, _)| *name == unit).map_or(1, |(_, factor)| *factor);
        let seconds = value.saturating_mul(factor);
        if self.range.contains(&seconds) {
            Ok(seconds)
        } else {
            Err(Refusal::invalid("Invalid range for token validity."))
        }
    }
}

/// Refuses what is out of bounds.
pub(super) fn check(wanted: &Wanted<'_>) -> Result<(), Refusal> {
    let (access, id, refresh) = (ACCESS.seconds(wanted)?, ID.seconds(wanted)?, REFRESH.seconds(wanted)?);
    if access.max(id) > refresh {
        return Err(Refusal::invalid(
            "Access and Id Token expiration times must be less than or equal to refresh token expiration times.",
        ));
    }
    Ok(())
}
