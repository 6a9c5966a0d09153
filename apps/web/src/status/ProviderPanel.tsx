import { Table } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { useFormat } from "../app/format.ts"
import { Instant } from "../ui/Instant.tsx"
import { Panel } from "../ui/Panel.tsx"
import { Tag, type Tone } from "../ui/Tag.tsx"
import table from "../ui/table.module.css"
import classes from "./panels.module.css"
import type { Status } from "./status.ts"

type Provider = Status["providers"][number]

const tones = { closed: "entry", "half-open": "wait", open: "danger" } as const satisfies Record<
  Provider["circuit"],
  Tone
>

/** How those do that messages are handed to, with what they said last when they would not. */
export function ProviderPanel({ providers }: { providers: Provider[] }) {
  const { t } = useTranslation("status")
  const format = useFormat()
  return (
    <Panel title={t("providers.title")} text={t("providers.text")} flush>
      {providers.length === 0 ? (
        <p className={classes.none}>{t("providers.none")}</p>
      ) : (
        <Table.ScrollContainer type="native" minWidth={720}>
          <Table className={table.table}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("providers.provider")}</Table.Th>
                <Table.Th>{t("providers.state")}</Table.Th>
                {(["queued", "sent", "later", "refused", "latency"] as const).map(name => (
                  <Table.Th key={name} className={table.number}>
                    {t(`providers.${name}`)}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {providers.map(provider => (
                <Table.Tr key={provider.provider}>
                  <Table.Td>
                    <strong>{provider.provider}</strong>
                    {provider.lastError && provider.lastErrorAt && (
                      <span className={classes.error}>
                        {t("providers.lastError")}, <Instant at={provider.lastErrorAt} clock="real" />:{" "}
                        {provider.lastError}
                      </span>
                    )}
                  </Table.Td>
                  <Table.Td>
                    <Tag tone={tones[provider.circuit]}>{t(`providers.circuit.${provider.circuit}`)}</Tag>
                  </Table.Td>
                  {(["queued", "sent", "later", "refused"] as const).map(name => (
                    <Table.Td key={name} className={table.number}>
                      {format.number(provider[name])}
                    </Table.Td>
                  ))}
                  <Table.Td className={table.number}>
                    {provider.latencyP50Ms === undefined
                      ? "–"
                      : t("providers.latencyMs", { shown: format.number(provider.latencyP50Ms) })}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Panel>
  )
}
