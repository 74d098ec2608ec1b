//! UUIDv7 (RFC 9562, section 5.7): the ids of submissions. They sort by the time they were made,
//! and 74 random bits make two phones' ids differ.

/// A UUIDv7 in lower case with hyphens, from milliseconds since 1970 and ten random bytes (six of
/// their bits give way to the version and the variant).
pub fn uuid_v7(ms: i64, random: [u8; 10]) -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut bytes = [0; 16];
    // A clock before 1970 counts as 1970: still unique by its random bits.
    bytes[..6].copy_from_slice(&ms.max(0).to_be_bytes()[2..]);
    bytes[6..].copy_from_slice(&random);
    bytes[6] = 0x70 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    let mut out = String::with_capacity(36);
    for (i, byte) in bytes.iter().enumerate() {
        if matches!(i, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        out.push(char::from(HEX[usize::from(byte >> 4)]));
        out.push(char::from(HEX[usize::from(byte & 15)]));
    }
    out
}

/// When an id was made, in milliseconds since 1970; `None` for what is no UUIDv7.
pub fn made_at(id: &str) -> Option<i64> {
    let time = [id.get(..8)?, id.get(9..13)?].concat();
    i64::from_str_radix(&time, 16).ok().filter(|_| id.get(14..15) == Some("7"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_example_of_the_standard() {
        // RFC 9562, appendix A.6.
        let random = [0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f];
        let id = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";
        assert_eq!(uuid_v7(0x017F_22E2_79B0, random), id);
        assert_eq!(made_at(id), Some(0x017F_22E2_79B0));
        assert_eq!(made_at("017f22e2-79b0-4cc3-98c4-dc0c0c07398f"), None);
        assert_eq!(made_at("ขึ้นทะเบียนเกษตรกร"), None);
    }

    #[test]
    fn sorts_by_time() {
        let early = uuid_v7(1_000, [0xff; 10]);
        assert!(early < uuid_v7(1_001, [0; 10]));
        assert!(uuid_v7(-5, [0; 10]).starts_with("00000000-0000-7"));
    }
}
