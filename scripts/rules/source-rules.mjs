import ts from "typescript"
import { listShippedSources, readSource } from "./source-files.mjs"

/**
 * Rules that a linter's list of names cannot say, because they depend on the folder and on the number of
 * arguments. They look at the syntax tree, not at text, so comments and strings do not count.
 * A violation is `{ rule, path, line, text }`.
 */

const IN_MODEL = /^packages\/journey-model\/src\//
const IN_APP = /^apps\/(server|web)\/src\//
const ROUTER = /^apps\/server\/src\/(api\/|.*(routes|router)\.ts$)/
const ENVIRONMENT_READER = "apps/server/src/config.ts"
/** Per process the one file that reads the machine's clock and makes ids and chance. */
const SOURCES = { server: "apps/server/src/ports.ts", web: "apps/web/src/app/now.ts" }

/** Results of these are given bit for bit by ECMAScript or IEEE 754; the rest of Math may differ per browser. */
const EXACT_MATH = new Set(
  "abs ceil clz32 floor fround imul max min round sign sqrt trunc E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2".split(
    " ",
  ),
)
const LOCAL_TIME =
  /^(get|set)(FullYear|Year|Month|Date|Day|Hours|Minutes|Seconds|Milliseconds|TimezoneOffset)$|^to(Date|Time)String$/
const LOCALE_FORMATTERS = new Set(["toLocaleString", "toLocaleDateString", "toLocaleTimeString"])
const LOCALE_CASE = new Set(["toLocaleUpperCase", "toLocaleLowerCase"])

/** Violations of one file. */
export function checkSource(path, text) {
  const kind = path.endsWith(".tsx") ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true, kind)
  const found = []
  const report = (rule, node, message) => {
    const { line } = file.getLineAndCharacterOfPosition(node.getStart(file))
    found.push({ rule, path, line: line + 1, text: message })
  }
  const checks = []
  if (IN_MODEL.test(path)) checks.push(checkModelClock, checkModelChance, checkModelLocale, checkModelMath)
  const process = IN_APP.exec(path)?.[1]
  if (process && path !== SOURCES[process]) checks.push(checkProcess(process))
  if (path !== ENVIRONMENT_READER) checks.push(checkEnvironment)
  if (ROUTER.test(path)) checks.push(checkRouter)
  const visit = node => {
    for (const check of checks) check(node, report)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

/** Violations of all shipped sources below `root`, and how many files were read. */
export function checkSources(root) {
  const paths = listShippedSources(root)
  return { files: paths.length, violations: paths.flatMap(path => checkSource(path, readSource(root, path))) }
}

const isNamed = (node, name) => node !== undefined && ts.isIdentifier(node) && node.text === name

/** The member that is read from the object called `name`: `Date.now` and `Date["now"]` give "now". */
function memberOf(node, name) {
  if (ts.isPropertyAccessExpression(node) && isNamed(node.expression, name)) return node.name.text
  if (ts.isElementAccessExpression(node) && isNamed(node.expression, name))
    return ts.isStringLiteralLike(node.argumentExpression) ? node.argumentExpression.text : "?"
  return undefined
}

/** The object itself handed on (`const clock = Date`), which would hide what is read from it afterwards. */
function isHandedOn(node, name) {
  if (!isNamed(node, name)) return false
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent))
    return parent.expression !== node && !ts.isPropertyAccessExpression(parent)
  if (ts.isNewExpression(parent) || ts.isCallExpression(parent)) return parent.expression !== node
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword)
    return false
  return (
    ts.isVariableDeclaration(parent) || ts.isBinaryExpression(parent) || ts.isConditionalExpression(parent)
  )
}

function readsClock(node) {
  if (memberOf(node, "Date") === "now") return "Date.now"
  if (ts.isNewExpression(node) && isNamed(node.expression, "Date") && !node.arguments?.length)
    return "new Date()"
  if (ts.isCallExpression(node) && isNamed(node.expression, "Date")) return "Date()"
  if (memberOf(node, "performance") === "now") return "performance.now"
  return undefined
}

function checkModelClock(node, report) {
  const read = readsClock(node)
  if (read) report("model-clock", node, `${read} reads the machine's clock; time comes in with the call`)
  if (memberOf(node, "Temporal") === "Now")
    report("model-clock", node, "Temporal.Now reads the machine's clock")
  if (isHandedOn(node, "Date") || isHandedOn(node, "globalThis"))
    report("model-clock", node, `${node.text} is handed on, so that its use can no longer be checked`)
}

function checkModelChance(node, report) {
  if (memberOf(node, "Math") === "random")
    report("model-chance", node, "Math.random; chance is draw(id, node, salt)")
  if (memberOf(node, "crypto") !== undefined)
    report("model-chance", node, "crypto; ids are hashes of what they name")
}

function checkModelLocale(node, report) {
  const member = ts.isPropertyAccessExpression(node) ? node.name.text : undefined
  if (member === "localeCompare")
    report("model-locale", node, "localeCompare depends on the machine; compare code points")
  if (member && LOCAL_TIME.test(member))
    report("model-local-time", node, `${member} uses the machine's time zone; use the UTC form`)
  if (ts.isNewExpression(node) && isNamed(node.expression, "Date") && (node.arguments?.length ?? 0) > 1)
    report("model-local-time", node, "new Date(year, month, …) uses the machine's time zone; use Date.UTC")
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const called = node.expression.name.text
    if (LOCALE_CASE.has(called) && node.arguments.length === 0)
      report("model-locale", node, `${called} without a locale`)
    if (LOCALE_FORMATTERS.has(called) && !namesLocaleAndZone(node.arguments))
      report("model-locale", node, `${called} without locale and time zone`)
  }
  if (memberOf(node, "Intl") === undefined) return
  const { parent } = node
  const isMade = (ts.isNewExpression(parent) || ts.isCallExpression(parent)) && parent.expression === node
  const isDates = memberOf(node, "Intl") === "DateTimeFormat"
  const isGood = isMade && (isDates ? namesLocaleAndZone(parent.arguments ?? []) : parent.arguments?.length)
  if (!isGood && !ts.isQualifiedName(parent))
    report(
      "model-locale",
      node,
      `Intl.${memberOf(node, "Intl")} without ${isDates ? "locale and time zone" : "a locale"}`,
    )
}

/** `("en", { timeZone })`: the first argument is there and is not undefined, the second names a time zone. */
function namesLocaleAndZone([locale, options]) {
  if (!locale || isNamed(locale, "undefined") || !options || !ts.isObjectLiteralExpression(options))
    return false
  return options.properties.some(property => property.name && isNamed(property.name, "timeZone"))
}

function checkModelMath(node, report) {
  const member = memberOf(node, "Math")
  if (member !== undefined && member !== "random" && !EXACT_MATH.has(member))
    report("model-math", node, `Math.${member} may differ in the last bit between browsers`)
  if (isHandedOn(node, "Math"))
    report("model-math", node, "Math is handed on, so that its use can no longer be checked")
  if (!ts.isBinaryExpression(node)) return
  const isPower = [ts.SyntaxKind.AsteriskAsteriskToken, ts.SyntaxKind.AsteriskAsteriskEqualsToken]
  if (!isPower.includes(node.operatorToken.kind)) return
  if (!(ts.isNumericLiteral(node.left) && ts.isNumericLiteral(node.right)))
    report("model-math", node, "** of values may differ in the last bit between browsers")
}

function checkProcess(process) {
  const rule = `${process}-ports`
  const hint = `time, ids and chance come from ${SOURCES[process]}`
  return (node, report) => {
    const read = readsClock(node)
    if (read && read !== "performance.now") report(rule, node, `${read}; ${hint}`)
    if (memberOf(node, "Math") === "random") report(rule, node, `Math.random; ${hint}`)
    if (
      ts.isIdentifier(node) &&
      /^(random(UUID|Bytes|Int|FillSync)|getRandomValues)$/.test(node.text) &&
      !isPortCall(node)
    )
      report(rule, node, `${node.text}; ${hint}`)
  }
}

/** `ports.randomBytes(…)` is the port itself; `crypto.randomBytes(…)` and the bare import are not. */
function isPortCall(node) {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent) && parent.name === node)
    return !/crypto$/i.test(parent.expression.getText())
  return ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isMethodSignature(parent)
}

function checkEnvironment(node, report) {
  if (memberOf(node, "process") === "env")
    report("one-environment-reader", node, `process.env outside ${ENVIRONMENT_READER}`)
  if (!ts.isVariableDeclaration(node) && !ts.isImportDeclaration(node)) return
  const bound = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : node.name
  const isProcess = ts.isImportDeclaration(node)
    ? /^(node:)?process$/.test(node.moduleSpecifier.text)
    : isNamed(node.initializer, "process")
  const takesEnv = bound?.elements?.some(element => isNamed(element.propertyName ?? element.name, "env"))
  if (isProcess && takesEnv)
    report("one-environment-reader", node, `env of process outside ${ENVIRONMENT_READER}`)
}

const STATEMENT =
  /^\s*(select\s[\s\S]+\sfrom\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|with\s+\S+\s+as\s*\()/i

function checkRouter(node, report) {
  if (ts.isTaggedTemplateExpression(node) && isNamed(node.tag, "sql"))
    report("routers-hold-no-sql", node, "sql`…` in a router")
  if ((ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) && STATEMENT.test(node.text))
    report("routers-hold-no-sql", node, "a statement in a router")
}
