import { ActionIcon, Group } from "@mantine/core"
import { IconWalk, IconX } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../app/format.ts"
import { useLiveState } from "../live/live-context.ts"
import { useNodeWords } from "../node-types/words.ts"
import { Instant } from "../ui/Instant.tsx"
import { useAudience, useAudienceState } from "./audience-context.ts"
import { mostMembers } from "./audience-store.ts"
import classes from "./simulation.module.css"

/** The simulated customers behind the number of a node that was pressed; each opens as a walk. */
export function MembersList({ onWalk }: { onWalk: (index: number) => void }) {
  const { t } = useTranslation("simulation")
  const format = useFormat()
  const words = useNodeWords()
  const audience = useAudience()
  const asked = useAudienceState(state => state.asked)
  const node = useAudienceState(state => state.spec?.journey.nodes.find(each => each.id === asked?.node))
  const stats = useLiveState(state => (asked ? state.stats?.nodes[asked.node] : undefined))
  if (!asked) return <p className={classes.past}>{t("members.hint")}</p>
  const { members, been } = asked
  const count = (been ? stats?.entered : stats?.inside) ?? 0
  const values = { node: node ? words.nodeName(node) : asked.node, count, shown: format.number(count) }
  return (
    <section
      className={classes.members}
      aria-label={t("members.title")}
      data-audience-members={members?.length}
    >
      <Group justify="space-between" wrap="nowrap" gap={6}>
        <h3 className={classes.subtitle}>{been ? t("members.been", values) : t("members.inside", values)}</h3>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t("members.close")}
          onClick={audience.closeList}
        >
          <IconX size={14} aria-hidden />
        </ActionIcon>
      </Group>
      {members === undefined ? (
        <p className={classes.past} role="status">
          {t("members.looking")}
        </p>
      ) : members.length === 0 ? (
        <p className={classes.past}>{t("members.nobody")}</p>
      ) : (
        <ul className={classes.memberList}>
          {members.map(({ index, since }) => (
            <li key={index}>
              <button type="button" className={classes.pressable} onClick={() => onWalk(index)}>
                <IconWalk size={14} aria-hidden />
                <span>{t("members.customer", { number: format.number(index + 1) })}</span>
                <span className={classes.since}>
                  <Instant at={since} />
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {members !== undefined && members.length >= mostMembers && (
        <p className={classes.past}>{t("members.most", { shown: format.number(mostMembers) })}</p>
      )}
    </section>
  )
}
