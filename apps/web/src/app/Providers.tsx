import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core"
import { Notifications } from "@mantine/notifications"
import { QueryClientProvider } from "@tanstack/react-query"
import type { ReactNode } from "react"
import { ConnectionBanner } from "./ConnectionBanner.tsx"
import { queryClient } from "./query-client.ts"
import { resolveVariables, theme } from "./theme.ts"

// The same key is read before the first paint by public/colour-scheme.js.
const colourSchemes = localStorageColorSchemeManager({ key: "viaggio.colour-scheme" })

export function Providers({ children }: { children: ReactNode }) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={resolveVariables}
      defaultColorScheme="auto"
      colorSchemeManager={colourSchemes}
    >
      <QueryClientProvider client={queryClient}>
        <Notifications position="top-right" />
        {children}
        <ConnectionBanner />
      </QueryClientProvider>
    </MantineProvider>
  )
}
