import { Drawer, Text } from "@mantine/core"
import type { Json, JsonObject } from "@viaggio/journey-model"
import { useTranslation } from "react-i18next"
import { type Outputs, useApi, useApiClient } from "../app/api.ts"
import { usePages } from "../app/pages.ts"
import { useWorkspace } from "../app/workspace.ts"
import { useNodeWords } from "../node-types/words.ts"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { Instant } from "../ui/Instant.tsx"
import { TextLink } from "../ui/links.tsx"
import { MoreButton } from "../ui/MoreButton.tsx"
import { TableSkeleton } from "../ui/TableSkeleton.tsx"
import classes from "./live.module.css"
import type { NumberAsked, VersionChoice } from "./numbers.ts"

const pageSize = 50
const mostShown = 1_000

type Behind = Outputs["journeys"]["customers"]["items"][number]
type OutcomeName = (outcome: string) => string

/** The customers behind a number, newest first: who, when and why. Each leads to what they did and got. */
export function NumberDrawer(props: {
  journey: string
  asked: NumberAsked | undefined
  version: VersionChoice
  nodeName: (node: string) => string
  outcomeName: (node: string, outcome: string) => string
  onClose: () => void
}) {
  const { t } = useTranslation("live")
  const { asked } = props
  const name = asked?.node === undefined ? undefined : props.nodeName(asked.node)
  const outcomeName: OutcomeName = outcome => props.outcomeName(asked?.node ?? "", outcome)
  const words = asked && wordsOf(asked, t, outcomeName)
  return (
    <Drawer
      opened={asked !== undefined}
      onClose={props.onClose}
      position="right"
      size={460}
      title={name === undefined ? words : t("behind.at", { what: words, node: name })}
      closeButtonProps={{ "aria-label": t("behind.close") }}
      classNames={{ title: classes.drawerTitle ?? "" }}
    >
      {asked && (
        <List
          key={JSON.stringify(asked)}
          journey={props.journey}
          asked={asked}
          version={props.version}
          outcomeName={outcomeName}
        />
      )}
    </Drawer>
  )
}

function List(props: {
  journey: string
  asked: NumberAsked
  version: VersionChoice
  outcomeName: OutcomeName
}) {
  const { t } = useTranslation("live")
  const api = useApi()
  const client = useApiClient()
  const input = { key: props.journey, version: props.version, limit: pageSize, ...props.asked }
  const pages = usePages({
    queryKey: api.journeys.customers.queryKey(input as never),
    load: page => client.journeys.customers.query({ ...input, ...page } as never),
    everyMs: 10_000,
  })
  if (pages.isPending) return <TableSkeleton rows={6} />
  if (pages.error) return <ErrorNote error={pages.error} onRetry={pages.refetch} />
  const isCapped = pages.items.length >= mostShown
  return (
    <>
      {pages.items.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("behind.none")}
        </Text>
      )}
      <ul className={classes.behind} data-behind>
        {pages.items.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: in a loop one customer is here once for each time round
          <li key={`${item.id} ${item.at} ${index}`}>
            <Customer item={item} asked={props.asked} outcomeName={props.outcomeName} />
          </li>
        ))}
      </ul>
      {isCapped ? (
        <Text size="xs" c="dimmed" mt="sm">
          {t("behind.capped")}
        </Text>
      ) : (
        <MoreButton pages={pages} />
      )}
    </>
  )
}

function Customer(props: { item: Behind; asked: NumberAsked; outcomeName: OutcomeName }) {
  const { item, asked, outcomeName } = props
  const { t } = useTranslation("live")
  const { id: workspace } = useWorkspace()
  const words = useNodeWords()
  const who = item.name ?? item.email ?? item.userId ?? item.id
  const also = item.name !== null && item.email !== null ? item.email : undefined
  const why = [
    ...(asked.node === undefined ? [words.placeName(item)] : []),
    // What the title says already is not said once more in every line.
    ...(item.outcome === undefined || asked.kind === "outcome"
      ? []
      : [t("behind.left", { outcome: outcomeName(item.outcome) })]),
    ...(item.ended === undefined || (asked.kind === "ended" && asked.reason !== undefined)
      ? []
      : [t("behind.ended", { reason: item.ended })]),
    ...(item.because ? [becauseOf(item.because)] : []),
  ]
  return (
    <>
      <span className={classes.who}>
        <TextLink to="/w/$workspace/customers/$id" params={{ workspace, id: item.id }} size="sm">
          {who}
        </TextLink>
        {also !== undefined && <span className={classes.also}>{also}</span>}
      </span>
      <span className={classes.when}>
        <Instant at={item.at} />
      </span>
      {(why.length > 0 || item.wakeAt !== undefined) && (
        <span className={classes.why}>
          {why.join(" · ")}
          {item.wakeAt !== undefined && (
            <>
              {why.length > 0 && " · "}
              {t("behind.goesOn")} <Instant at={item.wakeAt} />
            </>
          )}
        </span>
      )}
      {item.error !== undefined && <span className={classes.error}>{item.error}</span>}
      {item.messageId !== undefined && (
        <TextLink
          to="/w/$workspace/mailbox"
          params={{ workspace }}
          search={{ message: item.messageId }}
          size="xs"
        >
          {t("behind.read")}
        </TextLink>
      )}
    </>
  )
}

type Words = ReturnType<typeof useTranslation<"live">>["t"]

function wordsOf(asked: NumberAsked, t: Words, outcomeName: OutcomeName): string {
  switch (asked.kind) {
    case "outcome":
      return t("behind.left", { outcome: outcomeName(asked.outcome) })
    case "ended":
      return asked.reason === undefined ? t("figures.ended") : t("behind.ended", { reason: asked.reason })
    case "messages":
      return t(`behind.messages.${asked.state}`)
    case "entered":
    case "inside":
    case "failed":
      return t(`figures.${asked.kind}`)
  }
}

const sayValue = (value: Json | undefined): string =>
  typeof value === "string" ? value : JSON.stringify(value ?? null)

/** The value that decided: `{ leaf: "profile.country", value: "IT" }` → `profile.country: IT`. */
function becauseOf(because: JsonObject): string {
  const { leaf, value, ...rest } = because
  if (typeof leaf !== "string")
    return Object.entries(because)
      .map(([name, of]) => `${name}: ${sayValue(of)}`)
      .join(", ")
  const more = Object.entries(rest).map(([name, of]) => `${name}: ${sayValue(of)}`)
  return [value === undefined ? leaf : `${leaf}: ${sayValue(value)}`, ...more].join(", ")
}
