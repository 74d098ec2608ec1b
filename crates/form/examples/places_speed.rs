//! How long the list of places takes: to read, and to search for a letter as for a whole address.
//!
//! ```text
//! cargo run --release -p eform --example places_speed
//! ```

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use eform::places::Places;

const THAI: &str = include_str!("../../../public/data/areas.th.txt");
const ENGLISH: &str = include_str!("../../../public/data/areas.en.txt");

/// What people type, letter by letter and pasted, and what costs most: a letter in every name, and
/// more words than an address has.
const QUERIES: [&str; 12] = [
    "น",
    "หนอง",
    "หนองบัว",
    "ในเมือง ขอนแก่น",
    "ตำบลในเมือง อำเภอเมืองขอนแก่น จังหวัดขอนแก่น 40000",
    "แขวงสีลม เขตบางรัก กรุงเทพมหานคร ๑๐๕๐๐",
    "1",
    "10200",
    "a",
    "Nai Mueang Khon Kaen",
    "ง า น ก า ร ม ย ว ล ท อ",
    "a a a a a a a a a a a a a a",
];

fn main() -> Result<(), Box<dyn Error>> {
    let (thai, read) = time(|| Places::parse(black_box(THAI)));
    println!("{:>9} read the Thai names", millis(read));
    let thai = thai?;
    let (bilingual, read) = time(|| {
        let mut places = thai.clone();
        places.with_english(black_box(ENGLISH)).map(|()| places)
    });
    println!("{:>9} add the English names", millis(read));
    for (places, what) in [(&thai, "Thai"), (&bilingual?, "Thai and English")] {
        println!("\nsearch for 20 in {what}:");
        for query in QUERIES {
            let (found, spent) = time(|| places.search(black_box(query), 20).len());
            println!("{:>9} {found:>2} {query}", millis(spent));
        }
    }
    Ok(())
}

/// The result, and the time of the run of many that was disturbed least.
fn time<T>(run: impl Fn() -> T) -> (T, Duration) {
    let spent = (0..100).map(|_| {
        let begin = Instant::now();
        black_box(run());
        begin.elapsed()
    });
    (run(), spent.min().unwrap_or_default())
}

fn millis(spent: Duration) -> String {
    format!("{:.3} ms", spent.as_secs_f64() * 1000.0)
}
