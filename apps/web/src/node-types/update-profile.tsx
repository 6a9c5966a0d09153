import { Stack } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { OperandField } from "../editor/conditions/ValueField.tsx"
import { AttributeField } from "../editor/fields/CatalogueField.tsx"
import { useCatalogue } from "../editor/fields/catalogue.ts"
import { FieldSet } from "../editor/fields/FieldSet.tsx"
import { RowList } from "../editor/fields/RowList.tsx"
import { useProblemText } from "../editor/fields/use-problem-text.ts"
import type { FaceProps } from "./face.ts"

export function UpdateProfileForm({ config, onChange, problems }: FaceProps<"update-profile">) {
  const { t } = useTranslation("node-types")
  const { attributes } = useCatalogue()
  const problemAt = useProblemText(problems)
  return (
    <Stack gap="md">
      <FieldSet legend={t("form.update-profile.set")} hint={t("form.update-profile.setHint")}>
        <RowList
          rows={config.set}
          onChange={(set, field) => onChange({ ...config, set }, `set.${field}`)}
          create={() => ({ attribute: "", value: "" })}
          addLabel={t("form.update-profile.addSet")}
          removeLabel={position => t("form.update-profile.removeRow", { position })}
        >
          {(row, write, index) => (
            <>
              <AttributeField
                hideLabel
                label={t("form.update-profile.attribute")}
                value={row.attribute}
                at={`/set/${index}/attribute`}
                error={problemAt(`/set/${index}/attribute`)}
                onChange={attribute => write({ ...row, attribute }, "attribute")}
              />
              <div data-at={`/set/${index}/value`}>
                <OperandField
                  value={row.value}
                  known={attributes.find(({ path }) => path === row.attribute)}
                  error={problemAt(`/set/${index}/value/ref`)}
                  onChange={value => write({ ...row, value }, "value")}
                />
              </div>
            </>
          )}
        </RowList>
      </FieldSet>
      <FieldSet legend={t("form.update-profile.unset")} hint={t("form.update-profile.unsetHint")}>
        <RowList
          rows={config.unset}
          onChange={(unset, field) => onChange({ ...config, unset }, `unset.${field}`)}
          create={() => ""}
          addLabel={t("form.update-profile.addUnset")}
          removeLabel={position => t("form.update-profile.removeRow", { position })}
        >
          {(row, write, index) => (
            <AttributeField
              hideLabel
              label={t("form.update-profile.attribute")}
              value={row}
              at={`/unset/${index}`}
              error={problemAt(`/unset/${index}`)}
              onChange={attribute => write(attribute, "attribute")}
            />
          )}
        </RowList>
      </FieldSet>
    </Stack>
  )
}
