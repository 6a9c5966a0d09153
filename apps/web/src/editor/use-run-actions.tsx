import { useMutation, useQueryClient } from "@tanstack/react-query"
import { type ReactNode, useState } from "react"
import { useTranslation } from "react-i18next"
import { useApi } from "../app/api.ts"
import { useNotify } from "../app/notify.ts"
import { ConfirmDialog } from "../ui/ConfirmDialog.tsx"

/** Pause, resume and stop; stopping is for good and asks first. */
export function useRunActions(key: string): {
  run: (action: "pause" | "resume" | "stop") => void
  dialog: ReactNode
} {
  const { t } = useTranslation("editor")
  const api = useApi()
  const cache = useQueryClient()
  const notify = useNotify()
  const [asking, setAsking] = useState(false)
  const options = {
    onSuccess: () => {
      setAsking(false)
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
  return {
    run(action) {
      if (action === "pause") pause.mutate({ key })
      else if (action === "resume") resume.mutate({ key })
      else setAsking(true)
    },
    dialog: (
      <ConfirmDialog
        opened={asking}
        title={t("run.stopTitle")}
        text={t("run.stopText")}
        confirm={t("run.stop")}
        danger
        busy={stop.isPending}
        onConfirm={() => stop.mutate({ key })}
        onClose={() => setAsking(false)}
      />
    ),
  }
}
