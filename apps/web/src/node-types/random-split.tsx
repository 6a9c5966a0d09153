import { Button, Group, NumberInput, SegmentedControl, Stack, Text } from "@mantine/core"
import type { ConfigOf } from "@viaggio/journey-model"
import { useTranslation } from "react-i18next"
import { BranchList } from "../editor/fields/BranchList.tsx"
import { FieldSet } from "../editor/fields/FieldSet.tsx"
import { useProblemText } from "../editor/fields/use-problem-text.ts"
import type { FaceProps } from "./face.ts"

type Config = ConfigOf<"random-split">

/** Documents hold shares from 0 to 1 with four decimals; screens show per cents with two. */
const toPercent = (share: number): number => Math.round(share * 10_000) / 100
const toShare = (percent: number): number => Math.round(percent * 100) / 10_000

/** The same share for every branch; the first ones take what does not divide. */
const evenly = (branches: Config["branches"]): Config["branches"] => {
  const each = Math.floor(10_000 / branches.length)
  const rest = 10_000 - each * branches.length
  return branches.map((branch, index) => ({ ...branch, share: (each + (index < rest ? 1 : 0)) / 10_000 }))
}

export function RandomSplitForm({ config, onChange, problems }: FaceProps<"random-split">) {
  const { t, i18n } = useTranslation("node-types")
  const problemAt = useProblemText(problems)
  const { branches } = config
  const decimalSeparator = new Intl.NumberFormat(i18n.language).format(1.5).charAt(1)
  const sum = toPercent(branches.reduce((total, { share }) => total + share, 0))
  return (
    <Stack gap="md">
      <FieldSet legend={t("form.random-split.branches")} hint={t("form.random-split.branchesHint")}>
        <BranchList
          branches={branches}
          onChange={(next, field) => onChange({ ...config, branches: next }, field)}
          create={branch => ({ id: branch, share: toShare(Math.max(0, 100 - sum)) })}
          addLabel={t("form.random-split.addBranch")}
          problemAt={problemAt}
        >
          {(branch, write, at) => (
            <NumberInput
              size="xs"
              w={140}
              label={t("form.random-split.share")}
              suffix=" %"
              min={0}
              max={100}
              decimalScale={2}
              decimalSeparator={decimalSeparator}
              allowedDecimalSeparators={[".", ","]}
              clampBehavior="none"
              value={toPercent(branch.share)}
              data-at={`${at}/share`}
              error={problemAt(`${at}/share`)}
              onChange={value => {
                const share = toShare(Number(value) || 0)
                if (share !== branch.share) write({ ...branch, share }, "share")
              }}
            />
          )}
        </BranchList>
        <Group gap="xs" justify="space-between" data-at="/branches">
          <Text size="xs" c={sum === 100 ? "var(--ink-soft)" : "var(--danger)"} role="status">
            {t("form.random-split.sum", { percent: sum })}
          </Text>
          <Button
            size="compact-xs"
            variant="default"
            disabled={branches.length === 0}
            onClick={() => onChange({ ...config, branches: evenly(branches) }, "evenly")}
          >
            {t("form.random-split.evenly")}
          </Button>
        </Group>
      </FieldSet>
      <FieldSet
        legend={t("form.random-split.stickyTo")}
        hint={t(`form.random-split.stickyHint.${config.stickyTo}`)}
      >
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label={t("form.random-split.stickyTo")}
          data={(["customer", "entry"] as const).map(value => ({
            value,
            label: t(`form.random-split.sticky.${value}`),
          }))}
          value={config.stickyTo}
          onChange={value => onChange({ ...config, stickyTo: value as Config["stickyTo"] }, "stickyTo")}
        />
      </FieldSet>
    </Stack>
  )
}
