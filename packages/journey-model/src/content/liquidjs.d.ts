/** The part of liquidjs that the model uses. */
export type FilterCall = { name: string }

/** A parsed piece of a template: text, an output or a tag. */
export type Piece = {
  token: { kind: number }
  /** Of an output: the expression and its filters. */
  value?: { initial: { postfix: readonly unknown[] }; filters: readonly FilterCall[] }
}

export type SegmentArray = (string | number | SegmentArray)[]

export type LiquidOptions = {
  ownPropertyOnly: boolean
  strictFilters: boolean
  outputEscape?: "escape"
  timezoneOffset: number
  locale: string
  parseLimit: number
  renderLimit: number
  memoryLimit: number
}

export class Liquid {
  constructor(options: LiquidOptions)
  readonly filters: Record<string, unknown>
  readonly tags: Record<string, unknown>
  parse(template: string): Piece[]
  renderSync(template: Piece[], scope: object): unknown
  globalVariableSegmentsSync(template: Piece[]): SegmentArray[]
  registerFilter(name: string, filter: (value: unknown, ...rest: unknown[]) => unknown): void
}
