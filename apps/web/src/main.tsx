import "@fontsource-variable/inter/wght.css"
import "@mantine/core/styles.layer.css"
import "@mantine/notifications/styles.layer.css"
import "./app/theme.css"
import "./app/base.css"
import { RouterProvider } from "@tanstack/react-router"
import { StrictMode } from "react"
import { createRoot } from "react-dom/client"
import { watchNetwork } from "./app/connection.ts"
import { ErrorBoundary } from "./app/ErrorBoundary.tsx"
import { startI18n } from "./app/i18n.ts"
import { Providers } from "./app/Providers.tsx"
import { createAppRouter } from "./app/routes.tsx"

watchNetwork()

const root = document.getElementById("root")
if (!root) throw new Error("index.html has no #root")

void startI18n().then(() =>
  createRoot(root).render(
    <StrictMode>
      <Providers>
        <ErrorBoundary>
          <RouterProvider router={createAppRouter()} />
        </ErrorBoundary>
      </Providers>
    </StrictMode>,
  ),
)
