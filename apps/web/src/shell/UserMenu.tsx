import { type MantineColorScheme, Menu, UnstyledButton, useMantineColorScheme } from "@mantine/core"
import { IconDeviceDesktop, IconLogout, IconMoon, IconSun, IconUserCog } from "@tabler/icons-react"
import { useNavigate } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { sessionOptions, signOut } from "../app/account.ts"
import { languages } from "../app/catalogue.ts"
import { changeLanguage } from "../app/i18n.ts"
import { queryClient } from "../app/query-client.ts"
import { useWorkspace } from "../app/workspace.ts"
import classes from "./UserMenu.module.css"

const schemes = [
  { value: "auto", icon: IconDeviceDesktop },
  { value: "light", icon: IconSun },
  { value: "dark", icon: IconMoon },
] as const satisfies { value: MantineColorScheme; icon: typeof IconSun }[]

function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  return [words[0], words.length > 1 ? words.at(-1) : ""].map(word => word?.[0]?.toUpperCase() ?? "").join("")
}

/** Who is signed in; language, colour scheme, and the way out. */
export function UserMenu({ user, folded }: { user: { name: string; email: string }; folded: boolean }) {
  const { t, i18n } = useTranslation("shell")
  const { t: tUi } = useTranslation("ui")
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const navigate = useNavigate()
  const workspace = useWorkspace()
  return (
    <Menu position="right-end" width={240}>
      <Menu.Target>
        <UnstyledButton
          className={classes.target}
          data-folded={folded}
          aria-label={t("user.menu", { name: user.name })}
        >
          <span className={classes.avatar} aria-hidden>
            {initials(user.name)}
          </span>
          {!folded && (
            <span className={classes.names}>
              <span className={classes.name}>{user.name}</span>
              <span className={classes.email}>{user.email}</span>
            </span>
          )}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{tUi("language.label")}</Menu.Label>
        <Menu.RadioGroup value={i18n.language}>
          {languages.map(language => (
            <Menu.RadioItem
              key={language}
              lang={language}
              value={language}
              onChange={() => changeLanguage(language)}
            >
              {tUi(`language.${language}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>{t("user.scheme")}</Menu.Label>
        <Menu.RadioGroup value={colorScheme}>
          {schemes.map(({ value, icon: SchemeIcon }) => (
            <Menu.RadioItem
              key={value}
              value={value}
              onChange={() => setColorScheme(value)}
              rightSection={<SchemeIcon size={16} stroke={1.7} aria-hidden />}
            >
              {t(`user.schemes.${value}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconUserCog size={16} stroke={1.7} aria-hidden />}
          onClick={() =>
            navigate({
              to: "/w/$workspace/settings",
              params: { workspace: workspace.id },
              search: { tab: "account" },
            })
          }
        >
          {t("user.account")}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconLogout size={16} stroke={1.7} aria-hidden />}
          onClick={async () => {
            await signOut()
            queryClient.setQueryData(sessionOptions.queryKey, session =>
              session ? { ...session, user: null, workspaces: [] } : session,
            )
            await navigate({ to: "/sign-in" })
            queryClient.clear()
          }}
        >
          {t("user.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
