import { useQuery } from "@tanstack/react-query"
import { getRouteApi } from "@tanstack/react-router"
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
import { Attributes } from "./Attributes.tsx"
import { Consent } from "./Consent.tsx"
import classes from "./CustomerPage.module.css"
import { Identities } from "./Identities.tsx"
import { InsideNow } from "./InsideNow.tsx"
import { Merges } from "./Merges.tsx"
import { Timeline } from "./Timeline.tsx"

const route = getRouteApi("/w/$workspace/customers/$id")

/** The golden record of one customer, where they stand now, and what happened, newest first. */
export default function CustomerPage() {
  const { t } = useTranslation("customers")
  const { id } = route.useParams()
  const { id: workspace } = useWorkspace()
  const api = useApi()
  const profile = useQuery(api.customers.get.queryOptions({ id }, { refetchInterval: 10_000 }))
  const name = profile.data ? nameOf(profile.data.attributes) : undefined
  const userId = profile.data?.identities.find(({ kind }) => kind === "userId" || kind === "user_id")?.value
  usePageTitle(name ?? userId ?? t("profile"))
  const back = (
    <BackLink to="/w/$workspace/customers" params={{ workspace }}>
      {t("back")}
    </BackLink>
  )
  if (profile.isPending) return <PageSkeleton />
  if (profile.error) {
    return (
      <Page>
        <PageHeader title={t("profile")} before={back} />
        <ErrorNote error={profile.error} onRetry={profile.refetch} />
      </Page>
    )
  }
  const { attributes, values, consent, identities, inside, merges, createdAt, updatedAt } = profile.data
  return (
    <Page>
      <PageHeader
        before={back}
        title={name ?? userId ?? t("anonymous")}
        text={
          <>
            {t("since")} <Instant at={createdAt} show="date" /> · {t("updated")}{" "}
            <Instant at={updatedAt} show="relative" />
          </>
        }
      />
      <div className={classes.columns}>
        <div className={classes.side}>
          <InsideNow inside={inside} />
          <Consent consent={consent} attributes={attributes} />
          <Attributes attributes={attributes} values={values} />
          <Identities identities={identities} />
          <Merges merges={merges} />
        </div>
        <Timeline key={id} id={id} />
      </div>
    </Page>
  )
}

/** First and last name, or the one name that the attributes hold. */
function nameOf(attributes: Record<string, unknown>): string | undefined {
  const text = (...names: string[]) => {
    const found = names.map(each => attributes[each]).find(value => typeof value === "string" && value !== "")
    return typeof found === "string" ? found : undefined
  }
  const both = [text("first_name", "firstName"), text("last_name", "lastName")].filter(Boolean).join(" ")
  return text("name") ?? (both || undefined)
}
