//! Random walks: a member and two people of finance do whatever the pages offer, in any order,
//! and after every step the books are exact.

use huiyuan::{kernel::Ids, staff::Role};

use super::{report, surplus::bill_of};
use crate::{
    refund::verify,
    support::{Browser, TestApp, Unit, browser::Page},
};

const STEPS: usize = 40;

/// Sums that must be equal, whatever happened.
const EQUAL: [(&str, &str); 6] = [
    ("select cast(coalesce(sum(amount), 0) as signed) from ledger_entry", "select 0"),
    (
        "select cast(coalesce(sum(paid), 0) as signed) from dues_bill",
        "select cast(coalesce(sum(amount), 0) as signed) from allocation",
    ),
    (
        "select cast(coalesce(sum(amount), 0) as signed) from ledger_entry \
         where account in ('bank', 'cash')",
        "select cast(coalesce(sum(p.amount - case when c.surplus_state = 'returned' \
         then c.surplus else 0 end), 0) as signed) from offline_payment p \
         join offline_confirmation c on c.offline_id = p.id where p.status = 'confirmed'",
    ),
    (
        "select cast(coalesce(-sum(amount), 0) as signed) from ledger_entry \
         where account = 'suspense'",
        "select cast(coalesce(sum(surplus), 0) as signed) from offline_confirmation \
         where surplus_state = 'open'",
    ),
    (
        // Every source put on bills, or took off them, what it booked as income.
        "select count(*) from (select source_id, sum(case when account = 'dues-income' \
         then amount else 0 end) as income from ledger_entry group by source_kind, source_id) e \
         left join (select source_id, sum(amount) as put from allocation \
         group by source_kind, source_id) a on a.source_id = e.source_id \
         where e.income + coalesce(a.put, 0) <> 0",
        "select 0",
    ),
    (
        "select count(*) from (select source_id from ledger_entry group by source_kind, source_id \
         having sum(amount) <> 0) as unbalanced",
        "select 0",
    ),
];

struct Walk {
    test: TestApp,
    member: Browser,
    staff: [Browser; 2],
    chance: Ids,
    done: Vec<String>,
}

impl Walk {
    fn draw(&self, most: usize) -> usize {
        self.chance.digits(6).parse::<usize>().unwrap() % most
    }

    /// One of the links of a list that lead to a report.
    async fn one_of(&self, who: &Browser, list: &str, selector: &str) -> Option<Page> {
        let links = who.get(list).await.attributes(selector, "href");
        let at = if links.is_empty() { return None } else { self.draw(links.len()) };
        Some(who.get(&links[at]).await)
    }

    async fn member_step(&self) -> Option<Page> {
        let amount = ["1", "700.50", "2000", "2600"][self.draw(4)];
        let fields = [("amount", amount), ("surplus", "1")];
        let owes = self.member.get("/dues/offline").await.attribute("form#offline", "action");
        if owes.is_some() && self.draw(2) == 0 {
            return Some(report(&self.member, &fields).await);
        }
        let open = "td.acts a[href^='/dues/offline/']";
        let page = self.one_of(&self.member, "/dues/records", open).await?;
        match self.draw(3) {
            0 => Some(page.submit_form("form[action$='/delete']", &[]).await),
            _ => Some(page.submit_files("form#offline", &fields, &[]).await),
        }
    }

    async fn staff_step(&self) -> Option<Page> {
        let who = &self.staff[self.draw(2)];
        let page = self.one_of(who, "/admin/offline?state=all", "td.acts a").await?;
        let forms =
            ["#confirm", "#reject", "#reverse form", "#return form", "#assign form", "#answer"];
        let offered: Vec<&str> =
            forms.into_iter().filter(|form| page.attribute(form, "action").is_some()).collect();
        let at = if offered.is_empty() { return None } else { self.draw(offered.len()) };
        let surplus = page.attribute("#confirm [name=surplus]", "value").unwrap_or_default();
        let bill = page.attributes("#assign option", "value").pop().unwrap_or_default();
        let answer = ["approve", "approve", "refuse"][self.draw(3)];
        let all =
            [("reason", "随机操作"), ("surplus", &surplus), ("bill", &bill), ("answer", answer)];
        Some(page.submit_form(offered[at], &all).await)
    }

    async fn check(&self) {
        for (left, right) in EQUAL {
            let (a, b) = (self.test.db_count(left).await, self.test.db_count(right).await);
            assert_eq!(a, b, "{left}\nafter {:#?}", self.done);
        }
        let report = verify(&self.test).await;
        assert!(report.is_sound(), "{:#?}\nafter {:#?}", report.findings, self.done);
    }
}

async fn walk(seed: u8) {
    let test = TestApp::start().await;
    let unit = Unit::sample(u32::from(seed));
    test.member(&unit).await;
    bill_of(&test, 2027).await;
    let member = test.signed_in(&unit, 0).await;
    let staff = [test.staff(Role::Finance).await, test.staff(Role::Super).await];
    let chance = Ids::seeded(u64::from(seed));
    let mut walk = Walk { test, member, staff, chance, done: Vec::new() };
    for _ in 0..STEPS {
        let answer =
            if walk.draw(3) == 0 { walk.member_step().await } else { walk.staff_step().await };
        if let Some(page) = answer {
            assert!(page.status < 500, "{} {}", page.path, page.text());
            walk.done.push(format!("{} {}", page.status, page.path));
            walk.check().await;
        }
        walk.test.advance(std::time::Duration::from_secs(1)).await;
    }
    let corrected = walk.done.iter().filter(|it| it.contains("/corrections")).count();
    assert!(corrected > 0, "the walk got nowhere: {:#?}", walk.done);
}

#[tokio::test]
async fn whatever_people_do_in_whatever_order_the_books_are_exact() {
    for seed in [1, 2, 3] {
        walk(seed).await;
    }
}
