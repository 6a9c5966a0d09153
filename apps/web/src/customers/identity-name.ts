import { useTranslation } from "react-i18next"

const known = ["userId", "loyaltyCard", "email", "phone", "anonymousId"] as const

/** The name of a kind of identity on screen; a kind of a newer server is shown as it is. */
export function useIdentityName(): (kind: string) => string {
  const { t } = useTranslation("customers")
  return kind => {
    const found = known.find(each => each.toLowerCase() === kind.replace("_", "").toLowerCase())
    return found ? t(`identities.kinds.${found}`) : kind
  }
}
