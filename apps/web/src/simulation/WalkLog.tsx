import { Anchor } from "@mantine/core"
import { assertNever, type WalkEntry } from "@viaggio/journey-model"
import { type ReactNode, useState } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../app/format.ts"
import { MailFrame } from "../editor/fields/MailFrame.tsx"
import { useNodeWords } from "../node-types/words.ts"
import { Instant } from "../ui/Instant.tsx"
import classes from "./simulation.module.css"
import { useWalkState } from "./walk-context.ts"

/** What happened to the customer so far, with times; messages open as they would be read. */
export function WalkLog() {
  const { t } = useTranslation("simulation")
  const log = useWalkState(state => state.walk?.log)
  const shown = useWalkState(state => state.shown)
  return (
    <section aria-label={t("log.title")} aria-live="polite">
      <ol className={classes.log} data-walk-log>
        {log?.slice(0, shown).map((entry, index) =>
          // The end of the journey is told by an entry of its own.
          entry.kind === "step" && entry.ended !== undefined ? null : (
            // biome-ignore lint/suspicious/noArrayIndexKey: a log only grows at its end
            <Entry key={index} entry={entry} />
          ),
        )}
      </ol>
    </section>
  )
}

function Entry({ entry }: { entry: WalkEntry }) {
  return (
    <li className={classes.entry} data-kind={entry.kind}>
      <Instant at={entry.at} />
      <EntryText entry={entry} />
    </li>
  )
}

function EntryText({ entry }: { entry: WalkEntry }): ReactNode {
  const { t } = useTranslation("simulation")
  const format = useFormat()
  const words = useNodeWords()
  const journey = useWalkState(state => state.journey)
  const nodeOf = (id: string) => journey?.nodes.find(node => node.id === id)
  const nameOf = (id: string) => {
    const node = nodeOf(id)
    return node ? words.nodeName(node) : id
  }
  switch (entry.kind) {
    case "event":
      return <span>{t("log.event", { event: entry.name })}</span>
    case "traits":
      return <span>{t("log.traits", { names: Object.keys(entry.traits).join(", ") })}</span>
    case "entered":
      return <span>{t("log.entered")}</span>
    case "not-admitted":
      return <span>{t("log.notAdmitted", { reason: t(`reasons.${entry.reason}`) })}</span>
    case "parked":
      return (
        <span>
          {entry.until === undefined
            ? t("log.parked", { node: nameOf(entry.node) })
            : t("log.parkedUntil", { node: nameOf(entry.node), time: format.dateTime(entry.until) })}
        </span>
      )
    case "step": {
      const node = nodeOf(entry.node)
      if (entry.outcome === undefined || !node) return <span>{nameOf(entry.node)}</span>
      return (
        <span>
          {t("log.step", { node: nameOf(entry.node), outcome: words.outcomeName(node, entry.outcome) })}
          {entry.error && <span className={classes.problem}> {t("log.error", { error: entry.error })}</span>}
        </span>
      )
    }
    case "ended":
      return <span>{t("log.ended", { node: nameOf(entry.node), reason: entry.reason })}</span>
    case "call":
      return <Call index={entry.call} node={nameOf(entry.node)} />
    case "message":
      return <Message index={entry.message} node={nameOf(entry.node)} />
    default:
      return assertNever(entry)
  }
}

/** A message as this customer would read it. */
function Message({ index, node }: { index: number; node: string }) {
  const { t } = useTranslation("simulation")
  const message = useWalkState(state => state.walk?.messages[index])
  const [opened, setOpened] = useState(true)
  if (!message) return null
  return (
    <>
      <span>
        {t("log.message", { node, to: message.to })}{" "}
        <Anchor
          component="button"
          type="button"
          size="xs"
          aria-expanded={opened}
          onClick={() => setOpened(!opened)}
        >
          {opened ? t("log.hide") : t("log.show")}
        </Anchor>
      </span>
      {opened && (
        <div className={classes.message} data-walk-message>
          {message.error === undefined ? (
            <MailFrame isolated title={t("log.messageText")} subject={message.subject} html={message.html} />
          ) : (
            <span className={classes.problem}>{t("log.error", { error: message.error })}</span>
          )}
        </div>
      )}
    </>
  )
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url)

/** A call that would have gone out, with what stood in for the answer. */
function Call({ index, node }: { index: number; node: string }) {
  const { t } = useTranslation("simulation")
  const call = useWalkState(state => state.walk?.calls[index])
  const [opened, setOpened] = useState(false)
  if (!call) return null
  const { request, answer } = call
  const kept = Object.keys(answer.values ?? {})
  return (
    <>
      <span>
        {t("log.call", { node, method: request.method, host: hostOf(request.url) })}
        {", "}
        {answer.outcome === "succeeded"
          ? t("log.called", { status: answer.status ?? "" })
          : t("log.callFailed")}{" "}
        {request.body !== undefined && (
          <Anchor
            component="button"
            type="button"
            size="xs"
            aria-expanded={opened}
            onClick={() => setOpened(!opened)}
          >
            {opened ? t("log.hide") : t("log.show")}
          </Anchor>
        )}
        {kept.length > 0 && <span className={classes.kept}>{t("log.kept", { names: kept.join(", ") })}</span>}
      </span>
      {opened && (
        <pre className={classes.call} data-walk-call title={t("log.callBody")}>
          {JSON.stringify(request.body, undefined, 2)}
        </pre>
      )}
    </>
  )
}
