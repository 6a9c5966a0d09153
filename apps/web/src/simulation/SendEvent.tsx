import { Button, Group } from "@mantine/core"
import { IconSend } from "@tabler/icons-react"
import type { JsonObject } from "@viaggio/journey-model"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { EventField } from "../editor/fields/CatalogueField.tsx"
import { ValueRows } from "./ValueRows.tsx"
import { useWalkStore } from "./walk-context.ts"

/** Lets the walking customer do something, now. */
export function SendEvent({ sampleOf }: { sampleOf: (event: string) => JsonObject }) {
  const { t } = useTranslation("simulation")
  const walk = useWalkStore()
  const [event, setEvent] = useState("")
  const [properties, setProperties] = useState<JsonObject>({})
  return (
    <div>
      <Group gap={6} align="flex-end" wrap="nowrap">
        <div style={{ flex: 1 }}>
          <EventField
            label={t("send.title")}
            value={event}
            onChange={name => {
              setEvent(name)
              setProperties(sampleOf(name))
            }}
          />
        </div>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconSend size={14} aria-hidden />}
          disabled={event === ""}
          data-walk-send
          onClick={() => walk.send({ name: event, properties })}
        >
          {t("send.send")}
        </Button>
      </Group>
      {event !== "" && (
        <ValueRows legend={t("send.properties")} values={properties} onChange={setProperties} />
      )}
    </div>
  )
}
