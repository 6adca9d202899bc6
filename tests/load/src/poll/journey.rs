//! From nothing to login codes on screens: units register, staff approve them, and each signs in
//! with its password on a PC (an account has one live code). All of it through HTTP.

use crate::{
    Result,
    place::{Place, STAFF},
    product::Running,
    seed,
    visitor::{Page, Visitor},
};

const PASSWORD: &str = "Member-pass-1!";
const FORM: &str = "main form[method=post]";

/// A PC that shows a login code, and asks whether it was scanned.
pub struct Screen {
    /// Path and query of the question.
    pub path: String,
    /// The `Cookie` header.
    pub cookies: String,
}

/// `count` units, each with a login code on its screen.
pub async fn screens(place: &Place, server: &Running, count: u32) -> Result<Vec<Screen>> {
    let staff = staff(server).await?;
    let mut screens = Vec::new();
    for pc in 0..count {
        let visitor = Visitor::new(server.address, 100 + pc)?;
        let tag = place.ids.digits(7);
        let code = seed::uscc("P", tag.parse()?)?;
        register(&visitor, &code, &tag).await?;
        approve(&staff, &tag).await?;
        let page = sign_in(&visitor, &code).await?;
        let path = page.attribute("[data-poll]", "data-poll")?;
        screens.push(Screen { path, cookies: visitor.cookies() });
    }
    Ok(screens)
}

/// The secretariat, signed in.
pub async fn staff(server: &Running) -> Result<Visitor> {
    let staff = Visitor::new(server.address, 2)?;
    let page = staff.get("/admin/login").await?;
    let (account, password) = STAFF;
    staff.submit(&page, FORM, &[("account", account), ("password", password)]).await?;
    Ok(staff)
}

async fn register(visitor: &Visitor, code: &str, tag: &str) -> Result<()> {
    let page = visitor.get("/register").await?;
    let mobiles = (format!("1381{tag}"), format!("1391{tag}"));
    let fields = [
        ("name", &*format!("示例网络科技（{tag}）有限公司")),
        ("uscc", code),
        ("legal_person", "测试法人"),
        ("legal_mobile", &mobiles.0),
        ("contact", "测试联系人"),
        ("contact_mobile", &mobiles.1),
        ("user_type", "enterprise"),
        ("password", PASSWORD),
        ("password_again", PASSWORD),
        ("agree_charter", "1"),
        ("agree_privacy", "1"),
    ];
    visitor.submit(&page, FORM, &fields).await.map(drop)
}

async fn approve(staff: &Visitor, tag: &str) -> Result<()> {
    let queue = staff.get("/admin/registrations").await?;
    // The only one that waits.
    let link = queue.attribute("main table a[href^='/admin/registrations/']", "href")?;
    let detail = staff.get(&link).await?;
    if !detail.body.contains(tag) {
        return Err(format!("another application waits: {link}").into());
    }
    let done = staff.submit(&detail, "form[action$='/approve']", &[("level", "member")]).await?;
    if done.location == link {
        return Err("the application was not approved".into());
    }
    Ok(())
}

/// Password, profile if it is asked for, and then the login code.
async fn sign_in(visitor: &Visitor, code: &str) -> Result<Page> {
    let page = visitor.get("/login").await?;
    let fields = [("account", code), ("password", PASSWORD)];
    let mut next = visitor.submit(&page, FORM, &fields).await?.location;
    if next == "/profile" {
        let profile = [
            ("contact", "测试联系人"),
            ("email", "dues@example.org"),
            ("unit_state", "active"),
            ("unit_nature", "private"),
            ("industry", "I64"),
            ("unit_size", "small"),
            ("region", "320102"),
            ("address", "示例路 1 号"),
        ];
        let page = visitor.get(&next).await?;
        next = visitor.submit(&page, FORM, &profile).await?.location;
    }
    visitor.get(&next).await
}
