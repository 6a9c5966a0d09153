const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Whether a text that came from outside can be asked for in a column of type uuid. */
export const isUuid = (text: string): boolean => shape.test(text)
