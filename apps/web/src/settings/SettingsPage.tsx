import { Tabs } from "@mantine/core"
import { useMediaQuery } from "@mantine/hooks"
import { getRouteApi } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { usePageTitle } from "../app/page-title.ts"
import { useWorkspace } from "../app/workspace.ts"
import { Page } from "../ui/Page.tsx"
import { PageHeader } from "../ui/PageHeader.tsx"
import { AccountSettings } from "./AccountSettings.tsx"
import { ClockSettings } from "./ClockSettings.tsx"
import { EventSettings } from "./EventSettings.tsx"
import { GeneralSettings } from "./GeneralSettings.tsx"
import { KeySettings } from "./KeySettings.tsx"
import { MemberSettings } from "./MemberSettings.tsx"
import { SenderSettings } from "./SenderSettings.tsx"
import classes from "./SettingsPage.module.css"
import { SuppressionSettings } from "./SuppressionSettings.tsx"
import { settingsTabs } from "./search.ts"
import { WebhookSettings } from "./WebhookSettings.tsx"
import { WorkspaceSettings } from "./WorkspaceSettings.tsx"

const route = getRouteApi("/w/$workspace/settings")

const panels = {
  general: GeneralSettings,
  sender: SenderSettings,
  suppressions: SuppressionSettings,
  members: MemberSettings,
  keys: KeySettings,
  events: EventSettings,
  webhooks: WebhookSettings,
  workspaces: WorkspaceSettings,
  clock: ClockSettings,
  account: AccountSettings,
} as const

/** The settings of the workspace on screen; the open tab is in the address. */
export default function SettingsPage() {
  const { t } = useTranslation("settings")
  usePageTitle(t("title"))
  const workspace = useWorkspace()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  // Real time cannot be moved: only a sandbox has a clock to set.
  const shown = settingsTabs.filter(tab => tab !== "clock" || workspace.sandbox)
  const narrow = useMediaQuery("(max-width: 64em)", false, { getInitialValueInEffect: false })
  const open = shown.find(tab => tab === search.tab) ?? "general"
  return (
    <Page>
      <PageHeader title={t("title")} text={workspace.name} />
      <Tabs
        orientation={narrow ? "horizontal" : "vertical"}
        classNames={
          narrow
            ? {}
            : { list: classes.list, tab: classes.tab, tabLabel: classes.label, panel: classes.panel }
        }
        value={open}
        onChange={value => {
          const tab = shown.find(each => each === value)
          if (tab) void navigate({ search: tab === "general" ? {} : { tab }, replace: true })
        }}
      >
        <Tabs.List {...(narrow ? { mb: "lg" } : {})}>
          {shown.map(tab => (
            <Tabs.Tab key={tab} value={tab}>
              {t(`tabs.${tab}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {shown.map(tab => {
          const Content = panels[tab]
          return (
            <Tabs.Panel key={tab} value={tab}>
              <Content />
            </Tabs.Panel>
          )
        })}
      </Tabs>
    </Page>
  )
}
