//! Pushes from the end of a job to the phone, by a real worker, with the emulator in the place of Expo.

mod consequence;
mod crash;
mod device;
mod outage;
mod support;
mod text;
