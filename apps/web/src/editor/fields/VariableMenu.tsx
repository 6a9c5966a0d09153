import { ActionIcon, Menu, ScrollArea } from "@mantine/core"
import { IconBraces } from "@tabler/icons-react"
import { useContext } from "react"
import { useTranslation } from "react-i18next"
import { EntryEventContext, propertiesOf, useCatalogue } from "./catalogue.ts"
import { useContextNames } from "./context-names.ts"

/** A list of what a template can say, with a sample of each; choosing one inserts its tag. */
export function VariableMenu(props: { onInsert: (tag: string) => void; links?: boolean }) {
  const { t } = useTranslation("editor")
  const catalogue = useCatalogue()
  const entryEvent = useContext(EntryEventContext)
  const kept = useContextNames().map(path => ({ path, samples: [] }))
  const groups = [
    { label: t("variables.profile"), prefix: "profile.", fields: catalogue.attributes },
    {
      label: t("variables.entry"),
      prefix: "entry.properties.",
      fields: propertiesOf(catalogue, entryEvent),
    },
    { label: t("variables.context"), prefix: "context.", fields: kept },
  ].filter(group => group.fields.length > 0)
  return (
    <Menu position="bottom-end" shadow="md" width={260}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t("variables.insert")}>
          <IconBraces size={14} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <ScrollArea.Autosize mah={300}>
          {groups.map(group => (
            <div key={group.prefix}>
              <Menu.Label>{group.label}</Menu.Label>
              {group.fields.map(field => (
                <Menu.Item
                  key={field.path}
                  onClick={() => props.onInsert(tagOf(group.prefix + field.path))}
                  rightSection={String(field.samples[0] ?? "").slice(0, 24)}
                >
                  {field.path}
                </Menu.Item>
              ))}
            </div>
          ))}
          {groups.length === 0 && (
            <Menu.Item onClick={() => props.onInsert(tagOf("profile.first_name"))}>
              profile.first_name
            </Menu.Item>
          )}
          {props.links && (
            <>
              <Menu.Label>{t("variables.links")}</Menu.Label>
              <Menu.Item
                onClick={() =>
                  props.onInsert(`<a href="{{ links.unsubscribe }}">${t("variables.unsubscribe")}</a>`)
                }
              >
                {t("variables.unsubscribeLink")}
              </Menu.Item>
            </>
          )}
        </ScrollArea.Autosize>
      </Menu.Dropdown>
    </Menu>
  )
}

// A value that a customer does not have fails the whole message unless the tag says what stands in for it.
const tagOf = (path: string): string => `{{ ${path} | default: '' }}`
