/**
 * `SET` of a partial update: `columns` names the column of each field that may be changed. Gives undefined when none
 * of them is among the changes.
 */
export function assignments(changes, columns) {
  const fields = Object.keys(columns).filter((field) => changes[field] !== undefined)
  if (fields.length === 0) return undefined
  return {
    sql: fields.map((field) => `${columns[field]} = ?`).join(', '),
    values: fields.map((field) => changes[field]),
  }
}
