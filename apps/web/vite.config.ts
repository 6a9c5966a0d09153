/// <reference types="vitest/config" />
import react from "@vitejs/plugin-react"
import { defineConfig } from "vite"
import { canvasBudget } from "./canvas-budget.ts"

// The address of the server that `npm run dev` talks to; the built app is served by that server itself.
const server = process.env.VIAGGIO_DEV_SERVER ?? "http://localhost:3000"

export default defineConfig({
  // It only ever goes down: the goal is 300.
  plugins: [react(), canvasBudget(420)],
  server: {
    port: Number(process.env.VIAGGIO_DEV_PORT ?? 5173),
    strictPort: true,
    // The Host header stays the page's own: the server refuses calls whose Origin is another.
    proxy: {
      "/api": { target: server },
      "/v1": { target: server },
      "/healthz": { target: server },
      "/readyz": { target: server },
    },
  },
  build: {
    outDir: "dist",
    // Fonts and pictures stay files: the content security policy allows no data: fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: { environment: "node", include: ["src/**/*.test.ts", "src/**/*.test.tsx"] },
})
