export type {
  CustomerItem,
  JourneyCounts,
  MessageItem,
  NodeCounts,
  ProfileView,
  TimelineItem,
} from "../services.ts"
export type { AppRouter } from "./router.ts"
