import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { type ReactNode, useState } from "react"
import { useTranslation } from "react-i18next"
import { useApi } from "../app/api.ts"
import { useFormat } from "../app/format.ts"
import { useNotify } from "../app/notify.ts"
import { RunDialog } from "./later.ts"

/** Pause, resume and stop; pausing and stopping say first how many are inside and what becomes of them. */
export function useRunActions(key: string): {
  run: (action: "pause" | "resume" | "stop") => void
  dialog: ReactNode
} {
  const { t } = useTranslation("editor")
  const api = useApi()
  const cache = useQueryClient()
  const notify = useNotify()
  const format = useFormat()
  const [asking, setAsking] = useState<"pause" | "stop" | undefined>()
  const options = {
    onSuccess: () => {
      setAsking(undefined)
      return Promise.all([
        cache.invalidateQueries(api.journeys.get.queryFilter({ key })),
        cache.invalidateQueries(api.journeys.list.queryFilter()),
      ])
    },
    onError: notify.error,
  }
  const pause = useMutation(api.journeys.pause.mutationOptions(options))
  const resume = useMutation(api.journeys.resume.mutationOptions(options))
  const stop = useMutation(api.journeys.stop.mutationOptions(options))
  const inside = useQuery(
    api.journeys.stats.queryOptions({ key, version: "all" }, { enabled: asking !== undefined, staleTime: 0 }),
  ).data?.totals.inside
  return {
    run(action) {
      if (action === "resume") resume.mutate({ key })
      else setAsking(action)
    },
    dialog: (
      <RunDialog
        opened={asking !== undefined}
        title={t(asking === "stop" ? "run.stopTitle" : "run.pauseTitle")}
        text={
          <>
            <b data-run-inside={inside}>
              {inside === undefined
                ? t("run.counting")
                : t("run.inside", { count: inside, shown: format.number(inside) })}
            </b>{" "}
            {t(asking === "stop" ? "run.stopText" : "run.pauseText")}
          </>
        }
        confirm={t(asking === "stop" ? "run.stop" : "run.pause")}
        danger={asking === "stop"}
        busy={stop.isPending || pause.isPending}
        onConfirm={() => (asking === "stop" ? stop : pause).mutate({ key })}
        onClose={() => setAsking(undefined)}
      />
    ),
  }
}
