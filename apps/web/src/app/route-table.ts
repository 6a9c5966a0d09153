/**
 * Every address of the app. The router is held to this list by a test, and the browser tests walk it (axe in light
 * and dark), so a page cannot be forgotten. `$name` stands for a value, `$` alone for any path that is no page. Kept free of imports: test runners outside the browser read it.
 */
export const routeTable = [
  "/",
  "/setup",
  "/sign-in",
  "/join",
  "/w/$workspace/journeys",
  "/w/$workspace/journeys/$key",
  "/w/$workspace/journeys/$key/publish",
  "/w/$workspace/customers",
  "/w/$workspace/customers/$id",
  "/w/$workspace/import",
  "/w/$workspace/import/$import",
  "/w/$workspace/mailbox",
  "/w/$workspace/status",
  "/w/$workspace/settings",
  "/w/$workspace/$",
] as const
