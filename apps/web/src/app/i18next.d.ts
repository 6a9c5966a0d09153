import "i18next"
import type customers from "../customers/messages.en.json"
import type editor from "../editor/messages.en.json"
import type imports from "../imports/messages.en.json"
import type join from "../join/messages.en.json"
import type journeys from "../journeys/messages.en.json"
import type live from "../live/messages.en.json"
import type mailbox from "../mailbox/messages.en.json"
import type nodeTypes from "../node-types/messages.en.json"
import type publish from "../publish/messages.en.json"
import type sampleStore from "../sample-store/messages.en.json"
import type settings from "../settings/messages.en.json"
import type setup from "../setup/messages.en.json"
import type shell from "../shell/messages.en.json"
import type signIn from "../sign-in/messages.en.json"
import type simulation from "../simulation/messages.en.json"
import type status from "../status/messages.en.json"
import type templates from "../templates/messages.en.json"
import type ui from "../ui/messages.en.json"
import type app from "./messages.en.json"

// Keys are typed from the English files: a key that does not exist is a compile error.
declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "app"
    resources: {
      app: typeof app
      ui: typeof ui
      shell: typeof shell
      journeys: typeof journeys
      customers: typeof customers
      imports: typeof imports
      mailbox: typeof mailbox
      publish: typeof publish
      "sample-store": typeof sampleStore
      settings: typeof settings
      setup: typeof setup
      join: typeof join
      "sign-in": typeof signIn
      editor: typeof editor
      "node-types": typeof nodeTypes
      simulation: typeof simulation
      live: typeof live
      status: typeof status
      templates: typeof templates
    }
  }
}
