"""Where other emulators are known to differ from the sandbox, and why that is not the sandbox's fault.

For each emulator: a reason, and the paths that it explains. A path is the name of a question and the
members below it; it stands for all that is below, and `*` in it for anything. A line that nothing
needs fails the comparison, so that none outlives its reason.
"""

NEWER = "AWS's answers have had it for a while; the emulator does not know it"
FILLED = "AWS fills it in; the emulator shows what was sent"
SHOWN_UNSET = "AWS leaves it out until it is set; the emulator shows what holds then"
UNCHECKED = "AWS refuses it; the emulator takes it as it is"
KEPT = "AWS resets what an update leaves out; the emulator keeps it"
MISSING = "the emulator does not have the operation, so that nothing changed either"
WHOLE = "the emulator gives all at once, whatever was asked for"
CODE = "the emulator has an error code of its own"
AT_ONCE = "the emulator does not make one wait, or not by the sandbox's clock"
EMPTY_POLICY = "AWS knows no empty policy: there is none, until it has a statement"
LISTED = "AWS's lists of functions leave the state out; the emulator's have it"
QUALIFIED = "AWS keeps a policy for each alias; the emulator has one for the function"
MISSING_DOMAIN = "AWS's recorded code for a domain that is not there, which the sandbox takes for an update too"
CALLER = "whose the keys are is up to whoever answers"
PACKED = "AWS tells how much of the limit a policy or tags take up when they are sent, and none were"

# What both say, for the same reason.
NEWER_IN_BOTH = [
    "*pool.IssuerConfiguration",
    "*pool.KeyConfiguration",
    "*pool.Policies.SignInPolicy",
    "*mfa.WebAuthnConfiguration",
]
FILLED_IN_BOTH = [
    "*pool.AccountRecoverySetting",
    "describe updated pool.Policies.PasswordPolicy",
    "*pool.AdminCreateUserConfig.UnusedAccountValidityDays",
    "*provider.ProviderDetails",
    "*Facebook provider.AttributeMapping.username",
    "*Amazon provider.AttributeMapping.username",
    "describe*domain.CloudFrontDistribution",
    "describe*domain.S3Bucket",
    "map OIDC provider.AttributeMapping.username",
    "describe OIDC provider.AttributeMapping.username",
]
UNCHECKED_BY_BOTH = [
    "mfa off with a factor",
    "pages too long",
    "delete protected pool",
    "pool with a bad name",
    "pool of two kinds",
    "code flow to nowhere",
    "unknown scope",
    "unknown provider",
    "unknown attribute",
    "access outlives refresh",
    "mixed flows",
    "provider without scopes",
    "map to nowhere",
    "first factor without password",
    "verified phone without SMS",
    "verified before update",
    "admin not alone",
    "own email without an address",
    "password too long",
    "runtime that is none",
    "misnamed provider",
    "delete pool with domain",
]
IDENTITIES = {"recorded answers of AWS have it among the standard ones": ["describe*pool.SchemaAttributes.identities"]}

KNOWN = {
    "ministack": IDENTITIES
    | {
        NEWER: NEWER_IN_BOTH,
        FILLED: [
            *FILLED_IN_BOTH,
            "*pool.VerificationMessageTemplate.DefaultEmailOption",
            "* rich pool.EmailVerificationSubject",
            "describe renamed pool.Policies.PasswordPolicy",
        ],
        UNCHECKED: [
            *UNCHECKED_BY_BOTH,
            "leave no group",
            "delete no domain",
            "rules of unknown provider",
            "mfa without a factor",
            "identity pool with a bad name",
            "role that is none",
            "no code",
        ],
        SHOWN_UNSET: [
            "create*client.PreventUserExistenceErrors",
            "describe client.PreventUserExistenceErrors",
            "groups after the delete.Groups.*.Precedence",
        ],
        KEPT: [
            "bare update of client",
            "describe renamed pool.AutoVerifiedAttributes",
            "describe renamed pool.UserPoolTags",
            "describe emptied pool.AdminCreateUserConfig",
            "describe emptied pool.DeviceConfiguration",
            "describe emptied pool.VerificationMessageTemplate",
            "update server without scopes.Scopes",
        ],
        "AWS renames a pool by now; the emulator does not": ["describe renamed pool.Name"],
        MISSING: [
            "update group",
            "read updated group.Description",
            "update no group",
            "groups of user.Groups.g.Description",
            "groups of user.Groups.g.Precedence",
            "rank group",
            "read ranked group",
        ],
        CODE: ["no such page"],
        MISSING_DOMAIN: ["update no domain"],
        WHOLE: ["list groups of user.sizes"],
        "AWS's is a time, the emulator's a count": ["describe*domain.Version"],
        AT_ONCE: [
            "*function*.LastUpdateStatus",
            "*function*.LastUpdateStatusReason",
            "*function*.LastUpdateStatusReasonCode",
            "*function*.State",
            "*function*.StateReason",
            "*function*.StateReasonCode",
            "publish version.LastUpdateStatus",
            "publish version.State",
            "publish version.StateReason",
            "publish version.StateReasonCode",
        ],
        LISTED: [
            "list versions.Versions.*.LastUpdateStatus",
            "list versions.Versions.*.State",
            "list versions.Versions.*.StateReason",
            "list versions.Versions.*.StateReasonCode",
        ],
        "AWS's name for it in this list has the version too": ["list versions.Versions.$LATEST.FunctionArn"],
        "only the attributes that were asked for are wanted": ["find by start.Users.*.Attributes.sub"],
        QUALIFIED: ["policy beside the alias"],
        EMPTY_POLICY: ["no policy", "policy without statements"],
        CALLER: ["caller.Arn"],
        PACKED: ["assume role.PackedPolicySize"],
    },
    "moto": IDENTITIES
    | {
        NEWER: [
            *NEWER_IN_BOTH,
            "create*pool.DeletionProtection",
            "describe pool.DeletionProtection",
            "describe rich pool.DeletionProtection",
            "describe emptied pool.DeletionProtection",
            "*pool.UserPoolTier",
            "*domain*.ManagedLoginVersion",
            "*function*.LoggingConfig",
            "*version*.LoggingConfig",
        ],
        FILLED: [
            *FILLED_IN_BOTH,
            "* client.CreationDate",
            "* client.LastModifiedDate",
            "* identity pool.AllowClassicFlow",
            "describe*domain.Version",
            "* function*.RevisionId",
            "*version*.RevisionId",
        ],
        SHOWN_UNSET: [
            "*pool.AdminCreateUserConfig.InviteMessageTemplate",
            "*pool.EmailVerificationMessage",
            "*pool.EmailVerificationSubject",
            "*pool.SmsVerificationMessage",
            "*pool.VerificationMessageTemplate",
        ],
        UNCHECKED: [
            *UNCHECKED_BY_BOTH,
            "the same provider",
            "the same domain",
            "second domain",
            "reserved domain",
            "list versions of no function",
            "delete deleted alias",
            "the same permission",
            "assume no role",
        ],
        KEPT: ["bare update of client"],
        "AWS adds a schema to the standard attributes; the emulator has it instead of them": [
            "* rich pool.SchemaAttributes",
            "describe emptied pool.SchemaAttributes",
        ],
        "nothing can change these later; the emulator resets them": [
            "describe emptied pool.UsernameAttributes",
            "describe emptied pool.UsernameConfiguration",
        ],
        LISTED: ["list versions.Versions.*.LastUpdateStatus", "list versions.Versions.*.State"],
        QUALIFIED: ["policy of alias", "policy beside the alias"],
        "AWS keeps the policies that an update leaves out; the emulator resets them": [
            "describe renamed pool.Policies.PasswordPolicy"
        ],
        "AWS takes a new name; the emulator does not": [
            "describe renamed pool.Name",
            "*update* identity pool.IdentityPoolName",
            "list identity pools.items",
        ],
        "the emulator drops it": ["*provider.IdpIdentifiers"],
        MISSING: [
            "list tags",
            "tag",
            "untag",
            "list changed tags",
            "list tags of no pool",
            "update server",
            "describe updated server",
            "update server without scopes",
            "update no server",
            "delete server",
            "describe deleted server",
            "delete deleted server",
            "tag identity pool",
            "untag identity pool",
            "list tags of identity pool",
            "no roles",
            "set roles",
            "read roles",
            "roles of no identity pool",
            "rules of unknown provider",
            "set rules",
            "read rules",
            "set claims",
            "read claims",
            "find Amazon provider",
            "find no provider",
        ],
        "the emulator's query does not know user pools": ["find by *"],
        "the emulator fails instead of finding nothing": [
            "servers of deleted pool",
            "update no identity pool",
        ],
        CODE: ["no such page", "the same alias", "no code"],
        MISSING_DOMAIN: ["delete no domain", "update no domain"],
        "AWS maps nothing for OIDC by itself; the emulator does": ["create OIDC provider.AttributeMapping"],
        "the emulator makes it up, for a prefix too": [
            "*domain*.CloudFrontDomain",
            "describe*domain.AWSAccountId",
        ],
        WHOLE: ["list identity pools.sizes", "list functions.sizes"],
        AT_ONCE: [
            "* function.LastUpdateStatus",
            "* function.LastUpdateStatusReason",
            "* function.LastUpdateStatusReasonCode",
            "create function.State",
            "create function.StateReason",
            "create function.StateReasonCode",
        ],
        "the emulator keeps both of two permissions with one name, and loses track of them": [
            "get policy",
            "policy without statements",
        ],
        CALLER: ["caller.Arn"],
        PACKED: ["assume role.PackedPolicySize"],
    },
}
