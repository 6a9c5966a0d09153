import { Group } from "@mantine/core"
import { IconBuildingStore } from "@tabler/icons-react"
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { useApi } from "../app/api.ts"
import { useNotify } from "../app/notify.ts"
import { useWorkspace } from "../app/workspace.ts"
import { ButtonLink } from "../ui/links.tsx"
import { RoleButton } from "../ui/RoleButton.tsx"
import classes from "./sample-store.module.css"

/** Says that the events of this workspace are made up, how many there are, and stops them. Nothing where there is no sample store. */
export function RunningNote() {
  const { t } = useTranslation("sample-store")
  const { id: workspace } = useWorkspace()
  const api = useApi()
  const cache = useQueryClient()
  const notify = useNotify()
  const store = useQuery(
    api.sampleStore.get.queryOptions(undefined, {
      refetchInterval: query => (query.state.data?.running ? 5_000 : false),
    }),
  )
  const stop = useMutation(
    api.sampleStore.stop.mutationOptions({
      onSuccess: stopped => cache.setQueryData(api.sampleStore.get.queryKey(), stopped),
      onError: notify.error,
    }),
  )
  if (!store.data?.running) return null
  const { customers, events, journey } = store.data
  return (
    <section className={classes.note} aria-label={t("running.title")}>
      <IconBuildingStore size={22} stroke={1.6} aria-hidden />
      <div className={classes.words}>
        <strong>{t("running.title")}</strong>
        <span className="numbers">
          {t("running.customers", { count: customers })} · {t("running.events", { count: events })}
        </span>
      </div>
      <Group gap="xs">
        {journey && (
          <ButtonLink
            to="/w/$workspace/journeys/$key"
            params={{ workspace, key: journey }}
            variant="default"
            size="xs"
          >
            {t("running.open")}
          </ButtonLink>
        )}
        <RoleButton
          needs="editor"
          variant="default"
          size="xs"
          loading={stop.isPending}
          onClick={() => stop.mutate()}
        >
          {t("running.stop")}
        </RoleButton>
      </Group>
    </section>
  )
}
