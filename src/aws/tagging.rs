//! The tag query: one call that gives every resource a stack owns in an account and region, those
//! that were renamed or taken out of the file too. Its index lags behind what is live.

use super::error::{Answer, explain};
use super::pace::Request;
use super::{Aws, Pages};
use crate::error::Error;

/// A tagged resource: its ARN and its tags.
pub type Tagged = (String, Vec<(String, String)>);

impl Aws {
    /// All resources that carry the tag `key` with this value.
    pub async fn tagged(&self, key: &str, value: &str) -> Result<Vec<Tagged>, Error> {
        let mut found = Vec::new();
        let mut token: Option<String> = None;
        let mut pages = Pages::of("GetResources");
        loop {
            let page = self
                .run(Request::tag_query(), || async {
                    let filter =
                        aws_sdk_resourcegroupstagging::types::TagFilter::builder().key(key).values(value).build();
                    let call = self.tagging.get_resources().tag_filters(filter).resources_per_page(100);
                    match call.set_pagination_token(token.clone()).send().await {
                        Ok(page) => Answer::Success(page, None),
                        Err(error) => explain("GetResources", &error),
                    }
                })
                .await?;
            for mapping in page.resource_tag_mapping_list.unwrap_or_default() {
                let tags = mapping.tags.unwrap_or_default();
                found.extend(
                    mapping.resource_arn.map(|arn| (arn, tags.into_iter().map(|tag| (tag.key, tag.value)).collect())),
                );
            }
            token = pages.next(page.pagination_token)?;
            if token.is_none() {
                return Ok(found);
            }
        }
    }
}
