import { useTranslation } from "react-i18next"
import type { SignInRefusal } from "../app/account.ts"

/** Why somebody was not signed in and what to do, in words. */
export function useRefusalText(): (refusal: SignInRefusal) => string {
  const { t } = useTranslation("sign-in")
  return refusal => {
    if (refusal.kind !== "tooMany") return t(`refused.${refusal.kind}`)
    const { waitS } = refusal
    const wait =
      waitS < 90 ? t("wait.seconds", { count: waitS }) : t("wait.minutes", { count: Math.ceil(waitS / 60) })
    return t("refused.tooMany", { wait })
  }
}
