export type { Comparison, Condition, Operand, Where } from "./conditions/condition.ts"
export { describeCondition, describeDuration, describeWhere } from "./conditions/describe.ts"
export { compileCondition, compileWhere, evaluate } from "./conditions/evaluate.ts"
export type { Because, EventDigest, EventFact, Facts, HistoryNeed, Needs, View } from "./conditions/facts.ts"
export { addNeeds, emptyNeeds } from "./conditions/needs.ts"
export { conditionSchema, whereSchema } from "./conditions/schema.ts"
export {
  type CompiledEmail,
  compileEmail,
  type EmailContent,
  type RenderedEmail,
  renderEmail,
} from "./content/email.ts"
export { type Applied, applyOperation } from "./edit/apply.ts"
export { copyNodes, type Fragment, parseFragment, pasteNodes, printFragment } from "./edit/clipboard.ts"
export {
  addDetached,
  appendAfter,
  type Command,
  connect,
  disconnect,
  insertOnEdge,
  mainOutcome,
  moveNodes,
  type NodeOptions,
  nextNodeId,
  renameNode,
  replaceConfig,
  setJourney,
  tidyUp,
} from "./edit/commands.ts"
export { deleteNodes } from "./edit/delete.ts"
export {
  diffJourneys,
  type EdgeDiff,
  isSameJourney,
  type JourneyDiff,
  type NodeDiff,
  type ValueChange,
} from "./edit/diff.ts"
export { diffText, type TextPart } from "./edit/diff-text.ts"
export { type Fix, fixOf } from "./edit/fixes.ts"
export {
  applyChange,
  applyOperations,
  type Change,
  createHistory,
  type History,
  type HistoryResult,
  historyFromJson,
  historyToJson,
  redo,
  undo,
} from "./edit/history.ts"
export {
  columnWidth,
  layoutJourney,
  nodeWidth,
  type Positions,
  positionsOf,
  rowHeight,
} from "./edit/layout.ts"
export type { Operation, Position } from "./edit/operations.ts"
export { type Admission, compile, endOfPath, type Program, type ProgramNode } from "./engine/compile.ts"
export {
  type Customer,
  type CustomerStimulus,
  type CustomerTurn,
  newCustomer,
  type OpenEnrollment,
  type Passage,
} from "./engine/customer.ts"
export { MOST_ATTRIBUTES } from "./engine/draft.ts"
export { type FoldOptions, foldCustomer } from "./engine/fold.ts"
export {
  addMeasures,
  assertConserved,
  emptyStats,
  type JourneyStats,
  type Measure,
  type MessageCounts,
  measuresOf,
  type NodeStats,
} from "./engine/stats.ts"
export { step } from "./engine/step.ts"
export type { Enrollment, NotAdmittedReason, Step, Stimulus, Turn } from "./engine/types.ts"
export { type StatedValues, uniteValues } from "./engine/unite.ts"
export { buildWorld, type Version, type World } from "./engine/world.ts"
export { contentHash, printJourney } from "./journey/canonical.ts"
export { checkJourney } from "./journey/check.ts"
export { connectionRule } from "./journey/connection-rule.ts"
export type { Journey, JourneyEdge, JourneyNode, JourneySettings, Reentry } from "./journey/document.ts"
export { newJourney } from "./journey/new-journey.ts"
export { canonicalConfig, describeNode, type KnownNode, outcomesOf, readNode } from "./journey/node-config.ts"
export { parseJourney, parseJourneyText } from "./journey/parse.ts"
export { nextBranchId, reservedOutcomes } from "./node-types/branches.ts"
export {
  type CallWebhook,
  type Effect,
  type EffectAnswer,
  Family,
  type NodeTypeDefinition,
  type SendMessage,
} from "./node-types/definition.ts"
export type { DelayConfig } from "./node-types/delay/delay.ts"
export type { EmailConfig } from "./node-types/email/config.ts"
export { addressAttribute, suppressedAttribute, unsubscribedAttribute } from "./node-types/email/decide.ts"
export type { EventEntryConfig } from "./node-types/event-entry/event-entry.ts"
export type { ExitConfig } from "./node-types/exit/exit.ts"
export type { RandomSplitConfig } from "./node-types/random-split/random-split.ts"
export { type ConfigOf, NodeType, nodeTypeOf, nodeTypes } from "./node-types/registry.ts"
export type { SplitConfig } from "./node-types/split/split.ts"
export type { UpdateProfileConfig } from "./node-types/update-profile/update-profile.ts"
export type { WaitForEventConfig } from "./node-types/wait-for-event/config.ts"
export { answerOfStub, defaultStub, keptOf, type WebhookStub } from "./node-types/webhook/answer.ts"
export { type WebhookConfig, webhookMethods } from "./node-types/webhook/config.ts"
export { type Audience, AudienceLife, type AudienceSpec, prepareAudience } from "./simulation/audience.ts"
export { AudienceCounts, type AudienceShape, addCells, audienceShape } from "./simulation/audience-counts.ts"
export {
  type AudienceResult,
  audienceResult,
  busiestMoment,
  instantOf,
  lastMoment,
  messagesPerDay,
  momentOf,
  neverReached,
  statsAt,
} from "./simulation/audience-result.ts"
export {
  type AudienceMember,
  liveThrough,
  membersAt,
  runAudience,
  walkOf,
} from "./simulation/audience-run.ts"
export {
  audienceEvents,
  type Behaviour,
  MessageReaction,
  ordinary,
  ordinaryBehaviour,
  type Reactions,
} from "./simulation/behaviour.ts"
export type { Chance } from "./simulation/chance.ts"
export { type AudiencePerson, type EventShape, eventShapes, madeUpPeople } from "./simulation/people.ts"
export {
  startWalk,
  type Walk,
  type WalkCall,
  type WalkEntry,
  type WalkMessage,
  type WalkStart,
  walkSend,
  walkSetStub,
  walkSetTraits,
  walkTo,
  walkToNext,
} from "./simulation/walk.ts"
export { type TemplateLanguage, templateShop } from "./templates/letter.ts"
export type { TemplateNeeds } from "./templates/parts.ts"
export { type TemplateId, template, templateIds, templateNeeds } from "./templates/templates.ts"
export { assertNever } from "./values/assert-never.ts"
export { draw } from "./values/draw.ts"
export { formatDuration, parseDuration } from "./values/duration.ts"
export { hashId } from "./values/hash.ts"
export { isId, slugId } from "./values/ids.ts"
export type { Json, JsonObject, Scalar } from "./values/json.ts"
export type { Knowledge, KnownType } from "./values/known.ts"
export { joinPath, readPath, splitPath } from "./values/path.ts"
export type { Problem, Result, Sentence } from "./values/problem.ts"
export type { Severity } from "./values/problem-catalogue.ts"
export { sentenceIds } from "./values/sentence-ids.ts"
export { normaliseJson, normaliseObject } from "./values/text.ts"
export { type EpochMs, formatInstant, parseInstant } from "./values/time.ts"
