import { Stack, Text } from "@mantine/core"
import type { Condition } from "@viaggio/journey-model"
import { useTranslation } from "react-i18next"
import { ConditionField } from "../editor/conditions/ConditionBuilder.tsx"
import { BranchList } from "../editor/fields/BranchList.tsx"
import { FieldSet } from "../editor/fields/FieldSet.tsx"
import { useProblemText } from "../editor/fields/use-problem-text.ts"
import type { FaceProps } from "./face.ts"

const firstQuestion: Condition = { kind: "profile", path: "", is: "equals", value: "" }

export function SplitForm({ config, onChange, problems }: FaceProps<"split">) {
  const { t } = useTranslation("node-types")
  const problemAt = useProblemText(problems)
  return (
    <Stack gap="md">
      <FieldSet legend={t("form.split.branches")} hint={t("form.split.branchesHint")}>
        <BranchList
          branches={config.branches}
          onChange={(branches, field) => onChange({ branches }, field)}
          create={branch => ({ id: branch, when: firstQuestion })}
          addLabel={t("form.split.addBranch")}
          problemAt={problemAt}
        >
          {(branch, write, at) => (
            <ConditionField
              label={t("form.split.when")}
              value={branch.when}
              at={`${at}/when`}
              // A branch that asks nothing is one that takes everybody: `all` of nothing is true.
              onChange={when => write({ ...branch, when: when ?? { kind: "all", of: [] } }, "when")}
            />
          )}
        </BranchList>
      </FieldSet>
      <FieldSet legend={t("outcome.else")}>
        <Text size="xs" c="var(--ink-soft)">
          {t("form.split.else")}
        </Text>
      </FieldSet>
    </Stack>
  )
}
