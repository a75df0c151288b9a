//! `sb_publishable_…` and `sb_secret_…` keys: opaque words compared with a configured list.

use coach::caller::Role;
use subtle::{Choice, ConstantTimeEq};

use super::InvalidKeys;

/// The configured keys.
pub(super) struct ApiKeys {
    publishable: Vec<String>,
    secret: Vec<String>,
}

impl ApiKeys {
    /// Takes the lists as configured.
    ///
    /// # Errors
    /// When a key does not begin as its kind does, or is nothing but that beginning.
    pub(super) fn new(publishable: Vec<String>, secret: Vec<String>) -> Result<Self, InvalidKeys> {
        check(&publishable, "publishable", "sb_publishable_")?;
        check(&secret, "secret", "sb_secret_")?;
        Ok(Self {
            publishable,
            secret,
        })
    }

    /// The role that `key` stands for, if it is one of ours.
    pub(super) fn role_of(&self, key: &str) -> Option<Role> {
        let (publishable, secret) = (
            contains(&self.publishable, key),
            contains(&self.secret, key),
        );
        match (bool::from(secret), bool::from(publishable)) {
            (true, _) => Some(Role::ServiceRole),
            (false, true) => Some(Role::Anon),
            (false, false) => None,
        }
    }
}

fn check(keys: &[String], kind: &'static str, prefix: &'static str) -> Result<(), InvalidKeys> {
    let sound = |key: &String| {
        key.strip_prefix(prefix)
            .is_some_and(|rest| !rest.is_empty())
    };
    keys.iter()
        .all(sound)
        .then_some(())
        .ok_or(InvalidKeys::ApiKey(kind, prefix))
}

/// Compares with every key to the end, so that time tells neither which one came near nor how near.
fn contains(keys: &[String], key: &str) -> Choice {
    keys.iter().fold(Choice::from(0), |found, known| {
        found | known.as_bytes().ct_eq(key.as_bytes())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_stands_for_its_role_and_nothing_near_it_does() {
        let keys = ApiKeys::new(
            vec!["sb_publishable_one".into(), "sb_publishable_two".into()],
            vec!["sb_secret_one".into()],
        )
        .unwrap();
        assert_eq!(keys.role_of("sb_publishable_two"), Some(Role::Anon));
        assert_eq!(keys.role_of("sb_secret_one"), Some(Role::ServiceRole));
        for stranger in [
            "sb_secret_",
            "sb_secret_on",
            "sb_secret_one ",
            "sb_secret_two",
            "",
            "sb_publishable_",
        ] {
            assert_eq!(keys.role_of(stranger), None, "{stranger}");
        }
    }

    #[test]
    fn a_key_in_the_wrong_list_is_refused_at_the_start() {
        assert!(ApiKeys::new(vec!["sb_secret_one".into()], vec![]).is_err());
        assert!(ApiKeys::new(vec![], vec!["sb_secret_".into()]).is_err());
    }
}
