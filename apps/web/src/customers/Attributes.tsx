import { Text } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { Panel } from "../ui/Panel.tsx"
import { ValueList } from "./ValueList.tsx"

export function Attributes({ attributes }: { attributes: Record<string, unknown> }) {
  const { t } = useTranslation("customers")
  const names = Object.keys(attributes).sort()
  return (
    <Panel title={t("attributes.title")}>
      {names.length === 0 ? (
        <Text c="dimmed" size="sm">
          {t("attributes.none")}
        </Text>
      ) : (
        <ValueList values={Object.fromEntries(names.map(name => [name, attributes[name]]))} />
      )}
    </Panel>
  )
}
