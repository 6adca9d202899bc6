//! The HTTP edge: what a handler takes (app, form, session) and what it gives (page, redirect,
//! error). No URL and no rule of the business lives here.

pub mod address;
pub mod app;
pub mod assets;
mod blank;
pub mod client;
pub mod cookie;
pub mod csrf;
pub mod csv;
pub mod edge;
pub mod error;
pub mod flash;
pub mod form;
pub mod health;
pub mod page;
pub mod qr;
pub mod rules;
pub mod session;
pub mod settings;
pub mod template;
pub mod throttle;

pub use address::{address, encoded};
pub use app::App;
pub use client::Client;
pub use error::AppError;
pub use flash::{Flash, SeeOther};
pub use form::{Fields, Form, FormState};
pub use page::{Html, Page, Sample, Surface, Viewer};
