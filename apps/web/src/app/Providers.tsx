import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core"
import { QueryClientProvider } from "@tanstack/react-query"
import { lazy, type ReactNode, Suspense } from "react"
import { ConnectionBanner } from "./ConnectionBanner.tsx"
import { queryClient } from "./query-client.ts"
import { resolveVariables, theme } from "./theme.ts"

// The same key is read before the first paint by public/colour-scheme.js.
const colourSchemes = localStorageColorSchemeManager({ key: "viaggio.colour-scheme" })

// Nothing is noted before somebody has done something, so the corner for notes comes after the page.
const Notifications = lazy(async () => ({ default: (await import("@mantine/notifications")).Notifications }))

export function Providers({ children }: { children: ReactNode }) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={resolveVariables}
      defaultColorScheme="auto"
      colorSchemeManager={colourSchemes}
    >
      <QueryClientProvider client={queryClient}>
        <Suspense fallback={null}>
          <Notifications position="top-right" />
        </Suspense>
        {children}
        <ConnectionBanner />
      </QueryClientProvider>
    </MantineProvider>
  )
}
