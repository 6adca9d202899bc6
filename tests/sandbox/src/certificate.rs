//! The self-signed platform certificate. Its key pair comes from `keys`.

use std::time::Duration;

use rsa::pkcs1v15::{Signature, SigningKey};
use rsa::pkcs8::{EncodePublicKey, LineEnding};
use rsa::signature::Keypair;
use sha2::Sha256;
use x509_cert::builder::{Builder, CertificateBuilder, Profile};
use x509_cert::der::{Decode, EncodePem};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::SubjectPublicKeyInfoOwned;
use x509_cert::time::Validity;

const FIVE_YEARS: Duration = Duration::from_hours(5 * 365 * 24);
const SUBJECT: &str = "CN=Tenpay.com Sandbox Root,O=Not Tenpay.com,C=CN";

/// PEM of a certificate with this serial, valid for five years.
pub fn self_signed(signer: &SigningKey<Sha256>, serial: &str) -> Result<String, String> {
    let subject: Name = SUBJECT.parse().map_err(text)?;
    let spki = signer.verifying_key().to_public_key_der().map_err(text)?;
    let spki = SubjectPublicKeyInfoOwned::from_der(spki.as_bytes()).map_err(text)?;
    let validity = Validity::from_now(FIVE_YEARS).map_err(text)?;
    let serial = SerialNumber::new(&unhex(serial)).map_err(text)?;
    let builder = CertificateBuilder::new(Profile::Root, serial, validity, subject, spki, signer)
        .map_err(text)?;
    let certificate = builder.build::<Signature>().map_err(text)?;
    certificate.to_pem(LineEnding::LF).map_err(text)
}

/// 40 upper-case hex digits; the first is small, so that the number is positive.
pub fn random_serial() -> String {
    let bytes: [u8; 20] = rand::random();
    let mut bytes = bytes;
    bytes[0] = (bytes[0] & 0x3f) | 0x10;
    crate::crypto::hex(&bytes).to_uppercase()
}

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        text.chars().filter_map(|c| c.to_digit(16)).filter_map(|d| u8::try_from(d).ok()).collect();
    digits.chunks_exact(2).map(|pair| pair[0] * 16 + pair[1]).collect()
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
