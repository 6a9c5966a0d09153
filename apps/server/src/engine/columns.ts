/** Rows gathered column by column, as `unnest` takes them. Every row has the keys of the first one. */
export class Columns<Row extends Record<string, unknown>> {
  readonly columns = {} as { [K in keyof Row]: Row[K][] }
  length = 0
  readonly #keys: (keyof Row)[] = []
  readonly #lists: unknown[][] = []

  push(row: Row): void {
    if (this.length === 0) {
      for (const key of Object.keys(row) as (keyof Row)[]) {
        this.columns[key] = []
        this.#keys.push(key)
        this.#lists.push(this.columns[key])
      }
    }
    for (let i = 0; i < this.#keys.length; i += 1) this.#lists[i]!.push(row[this.#keys[i]!])
    this.length += 1
  }

  get isEmpty(): boolean {
    return this.length === 0
  }
}

/** Adds to a sum that starts at zero. */
export const addTo = (sums: Map<string, number>, key: string, n: number): void => {
  sums.set(key, (sums.get(key) ?? 0) + n)
}
