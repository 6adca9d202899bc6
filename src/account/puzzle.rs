//! A small puzzle for the browser after some wrong passwords: find a number whose SHA-256 together
//! with ours begins with zero bits. It costs a person nothing and a program every try; no picture,
//! no outside service. The page solves it in `puzzle.js`.

use std::time::Duration;

use serde::Serialize;

use crate::web::{App, AppError, Form};

/// How long a puzzle may be solved and the form filled in.
const LIFE: Duration = Duration::from_mins(15);
/// How long wrong passwords are remembered for asking.
const MEMORY: Duration = Duration::from_hours(1);
/// Wrong passwords from one address, for whatever accounts, after which it is asked.
const MOST_PER_ADDRESS: u64 = 10;

/// What a page shows of a puzzle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Puzzle {
    /// Our part of the text.
    pub challenge: String,
    /// Leading zero bits.
    pub bits: u32,
}

impl Puzzle {
    /// A new one.
    pub fn new(app: &App) -> Self {
        let until = (app.clock.now() + LIFE).millis();
        let stem = format!("{until}.{}", app.ids.token());
        let seal = seal(app, &stem);
        Self { challenge: format!("{stem}.{seal}"), bits: app.settings.security.puzzle_bits }
    }
}

fn seal(app: &App, stem: &str) -> String {
    app.vault.index(&format!("puzzle {stem}"))
}

/// What a form brings back.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    challenge: String,
    number: String,
}

impl Answer {
    /// From the hidden fields.
    pub fn of(form: &Form) -> Self {
        let text = |name| form.value(name).chars().take(120).collect();
        Self { challenge: text("puzzle"), number: text("puzzle_answer") }
    }

    /// True once, for a puzzle of ours that is solved and not too old.
    pub async fn holds(&self, app: &App) -> Result<bool, AppError> {
        let Some((stem, sealed)) = self.challenge.rsplit_once('.') else { return Ok(false) };
        let until = stem.split('.').next().and_then(|until| until.parse::<i64>().ok());
        let is_ours = aws_lc_rs::constant_time::verify_slices_are_equal(
            seal(app, stem).as_bytes(),
            sealed.as_bytes(),
        )
        .is_ok();
        let is_fresh = until.is_some_and(|until| app.clock.now().millis() < until);
        let bits = app.settings.security.puzzle_bits;
        // No answer is none, even where nothing would happen to solve it.
        let is_solved = !self.number.is_empty() && solves(&self.challenge, &self.number, bits);
        if !(is_ours && is_fresh && is_solved) {
            return Ok(false);
        }
        Ok(app.store.put_new(&format!("puzzle:{}", app.vault.index(stem)), "1", LIFE).await?)
    }
}

/// True when the number solves the puzzle.
pub fn solves(challenge: &str, number: &str, bits: u32) -> bool {
    let text = format!("{challenge}:{number}");
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    let mut zeros = 0;
    for byte in digest.as_ref() {
        zeros += byte.leading_zeros();
        if *byte != 0 {
            break;
        }
    }
    zeros >= bits
}

fn name_key(app: &App, login: &str) -> String {
    format!("login-fails:{}", app.vault.index(login))
}

fn address_key(app: &App, ip: &str) -> String {
    format!("login-fails-at:{}", app.vault.index(ip))
}

/// True when the next try for this login name, or from this address, needs a solved puzzle. What
/// was typed decides, so that unknown accounts are asked like known ones.
pub async fn is_due(app: &App, login: &str, ip: &str) -> Result<bool, AppError> {
    let count = async |key: String| -> Result<u64, AppError> {
        let text = app.store.get(&key).await?;
        Ok(text.and_then(|text| text.parse().ok()).unwrap_or_default())
    };
    let most = app.settings.security.puzzle_after;
    Ok(count(name_key(app, login)).await? >= most
        || count(address_key(app, ip)).await? >= MOST_PER_ADDRESS)
}

/// Remembers a wrong password.
pub async fn remember_failure(app: &App, login: &str, ip: &str) -> Result<(), AppError> {
    app.store.count(&name_key(app, login), MEMORY).await?;
    app.store.count(&address_key(app, ip), MEMORY).await?;
    Ok(())
}

/// Forgets the wrong passwords for a login name after a right one.
pub async fn forgive(app: &App, login: &str) -> Result<(), AppError> {
    Ok(app.store.remove(&name_key(app, login)).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_solves_it_or_not() {
        let solution = (0..u32::MAX).find(|n| solves("x.y.z", &n.to_string(), 12)).unwrap();
        assert!(solves("x.y.z", &solution.to_string(), 12));
        assert!(solves("x.y.z", "anything", 0));
        let all = (0..4096).filter(|n| solves("a", &n.to_string(), 8)).count();
        assert!((1..64).contains(&all), "about one in 256, not {all}");
    }
}
