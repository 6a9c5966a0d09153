import { type MantineColorScheme, Menu, UnstyledButton, useMantineColorScheme } from "@mantine/core"
import { IconCheck, IconDeviceDesktop, IconLogout, IconMoon, IconSun } from "@tabler/icons-react"
import { useNavigate } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { signOut } from "../app/account.ts"
import { languages } from "../app/catalogue.ts"
import { changeLanguage } from "../app/i18n.ts"
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
  const check = <IconCheck size={16} aria-hidden />
  return (
    <Menu position="right-end" width={240} closeOnItemClick={false}>
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
        {languages.map(language => (
          <Menu.Item
            key={language}
            lang={language}
            role="menuitemradio"
            aria-checked={i18n.language === language}
            onClick={() => changeLanguage(language)}
            rightSection={i18n.language === language && check}
          >
            {tUi(`language.${language}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t("user.scheme")}</Menu.Label>
        {schemes.map(({ value, icon: SchemeIcon }) => (
          <Menu.Item
            key={value}
            role="menuitemradio"
            aria-checked={colorScheme === value}
            leftSection={<SchemeIcon size={16} stroke={1.7} aria-hidden />}
            onClick={() => setColorScheme(value)}
            rightSection={colorScheme === value && check}
          >
            {t(`user.schemes.${value}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          closeMenuOnClick
          leftSection={<IconLogout size={16} stroke={1.7} aria-hidden />}
          onClick={async () => {
            await signOut()
            await navigate({ to: "/sign-in" })
          }}
        >
          {t("user.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
