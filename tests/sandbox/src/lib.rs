//! A server that plays WeChat: 网页授权, WeChat Pay v3 and a pretend phone.
//!
//! **This is not WeChat.** It exists for the demo and for tests. It shares no code with the product:
//! the two meet only on the wire, and both are pinned to the published vectors in `vectors/`.
//!
//! Start reading at [`Sandbox`]; `world` is everything it knows. `merchant` answers `/v3/…`,
//! `wechat` answers the official account's calls, `deliver` sends notifications, `webview` is the
//! phone's browser, `console` the page from which a person plays, `control` the same for programs,
//! `door` the reverse proxy in front of the product, by which the phone knows what stands on screens.
//! What the product does is not here.

mod armed;
mod authorization;
mod bill;
mod bill_rows;
mod bridge;
mod camera;
mod certificate;
mod cgi;
mod clock;
mod console;
mod control;
mod crypto;
mod deliver;
mod door;
mod envelope;
mod error;
mod forge;
mod h5_page;
mod handle;
mod jar;
mod keys;
mod memory;
mod merchant;
mod mishap;
mod notify;
mod oauth;
mod options;
mod order;
mod pay;
mod phone;
mod prepay;
mod process;
mod proxy;
mod refund;
mod refund_view;
mod reply;
mod screen;
mod server;
mod settings;
mod sns;
mod spoil;
mod strict;
mod transactions;
mod truth;
mod users;
mod webview;
mod wechat;
mod world;

pub use armed::Armed;
pub use cgi::Message;
pub use door::place as door_place;
pub use error::SandboxError;
pub use forge::{SignNotice, SignedBy, Tamper};
pub use handle::Sandbox;
pub use keys::write_private;
pub use mishap::{Call, Fault, Mishap};
pub use notify::{Delivery, RETRIES, Sealed};
pub use options::{ClockKind, Options};
pub use order::{Order, Payment, State, TradeType};
pub use pay::{PayError, Sheet};
pub use phone::Scan;
pub use process::{end, stop_signal, wait_or_stop};
pub use refund::{Refund, RefundStatus};
pub use screen::Shown;
pub use truth::Truth;
pub use users::User;
pub use world::{APP_ID, MCH_ID};
