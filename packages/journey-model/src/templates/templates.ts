import type { Journey } from "../journey/document.ts"
import { abandonedCart } from "./abandoned-cart.ts"
import { browseAbandonment } from "./browse-abandonment.ts"
import type { TemplateLanguage } from "./letter.ts"
import type { Template, TemplateNeeds } from "./parts.ts"
import { postPurchase } from "./post-purchase.ts"
import { replenishment } from "./replenishment.ts"
import { welcome } from "./welcome.ts"
import { winBack } from "./win-back.ts"

const templates = {
  welcome,
  "abandoned-cart": abandonedCart,
  "post-purchase": postPurchase,
  "win-back": winBack,
  replenishment,
  "browse-abandonment": browseAbandonment,
} as const satisfies { [id: string]: Template }

export type TemplateId = keyof typeof templates

/** Every template, in the order in which they are offered. */
export const templateIds = Object.keys(templates) as readonly TemplateId[]

/** A journey to begin from, laid out and ready to publish, with name, description and e-mails in a language. */
export function template(id: TemplateId, language: TemplateLanguage): Journey {
  return templates[id].journey(language)
}

/** The events, their properties and the attributes that a template reads. */
export function templateNeeds(id: TemplateId): TemplateNeeds {
  return templates[id].needs
}
