import { Stack } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { useApi } from "../app/api.ts"
import { usePageTitle } from "../app/page-title.ts"
import { answeredStatus } from "../app/query-client.ts"
import { useReadiness } from "../app/readiness.ts"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { Instant } from "../ui/Instant.tsx"
import { Page } from "../ui/Page.tsx"
import { PageHeader } from "../ui/PageHeader.tsx"
import { PageSkeleton } from "../ui/PageSkeleton.tsx"
import { AsidePanel } from "./AsidePanel.tsx"
import { AwayNote } from "./AwayNote.tsx"
import { Figures } from "./Figures.tsx"
import { HoldPanel } from "./HoldPanel.tsx"
import { ProviderPanel } from "./ProviderPanel.tsx"
import { Summary } from "./Summary.tsx"
import { WorkerPanel } from "./WorkerPanel.tsx"

const everyMs = 3_000

/** What is behind in the whole installation, since when and why; it says something with the database away, too. */
export default function StatusPage() {
  const { t } = useTranslation("status")
  usePageTitle(t("title"))
  const api = useApi()
  const status = useQuery(api.status.get.queryOptions(undefined, { refetchInterval: everyMs, retry: false }))
  const answered = answeredStatus(status.error)
  const refused = answered !== undefined && answered < 500
  const readiness = useReadiness(!refused && (status.isError || status.fetchStatus === "paused"))
  const trouble = readiness === undefined || readiness === "ready" ? undefined : readiness
  const shown = status.data
  return (
    <Page>
      <PageHeader
        title={t("title")}
        text={t("text")}
        actions={
          shown && (
            <span>
              {t("asOf")} <Instant at={shown.at} show="time" />
            </span>
          )
        }
      />
      <Stack gap="lg">
        {trouble && <AwayNote trouble={trouble} hasFigures={shown !== undefined} />}
        {!trouble && status.error && <ErrorNote error={status.error} onRetry={status.refetch} />}
        {shown ? (
          <>
            {!trouble && <Summary problems={shown.problems} />}
            {shown.hold && <HoldPanel hold={shown.hold} />}
            <Figures status={shown} />
            {shown.setAside.length > 0 && <AsidePanel customers={shown.setAside} />}
            <ProviderPanel providers={shown.providers} />
            <WorkerPanel workers={shown.workers} buckets={shown.buckets.all} />
          </>
        ) : (
          status.isPending && !trouble && <PageSkeleton />
        )}
      </Stack>
    </Page>
  )
}
