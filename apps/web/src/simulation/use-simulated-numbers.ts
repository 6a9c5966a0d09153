import { useMemo } from "react"
import type { Numbers } from "../live/numbers.ts"
import { useAudience } from "./audience-context.ts"

/** The numbers of a simulation open the list of the simulated customers behind them. */
export function useSimulatedNumbers(): Numbers {
  const audience = useAudience()
  return useMemo(
    () => ({
      version: "all",
      setVersion: () => undefined,
      open({ node, kind }) {
        if (node !== undefined) audience.ask({ node, been: kind !== "inside" })
      },
    }),
    [audience],
  )
}
