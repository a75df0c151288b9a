//! What an Expo push token looks like, and how it is kept out of sight.

/// `ExponentPushToken[…]`, `ExpoPushToken[…]`, or five groups of 8, 4, 4, 4 and 12 letters and digits (the forms that the
/// official SDK takes).
pub(super) fn is_expo(token: &str) -> bool {
    ["ExponentPushToken[", "ExpoPushToken["]
        .iter()
        .any(|open| token.starts_with(open) && token.ends_with(']'))
        || is_bare(token)
}

fn is_bare(token: &str) -> bool {
    let groups: Vec<&str> = token.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups
            .iter()
            .all(|group| group.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// The text without any token in it.
pub(super) fn hidden(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("PushToken[") {
        let open = start + "PushToken[".len();
        let (before, token) = rest.split_at(open);
        shown.push_str(before);
        shown.push('…');
        rest = token.find(']').map_or("", |end| &token[end..]);
    }
    shown.push_str(rest);
    let bare =
        |word: &str| is_bare(word.trim_matches(|letter: char| !letter.is_ascii_alphanumeric()));
    match shown.split_whitespace().any(bare) {
        true => String::new(),
        false => shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_are_tokens_and_others_are_not() {
        for token in [
            "ExponentPushToken[abc]",
            "ExpoPushToken[abc]",
            "F5741A13-BCDA-434B-A316-5DC0E6FFA94F",
            "zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz",
        ] {
            assert!(is_expo(token), "{token}");
        }
        for token in [
            "",
            "abc",
            "ExponentPushToken[abc",
            "dOKpuo4qbsM:APA91bHkSmF",
            "F5741A13-BCDA-434B-A316",
        ] {
            assert!(!is_expo(token), "{token}");
        }
    }

    #[test]
    fn no_token_is_left_in_a_sentence() {
        assert_eq!(
            hidden("\"ExponentPushToken[secret]\" and ExpoPushToken[other] are gone"),
            "\"ExponentPushToken[…]\" and ExpoPushToken[…] are gone"
        );
        assert_eq!(hidden("ExponentPushToken[cut"), "ExponentPushToken[…");
        assert_eq!(
            hidden("\"F5741A13-BCDA-434B-A316-5DC0E6FFA94F\" is gone"),
            ""
        );
        assert_eq!(hidden("all is well"), "all is well");
    }
}
