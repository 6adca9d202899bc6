//! What finance should look at twice before confirming.

use super::Parts;

pub(super) fn of(parts: &Parts) -> Vec<String> {
    let (payment, bill) = (&parts.payment, &parts.bill);
    let remaining = bill.remaining();
    let mut warnings = Vec::new();
    if !parts.online.is_empty() {
        warnings.push(format!(
            "该账单有未完成的线上订单：{}。确认到账时系统会先向微信查询并关闭它；如已付款则以线上入账为准",
            parts.online
        ));
    }
    if !bill.status.is_owed() {
        let label = bill.status.label();
        warnings.push(format!(
            "该账单现在是“{label}”，不再欠费：如款项确已到账，可全额转入待处理款项后退还或抵缴；否则请驳回"
        ));
    } else if payment.amount > remaining {
        let remaining = remaining.grouped();
        warnings.push(format!(
            "该账单未缴金额为 {remaining} 元，少于实缴金额：多出部分须明确转入待处理款项才能确认"
        ));
    } else if payment.amount < remaining {
        warnings.push("实缴金额少于未缴金额，确认后账单为“部分缴纳”".into());
    }
    if parts.waiting > 1 {
        let others = parts.waiting - 1;
        warnings.push(format!("该账单还有 {others} 笔线下缴费待确认，请注意是否重复提交"));
    }
    if !parts.same_reference.is_empty() {
        let numbers = parts.same_reference.join("、");
        warnings.push(format!("流水号与另一笔缴费相同（{numbers}），请核对是否同一笔汇款"));
    }
    if payment.payer_name != parts.unit.name {
        warnings.push("付款户名与会员单位名称不一致，请核对".into());
    }
    warnings
}
