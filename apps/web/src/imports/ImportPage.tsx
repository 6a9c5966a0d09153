import { Skeleton } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import { getRouteApi } from "@tanstack/react-router"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { useApi } from "../app/api.ts"
import { usePageTitle } from "../app/page-title.ts"
import { useWorkspace } from "../app/workspace.ts"
import { BackLink } from "../ui/BackLink.tsx"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { Instant } from "../ui/Instant.tsx"
import { Page } from "../ui/Page.tsx"
import { PageHeader } from "../ui/PageHeader.tsx"
import { PageSkeleton } from "../ui/PageSkeleton.tsx"
import { Tag } from "../ui/Tag.tsx"
import { isRunning } from "./import.ts"
import { MappingForm } from "./MappingForm.tsx"
import { Outcome } from "./Outcome.tsx"
import { Running } from "./Running.tsx"
import { stateTone } from "./state.ts"

const route = getRouteApi("/w/$workspace/import/$import")

/** One file on its way in: what its columns become, what would change, the run itself, and what came of it. */
export default function ImportPage() {
  const { t } = useTranslation("imports")
  const { import: id } = route.useParams()
  const { id: workspace } = useWorkspace()
  const api = useApi()
  const view = useQuery(
    api.imports.get.queryOptions(
      { id },
      { refetchInterval: query => (query.state.data && isRunning(query.state.data) ? 1_000 : false) },
    ),
  )
  // Somebody who has seen what would change may go back to the columns.
  const [changing, setChanging] = useState(false)
  usePageTitle(view.data?.name ?? t("title"))
  const back = (
    <BackLink to="/w/$workspace/import" params={{ workspace }}>
      {t("title")}
    </BackLink>
  )
  if (view.isPending) return <PageSkeleton />
  if (view.error) {
    return (
      <Page>
        <PageHeader title={t("title")} before={back} />
        <ErrorNote error={view.error} onRetry={view.refetch} />
      </Page>
    )
  }
  const { name, state, rows, createdAt, by } = view.data
  const isMapping = state === "uploaded" || (changing && !isRunning(view.data))
  return (
    <Page>
      <PageHeader
        before={back}
        title={name}
        text={
          <>
            <Tag tone={stateTone[state]}>{t(`states.${state}`)}</Tag> {t("about", { count: rows, by })}{" "}
            <Instant at={createdAt} show="relative" clock="real" />
          </>
        }
      />
      {isMapping ? (
        <Mapping view={view.data} onChecked={() => setChanging(false)} />
      ) : isRunning(view.data) ? (
        <Running view={view.data} />
      ) : (
        <Outcome view={view.data} onChange={() => setChanging(true)} />
      )}
    </Page>
  )
}

function Mapping(props: { view: Parameters<typeof MappingForm>[0]["view"]; onChecked: () => void }) {
  const api = useApi()
  const preview = useQuery(api.imports.preview.queryOptions({ id: props.view.id }))
  if (preview.isPending) return <Skeleton height={420} />
  if (preview.error) return <ErrorNote error={preview.error} onRetry={preview.refetch} />
  return <MappingForm view={props.view} preview={preview.data} onChecked={props.onChecked} />
}
