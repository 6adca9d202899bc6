//! Are the books right? Compared with what WeChat says day by day.

pub mod bill;
mod store;
