import { Menu, UnstyledButton } from "@mantine/core"
import { IconWorld } from "@tabler/icons-react"
import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { languages } from "../app/catalogue.ts"
import { changeLanguage } from "../app/i18n.ts"
import classes from "./DoorPage.module.css"
import { Logo } from "./Logo.tsx"

/** The pages before the workspace (sign-in, set-up): one card in the middle, the language in reach. */
export function DoorPage({ title, text, children }: { title: string; text: ReactNode; children: ReactNode }) {
  const { t, i18n } = useTranslation("ui")
  return (
    <div className={classes.root}>
      <main className={classes.card}>
        <Logo size={44} />
        <h1 className={classes.title}>{title}</h1>
        <p className={classes.text}>{text}</p>
        {children}
      </main>
      <footer>
        <Menu position="top">
          <Menu.Target>
            <UnstyledButton className={classes.language} aria-label={t("language.label")}>
              <IconWorld size={16} stroke={1.7} aria-hidden />
              {languages.filter(each => each === i18n.language).map(each => t(`language.${each}`))}
            </UnstyledButton>
          </Menu.Target>
          <Menu.Dropdown>
            {languages.map(language => (
              <Menu.Item key={language} lang={language} onClick={() => changeLanguage(language)}>
                {t(`language.${language}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </footer>
    </div>
  )
}
