//! The encrypted JSON around an event.

use serde_json::{Value, json};

use crate::clock::rfc3339;
use crate::crypto::{self, random_text};
use crate::notify::Notice;
use crate::world::World;

/// The JSON around the encrypted event; a fresh nonce each time.
pub fn wrap(world: &World, notice: &Notice) -> Vec<u8> {
    let nonce = random_text(12);
    let sealed = crypto::seal(
        &world.keys.secrets.api_v3_key,
        &nonce,
        notice.associated_data,
        notice.plain.as_bytes(),
    );
    let wrapped = json!({
        "id": notice.id,
        "create_time": rfc3339(notice.created_ms),
        "resource_type": "encrypt-resource",
        "event_type": notice.event,
        "summary": notice.summary,
        "resource": {
            "original_type": notice.kind,
            "algorithm": "AEAD_AES_256_GCM",
            "ciphertext": sealed.unwrap_or_default(),
            "associated_data": notice.associated_data,
            "nonce": nonce,
        },
    });
    let text = if notice.shuffled { shuffled(&wrapped) } else { wrapped.to_string() };
    text.into_bytes()
}

/// The same JSON with the keys of every object in reverse, and blanks where they are allowed.
pub fn shuffled(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let pairs: Vec<String> = map
                .iter()
                .rev()
                .map(|(name, value)| format!("{} : {}", json!(name), shuffled(value)))
                .collect();
            format!("{{ {} }}", pairs.join(" ,"))
        }
        Value::Array(items) => {
            format!("[ {} ]", items.iter().map(shuffled).collect::<Vec<_>>().join(" , "))
        }
        plain => plain.to_string(),
    }
}
