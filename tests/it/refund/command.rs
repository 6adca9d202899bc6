//! `huiyuan ledger`, run as its operator runs it: exit codes, what is on which stream, both formats.

use std::process::Output;

use super::Till;

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

impl Till {
    fn ledger(&self, arguments: &[&str]) -> Output {
        self.test.run(&[&["ledger"], arguments].concat(), "")
    }

    /// A payment of 2,000 yuan, of which 500 went back for a reason that a spreadsheet would run.
    async fn with_a_refund() -> Self {
        let till = Self::open().await;
        let number = till.paid().await;
        till.refund(&number, &[("part-1", "500"), ("reason", "=HYPERLINK(1)")]).await;
        till.wait().await;
        till
    }
}

#[tokio::test]
async fn the_books_are_proved_and_the_progress_is_on_standard_error() {
    let till = Till::with_a_refund().await;

    let proved = till.ledger(&["verify"]);

    assert_eq!(proved.status.code(), Some(0), "{}", err(&proved));
    assert!(out(&proved).starts_with("the books are right: "), "{}", out(&proved));
    assert_eq!(out(&proved).lines().count(), 1, "nothing else: {}", out(&proved));
    assert!(err(&proved).contains("/ about "), "{}", err(&proved));
    assert!(!err(&proved).contains('\r'), "no terminal, no line that changes: {}", err(&proved));
    assert_eq!(till.count("ledger_check where status = 'passed'").await, 1);
}

#[tokio::test]
async fn a_tampered_book_is_found_and_named() {
    let till = Till::with_a_refund().await;
    let transaction = till.test.db_text("select transaction_id from payment_attempt").await;
    till.test
        .db_exec("update ledger_entry set amount = amount * 2 where source_kind = 'payment'")
        .await;

    let failed = till.ledger(&["verify"]);

    assert_eq!(failed.status.code(), Some(1), "{}", err(&failed));
    let named = format!("payments: payment {transaction}: 付款 2000.00 元，账簿收款 4000.00 元");
    assert!(out(&failed).lines().any(|line| line == named), "{named}\n{}", out(&failed));
    assert!(err(&failed).contains("findings"), "{}", err(&failed));
    assert_eq!(till.count("ledger_check where status = 'failed'").await, 1);
    till.one.get("/admin/ledger/check").await.must_say("命令行");
}

#[tokio::test]
async fn a_check_that_cannot_be_made_is_no_verdict() {
    let mut till = Till::open().await;
    let now = till.test.app.clock.now().millis();
    till.test
        .db_exec(&format!(
            "insert into ledger_check (id, cause, started_by, status, step, done, total, found, \
             findings, started_ms, seen_ms, ended_ms, live_key) values \
             ('c1', 'clock', '', 'running', '', 0, 0, 0, '[]', {now}, 9999999999999, null, '1')"
        ))
        .await;
    let busy = till.ledger(&["verify"]);
    assert_eq!(busy.status.code(), Some(2), "{}", err(&busy));
    assert!(err(&busy).contains("another check is under way"), "{}", err(&busy));
    assert_eq!(out(&busy), "", "no verdict");

    till.test.environment.push(("HUIYUAN__DATABASE__URL".into(), "mysql://127.0.0.1:1/x".into()));
    let unreachable = till.ledger(&["verify"]);
    assert_eq!(unreachable.status.code(), Some(2), "{}", err(&unreachable));
}

#[tokio::test]
async fn everything_is_exported_as_json_lines() {
    let till = Till::with_a_refund().await;
    for (what, rows) in [("payments", 1), ("refunds", 1), ("allocations", 2), ("entries", 4)] {
        let exported = till.ledger(&["export", "--what", what]);
        assert_eq!(exported.status.code(), Some(0), "{}", err(&exported));
        let lines: Vec<serde_json::Value> =
            out(&exported).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), rows, "{what}: {}", out(&exported));
        assert!(err(&exported).contains(&format!("{rows} rows")), "{}", err(&exported));
        let sum: i64 = lines.iter().map(|line| line["amount_fen"].as_i64().unwrap()).sum();
        let expected =
            [("payments", 200_000), ("refunds", 50_000), ("allocations", 150_000), ("entries", 0)];
        assert!(expected.contains(&(what, sum)), "{what} {sum}");
    }
    let refund = out(&till.ledger(&["export", "--what", "refunds"]));
    assert!(refund.contains("\"=HYPERLINK(1)\""), "json is exact: {refund}");
}

#[tokio::test]
async fn everything_is_exported_as_csv_that_runs_nothing() {
    let till = Till::with_a_refund().await;
    let file = std::env::temp_dir().join(format!("refunds-{}.csv", till.test.app.ids.digits(10)));
    let path = file.to_str().unwrap();
    let csv = ["export", "--what", "refunds", "--format", "csv", "--out", path];

    let exported = till.ledger(&csv);

    assert_eq!(exported.status.code(), Some(0), "{}", err(&exported));
    assert_eq!(out(&exported), "", "the rows are in the file");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let mut lines = text.split("\r\n");
    let header = lines.next().unwrap();
    assert!(header.starts_with("\u{feff}id,refund_no,"), "{header}");
    let row = lines.next().unwrap();
    assert!(row.contains(",50000,success,'=HYPERLINK(1),"), "{row}");
    assert_eq!(lines.next(), Some(""), "one row, and an end of line");
}

#[tokio::test]
async fn an_export_that_cannot_be_made_says_why() {
    let till = Till::open().await;
    let odd = till.ledger(&["export", "--what", "secrets"]);
    assert_eq!(odd.status.code(), Some(2));
    assert!(err(&odd).contains("payments, refunds, allocations, entries"), "{}", err(&odd));

    let nowhere = "/no-such-folder/out.csv";
    let unwritable = till.ledger(&["export", "--what", "entries", "--out", nowhere]);
    assert_eq!(unwritable.status.code(), Some(2));
    assert!(err(&unwritable).contains(nowhere), "{}", err(&unwritable));
}
