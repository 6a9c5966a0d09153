/** The welcome journey that the specs draw: what a person types into its forms, and the document that comes out. */
export const welcome = {
  name: "Welcome with coupon",
  key: "welcome-with-coupon",
  entryEvent: "Account Created",
  welcome: {
    name: "Welcome",
    subject: "Welcome, {{ profile.first_name | default: 'friend' }}",
    html: '<p>10 % off your first order: <b>WELCOME10</b></p><p><a href="{{ links.unsubscribe }}">Unsubscribe</a></p>',
  },
  order: { branch: "Ordered", event: "Order Completed" },
  interest: { branch: "Has looked around", event: "Product Viewed" },
  reminder: {
    name: "Reminder",
    subject: "Your 10 % is still waiting",
    html: '<p>WELCOME10 ends on Sunday.</p><p><a href="{{ links.unsubscribe }}">Unsubscribe</a></p>',
  },
} as const

type Node = { id: string; type: string; version: number; name?: string; config: Record<string, unknown> }
type Edge = { from: string; outcome: string; to: string }
type Branch = { id: string; name?: string }

/** The parts of a journey document that the specs look at. */
export type JourneyDocument = {
  format: number
  key: string
  name: string
  settings: unknown
  nodes: Node[]
  edges: Edge[]
}

/** A journey by what its nodes are rather than by the ids that they were given on the way. */
export type JourneyShape = {
  key: string
  name: string
  settings: unknown
  nodes: Record<string, Omit<Node, "id">>
  edges: string[]
}

const email = ({ name, subject, html }: { name: string; subject: string; html: string }) => ({
  type: "email",
  version: 1,
  name,
  config: { purpose: "marketing", subject, html, tracking: { opens: true, clicks: true } },
})
const exit = (reason: string) => ({ type: "exit", version: 1, config: { reason } })

/** What every way of drawing it must come to. */
export const welcomeShape: JourneyShape = {
  key: welcome.key,
  name: welcome.name,
  settings: { reentry: { mode: "once" } },
  nodes: {
    "event-entry": {
      type: "event-entry",
      version: 1,
      config: { event: welcome.entryEvent, maxAge: "P1D" },
    },
    Welcome: email(welcome.welcome),
    "wait-for-event": {
      type: "wait-for-event",
      version: 1,
      config: {
        branches: [{ id: welcome.order.branch, name: welcome.order.branch, event: welcome.order.event }],
        timeout: "P3D",
        since: "entry",
      },
    },
    split: {
      type: "split",
      version: 1,
      config: {
        branches: [
          {
            id: welcome.interest.branch,
            name: welcome.interest.branch,
            when: {
              kind: "event-count",
              event: welcome.interest.event,
              period: "since-entry",
              atLeast: 1,
            },
          },
        ],
      },
    },
    Reminder: email(welcome.reminder),
    bought: exit("bought"),
    cold: exit("cold"),
    done: exit("done"),
  },
  edges: [
    "Reminder –next→ done",
    "Welcome –next→ wait-for-event",
    "event-entry –next→ Welcome",
    "split –Has looked around→ Reminder",
    "split –else→ cold",
    "wait-for-event –Ordered→ bought",
    "wait-for-event –timeout→ split",
  ],
}

/** Reads a document as a shape: nodes under their name, reason or type, branches under their name. */
export function shapeOf({ key, name, settings, nodes, edges }: JourneyDocument): JourneyShape {
  const titles = new Map(nodes.map(node => [node.id, titleOf(node)]))
  const outcomeOf = (edge: Edge) => {
    const node = nodes.find(({ id }) => id === edge.from)
    return branchesOf(node).find(({ id }) => id === edge.outcome)?.name ?? edge.outcome
  }
  return {
    key,
    name,
    settings,
    nodes: Object.fromEntries(
      nodes.map(node => {
        const { id: _, ...rest } = node
        const branches = branchesOf(node).map(branch => ({ ...branch, id: branch.name ?? branch.id }))
        const config = branches.length > 0 ? { ...node.config, branches } : node.config
        return [titleOf(node), { ...rest, config }]
      }),
    ),
    edges: edges
      .map(edge => `${titles.get(edge.from)} –${outcomeOf(edge)}→ ${titles.get(edge.to)}`)
      .sort((a, b) => (a < b ? -1 : 1)),
  }
}

const titleOf = (node: Node): string => node.name ?? (node.config.reason as string | undefined) ?? node.type

const branchesOf = (node: Node | undefined): Branch[] => (node?.config.branches as Branch[] | undefined) ?? []
