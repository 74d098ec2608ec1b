//! From the grid of a UTM zone to degrees, to show a place on a map, and from degrees to the grid,
//! to fill in where a phone is; both on WGS 84.
//!
//! Never for the answer to an entry: sines differ in the last digit from machine to machine, and
//! what the page reads, the agency must read too.

/// Of WGS 84: the equatorial radius in metres, and the flattening.
const RADIUS: f64 = 6_378_137.0;
const FLATTENING: f64 = 1.0 / 298.257_223_563;

/// On the central meridian.
const SCALE: f64 = 0.9996;
const FALSE_EASTING: f64 = 500_000.0;

/// Latitude and longitude in degrees of a place north of the equator, from the easting and northing
/// in metres in a zone from 1 to 60; Thailand has 47 and 48. Right to a millimetre within a zone:
/// Krüger's series to the third order of the third flattening (C. F. F. Karney, Transverse Mercator
/// with an accuracy of a few nanometers, 2011). None for another zone.
pub fn to_degrees(zone: u8, easting: f64, northing: f64) -> Option<(f64, f64)> {
    if !(1..=60).contains(&zone) {
        return None;
    }
    let n = FLATTENING / (2.0 - FLATTENING);
    let n2 = n * n;
    let n3 = n2 * n;
    let rectifying = RADIUS / (1.0 + n) * (1.0 + n2 / 4.0 + n2 * n2 / 64.0);
    let beta =
        [n / 2.0 - 2.0 / 3.0 * n2 + 37.0 / 96.0 * n3, n2 / 48.0 + n3 / 15.0, 17.0 / 480.0 * n3];
    let delta =
        [2.0 * n - 2.0 / 3.0 * n2 - 2.0 * n3, 7.0 / 3.0 * n2 - 8.0 / 5.0 * n3, 56.0 / 15.0 * n3];
    let xi = northing / (SCALE * rectifying);
    let eta = (easting - FALSE_EASTING) / (SCALE * rectifying);
    let (mut north, mut east) = (xi, eta);
    for (beta, twice) in beta.into_iter().zip([2.0, 4.0, 6.0]) {
        north -= beta * (twice * xi).sin() * (twice * eta).cosh();
        east -= beta * (twice * xi).cos() * (twice * eta).sinh();
    }
    let conformal = (north.sin() / east.cosh()).asin();
    let mut latitude = conformal;
    for (delta, twice) in delta.into_iter().zip([2.0, 4.0, 6.0]) {
        latitude += delta * (twice * conformal).sin();
    }
    let longitude = east.sinh().atan2(north.cos()).to_degrees();
    Some((latitude.to_degrees(), f64::from(zone) * 6.0 - 183.0 + longitude))
}

/// Zone, easting and northing in metres of a place in Thailand's zones: 47 as far as 102 degrees
/// east, and 48 beyond. None outside of them, or south of the equator. As right as [`to_degrees`].
pub fn from_degrees(lat: f64, long: f64) -> Option<(u8, f64, f64)> {
    if !(0.0..84.0).contains(&lat) || !(96.0..108.0).contains(&long) {
        return None;
    }
    let zone: u8 = if long < 102.0 { 47 } else { 48 };
    let n = FLATTENING / (2.0 - FLATTENING);
    let n2 = n * n;
    let n3 = n2 * n;
    let rectifying = RADIUS / (1.0 + n) * (1.0 + n2 / 4.0 + n2 * n2 / 64.0);
    let alpha = [
        n / 2.0 - 2.0 / 3.0 * n2 + 5.0 / 16.0 * n3,
        13.0 / 48.0 * n2 - 3.0 / 5.0 * n3,
        61.0 / 240.0 * n3,
    ];
    let eccentricity = (FLATTENING * (2.0 - FLATTENING)).sqrt();
    let sine = lat.to_radians().sin();
    let conformal = (sine.atanh() - eccentricity * (eccentricity * sine).atanh()).sinh();
    let from_middle = (long - (f64::from(zone) * 6.0 - 183.0)).to_radians();
    let xi = conformal.atan2(from_middle.cos());
    let eta = (from_middle.sin() / conformal.hypot(from_middle.cos())).asinh();
    let (mut north, mut east) = (xi, eta);
    for (alpha, twice) in alpha.into_iter().zip([2.0, 4.0, 6.0]) {
        north += alpha * (twice * xi).sin() * (twice * eta).cosh();
        east += alpha * (twice * xi).cos() * (twice * eta).sinh();
    }
    let metres = SCALE * rectifying;
    Some((zone, FALSE_EASTING + metres * east, metres * north))
}

#[cfg(test)]
mod tests {
    use super::{from_degrees, to_degrees};

    #[test]
    fn the_way_to_the_grid_is_the_way_back() {
        for (zone, easting, northing) in [
            (47, 665_000.0, 1_521_000.0),
            (47, 311_000.0, 620_000.0),
            (47, 500_000.0, 2_000_000.0),
            (48, 577_000.0, 1_300_000.0),
        ] {
            let (lat, long) = to_degrees(zone, easting, northing).unwrap();
            let (found, east, north) = from_degrees(lat, long).unwrap();
            assert_eq!(found, zone);
            assert!((east - easting).abs() < 1e-3, "{east}");
            assert!((north - northing).abs() < 1e-3, "{north}");
        }
        // On the edge between the zones.
        assert_eq!(from_degrees(13.0, 101.999).unwrap().0, 47);
        assert_eq!(from_degrees(13.0, 102.0).unwrap().0, 48);
        for (lat, long) in [(-1.0, 100.0), (51.5, -0.1), (13.0, 95.9), (13.0, 108.0)] {
            assert_eq!(from_degrees(lat, long), None);
        }
    }

    #[test]
    fn places_are_where_others_say_they_are() {
        let cases = [
            // The tests of the Python library utm, to the three places that they ask for.
            (32, 294_409.0, 5_628_898.0, 50.775_35, 6.083_89, 5e-4),
            (18, 583_960.0, 4_507_523.0, 40.714_35, -74.005_97, 5e-4),
            (6, 466_013.0, 7_190_568.0, 64.837_78, -147.716_39, 5e-4),
            (30, 377_486.0, 6_296_562.0, 56.796_80, -5.006_01, 5e-4),
            // PROJ 9.5.1, +proj=utm +ellps=WGS84; a hundred millionth of a degree is a millimetre.
            (47, 665_000.0, 1_521_000.0, 13.753_613_57, 100.526_134_98, 1e-8),
            (47, 536_772.0, 1_009_256.0, 9.130_129_28, 99.334_671_15, 1e-8),
            (47, 311_000.0, 620_000.0, 5.606_666_93, 97.293_643_79, 1e-8),
            (47, 500_000.0, 2_000_000.0, 18.088_708_94, 99.0, 1e-8),
            (47, 832_000.0, 2_200_000.0, 19.868_019_88, 102.169_950_27, 1e-8),
            (48, 166_021.0, 1_500_000.0, 13.549_387_53, 101.914_594_60, 1e-8),
            (48, 577_000.0, 1_300_000.0, 11.758_987_93, 105.706_698_27, 1e-8),
        ];
        for (zone, easting, northing, lat, long, within) in cases {
            let (found_lat, found_long) = to_degrees(zone, easting, northing).unwrap();
            assert!((found_lat - lat).abs() <= within, "{zone} {easting}: {found_lat}");
            assert!((found_long - long).abs() <= within, "{zone} {easting}: {found_long}");
        }
        assert_eq!(to_degrees(0, 500_000.0, 0.0), None);
        assert_eq!(to_degrees(61, 500_000.0, 0.0), None);
    }
}
