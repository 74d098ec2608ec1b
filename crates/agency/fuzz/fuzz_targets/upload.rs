#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| eform_agency_fuzz::upload(bytes));
