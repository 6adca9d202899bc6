//! The throw-away keys of one sandbox: the merchant's, WeChat Pay's public key and a platform certificate.
//!
//! Making RSA keys takes a while, so a process makes them once; a folder that already holds keys keeps them.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::{fs, io, thread};

use rsa::pkcs1v15::{SigningKey, VerifyingKey};
use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey, LineEnding};
use rsa::rand_core::OsRng;
use rsa::signature::Keypair;
use rsa::{RsaPrivateKey, RsaPublicKey};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::certificate;
use crate::crypto::random_text;

/// A key pair and the serial by which headers name it.
#[derive(Clone, Debug)]
pub struct Signer {
    /// `PUB_KEY_ID_…` or 40 upper-case hex digits.
    pub serial: String,
    /// Signs.
    pub private: SigningKey<Sha256>,
    /// Verifies.
    pub public: VerifyingKey<Sha256>,
}

/// Everything secret in one sandbox.
#[derive(Clone, Debug)]
pub struct Keys {
    /// The merchant's API certificate.
    pub merchant: Signer,
    /// WeChat Pay's public key of this merchant.
    pub public_key: Signer,
    /// The older platform certificate.
    pub platform: Signer,
    /// The platform certificate, PEM.
    pub platform_certificate: String,
    /// The short secrets.
    pub secrets: Secrets,
}

/// Short secrets and serials, kept beside the keys.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Secrets {
    merchant_serial: String,
    public_key_id: String,
    platform_serial: String,
    /// 32 characters; opens notifications.
    pub api_v3_key: String,
    /// The official account's secret.
    pub app_secret: String,
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A key file cannot be read or written.
    #[error("key files in {0}: {1}")]
    File(PathBuf, io::Error),
    /// A key cannot be made or read.
    #[error("key: {0}")]
    Key(String),
}

const NAMES: [&str; 3] =
    ["merchant_private_key.pem", "wechatpay_private_key.pem", "platform_private_key.pem"];
/// WeChat Pay's public key, as a merchant downloads it.
pub const PUBLIC_KEY_FILE: &str = "wechatpay_public_key.pem";
/// The platform certificate, as a merchant downloads it.
pub const CERTIFICATE_FILE: &str = "platform_certificate.pem";
/// The merchant's private key.
pub const MERCHANT_KEY_FILE: &str = NAMES[0];
const SECRETS_FILE: &str = "secrets.json";

impl Keys {
    /// The keys in `folder`; when it has none, this process's keys, written there.
    pub fn load_or_make(folder: &Path) -> Result<Self, KeyError> {
        if folder.join(SECRETS_FILE).exists() { Self::load(folder) } else { Self::make(folder) }
    }

    fn load(folder: &Path) -> Result<Self, KeyError> {
        let read = |name: &str| {
            fs::read_to_string(folder.join(name)).map_err(|e| KeyError::File(folder.into(), e))
        };
        let secrets = serde_json::from_str(&read(SECRETS_FILE)?).map_err(key_error)?;
        let mut private = Vec::new();
        for name in NAMES {
            private.push(RsaPrivateKey::from_pkcs8_pem(&read(name)?).map_err(key_error)?);
        }
        Self::assemble(&private, secrets, read(CERTIFICATE_FILE)?)
    }

    fn make(folder: &Path) -> Result<Self, KeyError> {
        let private = process_keys()?;
        let secrets = Secrets::by_chance();
        let signer = SigningKey::<Sha256>::new(private[2].clone());
        let certificate =
            certificate::self_signed(&signer, &secrets.platform_serial).map_err(KeyError::Key)?;
        let keys = Self::assemble(private, secrets, certificate)?;
        keys.write(folder, private)?;
        Ok(keys)
    }

    fn assemble(
        private: &[RsaPrivateKey],
        secrets: Secrets,
        certificate: String,
    ) -> Result<Self, KeyError> {
        let [merchant, public_key, platform] = private else {
            return Err(KeyError::Key("three keys are needed".into()));
        };
        Ok(Self {
            merchant: signer(&secrets.merchant_serial, merchant),
            public_key: signer(&secrets.public_key_id, public_key),
            platform: signer(&secrets.platform_serial, platform),
            platform_certificate: certificate,
            secrets,
        })
    }

    fn write(&self, folder: &Path, private: &[RsaPrivateKey]) -> Result<(), KeyError> {
        let file_error = |e| KeyError::File(folder.into(), e);
        fs::create_dir_all(folder).map_err(file_error)?;
        for (name, key) in NAMES.iter().zip(private) {
            let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(key_error)?;
            write_private(&folder.join(name), pem.as_bytes()).map_err(file_error)?;
        }
        let public =
            RsaPublicKey::from(&private[1]).to_public_key_pem(LineEnding::LF).map_err(key_error)?;
        fs::write(folder.join(PUBLIC_KEY_FILE), public).map_err(file_error)?;
        fs::write(folder.join(CERTIFICATE_FILE), &self.platform_certificate).map_err(file_error)?;
        let secrets = serde_json::to_vec_pretty(&self.secrets).map_err(key_error)?;
        // The secrets come last: a folder with this file is complete.
        write_private(&folder.join(SECRETS_FILE), &secrets).map_err(file_error)
    }

    /// The pair that a request's `Wechatpay-Serial` asks for.
    pub fn by_serial(&self, serial: &str) -> Option<&Signer> {
        [&self.public_key, &self.platform].into_iter().find(|signer| signer.serial == serial)
    }
}

impl Secrets {
    fn by_chance() -> Self {
        Self {
            merchant_serial: certificate::random_serial(),
            public_key_id: format!("PUB_KEY_ID_01{}", crate::crypto::random_digits(28)),
            platform_serial: certificate::random_serial(),
            api_v3_key: random_text(32),
            app_secret: random_text(32).to_lowercase(),
        }
    }
}

/// Writes a file that only its owner may read.
pub fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write;
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(bytes)
}

fn signer(serial: &str, key: &RsaPrivateKey) -> Signer {
    let private = SigningKey::<Sha256>::new(key.clone());
    Signer { serial: serial.to_owned(), public: private.verifying_key(), private }
}

fn process_keys() -> Result<&'static Vec<RsaPrivateKey>, KeyError> {
    static MADE: OnceLock<Result<Vec<RsaPrivateKey>, String>> = OnceLock::new();
    MADE.get_or_init(make_three).as_ref().map_err(|e| KeyError::Key(e.clone()))
}

fn make_three() -> Result<Vec<RsaPrivateKey>, String> {
    let makers: Vec<_> =
        NAMES.iter().map(|_| thread::spawn(|| RsaPrivateKey::new(&mut OsRng, 2048))).collect();
    let join = |maker: thread::JoinHandle<rsa::Result<RsaPrivateKey>>| {
        maker.join().map_err(|_| "a key maker died".to_owned())?.map_err(|e| e.to_string())
    };
    makers.into_iter().map(join).collect()
}

fn key_error(error: impl std::fmt::Display) -> KeyError {
    KeyError::Key(error.to_string())
}
