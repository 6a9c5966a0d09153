import { Alert, Loader } from "@mantine/core"
import { IconArrowLeft } from "@tabler/icons-react"
import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { getRouteApi, Link } from "@tanstack/react-router"
import { checkJourney, isSameJourney } from "@viaggio/journey-model"
import { useMemo, useRef } from "react"
import { useTranslation } from "react-i18next"
import { useApi } from "../app/api.ts"
import { emptyCatalogue, toKnowledge } from "../editor/fields/catalogue.ts"
import { JourneyPicture } from "../editor/picture/JourneyPicture.tsx"
import { usePictureWords } from "../editor/picture/picture-words.ts"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { Page } from "../ui/Page.tsx"
import { PageHeader } from "../ui/PageHeader.tsx"
import { Panel } from "../ui/Panel.tsx"
import { Changes } from "./Changes.tsx"
import { Decision } from "./Decision.tsx"
import { Inside, useInside } from "./Inside.tsx"
import { LetIn } from "./LetIn.tsx"
import { pictureOfDiff } from "./picture-of-diff.ts"
import classes from "./publish.module.css"
import { Versions } from "./Versions.tsx"

const route = getRouteApi("/w/$workspace/journeys/$key/publish")

/** What would change for whom, before it does: the draft, or an earlier version, beside the one that is live. */
export default function PublishPage() {
  const { t } = useTranslation("publish")
  const { workspace, key } = route.useParams()
  const { version: chosen } = route.useSearch()
  const words = usePictureWords()
  const { draft, versions, before, after, liveNumber, problems, error, retry } = useReview(key, chosen)
  const stats = useInside(key, liveNumber !== undefined)
  const review = useMemo(() => (after ? pictureOfDiff(before, after) : undefined), [before, after])
  if (!draft || !versions || !after || !review)
    return <Page>{error ? <ErrorNote error={error} onRetry={retry} /> : <Loader />}</Page>
  const { diff, picture } = review
  const isSame = before !== undefined && isSameJourney(diff)
  const title =
    chosen === undefined
      ? t("title", { name: after.name })
      : t("titleBack", { name: after.name, version: chosen })
  return (
    <Page>
      <PageHeader
        before={
          <Link to="/w/$workspace/journeys/$key" params={{ workspace, key }} className={classes.toEditor}>
            <IconArrowLeft size={15} aria-hidden />
            {t("toEditor")}
          </Link>
        }
        title={title}
        text={
          liveNumber === undefined
            ? t("first")
            : t(chosen === undefined ? "beside" : "besideBack", { version: liveNumber, chosen })
        }
      />
      <div className={classes.columns}>
        <div className={classes.main}>
          <Panel title={t("changes.title")}>
            {isSame && <Alert color="gray">{t("changes.none")}</Alert>}
            {before && !isSame && (
              <ul className={classes.legend}>
                {(["added", "changed", "removed"] as const)
                  .map(kind => ({ kind, count: diff.nodes.filter(node => node.kind === kind).length }))
                  .filter(({ count }) => count > 0)
                  .map(({ kind, count }) => (
                    <li key={kind} data-mark={kind}>
                      {t(`changes.legend.${kind}`, { count })}
                    </li>
                  ))}
              </ul>
            )}
            <section
              className={classes.frame}
              // biome-ignore lint/a11y/noNoninteractiveTabindex: a picture larger than its frame is scrolled by the arrow keys
              tabIndex={0}
              aria-label={t("changes.picture")}
            >
              <JourneyPicture
                {...picture}
                words={words}
                label={t("changes.picture")}
                className={classes.picture}
                noteOf={id => {
                  const inside = stats?.nodes[id]?.inside ?? 0
                  return inside > 0 ? t("inside.short", { count: inside }) : undefined
                }}
              />
            </section>
            {before && !isSame && <Changes diff={diff} journey={picture.journey} />}
          </Panel>
        </div>
        <div className={classes.side}>
          <Decision
            key={chosen ?? "draft"}
            journey={after}
            draft={draft}
            problems={problems}
            rollBackTo={chosen}
            isSame={isSame}
          />
          {chosen === undefined && <LetIn journey={key} revision={draft.revision} />}
          {stats && <Inside stats={stats} before={before} after={after} />}
          <Versions journey={key} versions={versions} chosen={chosen} />
        </div>
      </div>
    </Page>
  )
}

/** The two documents that stand side by side, and what the checks say of the one to come. */
function useReview(key: string, chosen: number | undefined) {
  const api = useApi()
  const draft = useQuery(api.journeys.get.queryOptions({ key }, { refetchOnMount: "always" }))
  const versions = useQuery(api.journeys.versions.queryOptions({ key }))
  const liveNumber = draft.data?.version ?? undefined
  const ofVersion = (number: number | undefined) =>
    api.journeys.version.queryOptions(
      { key, number: number ?? 1 },
      // After publishing another version is the live one; the page stays while that is read.
      { enabled: number !== undefined, placeholderData: keepPreviousData },
    )
  const live = useQuery(ofVersion(liveNumber))
  const earlier = useQuery(ofVersion(chosen))
  const catalogue = useQuery(api.catalogue.list.queryOptions()).data ?? emptyCatalogue
  const before = liveNumber === undefined ? undefined : live.data?.document
  // What was read before the last edits is not what would be published. Once shown, the page stays: after the first
  // publish there is a live version which must be read, and the page tells of that publish meanwhile.
  const wasShown = useRef(false)
  const isReady =
    draft.isFetchedAfterMount &&
    draft.data !== undefined &&
    (liveNumber === undefined || before !== undefined || wasShown.current)
  if (isReady) wasShown.current = true
  const candidate = chosen === undefined ? draft.data?.document : earlier.data?.document
  const after = isReady ? candidate : undefined
  const problems = useMemo(
    () => (after ? checkJourney(after, toKnowledge(catalogue)) : []),
    [after, catalogue],
  )
  return {
    draft: draft.data,
    versions: versions.data,
    before,
    after,
    liveNumber,
    problems,
    error: draft.error ?? versions.error ?? live.error ?? earlier.error,
    retry: () => void Promise.all([draft.refetch(), versions.refetch()]),
  }
}
