//! Personal data at rest: AES-256-GCM with a key id in front, and a keyed index for exact search.
//! Contents of files are sealed in the same way, as bytes and bound to their place.

use std::{fmt, sync::Arc};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    hkdf, hmac,
    rand::{SecureRandom, SystemRandom},
};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};

use super::Secret;

/// Which key and algorithm sealed a text; a rotation adds a second prefix.
const PREFIX: &str = "a1.";
/// The same for bytes.
const PREFIX_BYTE: u8 = 1;
const NONCE_LEN: usize = 12;

/// Seals and opens personal data, and makes its blind index.
#[derive(Clone)]
pub struct Vault(Arc<Keys>);

struct Keys {
    seal: LessSafeKey,
    index: hmac::Key,
}

/// What went wrong with sealed data. The text itself is never part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The configured key cannot be used.
    #[error("the data key must hold at least 32 characters")]
    WeakKey,
    /// Another key sealed it, or the column was damaged.
    #[error("sealed data does not open with the configured data key")]
    DoesNotOpen,
    /// The machine gave no random bytes.
    #[error("no random bytes for sealing")]
    NoChance,
}

struct KeyLen;

impl hkdf::KeyType for KeyLen {
    fn len(&self) -> usize {
        32
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(…)")
    }
}

impl Vault {
    /// Derives the two keys from the configured secret (HKDF-SHA256).
    pub fn new(data_key: &Secret) -> Result<Self, VaultError> {
        if data_key.expose().len() < 32 {
            return Err(VaultError::WeakKey);
        }
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, b"huiyuan data key 1")
            .extract(data_key.expose().as_bytes());
        let seal = UnboundKey::new(&AES_256_GCM, &derive(&root, b"seal")?)
            .map_err(|_| VaultError::WeakKey)?;
        let index = hmac::Key::new(hmac::HMAC_SHA256, &derive(&root, b"index")?);
        Ok(Self(Arc::new(Keys { seal: LessSafeKey::new(seal), index })))
    }

    /// Seals a text for its column.
    pub fn seal(&self, text: &str) -> Result<String, VaultError> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).map_err(|_| VaultError::NoChance)?;
        let mut sealed = text.as_bytes().to_vec();
        let unique = Nonce::assume_unique_for_key(nonce);
        self.0
            .seal
            .seal_in_place_append_tag(unique, Aad::empty(), &mut sealed)
            .map_err(|_| VaultError::NoChance)?;
        let mut whole = nonce.to_vec();
        whole.append(&mut sealed);
        Ok(format!("{PREFIX}{}", STANDARD_NO_PAD.encode(whole)))
    }

    /// Opens a sealed column; an empty column is an empty text.
    pub fn open(&self, sealed: &str) -> Result<String, VaultError> {
        if sealed.is_empty() {
            return Ok(String::new());
        }
        let encoded = sealed.strip_prefix(PREFIX).ok_or(VaultError::DoesNotOpen)?;
        let whole = STANDARD_NO_PAD.decode(encoded).map_err(|_| VaultError::DoesNotOpen)?;
        let (nonce, rest) = whole.split_at_checked(NONCE_LEN).ok_or(VaultError::DoesNotOpen)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| VaultError::DoesNotOpen)?;
        let mut rest = rest.to_vec();
        let plain = self
            .0
            .seal
            .open_in_place(nonce, Aad::empty(), &mut rest)
            .map_err(|_| VaultError::DoesNotOpen)?;
        String::from_utf8(plain.to_vec()).map_err(|_| VaultError::DoesNotOpen)
    }

    /// Seals bytes for their column. They open only where they were sealed: `place` names it.
    pub fn seal_bytes(&self, bytes: &[u8], place: &str) -> Result<Vec<u8>, VaultError> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).map_err(|_| VaultError::NoChance)?;
        let mut sealed = bytes.to_vec();
        let (unique, place) = (Nonce::assume_unique_for_key(nonce), Aad::from(place.as_bytes()));
        self.0
            .seal
            .seal_in_place_append_tag(unique, place, &mut sealed)
            .map_err(|_| VaultError::NoChance)?;
        let mut whole = Vec::with_capacity(1 + NONCE_LEN + sealed.len());
        whole.push(PREFIX_BYTE);
        whole.extend_from_slice(&nonce);
        whole.append(&mut sealed);
        Ok(whole)
    }

    /// Opens sealed bytes; those of another place, or changed ones, do not open.
    pub fn open_bytes(&self, sealed: &[u8], place: &str) -> Result<Vec<u8>, VaultError> {
        let rest = sealed.strip_prefix(&[PREFIX_BYTE]).ok_or(VaultError::DoesNotOpen)?;
        let (nonce, rest) = rest.split_at_checked(NONCE_LEN).ok_or(VaultError::DoesNotOpen)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| VaultError::DoesNotOpen)?;
        let mut rest = rest.to_vec();
        let length = self
            .0
            .seal
            .open_in_place(nonce, Aad::from(place.as_bytes()), &mut rest)
            .map_err(|_| VaultError::DoesNotOpen)?
            .len();
        rest.truncate(length);
        Ok(rest)
    }

    /// The blind index of a text: equal texts have equal indexes, and nothing else can be read
    /// from it without the key. 128 bits in 32 hex characters.
    pub fn index(&self, text: &str) -> String {
        let tag = hmac::sign(&self.0.index, text.as_bytes());
        hex(&tag.as_ref()[..16])
    }
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

fn derive(root: &hkdf::Prk, purpose: &[u8]) -> Result<[u8; 32], VaultError> {
    let mut key = [0; 32];
    root.expand(&[purpose], KeyLen)
        .and_then(|okm| okm.fill(&mut key))
        .map_err(|_| VaultError::WeakKey)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(seed: char) -> Vault {
        Vault::new(&Secret::new(seed.to_string().repeat(32))).unwrap()
    }

    #[test]
    fn a_sealed_text_opens_with_its_own_key_alone() {
        let sealed = vault('a').seal("13800138000").unwrap();
        assert!(!sealed.contains("138"));
        assert_eq!(vault('a').open(&sealed).unwrap(), "13800138000");
        assert_eq!(vault('b').open(&sealed), Err(VaultError::DoesNotOpen));
        assert_eq!(vault('a').open("a1.AAAA"), Err(VaultError::DoesNotOpen));
        assert_eq!(vault('a').open("13800138000"), Err(VaultError::DoesNotOpen));
    }

    #[test]
    fn sealed_bytes_open_in_their_place_alone() {
        let sealed = vault('a').seal_bytes(b"%PDF", "file 7").unwrap();
        assert!(!sealed.windows(4).any(|part| part == b"%PDF"));
        assert_eq!(vault('a').open_bytes(&sealed, "file 7").unwrap(), b"%PDF");
        assert_eq!(vault('a').open_bytes(&sealed, "file 8"), Err(VaultError::DoesNotOpen));
        assert_eq!(vault('b').open_bytes(&sealed, "file 7"), Err(VaultError::DoesNotOpen));
        for position in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[position] ^= 1;
            assert!(vault('a').open_bytes(&changed, "file 7").is_err(), "{position}");
        }
        assert!(vault('a').open_bytes(&[], "file 7").is_err());
    }

    #[test]
    fn sealing_twice_looks_different_but_indexes_alike() {
        let vault = vault('a');
        assert_ne!(vault.seal("x").unwrap(), vault.seal("x").unwrap());
        assert_eq!(vault.index("x"), vault.index("x"));
        assert_ne!(vault.index("x"), vault.index("y"));
    }

    #[test]
    fn a_short_key_is_refused() {
        assert!(Vault::new(&Secret::new("short")).is_err());
    }
}
