export type {
  CustomerItem,
  JourneyCounts,
  MessageItem,
  NodeCounts,
  ProfileView,
  TimelineItem,
} from "../answers.ts"
export type { AppRouter } from "./router.ts"
