import { Menu, UnstyledButton } from "@mantine/core"
import { IconCheck, IconFlask, IconPlus, IconSelector } from "@tabler/icons-react"
import { useNavigate } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { useWorkspace, type WorkspaceSummary } from "../app/workspace.ts"
import { Logo } from "../ui/Logo.tsx"
import { Tag } from "../ui/Tag.tsx"
import classes from "./WorkspaceSwitcher.module.css"

/** Shows which workspace this is and changes to another one. */
export function WorkspaceSwitcher({
  workspaces,
  folded,
}: {
  workspaces: WorkspaceSummary[]
  folded: boolean
}) {
  const { t } = useTranslation("shell")
  const current = useWorkspace()
  const navigate = useNavigate()
  return (
    <Menu position="bottom-start" width={264}>
      <Menu.Target>
        <UnstyledButton
          className={classes.target}
          data-folded={folded}
          aria-label={t("workspace.change", { name: current.name })}
        >
          <Logo size={30} />
          {!folded && (
            <>
              <span className={classes.names}>
                <span className={classes.name}>{current.name}</span>
                <span className={classes.kind}>
                  {t(current.sandbox ? "workspace.sandbox" : "workspace.live")}
                </span>
              </span>
              <IconSelector size={16} aria-hidden className={classes.chevron} />
            </>
          )}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("workspace.list")}</Menu.Label>
        {workspaces.map(workspace => (
          <Menu.Item
            key={workspace.id}
            aria-current={workspace.id === current.id}
            onClick={() => navigate({ to: "/w/$workspace/journeys", params: { workspace: workspace.id } })}
            rightSection={
              <span className={classes.marks}>
                {workspace.sandbox && (
                  <Tag tone="wait" icon={IconFlask}>
                    {t("workspace.sandbox")}
                  </Tag>
                )}
                {workspace.id === current.id && <IconCheck size={16} aria-hidden />}
              </span>
            }
          >
            {workspace.name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() =>
            navigate({
              to: "/w/$workspace/settings",
              params: { workspace: current.id },
              search: { tab: "workspaces" },
            })
          }
        >
          {t("workspace.new")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
