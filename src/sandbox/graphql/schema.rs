//! The part of GitHub's GraphQL schema that this world knows. Anything else is an error, as with GitHub.

/// An object type or interface.
pub struct Type {
    /// Name.
    pub name: &'static str,
    /// Fields; `__typename` goes without saying.
    pub fields: &'static [Field],
    /// Object types behind an interface; empty for an object type.
    pub possible: &'static [&'static str],
}

/// A field of a type.
pub struct Field {
    /// Name.
    pub name: &'static str,
    /// Type in GraphQL's notation, such as `String!`.
    pub of: &'static str,
    /// Arguments by name and type.
    pub arguments: &'static [(&'static str, &'static str)],
}

/// An input object type: fields by name and type.
pub struct Input {
    /// Name.
    pub name: &'static str,
    /// Fields by name and type.
    pub fields: &'static [(&'static str, &'static str)],
}

/// An enum type.
pub struct Enum {
    /// Name.
    pub name: &'static str,
    /// Values.
    pub values: &'static [&'static str],
}

const fn field(name: &'static str, of: &'static str) -> Field {
    Field { name, of, arguments: &[] }
}

const fn object(name: &'static str, fields: &'static [Field]) -> Type {
    Type { name, fields, possible: &[] }
}

/// The type of this name.
pub fn find(name: &str) -> Option<&'static Type> {
    TYPES.iter().find(|of| of.name == name)
}

/// The input object type of this name.
pub fn input(name: &str) -> Option<&'static Input> {
    INPUTS.iter().find(|input| input.name == name)
}

/// The enum of this name.
pub fn enumeration(name: &str) -> Option<&'static Enum> {
    ENUMS.iter().find(|it| it.name == name)
}

/// Strips `!` and brackets from a type in GraphQL's notation.
pub fn bare(of: &str) -> &str {
    of.trim_matches(['!', '[', ']'])
}

impl Type {
    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether an object of type `name` belongs here.
    pub fn includes(&self, name: &str) -> bool {
        self.name == name || self.possible.contains(&name)
    }
}

static TYPES: &[Type] = &[
    object(
        "Query",
        &[
            Field {
                name: "repository",
                of: "Repository",
                arguments: &[("owner", "String!"), ("name", "String!"), ("followRenames", "Boolean")],
            },
            Field { name: "node", of: "Node", arguments: &[("id", "ID!")] },
            Field { name: "rateLimit", of: "RateLimit", arguments: &[("dryRun", "Boolean")] },
        ],
    ),
    object(
        "Mutation",
        &[Field {
            name: "minimizeComment",
            of: "MinimizeCommentPayload",
            arguments: &[("input", "MinimizeCommentInput!")],
        }],
    ),
    object(
        "MinimizeCommentPayload",
        &[field("clientMutationId", "String"), field("minimizedComment", "Minimizable")],
    ),
    Type {
        name: "Minimizable",
        fields: &[
            field("isMinimized", "Boolean!"),
            field("minimizedReason", "String"),
            field("viewerCanMinimize", "Boolean!"),
        ],
        possible: &["IssueComment"],
    },
    Type { name: "Node", fields: &[field("id", "ID!")], possible: &["IssueComment", "Issue", "Repository"] },
    Type {
        name: "GitObject",
        fields: &[field("id", "ID!"), field("oid", "GitObjectID!"), field("abbreviatedOid", "String!")],
        possible: &["Blob", "Tree", "Commit"],
    },
    object(
        "Blob",
        &[
            field("id", "ID!"),
            field("oid", "GitObjectID!"),
            field("abbreviatedOid", "String!"),
            field("text", "String"),
            field("byteSize", "Int!"),
            field("isBinary", "Boolean"),
            field("isTruncated", "Boolean!"),
        ],
    ),
    object(
        "Tree",
        &[
            field("id", "ID!"),
            field("oid", "GitObjectID!"),
            field("abbreviatedOid", "String!"),
            field("entries", "[TreeEntry!]"),
        ],
    ),
    object(
        "TreeEntry",
        &[
            field("name", "String!"),
            field("oid", "GitObjectID!"),
            field("type", "String!"),
            field("mode", "Int!"),
            field("object", "GitObject"),
        ],
    ),
    object(
        "Commit",
        &[
            field("id", "ID!"),
            field("oid", "GitObjectID!"),
            field("abbreviatedOid", "String!"),
            field("message", "String!"),
            field("committedDate", "DateTime!"),
            field("tree", "Tree!"),
            field("author", "GitActor"),
            Field { name: "blame", of: "Blame!", arguments: &[("path", "String!")] },
        ],
    ),
    object("Blame", &[field("ranges", "[BlameRange!]!")]),
    object(
        "BlameRange",
        &[field("startingLine", "Int!"), field("endingLine", "Int!"), field("commit", "Commit!")],
    ),
    object("GitActor", &[field("name", "String"), field("email", "String"), field("user", "User")]),
    object("User", &[field("login", "String!")]),
    object("Ref", &[field("name", "String!"), field("prefix", "String!"), field("target", "GitObject")]),
    object(
        "Repository",
        &[
            field("id", "ID!"),
            field("databaseId", "Int"),
            field("name", "String!"),
            field("nameWithOwner", "String!"),
            field("isPrivate", "Boolean!"),
            field("isArchived", "Boolean!"),
            field("url", "URI!"),
            field("defaultBranchRef", "Ref"),
            Field {
                name: "object",
                of: "GitObject",
                arguments: &[("expression", "String"), ("oid", "GitObjectID")],
            },
            Field { name: "issue", of: "Issue", arguments: &[("number", "Int!")] },
        ],
    ),
    object(
        "Issue",
        &[
            field("id", "ID!"),
            field("databaseId", "Int"),
            field("fullDatabaseId", "BigInt"),
            field("number", "Int!"),
            field("title", "String!"),
            field("body", "String!"),
            field("state", "IssueState!"),
            field("locked", "Boolean!"),
            field("url", "URI!"),
            field("createdAt", "DateTime!"),
            field("updatedAt", "DateTime!"),
        ],
    ),
    object(
        "IssueComment",
        &[
            field("id", "ID!"),
            field("databaseId", "Int"),
            field("fullDatabaseId", "BigInt"),
            field("body", "String!"),
            field("isMinimized", "Boolean!"),
            field("minimizedReason", "String"),
            field("viewerCanMinimize", "Boolean!"),
            field("createdAt", "DateTime!"),
            field("updatedAt", "DateTime!"),
        ],
    ),
    object(
        "RateLimit",
        &[
            field("limit", "Int!"),
            field("cost", "Int!"),
            field("remaining", "Int!"),
            field("used", "Int!"),
            field("resetAt", "DateTime!"),
        ],
    ),
];

static INPUTS: &[Input] = &[Input {
    name: "MinimizeCommentInput",
    fields: &[
        ("subjectId", "ID!"),
        ("classifier", "ReportedContentClassifiers!"),
        ("clientMutationId", "String"),
    ],
}];

static ENUMS: &[Enum] = &[Enum {
    name: "ReportedContentClassifiers",
    values: &["SPAM", "ABUSE", "OFF_TOPIC", "OUTDATED", "DUPLICATE", "RESOLVED", "LOW_QUALITY"],
}];
