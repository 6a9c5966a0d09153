import { Box, Text } from "@mantine/core"
import { MOST_ATTRIBUTES } from "@viaggio/journey-model"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { Outputs } from "../app/api.ts"
import { Instant } from "../ui/Instant.tsx"
import { Panel } from "../ui/Panel.tsx"
import { SearchField } from "../ui/SearchField.tsx"
import { ValueList } from "./ValueList.tsx"

type Profile = Outputs["customers"]["get"]
type Source = Profile["values"][string]["source"]

/** An identify call has no name of its own: the door gives it this one. */
const identifyCall = "$identify"

/** From so many on, one wants to search them. */
const manyAttributes = 20

/** What is known of the customer, each value with when it was said and by whom. */
export function Attributes({ attributes, values }: Pick<Profile, "attributes" | "values">) {
  const { t } = useTranslation("customers")
  const [search, setSearch] = useState("")
  const names = Object.keys(attributes).sort()
  const wanted = search.toLowerCase()
  const shown = names.filter(name => name.toLowerCase().includes(wanted))
  return (
    <Panel title={t("attributes.title")}>
      {names.length >= MOST_ATTRIBUTES && (
        <Text size="sm" mb="xs">
          {t("attributes.full", { most: MOST_ATTRIBUTES })}
        </Text>
      )}
      {names.length >= manyAttributes && (
        <Box mb="xs">
          <SearchField label={t("attributes.search")} value={search} onSearch={setSearch} />
        </Box>
      )}
      {shown.length === 0 ? (
        <Text c="dimmed" size="sm">
          {t(names.length === 0 ? "attributes.none" : "attributes.noneFound")}
        </Text>
      ) : (
        <ValueList
          values={Object.fromEntries(shown.map(name => [name, attributes[name]]))}
          noteOf={name => {
            const said = values[name]
            return (
              said && (
                <>
                  <Instant at={said.at} show="relative" /> · <SaidBy source={said.source} />
                </>
              )
            )
          }}
        />
      )}
    </Panel>
  )
}

function SaidBy({ source }: { source: Source }) {
  const { t } = useTranslation("customers")
  if (source.kind === "journey") return t("attributes.byJourney")
  if (source.via === "import") return t("attributes.byImport")
  const what =
    source.name === identifyCall ? t("attributes.byIdentify") : t("attributes.byEvent", { name: source.name })
  return source.via === undefined ? what : t("attributes.via", { what, library: source.via })
}
