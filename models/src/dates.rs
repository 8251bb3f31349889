//! Dates and times of day, as texts that sort as the dates do: `2020-03-01`, `2020-03-01 12:30:00`.

use jiff::civil::{Date, DateTime, Time, Weekday, date};
use jiff::{SignedDuration, ToSpan};

/// Ways of writing dates that are tried after ISO's; two-digit years last.
const FORMATS: &[&str] = &[
    "%Y/%m/%d",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%m-%d-%Y",
    "%d.%m.%Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%d %b %Y",
    "%d %B %Y",
    "%d-%b-%Y",
    "%Y%m%d",
    "%m/%d/%y",
    "%d-%b-%y",
];

/// A time, in seconds since 1970, as a text.
pub(crate) fn written(seconds: f64) -> String {
    at(seconds).map_or("NaT".into(), text)
}

/// The time of some seconds since 1970.
pub(crate) fn at(seconds: f64) -> Option<DateTime> {
    let since = SignedDuration::try_from_secs_f64(seconds).ok()?;
    date(1970, 1, 1).at(0, 0, 0, 0).checked_add(since).ok()
}

/// Seconds since 1970.
pub(crate) fn seconds(time: DateTime) -> f64 {
    time.duration_since(date(1970, 1, 1).at(0, 0, 0, 0)).as_secs_f64()
}

/// A time as a text; without the time of day where that is midnight.
pub(crate) fn text(time: DateTime) -> String {
    let format = match (time.time() == Time::midnight(), time.subsec_nanosecond()) {
        (true, _) => "%Y-%m-%d",
        (_, 0) => "%Y-%m-%d %H:%M:%S",
        _ => "%Y-%m-%d %H:%M:%S%.f",
    };
    time.strftime(format).to_string()
}

/// The time that a text is of, by a format or by trying what is usual.
pub(crate) fn parse(text: &str, format: Option<&str>, day_first: bool) -> Option<DateTime> {
    let text = text.trim();
    let by = |format: &str, text: &str| {
        DateTime::strptime(format, text)
            .or_else(|_| Date::strptime(format, text).map(|day| day.at(0, 0, 0, 0)))
            .ok()
    };
    if let Some(format) = format {
        // A format without a day means the first one of the month, or of the year.
        let has = |letters: &[&str]| letters.iter().any(|letter| format.contains(letter));
        let whole = match (has(&["%m", "%b", "%B", "%j"]), has(&["%d", "%j", "%e"])) {
            _ if has(&["%F", "%D", "%x", "%c", "%s", "%D"]) => return by(format, text),
            (true, true) => return by(format, text),
            (true, false) => (format!("{format} %d"), format!("{text} 1")),
            (false, _) => (format!("{format} %m %d"), format!("{text} 1 1")),
        };
        return by(&whole.0, &whole.1);
    }
    if text.len() < 6 || !text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    if let Ok(time) = text.trim_end_matches('Z').parse::<DateTime>() {
        return Some(time);
    }
    if day_first && let Some(time) = by("%d/%m/%Y", text).or_else(|| by("%d-%m-%Y", text)) {
        return Some(time);
    }
    let (day, hour) = match text.split_once(' ') {
        Some((day, hour)) if hour.contains(':') => (day, hour.parse::<Time>().ok()),
        _ => (text, None),
    };
    let found = FORMATS.iter().find_map(|format| by(format, day)).or_else(|| {
        let months = ["%Y-%m %d", "%b %Y %d", "%B %Y %d"];
        months.iter().find_map(|format| by(format, &format!("{day} 1")))
    })?;
    match (hour, text == day) {
        (Some(hour), _) => Some(found.date().to_datetime(hour)),
        (None, true) => Some(found),
        (None, false) => None,
    }
}

/// Whether a text is a date as they are written here.
pub(crate) fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 10 && bytes[4] == b'-' && bytes[7] == b'-' && text.parse::<DateTime>().is_ok()
}

/// A number that a date has under a name of pandas or of Python, and whether it is a truth value.
pub(crate) fn part(time: DateTime, name: &str) -> Option<(f64, bool)> {
    let month_has = f64::from(time.days_in_month());
    let number = |x: i64| Some((x as f64, false));
    match name {
        "year" => number(time.year().into()),
        "month" => number(time.month().into()),
        "day" => number(time.day().into()),
        "hour" => number(time.hour().into()),
        "minute" => number(time.minute().into()),
        "second" => number(time.second().into()),
        "quarter" => number((i64::from(time.month()) - 1) / 3 + 1),
        "dayofyear" | "day_of_year" => number(time.day_of_year().into()),
        "weekday" | "dayofweek" | "day_of_week" => number(time.weekday().to_monday_zero_offset().into()),
        "week" | "weekofyear" => number(time.date().iso_week_date().week().into()),
        "days_in_month" | "daysinmonth" => Some((month_has, false)),
        "is_month_start" => Some((f64::from(time.day() == 1), true)),
        "is_month_end" => Some((f64::from(f64::from(time.day()) == month_has), true)),
        "is_leap_year" => Some((f64::from(time.in_leap_year()), true)),
        _ => None,
    }
}

/// The distance between the dates of a range.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    Seconds(f64),
    Workdays(i64),
    /// Weeks that end on a day.
    Weeks(i64, Weekday),
    /// Some months: their first days, or their last ones; months are counted from that of the year which is an anchor.
    Months {
        count: i64,
        unit: i64,
        anchor: i64,
        at_end: bool,
    },
}

/// The step of a name such as `D`, `2W`, `W-SUN`, `MS`, `QE`, `YS`, `h`.
pub(crate) fn step(name: &str) -> Option<Step> {
    let letters = name.trim_start_matches(|c: char| c.is_ascii_digit());
    let count = match &name[..name.len() - letters.len()] {
        "" => 1,
        digits => digits.parse::<i64>().ok().filter(|count| (1..=1_000_000).contains(count))?,
    };
    let (unit, anchor) = letters.split_once('-').unwrap_or((letters, ""));
    let days = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];
    let months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    let month = months.iter().position(|month| *month == anchor).map(|month| month as i64);
    let by_month = |unit: i64, at_end: bool| {
        let anchor = month.unwrap_or(if at_end { 11 } else { 0 }).rem_euclid(unit);
        Some(Step::Months { count, unit, anchor, at_end })
    };
    let seconds = |seconds: f64| Some(Step::Seconds(count as f64 * seconds));
    match unit {
        "D" | "d" => seconds(86_400.0),
        "h" | "H" => seconds(3_600.0),
        "min" | "T" => seconds(60.0),
        "s" | "S" => seconds(1.0),
        "B" => Some(Step::Workdays(count)),
        "W" => {
            let day = days.iter().position(|day| *day == anchor).unwrap_or(6);
            Some(Step::Weeks(count, Weekday::from_monday_zero_offset(day as i8).ok()?))
        }
        "MS" => by_month(1, false),
        "M" | "ME" => by_month(1, true),
        "QS" => by_month(3, false),
        "Q" | "QE" => by_month(3, true),
        "YS" | "AS" => by_month(12, false),
        "Y" | "A" | "YE" => by_month(12, true),
        _ => None,
    }
}

impl Step {
    /// The first date of the step that is not before `time`, or not after it.
    pub(crate) fn from(self, time: DateTime, forward: bool) -> Option<DateTime> {
        let mut found = time;
        // A year has a date of every step.
        for _ in 0..=366 {
            if self.has(found) {
                return Some(found);
            }
            found = found.checked_add(if forward { 1.day() } else { (-1).day() }).ok()?;
        }
        None
    }

    fn has(self, time: DateTime) -> bool {
        match self {
            Step::Seconds(_) => true,
            Step::Workdays(_) => time.weekday().to_monday_zero_offset() < 5,
            Step::Weeks(_, day) => time.weekday() == day,
            Step::Months { unit, anchor, at_end, .. } => {
                let day = if at_end { time.days_in_month() } else { 1 };
                time.day() == day && (i64::from(time.month()) - 1 - anchor).rem_euclid(unit) == 0
            }
        }
    }

    /// The date that is a number of steps after one of the step.
    pub(crate) fn after(self, time: DateTime, steps: i64) -> Option<DateTime> {
        match self {
            Step::Seconds(seconds) => {
                time.checked_add(SignedDuration::try_from_secs_f64(seconds * steps as f64).ok()?).ok()
            }
            Step::Workdays(count) => {
                let days = i64::from(time.weekday().to_monday_zero_offset()) + steps * count;
                let whole = days.div_euclid(5) * 7 + days.rem_euclid(5);
                time.checked_add((whole - i64::from(time.weekday().to_monday_zero_offset())).days()).ok()
            }
            Step::Weeks(count, _) => time.checked_add((7 * count * steps).days()).ok(),
            Step::Months { count, unit, at_end, .. } => {
                let moved = time.checked_add((count * unit * steps).months()).ok()?;
                if at_end { Some(moved.last_of_month()) } else { Some(moved) }
            }
        }
    }
}

/// Dates of a step: from a start on, or up to an end, so many of them, at most `most`.
pub(crate) fn range(
    start: Option<DateTime>,
    end: Option<DateTime>,
    count: Option<usize>,
    step: Step,
    most: usize,
) -> Option<Vec<DateTime>> {
    match (start, end, count) {
        (Some(start), Some(end), None) => {
            let first = step.from(start, true)?;
            let mut dates = Vec::new();
            loop {
                let next = step.after(first, dates.len() as i64)?;
                if next > end {
                    return Some(dates);
                }
                if dates.len() == most {
                    return None;
                }
                dates.push(next);
            }
        }
        (Some(start), None, Some(count)) => {
            let first = step.from(start, true)?;
            (0..count.min(most) as i64).map(|k| step.after(first, k)).collect()
        }
        (None, Some(end), Some(count)) => {
            let last = step.from(end, false)?;
            (0..count.min(most) as i64).rev().map(|k| step.after(last, -k)).collect()
        }
        _ => None,
    }
}
