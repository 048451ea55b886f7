//! The images of a style.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::texts;
use crate::diagnostic::Findings;
use crate::path::Path;

/// An image of the pages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields, extend("required" = ["category", "colorMode", "bytes"]), transform = texts::required_have_no_default)]
pub struct Asset {
    /// What the image is for.
    pub category: AssetCategory,
    /// When it is shown: where the browser is in light mode, in dark mode, or always.
    pub color_mode: ColorMode,
    /// What kind of file it is: ICO for `FAVICON_ICO`, SVG for `FAVICON_SVG`, ICO or SVG for `IDP_BUTTON_ICON`, and PNG,
    /// SVG, JPEG or WEBP for all others. Default: what the suffix of `bytes` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<AssetExtension>,
    /// The path of the file, relative to the stack file. Up to 1 MB.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub bytes: String,
    /// An id of the image. 1 to 40 characters. Absent: AWS's choice, which is not compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 1, max = 40),
        regex(pattern = r"^[A-Za-z0-9_ -]+$"),
        extend("x-pattern-help" = "letters, digits, spaces, _ and -", "x-compare" = "declared")
    )]
    pub resource_id: Option<String>,
}

/// What an image is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AssetCategory {
    /// The icon of the browser's tab, as ICO.
    FaviconIco,
    /// The icon of the browser's tab, as SVG.
    FaviconSvg,
    /// The picture where a code was sent by email.
    EmailGraphic,
    /// The picture where a code was sent by SMS.
    SmsGraphic,
    /// The picture where a code of an authenticator app is asked for.
    AuthAppGraphic,
    /// The picture where a password is asked for.
    PasswordGraphic,
    /// The picture where a passkey is asked for.
    PasskeyGraphic,
    /// The logo in the page's header.
    PageHeaderLogo,
    /// The background of the page's header.
    PageHeaderBackground,
    /// The logo in the page's footer.
    PageFooterLogo,
    /// The background of the page's footer.
    PageFooterBackground,
    /// The background of the page.
    PageBackground,
    /// The background of the form.
    FormBackground,
    /// The logo of the form.
    FormLogo,
    /// The icon on the button of an identity provider.
    IdpButtonIcon,
}

/// When an image is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum ColorMode {
    /// In light mode.
    Light,
    /// In dark mode.
    Dark,
    /// Always.
    Dynamic,
}

/// What kind of file an image is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum AssetExtension {
    /// An icon.
    Ico,
    /// A JPEG image.
    Jpeg,
    /// A PNG image.
    Png,
    /// An SVG drawing.
    Svg,
    /// A `WebP` image.
    Webp,
}

/// The kind of file that a path's suffix tells, as AWS names it.
#[must_use]
pub fn extension_of(path: &str) -> Option<&'static str> {
    let suffix = std::path::Path::new(path).extension()?.to_str()?.to_ascii_lowercase();
    Some(match suffix.as_str() {
        "ico" => "ICO",
        "jpg" | "jpeg" => "JPEG",
        "png" => "PNG",
        "svg" => "SVG",
        "webp" => "WEBP",
        _ => return None,
    })
}

impl AssetCategory {
    /// The kinds of file that AWS takes for it.
    fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::FaviconIco => &["ICO"],
            Self::FaviconSvg => &["SVG"],
            Self::IdpButtonIcon => &["ICO", "SVG"],
            _ => &["PNG", "SVG", "JPEG", "WEBP"],
        }
    }
}

/// A value of one of the enums above, as AWS names it.
fn name(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(name)) => name,
        _ => String::new(),
    }
}

/// AWS's rules for images.
pub(super) fn check(assets: &[Asset], findings: &mut Findings) {
    let list = Path::root().key("assets");
    for (index, asset) in assets.iter().enumerate() {
        let at = list.index(index);
        let (category, color_mode) = (asset.category, asset.color_mode);
        let is_same = |earlier: &Asset| (earlier.category, earlier.color_mode) == (category, color_mode);
        if assets[..index].iter().any(is_same) {
            let message = format!("the image `{}` for `{}` is given twice", name(category), name(color_mode));
            findings.rule_at(&[at.key("category"), at.key("colorMode")], message, None);
        }
        let of_suffix = extension_of(&asset.bytes).map(str::to_owned);
        let extension = asset.extension.map(name).or_else(|| of_suffix.clone());
        // What the suffix says was filled in, and has no place of its own.
        let place = at.key(if extension == of_suffix { "bytes" } else { "extension" });
        let known = category.extensions();
        let listed = known.join(", ");
        match extension {
            Some(extension) if !known.contains(&extension.as_str()) => {
                let message = format!("`{}` must be {listed}, not {extension}", name(category));
                findings.rule_at(&[place, at.key("category")], message, None);
            }
            None if !asset.bytes.is_empty() => {
                let help = format!("add extension: {listed}").replace(", ", " or ");
                let message = "the suffix does not tell what kind of image it is";
                findings.rule_at(&[place, at.key("extension")], message, Some(help));
            }
            _ => {}
        }
    }
}
