//! Reads what is live for a stack: finds its roots, then everything inside them.
//!
//! One tag query gives all that the stack owns, renamed and removed roots too. Its index lags
//! behind, so resources with the declared name, and those that were changed lately, are described
//! and judged by their own tags as well.
//! A read that fails is an error, never an absence.

mod find;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;
use tokio::sync::OnceCell;

use self::find::{Found, find};
use crate::aws::Aws;
use crate::aws::tagging::Tagged;
use crate::calls::{self, child, facet, identity_pool, permission, user_pool};
use crate::error::Error;
use crate::event::Event;
use crate::kind::user_pool::{manages_permissions, trigger_arns};
use crate::kind::{Kind, facet_key};
use crate::live::{Listed, Live, Root, Snapshot};
use crate::ownership::{self, Claimed, Ledger};
use crate::path::Path;
use crate::reference::{self, Reference};
use crate::stack::{Resource, Stack, Unmanaged};

/// How far the tag query's index may lag behind what is live.
const LAG: Duration = Duration::from_mins(10);

/// Up to how many identity pools are described before one is made, since AWS does not say which of
/// them the tag query cannot know yet: one page of them.
const FEW: usize = 60;

/// What several stacks of one run, account and region need only once.
#[derive(Clone, Default)]
pub struct Shared {
    user_pools: Arc<OnceCell<Vec<Listed>>>,
    identity_pools: Arc<OnceCell<Vec<Listed>>>,
    described: Arc<Mutex<HashMap<(Kind, String), Described>>>,
}

/// A description that is asked for once.
type Described = Arc<OnceCell<Option<Arc<Live>>>>;

impl Shared {
    /// All pools of a kind in the account and region.
    async fn pools(&self, aws: &Aws, kind: Kind) -> Result<&[Listed], Error> {
        let pools = match kind {
            Kind::IdentityPool => self.identity_pools.get_or_try_init(|| identity_pool::list(aws)).await,
            _ => self.user_pools.get_or_try_init(|| user_pool::list(aws)).await,
        };
        pools.map(Vec::as_slice)
    }

    /// A root without what is inside it: enough to see whose it is.
    async fn describe(&self, aws: &Aws, kind: Kind, id: &str) -> Result<Option<Arc<Live>>, Error> {
        let known = self
            .described
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry((kind, id.to_owned()))
            .or_default()
            .clone();
        let live = known.get_or_try_init(|| async { Ok(calls::root::describe(aws, kind, id).await?.map(Arc::new)) });
        live.await.cloned()
    }

    async fn describe_all(&self, aws: &Aws, kind: Kind, ids: &BTreeSet<String>) -> Result<Vec<Arc<Live>>, Error> {
        let found = futures_util::future::join_all(ids.iter().map(|id| self.describe(aws, kind, id))).await;
        found.into_iter().filter_map(Result::transpose).collect()
    }

    /// The user pools that were changed so lately that the tag query may not know of it. Those that
    /// the caller may not see are somebody else's.
    async fn recent(&self, aws: &Aws) -> Result<Vec<Arc<Live>>, Error> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let since = now.saturating_sub(LAG).as_secs_f64();
        let pools = self.pools(aws, Kind::UserPool).await?.iter();
        let recent = pools.filter(|pool| pool.modified.is_some_and(|at| at > since));
        let found = recent.map(|pool| self.describe(aws, Kind::UserPool, &pool.id));
        let found = futures_util::future::join_all(found).await.into_iter().map(|answer| match answer {
            Err(error) if error.code().is_some_and(is_refusal) => Ok(None),
            answer => answer,
        });
        found.filter_map(Result::transpose).collect()
    }
}

/// What of a stack is to be read.
pub struct Scope<'a> {
    /// The stack.
    pub stack: &'a Stack,
    /// Addresses of which another one is wanted beside a live one with the same name.
    pub create: &'a [Path],
    /// Addresses of what becomes the stack's own although another stack has it.
    pub take_over: &'a [Path],
    /// Whether the stack is to go, so that what is gone already is fine.
    pub destroy: bool,
    /// Whether what others made is looked at closely.
    pub drift: bool,
}

/// Reads everything that is live for a stack.
pub async fn read(aws: &Aws, shared: &Shared, scope: &Scope<'_>) -> Result<Snapshot, Error> {
    aws.events().send(Event::Reading { what: scope.stack.identity() });
    let mut snapshot = Snapshot::default();
    let tagged = tag_query(aws, scope, &mut snapshot).await?;
    let declared: Vec<&Resource> = scope.stack.resources.iter().filter(|resource| resource.parent.is_none()).collect();
    let found = futures_util::future::join_all(declared.iter().map(|resource| async {
        let found = async {
            match find(aws, shared, scope, resource, tagged.as_deref()).await? {
                Found::One((live, owned)) => root(aws, scope, resource, live, owned).await.map(Found::One),
                Found::Blocked(why) => Ok(Found::Blocked(why)),
                Found::Nothing => Ok(Found::Nothing),
            }
        };
        Ok::<_, Error>((*resource, found.await.map_err(|error: Error| error.at(&resource.address))?))
    }))
    .await;
    let mut known = BTreeSet::new();
    for answer in found {
        let (resource, found) = answer?;
        match found {
            Found::One(root) => {
                if !known.insert(root.live.id.clone()) {
                    return Err(Error::refused(format!("another address stands for {} too", root.live.id))
                        .with_help("an `id` may be pinned only once")
                        .at(&resource.address));
                }
                snapshot.roots.insert(resource.address.clone(), root);
            }
            Found::Blocked(why) => {
                snapshot.blocked.insert(resource.address.clone(), why);
            }
            Found::Nothing => {}
        }
    }
    snapshot.removed = removed(aws, shared, scope.stack, tagged.as_deref(), &known).await?;
    read_permissions(aws, scope.stack, &mut snapshot).await?;
    Ok(snapshot)
}

/// Asks for all that carries the stack's tag. Where that is refused, or not there, removed roots are
/// not looked for, and the plan says so.
async fn tag_query(aws: &Aws, scope: &Scope<'_>, snapshot: &mut Snapshot) -> Result<Option<Vec<Tagged>>, Error> {
    match aws.tagged(ownership::STACK, &scope.stack.identity()).await {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.code().is_some_and(is_refusal) => {
            snapshot.notes.push(format!(
                "roots removed from the file were not looked for, since AWS refused the tag query: {error}"
            ));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Whether a code says that the call may not be made, or is not there.
fn is_refusal(code: &str) -> bool {
    ["AccessDenied", "NotAuthorized", "UnknownOperation", "InvalidAction", "NotImplemented"]
        .iter()
        .any(|refusal| code.contains(refusal))
}

/// The kind and id of a resource by its ARN.
fn by_arn(arn: &str) -> Option<(Kind, &str)> {
    let mut parts = arn.splitn(6, ':').skip(2);
    let (service, resource) = (parts.next()?, parts.nth(2)?);
    match service {
        "cognito-idp" => resource.strip_prefix("userpool/").map(|id| (Kind::UserPool, id)),
        "cognito-identity" => resource.strip_prefix("identitypool/").map(|id| (Kind::IdentityPool, id)),
        "lambda" => resource.strip_prefix("function:").map(|_| (Kind::Function, arn)),
        _ => None,
    }
}

/// Reads all that is inside a root; where it is to go, only what there is, and nothing of what it is
/// like.
async fn root(aws: &Aws, scope: &Scope<'_>, resource: &Resource, mut live: Live, owned: bool) -> Result<Root, Error> {
    let stack = scope.stack;
    aws.events().send(Event::Reading { what: resource.address.to_string() });
    let mut root = Root {
        // What another owner wrote says nothing of what is ours.
        ledger: if owned { Ledger::read(&live.tags) } else { Ledger::default() },
        live: live.clone(),
        owned,
        children: Vec::new(),
        permissions: BTreeMap::new(),
    };
    match resource.kind {
        Kind::UserPool if scope.destroy => {
            root.children = child::list(aws, &live, &|_, _, _| false).await?;
            root.children.extend(facet::list::listed_replicas(aws, &live).await?);
        }
        Kind::UserPool => {
            let all = scope.drift && resource.unmanaged != Unmanaged::Ignore;
            let wanted = |kind: Kind, key: &str, id: &str| {
                all || stack.children(&resource.address, kind).any(|child| match &child.id {
                    Some(pinned) => pinned == id,
                    None => child.natural_key() == key || child.former_key() == Some(key),
                })
            };
            let (children, completed) =
                tokio::join!(child::list(aws, &root.live, &wanted), user_pool::complete(aws, &mut live));
            completed?;
            root.children = children?;
            let facets = facets(aws, scope, resource, &root, all).await?;
            root.children.extend(facets);
            for declared in stack.inside(&resource.address) {
                let found = root.children.iter_mut().filter(|live| live.kind == declared.kind && !live.body.is_null());
                let names = [Some(declared.natural_key()), declared.former_key()];
                for live in found.filter(|live| names.contains(&Some(&live.key))) {
                    child::assume_hidden(aws, &root.live.id, live, &declared.declared).await?;
                }
            }
        }
        Kind::IdentityPool if !scope.destroy => {
            let maps = resource.declared.get("principalTags").and_then(Value::as_object);
            let names = maps.into_iter().flatten().map(|(name, _)| name.clone());
            let names: Vec<String> = names.filter(|name| reference::in_text(name).is_empty()).collect();
            identity_pool::complete(aws, &mut live, &names).await?;
        }
        _ => {}
    }
    root.live = live;
    Ok(root)
}

/// The facets of a pool and of its declared clients: those that are declared or in the ledger, or with
/// `all` everything that can matter.
async fn facets(aws: &Aws, scope: &Scope<'_>, pool: &Resource, root: &Root, all: bool) -> Result<Vec<Live>, Error> {
    let stack = scope.stack;
    let declared: Vec<&Resource> = stack.inside(&pool.address).filter(|child| child.kind.is_facet()).collect();
    let mut clients: Vec<(&Live, &Resource)> = Vec::new();
    for client in stack.children(&pool.address, Kind::Client) {
        if let [live] = root.standing_for(stack, client).as_slice() {
            clients.push((live, client));
        }
    }
    let named = |kind: Kind, client: Option<&Live>, key: &str| {
        let client = client.and_then(|live| clients.iter().find(|(other, _)| other.id == live.id));
        let is_it = |facet: &&Resource| {
            facet.kind == kind
                && facet.client().as_ref() == client.map(|(_, client)| &client.address)
                && facet.own_key() == key
        };
        let names = client.map(|(live, client)| [live.key.as_str(), client.natural_key()]);
        let keys: Vec<String> = match names {
            Some(names) => names.iter().map(|name| facet_key(Some(name), key)).collect(),
            None => vec![facet_key(None, key)],
        };
        declared.iter().any(is_it) || keys.iter().any(|key| root.ledger.has(kind, key))
    };
    let lives: Vec<&Live> = clients.iter().map(|(live, _)| *live).collect();
    let is_replica = |facet: &&Resource| facet.kind == Kind::Replica;
    let may_have = || declared.iter().any(is_replica) || has_other_claims(stack, pool, root);
    let replicas = facet::list::can_have_replicas(&root.live) && may_have();
    let wish = facet::list::Wish { clients: &lives, named: &named, all, replicas, images: false };
    facet::list::list(aws, &root.live, &root.children, &wish).await
}

/// Whether the ledger claims what is neither declared nor was read: it may be a replica, of which only
/// its region's name would tell.
fn has_other_claims(stack: &Stack, pool: &Resource, root: &Root) -> bool {
    let live = root.children.iter().map(|child| Claimed::Child(child.kind, &child.key));
    let functions = root.live.spec.get("triggers").map(trigger_arns).unwrap_or_default();
    let allowing = functions.iter().map(|function| Claimed::Permission(function));
    let declared = stack.inside(&pool.address).flat_map(|child| {
        [Claimed::Child(child.kind, child.natural_key()), Claimed::Hidden(child.kind, child.natural_key())]
    });
    root.ledger.has_others(live.chain(declared).chain(allowing))
}

/// What the functions that the pools invoke now, or are declared to invoke, allow them.
async fn read_permissions(aws: &Aws, stack: &Stack, snapshot: &mut Snapshot) -> Result<(), Error> {
    let functions: BTreeMap<Path, String> = snapshot
        .roots
        .iter()
        .filter(|(_, root)| root.live.kind == Kind::Function)
        .map(|(address, root)| (address.clone(), root.live.id.clone()))
        .collect();
    let arn_of = |reference: &Reference| functions.get(&reference.split()?.0).cloned();
    let removed = snapshot.removed.iter_mut().map(|(address, root)| (&*address, root));
    for (address, root) in snapshot.roots.iter_mut().chain(removed).filter(|(_, root)| root.live.kind == Kind::UserPool)
    {
        let resource = stack.resource(address);
        if resource.is_some_and(|resource| !manages_permissions(&resource.declared)) {
            continue;
        }
        let declared = resource.and_then(|resource| resource.declared.get("triggers"));
        let declared = declared.map(|triggers| trigger_arns(&reference::substitute(triggers, &arn_of)));
        let live = &root.live;
        let now = live.spec.get("triggers").map(trigger_arns).unwrap_or_default();
        let known = declared.unwrap_or_default().into_iter().filter(|arn| reference::in_text(arn).is_empty());
        let arns: BTreeSet<String> = known.chain(now).collect();
        let arn = live.text("Arn").unwrap_or_default();
        let read = arns.iter().map(|function| async move {
            let permission = permission::read(aws, function, &live.id, arn).await;
            Ok::<_, Error>((function.clone(), permission.map_err(|error| error.at(&address.key("triggers")))?))
        });
        root.permissions = futures_util::future::join_all(read).await.into_iter().collect::<Result<_, _>>()?;
    }
    Ok(())
}

/// Roots with the stack's tags at addresses that the file does not have any more.
async fn removed(
    aws: &Aws,
    shared: &Shared,
    stack: &Stack,
    tagged: Option<&[Tagged]>,
    known: &BTreeSet<String>,
) -> Result<Vec<(Path, Root)>, Error> {
    let Some(tagged) = tagged else { return Ok(Vec::new()) };
    let of = |kind: Kind| {
        let ids = tagged.iter().filter_map(|(arn, _)| by_arn(arn)).filter(move |(other, _)| *other == kind);
        ids.filter(|(_, id)| !known.contains(*id)).map(|(_, id)| id.to_owned()).collect::<BTreeSet<_>>()
    };
    let mut found = shared.recent(aws).await?;
    for kind in [Kind::UserPool, Kind::IdentityPool, Kind::Function] {
        found.extend(shared.describe_all(aws, kind, &of(kind)).await?);
    }
    let found: BTreeMap<String, Arc<Live>> = found.into_iter().map(|live| (live.id.clone(), live)).collect();
    let mut removed = Vec::new();
    for live in found.into_values().filter(|live| !known.contains(&live.id)) {
        // The index lags: what its own tags say is what holds.
        let Some((owner, at)) = live.owner() else { continue };
        let Ok(address) = at.parse::<Path>() else { continue };
        let renamed = stack.resources.iter().any(|resource| resource.renamed_from.as_ref() == Some(&address));
        if owner != stack.identity() || renamed || stack.resource(&address).is_some() {
            continue;
        }
        let children = match live.kind {
            Kind::UserPool => {
                let mut children =
                    child::list(aws, &live, &|_, _, _| false).await.map_err(|error| error.at(&address))?;
                children.extend(facet::list::listed_replicas(aws, &live).await.map_err(|error| error.at(&address))?);
                children
            }
            _ => Vec::new(),
        };
        let ledger = Ledger::read(&live.tags);
        let live = Live::clone(&live);
        removed.push((address, Root { live, owned: true, children, ledger, permissions: BTreeMap::new() }));
    }
    Ok(removed)
}
