//! How the classic sign-in pages look, for all clients of a user pool or for one of them. AWS never
//! answers with the image that it was given, so what is compared of it is a hash that poolkeeper
//! remembers. The CSS is compared as it is written.

use std::path::Path as FilePath;
use std::sync::LazyLock;

use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Spec;
use crate::diagnostic::Findings;

mod css;

/// How the classic sign-in pages look, where the domain's `managedLoginVersion` is 1. On a client it stands in for the
/// pool's as a whole. Needs a domain. Logo and CSS go in one request of 135 KB at most.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct UiCustomization {
    /// The CSS, such as `${file:sign-in.css}`. AWS takes rules for its own classes alone, those that end in
    /// `-customizable`, on their own or with `:hover` or `:focus`. Up to 131072 characters. Absent: AWS's look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 131_072))]
    pub css: Option<String>,
    /// The logo: the path of a PNG or JPEG file, relative to the stack file. Up to 100 KB; it is shown at 350 by 178 pixels
    /// at most. AWS never gives it back, so poolkeeper remembers a hash of it, and a logo that was changed elsewhere goes
    /// unseen. Absent: no logo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub image_file: Option<String>,
}

/// What an image's file may be called.
const IMAGES: [&str; 3] = ["png", "jpg", "jpeg"];

/// What may stand before the block of a rule, or between its commas.
static SELECTOR: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\.[A-Za-z]+(-[A-Za-z]+)*-customizable(:[a-z-]+)?$").ok());

impl Spec for UiCustomization {
    fn normalize(&mut self) {
        self.css.take_if(|text| text.is_empty());
        self.image_file.take_if(|path| path.is_empty());
    }

    fn check(&self, findings: &mut Findings) {
        if self.css.as_ref().is_none_or(String::is_empty) && self.image_file.is_none() {
            findings.rule_with_help(&["", "css", "imageFile"], "says nothing", "add css or imageFile, or both");
        }
        if let Some(css) = &self.css {
            for fault in css_faults(css) {
                let help = "AWS takes rules such as .submitButton-customizable:hover {…} and nothing else";
                findings.rule_with_help(&["css"], fault, help);
            }
        }
        let suffix = self.image_file.as_deref().and_then(|path| FilePath::new(path).extension()?.to_str());
        if let Some(suffix) = suffix
            && !IMAGES.iter().any(|image| image.eq_ignore_ascii_case(suffix))
        {
            findings.rule(&["imageFile"], format!("the logo must be a PNG or JPEG file, not `.{suffix}`"));
        }
    }
}

/// What AWS would refuse in a stylesheet, each thing once.
fn css_faults(text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for part in css::parts(text) {
        match part {
            css::Part::Rule(selectors) => {
                let selectors = selectors.split(',').map(str::trim);
                let foreign =
                    selectors.filter(|selector| !SELECTOR.as_ref().is_none_or(|known| known.is_match(selector)));
                faults.extend(foreign.map(|selector| match selector {
                    "" => "a rule in the CSS has no selector".to_owned(),
                    at if at.starts_with('@') => format!("`{at}` cannot be in the CSS"),
                    selector => format!("the selector `{selector}` is not one of AWS's own classes"),
                }));
            }
            css::Part::Statement(text) if text.starts_with('@') => {
                faults.push(format!("`{text}` cannot be in the CSS"));
            }
            css::Part::Statement(text) => faults.push(format!("`{text}` in the CSS is no rule")),
            css::Part::Open(what) => faults.push(format!("{what} in the CSS has no end")),
        }
    }
    let mut told = Vec::new();
    faults.retain(|fault| {
        let is_new = !told.contains(fault);
        told.push(fault.clone());
        is_new
    });
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::kind::Kind;
    use crate::kind::testing::{assert_differ, assert_faults, assert_same};

    #[test]
    fn css_is_compared_as_it_is() {
        let css = |text: &str| json!({"css": text});
        assert_same(
            Kind::UiCustomization,
            &css(".label-customizable {}"),
            &json!({"userPoolId": "eu-west-1_A", "clientId": "ALL", "css": ".label-customizable {}", "cssVersion": "1"}),
        );
        assert_same(
            Kind::UiCustomization,
            &json!({"imageFile": "logo.png"}),
            &json!({"imageFile": "logo.png", "css": ""}),
        );
        assert_differ(Kind::UiCustomization, &css(".label-customizable {}"), &css(".label-customizable { }"));
    }

    #[test]
    fn only_aws_s_own_classes_have_rules() {
        let css = |text: &str| json!({"css": text});
        assert_faults(
            Kind::UiCustomization,
            [
                (json!({}), "says nothing"),
                (css(""), "says nothing"),
                (css("\u{FDD0}var.css\u{FDD1}"), ""),
                (css(".logo-customizable {max-width: 60%;} .submitButton-customizable:hover{color:#fff}"), ""),
                (
                    css("/* body {} */\n.label-customizable,\n.inputField-customizable:focus { /* } */ color: red; }"),
                    "",
                ),
                (css(".passwordCheck-notValid-customizable {color: red}"), ""),
                (css(".label-customizable { content: \"}\\\"{\"; } .logo-customizable {}"), ""),
                (css("body {} .label-customizable {}"), "css: the selector `body` is not one of AWS's own classes"),
                (css(".label-customizable, .my-class {}"), "css: the selector `.my-class` is not"),
                (
                    css(".label-customizable .logo-customizable {}"),
                    "css: the selector `.label-customizable .logo-customizable`",
                ),
                (css("p {} p {}"), "css: the selector `p` is not"),
                (css("@media print { .label-customizable {} }"), "css: `@media print` cannot be in the CSS"),
                (css("@import url('a;b.css'); .label-customizable {}"), "css: `@import url('a;b.css')` cannot be in"),
                (css(".label-customizable, {}"), "css: a rule in the CSS has no selector"),
                (css(".label-customizable {} color: red;"), "css: `color: red` in the CSS is no rule"),
                (css(".label-customizable {color: red"), "css: a block in the CSS has no end"),
                (css(".label-customizable {} /* so far"), "css: a comment in the CSS has no end"),
                (css(".label-customizable {} }"), "css: `}` in the CSS is no rule"),
            ],
        );
    }

    #[test]
    fn the_logo_is_a_png_or_a_jpeg() {
        let logo = |path: &str| json!({"imageFile": path});
        assert_faults(
            Kind::UiCustomization,
            [
                (logo("images/logo.png"), ""),
                (logo("logo.JPEG"), ""),
                (logo("logo"), ""),
                (logo("${x}/logo.jpg"), ""),
                (logo("logo.svg"), "imageFile: the logo must be a PNG or JPEG file, not `.svg`"),
                (logo("\u{FDD0}var.logo\u{FDD1}.svg"), ""),
            ],
        );
    }
}
