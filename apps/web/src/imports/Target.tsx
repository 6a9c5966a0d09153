import { Group, Select, TextInput } from "@mantine/core"
import { useTranslation } from "react-i18next"
import type { ImportTarget } from "./import.ts"
import {
  attributeTypes,
  choiceOf,
  identityKinds,
  type MappingProblem,
  type TargetChoice,
  targetChoices,
  targetOf,
} from "./targets.ts"

/** What one column becomes: who somebody is, something known of them, their consent, or nothing. */
export function Target(props: {
  column: string
  target: ImportTarget
  problem: MappingProblem | undefined
  onChange: (target: ImportTarget) => void
}) {
  const { t } = useTranslation("imports")
  const { t: tCustomers } = useTranslation("customers")
  const { column, target, problem, onChange } = props
  const label = (choice: TargetChoice) => {
    const kind = identityKinds.find(each => choice === `identity:${each}`)
    return kind ? tCustomers(`identities.kinds.${identityName[kind]}`) : t(`targets.${choice as "attribute"}`)
  }
  const isIdentity = (choice: TargetChoice) => choice.startsWith("identity:")
  const options = (choices: readonly TargetChoice[]) => choices.map(value => ({ value, label: label(value) }))
  return (
    <Group gap="xs" align="flex-start" wrap="nowrap">
      <Select
        aria-label={t("mapping.becomesLabel", { column })}
        size="xs"
        w={200}
        allowDeselect={false}
        value={choiceOf(target)}
        error={problem?.kind === "twice" ? t("mapping.problems.twice") : undefined}
        data={[
          { group: t("targets.groups.who"), items: options(targetChoices.filter(isIdentity)) },
          { group: t("targets.groups.what"), items: options(["attribute", "consent"]) },
          { group: t("targets.groups.rest"), items: options(["ignore"]) },
        ]}
        onChange={value => {
          const choice = targetChoices.find(each => each === value)
          if (choice && choice !== choiceOf(target)) onChange(targetOf(choice, column))
        }}
      />
      {target.to === "attribute" && (
        <>
          <TextInput
            aria-label={t("mapping.attributeLabel", { column })}
            size="xs"
            w={190}
            value={target.name}
            error={problem?.kind === "unnamed" ? t("mapping.problems.unnamed") : undefined}
            onChange={event => onChange({ ...target, name: event.currentTarget.value })}
          />
          <Select
            aria-label={t("mapping.typeLabel", { column })}
            size="xs"
            w={150}
            allowDeselect={false}
            value={target.type}
            data={attributeTypes.map(value => ({ value, label: t(`types.${value}`) }))}
            onChange={value => {
              const type = attributeTypes.find(each => each === value)
              if (type) onChange({ ...target, type })
            }}
          />
        </>
      )}
    </Group>
  )
}

const identityName = {
  user_id: "userId",
  email: "email",
  phone: "phone",
  loyalty_card: "loyaltyCard",
  anonymous_id: "anonymousId",
} as const
