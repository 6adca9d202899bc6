//! Members with their accounts, WeChats, browsers and sign-ins.

use huiyuan::kernel::{Vault, text::name_key};

use super::{
    batch::{Rows, Writer, cells},
    facts::{Kind, Size, Unit, id, moment, open_id, scatter},
};
use crate::Result;

/// Members in one write.
const CHUNK: i64 = 500;
/// Sign-ins of each member.
const LOGINS: i64 = 3;

/// What all rows share.
#[derive(Clone, Copy, Debug)]
pub struct Shared<'a> {
    /// Seals what is personal.
    pub vault: &'a Vault,
    /// Of the password that everybody has.
    pub hash: &'a str,
    /// How many there are.
    pub size: Size,
}

struct Tables {
    members: Rows,
    accounts: Rows,
    bindings: Rows,
    devices: Rows,
    logins: Rows,
}

impl Tables {
    fn new() -> Self {
        Self {
            members: Rows::new(
                "member (id, no, name, name_key, uscc, uscc_doubtful, user_type, level_id, status, \
                 legal_person, legal_mobile, contact, contact_mobile, contact_mobile_index, email, \
                 unit_state, unit_nature, industry, unit_size, region_code, region_name, address, \
                 joined_on, profile_complete_ms, version, created_ms)",
            ),
            accounts: Rows::new(
                "account (id, member_id, uscc, mobile_index, password_hash, status, \
                 session_generation, failed_count, locked_until_ms, created_ms)",
            ),
            bindings: Rows::new(
                "wechat_binding (id, account_id, app_id, open_id, open_id_index, active_key, \
                 bound_ms, ended_ms, end_reason)",
            ),
            devices: Rows::new(
                "account_device (id, account_id, device_index, browser, first_ms, last_ms, \
                 last_ip, failed_count, locked_until_ms)",
            ),
            logins: Rows::new(
                "account_login (id, account_id, at_ms, way, browser, ip, is_new_device)",
            ),
        }
    }

    fn all(&mut self) -> [&mut Rows; 5] {
        let Self { members, accounts, bindings, devices, logins } = self;
        [members, accounts, bindings, devices, logins]
    }
}

/// The level of member `n`: nine of ten are plain members.
const fn level(n: i64) -> &'static str {
    match scatter(n) % 100 {
        0 => "president",
        1..3 => "vice-president",
        3..5 => "standing-director",
        5..10 => "director",
        _ => "member",
    }
}

fn add(tables: &mut Tables, with: Shared, n: i64) -> Result<()> {
    let Shared { vault, hash, size } = with;
    let (unit, joined) = (Unit::member(n)?, moment(n, size.members()));
    let (member, account) = (id(Kind::Member, n, joined), id(Kind::Account, n, joined));
    let (key, index) = (name_key(&unit.name), vault.index(&unit.mobile));
    let email = vault.seal(&format!("unit{n}@example.org"))?;
    let (day, no) = (joined.date().to_string(), format!("M{n:09}"));
    let status = if scatter(n + 7).is_multiple_of(50) { "frozen" } else { "active" };
    tables.members.add(cells![
        &member; &no; &unit.name; &key; &unit.uscc; 0; "enterprise"; level(n); status;
        &vault.seal("测试法人")?; &vault.seal(&unit.mobile)?; &vault.seal("测试联系人")?;
        &vault.seal(&unit.mobile)?; &index; &email; "active"; "private"; "I64"; "small"; "320102";
        "江苏省南京市玄武区"; &vault.seal("示例路 1 号")?; &day; joined; 1; joined
    ])?;
    tables
        .accounts
        .add(cells![&account; &member; &unit.uscc; &index; hash; "active"; 1; 0; 0; joined])?;
    let (open_id, open_id_index) = open_id(vault, n)?;
    tables.bindings.add(cells![
        &id(Kind::Binding, n, joined); &account; "wx0000000000000001"; &open_id; &open_id_index;
        "1"; joined; None::<i64>; ""
    ])?;
    let device = vault.index(&account);
    tables.devices.add(cells![
        &id(Kind::Device, n, joined); &account; &device; "Chrome（Windows）"; joined; joined;
        "192.0.2.1"; 0; 0
    ])?;
    for time in 0..LOGINS {
        let n = n * LOGINS + time;
        let at = moment(n, size.members() * LOGINS);
        let login = id(Kind::Login, n, at);
        tables.logins.add(cells![
            &login; &account; at; "scan"; "Chrome（Windows）"; "192.0.2.1"; 0
        ])?;
    }
    Ok(())
}

/// Writes all of them.
pub async fn write(writer: &mut Writer, with: Shared<'_>) -> Result<()> {
    let mut tables = Tables::new();
    for n in 0..with.size.members() {
        add(&mut tables, with, n)?;
        if n % CHUNK == CHUNK - 1 {
            writer.write(tables.all()).await?;
        }
    }
    writer.write(tables.all()).await?;
    writer.finish().await
}
