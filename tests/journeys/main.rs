//! Whole journeys in real browsers. Each is played in Chromium, Firefox and WebKit.

mod harness;
