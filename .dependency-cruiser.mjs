/** Which file may import which: STYLE in ARCHITECTURE.md, "Imports run one way". Proven by `npm run rules:prove`. */

const TEST = "\\.test\\.tsx?$|/testing/|/bench/"
const MODEL = "^packages/journey-model/src"
const SERVER = "^apps/server/src"
const ROUTER = `${SERVER}/api/|${SERVER}/.*(routes|router)\\.ts$`
const STORE = `${SERVER}/.*store\\.ts$`
/** Table descriptions that a library asks for; statements are not in them. */
const TABLES = `${SERVER}/.*/tables\\.ts$`
const DATABASE_LIBRARY = "node_modules/(drizzle-orm|postgres)/"

/** Folders of the model from the lowest to the highest; those in one row do not know each other's inside. */
const MODEL_ROWS = [
  ["values"],
  ["conditions", "content", "policies"],
  ["node-types"],
  ["journey"],
  ["edit", "engine", "simulation"],
]
const folder = names => `${MODEL}/(${names.join("|")})/`
/** Shapes without behaviour that every layer may name, by `import type` only. */
const MODEL_SHAPES = `${MODEL}/(journey/document|engine/types)\\.ts$`

const modelRows = MODEL_ROWS.slice(0, -1).map((names, row) => ({
  name: `model-${names[0]}-imports-upwards`,
  severity: "error",
  from: { path: folder(names), pathNot: TEST },
  to: { path: folder(MODEL_ROWS.slice(row + 1).flat()), pathNot: MODEL_SHAPES },
}))

export default {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    { name: "not-resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    ...modelRows,
    {
      name: "model-shapes-are-types-only",
      severity: "error",
      from: { path: folder(MODEL_ROWS.slice(0, 3).flat()), pathNot: TEST },
      to: { path: MODEL_SHAPES, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "model-stands-alone",
      severity: "error",
      from: { path: MODEL },
      to: { path: "^apps/" },
    },
    {
      name: "model-has-no-node-modules",
      severity: "error",
      from: { path: MODEL, pathNot: TEST },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "web-imports-server-types-only",
      severity: "error",
      from: { path: "^apps/web/" },
      to: { path: "^apps/server/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "server-does-not-import-web",
      severity: "error",
      from: { path: "^apps/server/" },
      to: { path: "^apps/web/" },
    },
    {
      // By its name a package resolves as "aliased" or "npm"; a relative path into it is "local".
      name: "packages-by-name",
      severity: "error",
      from: { path: "^(apps|packages)/([^/]+)/" },
      to: { path: "^(apps|packages)/", pathNot: "^(apps|packages)/$2/", dependencyTypes: ["local"] },
    },
    {
      name: "router-imports-no-store",
      severity: "error",
      from: { path: ROUTER, pathNot: TEST },
      to: { path: `${STORE}|${DATABASE_LIBRARY}`, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "router-imports-no-database",
      severity: "error",
      from: { path: ROUTER, pathNot: TEST },
      to: { path: `${SERVER}/db/`, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "service-imports-no-router",
      severity: "error",
      from: { path: `${SERVER}/[^/]+/`, pathNot: `${ROUTER}|${TEST}` },
      to: { path: ROUTER, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "sql-lives-in-stores",
      severity: "error",
      from: { path: `${SERVER}/`, pathNot: `${STORE}|${TABLES}|${SERVER}/db/|${ROUTER}|${TEST}` },
      to: { path: DATABASE_LIBRARY, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "store-imports-no-service",
      severity: "error",
      from: { path: STORE },
      to: {
        path: `${SERVER}/.*service\\.ts$|${SERVER}/(services|app|main)\\.ts$`,
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "database-imports-no-domain",
      severity: "error",
      from: { path: `${SERVER}/db/`, pathNot: TEST },
      to: { path: `${SERVER}/[^/]+/`, pathNot: `${SERVER}/db/`, dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "/dist/" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "default"] },
  },
}
