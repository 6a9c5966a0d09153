/** Rows gathered column by column, as `unnest` takes them. */
export class Columns<Row extends Record<string, unknown>> {
  readonly columns = {} as { [K in keyof Row]: Row[K][] }
  length = 0

  push(row: Row): void {
    for (const key of Object.keys(row) as (keyof Row)[]) {
      const column = this.columns[key]
      if (column === undefined) this.columns[key] = [row[key]]
      else column.push(row[key])
    }
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
