/** How much a problem matters: an error refuses a publish, a warning and a hint do not. */
export type Severity = "error" | "warning" | "hint"

/**
 * Every problem that the model can find: its ordinary severity and the English sentence for machines and
 * logs, with the names of its values in braces. Screens have sentences of their own under the same ids.
 */
export const problemCatalogue = {
  "not-a-journey": ["error", "This is no journey document: {reason}."],
  "format-unsupported": ["error", "Format {format} of the journey document is not known here."],
  "document-too-large": ["error", "The journey has {size} {unit}; {limit} are allowed."],
  "key-invalid": [
    "error",
    "The journey's key {key} must be lower-case letters, digits, _ and -, at most 63.",
  ],
  "name-missing": ["error", "The journey has no name."],
  "name-too-long": ["error", "The name has {length} characters; {limit} are allowed."],
  "settings-invalid": ["error", "The settings cannot be read: {message}."],
  "not-yet": ["error", "{feature} can be written down, but cannot be published yet."],
  "node-id-invalid": ["error", "The id {id} must be lower-case letters, digits, _ and -, at most 63."],
  "node-id-duplicate": ["error", "Two nodes have the id {id}."],
  "node-name-duplicate": ["hint", "Several nodes are called {name}."],
  "node-unsupported": [
    "error",
    "Nodes of type {type} (version {version}) are not known here; the node is kept as it is.",
  ],
  "config-invalid": ["error", "The configuration cannot be read: {message}."],
  "edge-from-missing": ["error", "A connection starts at {from}, which does not exist."],
  "edge-to-missing": [
    "error",
    "The connection from {from} by {outcome} leads to {to}, which does not exist.",
  ],
  "edge-outcome-unknown": ["error", "{from} has no way out called {outcome}."],
  "edge-into-entry": [
    "error",
    "Nothing can lead into the entry {to}: customers come in there by their event.",
  ],
  "edge-to-itself": ["error", "{from} cannot lead to itself."],
  "edge-duplicate": ["error", "{from} has two connections at {outcome}."],
  "entry-missing": ["error", "The journey has no entry, so nobody comes in."],
  "entry-several": ["error", "The journey has {count} entries; one is allowed for now."],
  "node-unreachable": ["warning", "No path leads from the entry to this node."],
  "outcome-unconnected": ["warning", "Customers who leave by {outcome} end here: nothing is connected."],
  "cycle-without-wait": ["error", "Customers would go round without a wait: {path}."],
  "wait-for-ever": ["warning", "Customers can wait here for ever: {path}."],
  "since-node-missing": ["error", "The wait looks back to {since}, which does not exist."],
  "since-node-not-on-every-path": [
    "warning",
    "Customers can arrive without having passed {since}; for them the wait looks back to its own start: {path}.",
  ],
  "event-missing": ["error", "No event is chosen."],
  "event-never-seen": ["warning", "The event {event} has never been seen in this workspace."],
  "event-mistyped": [
    "warning",
    "The event {event} has never been seen in this workspace; {meant} has. Was that meant?",
  ],
  "attribute-missing": ["error", "No attribute is chosen."],
  "attribute-never-seen": ["hint", "The attribute {attribute} has never been seen in this workspace."],
  "property-never-seen": ["hint", "The event {event} has never brought a property {property}."],
  "attribute-mistyped": [
    "warning",
    "The attribute {attribute} has never been seen in this workspace; {meant} has. Was that meant?",
  ],
  "property-mistyped": [
    "warning",
    "The event {event} has never brought a property {property}, but {meant}. Was that meant?",
  ],
  "branches-missing": ["error", "There is no branch."],
  "branches-too-many": ["error", "There are {count} branches; {limit} are allowed."],
  "branch-id-invalid": [
    "error",
    "The branch id {branch} must be lower-case letters, digits, _ and -, at most 63.",
  ],
  "branch-id-reserved": [
    "error",
    "A branch cannot be called {branch}: that way out has a meaning of its own.",
  ],
  "branch-id-duplicate": ["error", "Two branches have the id {branch}."],
  "branch-never-true": ["warning", "Nobody can take the branch {branch}: its condition contradicts itself."],
  "branch-hidden": [
    "warning",
    "Nobody can take the branch {branch}: whoever fits it has already left by {by}.",
  ],
  "else-never-taken": ["hint", "Nobody goes on by else: the branch {branch} takes everybody."],
  "condition-never-true": ["warning", "The condition can never be true, so nobody fits it."],
  "condition-too-deep": ["error", "The condition is nested {depth} levels deep; {limit} are allowed."],
  "condition-empty": ["warning", "The group has no condition in it."],
  "count-bounds-missing": ["error", "The count of {event} needs a least or a most."],
  "comparison-wrong-type": ["warning", "{path} can never match {value}: {expected} is needed."],
  "type-mismatch": ["warning", "{path} has always been {known}, never {given}: {value} will not match."],
  "ref-unknown": ["error", "{ref} is no reference: write profile., entry. or context. and a name."],
  "context-never-set": ["warning", "Nothing in this journey sets context.{path}."],
  "context-not-on-every-path": [
    "warning",
    "Customers can arrive without context.{name} having been set: {path}.",
  ],
  "context-name-invalid": [
    "error",
    "The name {name} in the context must be lower-case letters, digits, _ and -, at most 63.",
  ],
  "context-name-duplicate": ["error", "Two values are kept as {name}."],
  "share-invalid": [
    "error",
    "The share of {branch} must be more than 0 and at most 100 %, with two decimals of a per cent.",
  ],
  "shares-sum": ["error", "The shares add up to {percent} %, not to 100 %."],
  "update-empty": ["warning", "Nothing is written and nothing is removed."],
  "attribute-nested": [
    "error",
    "{attribute} is a part of an attribute; only whole ones can be written. A dot in a name is written \\.",
  ],
  "attribute-written-twice": ["error", "{attribute} stands here twice."],
  "webhook-url-missing": ["error", "The call has no address."],
  "webhook-url-invalid": [
    "error",
    "{url} is no address of the web: https:// and a host are needed, and values can stand only in the body.",
  ],
  "webhook-url-plain": ["warning", "The address is plain http: what is sent can be read on the way."],
  "webhook-url-private": [
    "warning",
    "{host} is inside a private network; such calls are refused unless the server allows them.",
  ],
  "webhook-url-secret": [
    "warning",
    "The address has a secret in it ({name}); it is stored and shown with the journey.",
  ],
  "webhook-header-invalid": ["error", "The header {name} cannot be sent: its name or value is not allowed."],
  "webhook-header-reserved": ["error", "The header {name} stands here twice, or is set by the call itself."],
  "webhook-body-unused": ["warning", "A call by GET has no body; this one is not sent."],
  "webhook-pointer-invalid": ["error", "{pointer} is no JSON Pointer: write / and names, such as /lead/id."],
  "webhook-timeout-long": ["error", "One attempt may take {seconds} seconds at most."],
  "webhook-attempts-range": ["error", "There must be 1 to {limit} attempts."],
  "subject-missing": ["error", "The e-mail has no subject."],
  "content-missing": ["error", "The e-mail has no content."],
  "template-invalid": ["error", "The template of {field} cannot be read: {message}."],
  "template-variable-unknown": [
    "error",
    "{variable} does not exist in a template; use profile, entry, context or links.",
  ],
  "unsubscribe-missing": ["error", "A marketing e-mail must have a link to {variable}."],
  "html-script": ["warning", "The content has {tag} in it: mail programs take it out or refuse the message."],
  "exit-reason-invalid": [
    "error",
    "The reason {reason} must be lower-case letters, digits, _ and -, at most 63.",
  ],
  "exit-reason-reserved": ["error", "The reason {reason} has a meaning of its own; choose another."],
} as const satisfies { [id: string]: readonly [Severity, string] }

/**
 * Words that stand as sentences of their own in the values of problems, so that screens say them in their own
 * language; here for the English text.
 */
export const problemWords = {
  "word.goal": "A goal",
  "word.exit-rule": "An exit rule",
  "word.nodes": "nodes",
  "word.bytes": "bytes",
  "word.text": "text",
  "word.number": "a number",
  "word.boolean": "true or false",
  "word.date": "a date",
  "word.list": "a list",
  "word.object": "an object",
  "word.mixed": "of several types",
  "word.single": "a single value",
  "word.subject": "the subject",
  "word.preheader": "the preheader",
  "word.html": "the content",
  "word.plain-text": "the plain text",
  "word.body": "the body",
} as const satisfies { [id: string]: string }

export type ProblemWord = keyof typeof problemWords

export type ProblemId = keyof typeof problemCatalogue
