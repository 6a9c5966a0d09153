import { useContext, useEffect } from "react"
import { AudienceContext } from "./audience-context.ts"
import type { AudienceStore } from "./audience-store.ts"
import { OverlayContext } from "./overlay.ts"
import { SimulationBar } from "./SimulationBar.tsx"

/** Lays what an audience came to over the canvas while it is shown. */
export function useAudienceOverlay(audience: AudienceStore): void {
  const store = useContext(OverlayContext)
  useEffect(() => {
    const lay = () => {
      const live = audience.live()
      const { never } = audience.store.getState()
      const { overlay } = store.getState()
      if (!live) {
        if (overlay) store.setState({ overlay: undefined })
      } else if (overlay?.never !== never) {
        store.setState({
          overlay: {
            live,
            never,
            numbers: {
              version: "all",
              setVersion: () => undefined,
              open({ node, kind }) {
                if (node !== undefined) audience.ask({ node, been: kind !== "inside" })
              },
            },
            bar: (
              <AudienceContext value={audience}>
                <SimulationBar />
              </AudienceContext>
            ),
          },
        })
      }
    }
    lay()
    const stop = audience.store.subscribe(lay)
    return () => {
      stop()
      store.setState({ overlay: undefined })
    }
  }, [audience, store])
}
