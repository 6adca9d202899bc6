//! What is signed, and by whom: the canonical strings of WeChat Pay v3 and the check of WeChat's
//! signature headers (wechat.md 3.1 and 3.2).

use aws_lc_rs::digest::{Context, Digest, SHA256};

use super::keys::{PublicKeys, is_signed};
use crate::kernel::Timestamp;

/// The name of the only signature scheme that we use and accept.
pub const SCHEME: &str = "WECHATPAY2-SHA256-RSA2048";

/// WeChat's clock and ours may differ by so many seconds.
pub const MAX_SKEW: u64 = 300;

/// No true header of WeChat is longer: a signature of an 8192-bit key has 1368 characters.
const MAX_HEADER: usize = 1400;

/// The text that we sign for a request. `target` is path and query exactly as on the wire.
pub fn request_text(method: &str, target: &str, at: Timestamp, nonce: &str, body: &str) -> String {
    format!("{method}\n{target}\n{}\n{nonce}\n{body}\n", at.seconds())
}

/// The digest of what WeChat signs for an answer or a notice, over the raw body.
pub fn answer_digest(timestamp: &str, nonce: &str, body: &[u8]) -> Digest {
    let mut context = Context::new(&SHA256);
    for part in [timestamp.as_bytes(), nonce.as_bytes(), body] {
        context.update(part);
        context.update(b"\n");
    }
    context.finish()
}

/// WeChat's signature headers, each present at most once and printable ASCII.
#[derive(Clone, Copy, Debug)]
pub struct SignatureHeaders<'a> {
    /// `Wechatpay-Timestamp`, as text, because it is signed as text.
    pub timestamp: &'a str,
    /// `Wechatpay-Nonce`.
    pub nonce: &'a str,
    /// `Wechatpay-Signature`, base64.
    pub signature: &'a str,
    /// `Wechatpay-Serial`: which key signed.
    pub serial: &'a str,
    /// `Wechatpay-Signature-Type`; notices carry it, answers need not.
    pub signature_type: Option<&'a str>,
}

/// A header that is missing, doubled, empty, oversized or not ASCII; with its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the header {0} is missing or unusable")]
pub struct BadHeader(pub &'static str);

const NAMES: [&str; 5] = [
    "Wechatpay-Timestamp",
    "Wechatpay-Nonce",
    "Wechatpay-Signature",
    "Wechatpay-Serial",
    "Wechatpay-Signature-Type",
];

impl<'a> SignatureHeaders<'a> {
    /// Picks the signature headers out of all headers; proxies may have changed their case.
    pub fn pick<K: AsRef<str>>(
        headers: impl IntoIterator<Item = (K, &'a [u8])>,
    ) -> Result<Self, BadHeader> {
        let mut values = [None; NAMES.len()];
        for (name, value) in headers {
            let Some(at) = NAMES.iter().position(|n| n.eq_ignore_ascii_case(name.as_ref())) else {
                continue;
            };
            let fits =
                (1..=MAX_HEADER).contains(&value.len()) && value.iter().all(u8::is_ascii_graphic);
            let text = std::str::from_utf8(value).ok().filter(|_| fits && values[at].is_none());
            values[at] = Some(text.ok_or(BadHeader(NAMES[at]))?);
        }
        let need = |at: usize| values[at].ok_or(BadHeader(NAMES[at]));
        Ok(Self {
            timestamp: need(0)?,
            nonce: need(1)?,
            signature: need(2)?,
            serial: need(3)?,
            signature_type: values[4],
        })
    }
}

/// Why a signature does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// Not the scheme that we accept.
    #[error("the signature scheme is not {SCHEME}")]
    Scheme,
    /// Older or newer than [`MAX_SKEW`] allows, or no timestamp at all.
    #[error("the timestamp is more than {MAX_SKEW} s away from our clock")]
    Skew,
    /// No configured key has this serial.
    #[error("no configured key has the serial that signed")]
    UnknownKey,
    /// The signature is wrong; WeChat's probes end here too.
    #[error("the signature is wrong")]
    Wrong,
}

/// Checks that WeChat signed `body` just now.
pub fn verify(
    keys: &PublicKeys,
    headers: &SignatureHeaders<'_>,
    body: &[u8],
    now: Timestamp,
) -> Result<(), SignatureError> {
    if headers.signature_type.is_some_and(|scheme| scheme != SCHEME) {
        return Err(SignatureError::Scheme);
    }
    if !is_fresh(headers.timestamp, now) {
        return Err(SignatureError::Skew);
    }
    let key = keys.find(headers.serial).ok_or(SignatureError::UnknownKey)?;
    let digest = answer_digest(headers.timestamp, headers.nonce, body);
    if is_signed(key, &digest, headers.signature) { Ok(()) } else { Err(SignatureError::Wrong) }
}

fn is_fresh(timestamp: &str, now: Timestamp) -> bool {
    timestamp.bytes().all(|b| b.is_ascii_digit())
        && timestamp.parse::<i64>().is_ok_and(|at| at.abs_diff(now.seconds()) <= MAX_SKEW)
}

#[cfg(test)]
mod tests {
    use std::{fmt::Write as _, sync::LazyLock};

    use proptest::prelude::*;

    use super::*;
    use crate::wechat::pay::testing;

    const AT: Timestamp = Timestamp::from_millis(1_554_208_460_000);

    fn sha256(text: &str) -> String {
        hex(&aws_lc_rs::digest::digest(&SHA256, text.as_bytes()))
    }

    fn hex(digest: &Digest) -> String {
        digest.as_ref().iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    #[test]
    fn request_texts_match_the_published_vectors() {
        let close = request_text(
            "POST",
            "/v3/pay/transactions/out-trade-no/T1/close",
            AT,
            "NONCE0123456789ABCDEF",
            r#"{"mchid":"1900000109"}"#,
        );
        let query = request_text(
            "GET",
            "/v3/pay/transactions/out-trade-no/T20260101000001?mchid=1900000109",
            AT,
            "593BEC0C930BF1AFEB40B4A08C8FB242",
            "",
        );
        assert_eq!(
            sha256(&close),
            "cc2a689d92c688c68765d46bed5b9c4a6a758dfdd296732e4e9ca02c75e215db"
        );
        assert_eq!(
            sha256(&query),
            "3fc102d83f331893ab0034bcda56db8f0326c0f4325c0170e5c8f2eced607958"
        );
    }

    #[test]
    fn the_text_of_an_empty_answer_matches_the_published_vector() {
        assert_eq!(
            hex(&answer_digest("1554208460", "c5ac7061fccab6bf3e254dcf98995b8c", b"")),
            "e3c14dae2726b6e225bc7c28131a6272397126fb5c57cdfc105bdae3ab479139"
        );
    }

    #[test]
    fn only_five_minutes_either_way_are_fresh() {
        for (timestamp, fresh) in [
            ("1554208161", true),
            ("1554208759", true),
            ("1554208159", false),
            ("1554208761", false),
            ("0", false),
            ("-1", false),
            ("+1554208460", false),
            ("1000000000000000000", false),
            ("99999999999999999999", false),
            ("abc", false),
        ] {
            assert_eq!(is_fresh(timestamp, AT), fresh, "{timestamp}");
        }
    }

    static KEYS: LazyLock<PublicKeys> = LazyLock::new(testing::public_keys);

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn what_is_signed_verifies_and_one_bit_off_does_not(
            body in prop::collection::vec(any::<u8>(), 1..400),
            flip in any::<prop::sample::Index>(),
            bit in 0u8..8,
        ) {
            let signed = testing::signed(AT, &body);
            prop_assert_eq!(verify(&KEYS, &signed.headers(), &body, AT), Ok(()));

            let mut other = body.clone();
            other[flip.index(body.len())] ^= 1 << bit;
            prop_assert_eq!(
                verify(&KEYS, &signed.headers(), &other, AT),
                Err(SignatureError::Wrong)
            );
        }
    }
}
