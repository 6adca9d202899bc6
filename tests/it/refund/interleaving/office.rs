//! What finance does on the way: corrections of transfers, and refunds.

use rand::{RngExt as _, rngs::StdRng};
use wechat_sandbox::Mishap;

use super::{Event, Walk};

impl Walk {
    /// 冲正 of a confirmed transfer: asked for by one person, agreed to by another.
    pub(super) async fn reversal(&self) {
        let sql = "select id from offline_payment where status = 'confirmed' order by id limit 1";
        let id = self.test.db_text(sql).await;
        if id.is_empty() {
            return;
        }
        let path = format!("/admin/offline/{id}");
        let page = self.one.get(&path).await;
        if page.attribute("#reverse form", "action").is_some() {
            page.submit_form("#reverse form", &[("reason", "随机")]).await;
        }
        let page = self.two.get(&path).await;
        if page.attribute("form#answer", "action").is_some() {
            page.submit_form("form#answer", &[("reason", "随机"), ("answer", "approve")]).await;
        }
    }

    /// A refund by bank of a part of a confirmed transfer.
    pub(super) async fn give_back(&self) {
        let sql = "select no from offline_payment where status = 'confirmed' order by id limit 1";
        let number = self.test.db_text(sql).await;
        let page = self.one.get(&format!("/admin/refunds/new?number={number}")).await;
        if page.attribute("form#ask", "action").is_some() {
            self.ask_by_bank(&number, &[("part-1", "300"), ("reason", "随机")]).await;
        }
    }

    pub(super) async fn refunding(&self, event: Event, chance: &mut StdRng) {
        match event {
            Event::Refund => {
                let Some(number) = self.any_order(chance) else { return };
                let page = self.one.get(&format!("/admin/refunds/new?number={number}")).await;
                if page.attribute("form#ask", "action").is_some() {
                    let part = ["0.01", "700", "2000"][chance.random_range(0..3)];
                    let reopens = ["0", "1"][chance.random_range(0..2)];
                    let fields = [("part-1", part), ("reopens", reopens), ("reason", "随机")];
                    page.submit_form("form#ask", &fields).await;
                }
            }
            Event::Approve | Event::Reject => {
                let form =
                    if matches!(event, Event::Approve) { "form#approve" } else { "form#reject" };
                if self.count("refund where status = 'requested'").await > 0 {
                    let sql =
                        "select id from refund where status = 'requested' order by id limit 1";
                    let id = self.test.db_text(sql).await;
                    let page = self.two.get(&format!("/admin/refunds/{id}")).await;
                    page.submit_form(form, &[("reason", "随机")]).await;
                }
            }
            Event::Trouble => {
                let mishaps = [Mishap::RefundClosed, Mishap::RefundAbnormal, Mishap::RefundStuck];
                self.test.sandbox.mishap(mishaps[chance.random_range(0..3)].clone());
            }
            _ => self.wait().await,
        }
    }
}
