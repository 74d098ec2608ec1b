//! How often one address may come. Off unless the operator says a number: phones of a whole village may
//! share an address, and a proxy can do it, too.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, Method},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
};
use tokio::time::Instant;

use crate::Error;

/// How often addresses that have not come for long are forgotten.
const SWEPT: Duration = Duration::from_secs(60);

/// Who has the connection: a browser, or the proxy in front.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub IpAddr);

/// How often one address may come, and where the address stands.
#[derive(Debug, Clone)]
pub(crate) struct Rate(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    limiter: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
    header: Option<HeaderName>,
    swept: Mutex<Instant>,
}

impl Rate {
    /// So many requests a minute, and as many at once. `header` is where the proxy says whose they are;
    /// without one it is who has the connection.
    pub fn new(a_minute: NonZeroU32, header: Option<HeaderName>) -> Self {
        let (clock, swept) = (DefaultClock::default(), Mutex::new(Instant::now()));
        let limiter = RateLimiter::keyed(Quota::per_minute(a_minute));
        Self(Arc::new(Inner { limiter, clock, header, swept }))
    }

    fn check(&self, address: IpAddr) -> Result<(), Error> {
        self.sweep();
        self.0.limiter.check_key(&whole(address)).map_err(|until| {
            let wait = until.wait_time_from(self.0.clock.now());
            Error::TooOften(wait.as_secs() + u64::from(wait.subsec_nanos() > 0))
        })
    }

    fn sweep(&self) {
        let mut swept = self.0.swept.lock().unwrap_or_else(PoisonError::into_inner);
        if swept.elapsed() > SWEPT {
            *swept = Instant::now();
            self.0.limiter.retain_recent();
        }
    }

    /// The address that the proxy added last: what stands before it is the client's own word.
    fn told(&self, headers: &HeaderMap) -> Option<IpAddr> {
        let values = headers.get_all(self.0.header.as_ref()?);
        let last = values.iter().next_back()?.to_str().ok()?;
        last.rsplit(',').next()?.trim().parse().ok()
    }
}

/// What one connection has: of IPv6 the 64 bits that a provider gives to one customer.
fn whole(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
        address => address,
    }
}

/// Lets those through who do not come too often. A browser's question before a request does not count.
pub(crate) async fn limit(
    State(rate): State<Option<Rate>>,
    request: Request,
    next: Next,
) -> Response {
    let counts = request.uri().path().starts_with("/api/") && request.method() != Method::OPTIONS;
    if let Some(rate) = rate.filter(|_| counts) {
        let peer = request.extensions().get().map(|Peer(address)| *address);
        let checked = rate.told(request.headers()).or(peer).map(|address| rate.check(address));
        if let Some(Err(error)) = checked {
            return error.into_response();
        }
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn each_address_has_so_many_a_minute_and_is_told_when_the_next_is() {
        let rate = Rate::new(NonZeroU32::new(2).unwrap(), None);
        let here = address("192.0.2.1");
        assert!(rate.check(here).is_ok() && rate.check(here).is_ok());
        assert!(matches!(rate.check(here), Err(Error::TooOften(29 | 30))));
        assert!(rate.check(address("192.0.2.2")).is_ok());
        // What one customer has of IPv6 is one, and so is IPv4 written as IPv6.
        assert!(rate.check(address("2001:db8::1")).is_ok());
        assert!(rate.check(address("2001:db8::ffff:1")).is_ok());
        assert!(rate.check(address("2001:db8::2")).is_err());
        assert!(rate.check(address("2001:db8:0:1::1")).is_ok());
        assert!(rate.check(address("::ffff:192.0.2.1")).is_err());
    }

    #[test]
    fn of_a_list_the_address_counts_that_the_proxy_added() {
        let header = HeaderName::from_static("x-forwarded-for");
        let rate = Rate::new(NonZeroU32::MIN, Some(header.clone()));
        let told = |value: &str| {
            let headers = [(header.clone(), value.parse().unwrap())].into_iter().collect();
            rate.told(&headers)
        };
        assert_eq!(told("192.0.2.9, 198.51.100.7"), Some(address("198.51.100.7")));
        assert_eq!(told("2001:db8::1"), Some(address("2001:db8::1")));
        assert_eq!((told("unknown"), told("")), (None, None));
        assert_eq!(rate.told(&HeaderMap::new()), None);
    }
}
