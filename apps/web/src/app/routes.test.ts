import { expect, it } from "vitest"
import { routeTable } from "./route-table.ts"
import { createAppRouter } from "./routes.tsx"

it("the table lists every page of the router, and nothing else", () => {
  const pages = Object.keys(createAppRouter().routesByPath).filter(path => path !== "/w/$workspace")
  expect(pages.sort()).toEqual([...routeTable].sort())
})
