//! Say when and by what a group was made: the attributes every group of draws carries.
//!
//! The calendar date of a number of days since 1970 is found by counting 400-year eras of 146097 days from 1 March of
//! the year 0, so that leap days fall at the end of a year.
//!
//! # References
//! - Hinnant (2013), chrono-compatible low-level date algorithms, `civil_from_days`.
//!   <https://howardhinnant.github.io/date_algorithms.html>

use std::time::{SystemTime, UNIX_EPOCH};

use super::inference_data::Attribute;

/// The attributes `created_at`, `inference_library` and `inference_library_version` of a group made at that moment.
///
/// The groups `posterior` and `sample_stats` also want `sampling_time` (seconds) and `tuning_steps`, which the caller
/// knows.
pub fn provenance(created: SystemTime) -> Vec<(String, Attribute)> {
    vec![
        ("created_at".into(), Attribute::Text(iso_8601(created))),
        ("inference_library".into(), Attribute::Text("chainfire".into())),
        ("inference_library_version".into(), Attribute::Text(env!("CARGO_PKG_VERSION").into())),
    ]
}

/// Coordinated universal time with microseconds; moments before 1970 count as its beginning.
fn iso_8601(moment: SystemTime) -> String {
    let since_epoch = moment.duration_since(UNIX_EPOCH).unwrap_or_default();
    let (days, second) = (since_epoch.as_secs() / 86400, since_epoch.as_secs() % 86400);
    let day_of_count = days + 719_468;
    let (era, day_of_era) = (day_of_count / 146_097, day_of_count % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let micros = since_epoch.subsec_micros();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}+00:00")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn iso_8601_matches_known_moments() {
        let at = |seconds, micros: u32| iso_8601(UNIX_EPOCH + Duration::new(seconds, micros * 1000));
        assert_eq!(at(0, 0), "1970-01-01T00:00:00.000000+00:00");
        assert_eq!(at(951_782_400, 0), "2000-02-29T00:00:00.000000+00:00");
        assert_eq!(at(1_709_251_199, 999_999), "2024-02-29T23:59:59.999999+00:00");
        assert_eq!(at(4_107_542_400, 1), "2100-03-01T00:00:00.000001+00:00");
    }
}
