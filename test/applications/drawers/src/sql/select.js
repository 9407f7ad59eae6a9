/** Puts a SELECT together from the parts that a request asks for. Values are always bound. */
export class Select {
  #columns
  #from
  #joins = []
  #conditions = []
  #values = []
  #order = []
  #page = ''
  #pageValues = []

  constructor(columns, from) {
    this.#columns = columns
    this.#from = from
  }

  join(table, on) {
    this.#joins.push(`JOIN ${table} ON ${on}`)
    return this
  }

  where(condition, ...values) {
    this.#conditions.push(condition)
    this.#values.push(...values)
    return this
  }

  /** Adds the condition where there is something to compare with. */
  whereGiven(value, condition) {
    return value === undefined ? this : this.where(condition, value)
  }

  /**
   * `sort` is what the request asks for, such as `-due,title`; `columns` says what may be sorted by.
   * `tie` makes the order total.
   */
  orderBy(sort, columns, tie) {
    for (const word of sort.split(',').filter((each) => each !== '')) {
      const column = columns[word.replace(/^-/, '')]
      if (column !== undefined)
        this.#order.push(`${column} ${word.startsWith('-') ? 'DESC' : 'ASC'}`)
    }
    this.#order.push(tie)
    return this
  }

  page(number, size) {
    this.#page = 'LIMIT ? OFFSET ?'
    this.#pageValues = [size, (number - 1) * size]
    return this
  }

  get #body() {
    const where = this.#conditions.length === 0 ? '' : `WHERE ${this.#conditions.join(' AND ')}`
    return [`FROM ${this.#from}`, ...this.#joins, where].join(' ')
  }

  async rows(db) {
    const order = this.#order.length === 0 ? '' : `ORDER BY ${this.#order.join(', ')}`
    const sql = `SELECT ${this.#columns} ${this.#body} ${order} ${this.#page}`
    const [rows] = await db.query(sql, [...this.#values, ...this.#pageValues])
    return rows
  }

  /** How many rows there are on all pages. */
  async count(db) {
    const [rows] = await db.query(`SELECT COUNT(*) AS total ${this.#body}`, this.#values)
    return rows[0].total
  }
}
