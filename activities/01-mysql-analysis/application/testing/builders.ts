import fc from 'fast-check';

/** A way in which applications build SQL: `run(pool, …)` of the code, with arguments to try it with. */
export interface Builder {
  readonly name: string;
  readonly code: string;
  readonly args: fc.Arbitrary<unknown[]>;
}

const text = fc.string({ maxLength: 6 }).map((each) => each.replace(/[?\\]/g, ''));
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const number = fc.integer({ min: 0, max: 99 });
const filter = fc.record({ name: maybe(text), min: maybe(number), max: maybe(number), active: maybe(fc.boolean()) });
const FILTER = 'interface Filter { name?: string; min?: number; max?: number; active?: boolean }';

/** Shapes of dynamic SQL found in applications; each is executed and compared with its rebuilt template. */
export const BUILDERS: readonly Builder[] = [
  {
    name: 'conditions pushed in step with values, then joined',
    args: fc.tuple(filter),
    code: `${FILTER}
      export async function run(pool: Pool, filter: Filter) {
        const where: string[] = [];
        const params: unknown[] = [];
        if (filter.name !== undefined) { where.push('name LIKE ?'); params.push(\`%\${filter.name}%\`); }
        if (filter.min !== undefined && filter.max !== undefined) { where.push('price BETWEEN ? AND ?'); params.push(filter.min, filter.max); }
        const clause = where.length > 0 ? \`WHERE \${where.join(' AND ')}\` : '';
        await pool.query(\`SELECT * FROM t \${clause} ORDER BY id\`, params);
      }`,
  },
  {
    name: 'text appended under if, else if and else',
    args: fc.tuple(filter, fc.constantFrom('price', 'name', 'other')),
    code: `${FILTER}
      export async function run(pool: Pool, filter: Filter, sort: string) {
        let sql = 'SELECT * FROM t WHERE 1 = 1';
        const params: unknown[] = [];
        if (filter.active) sql += ' AND active = 1';
        if (filter.min !== undefined) {
          sql += ' AND price >= ?';
          params.push(filter.min);
          if (filter.max !== undefined) { sql += ' AND price <= ?'; params.push(filter.max); }
        } else if (filter.name !== undefined) { sql += ' AND name = ?'; params.push(filter.name); }
        else { sql += ' AND flag = ?'; params.push('none'); }
        let order = 'id';
        if (sort === 'price') order = 'price DESC, id';
        sql += ' ORDER BY ' + order;
        await pool.query(sql, params);
      }`,
  },
  {
    name: 'assignments through a local function',
    args: fc.tuple(number, filter),
    code: `${FILTER}
      export async function run(pool: Pool, id: number, changes: Filter) {
        const sets: string[] = [];
        const params: unknown[] = [];
        const set = (column: string, value: unknown): void => { sets.push(\`\${column} = ?\`); params.push(value); };
        if (changes.name !== undefined) set('name', changes.name.trim());
        if (changes.active !== undefined) set('active', changes.active ? 1 : 0);
        if (sets.length === 0) return;
        await pool.execute('UPDATE t SET ' + sets.join(', ') + ' WHERE id = ?', [...params, id]);
      }`,
  },
  {
    name: 'a loop over the columns that may be changed',
    args: fc.tuple(fc.record({ name: maybe(text), price: maybe(number) }), number),
    code: `const COLUMNS = ['name', 'price'] as const;
      export async function run(pool: Pool, body: { name?: string; price?: number }, id: number) {
        const sets: string[] = ['updated_at = NOW()'];
        const values: unknown[] = [];
        for (const column of COLUMNS) {
          if (body[column] !== undefined) { sets.push(\`\${column} = ?\`); values.push(body[column]); }
        }
        values.push(id);
        await pool.execute(\`UPDATE t SET \${sets.join(', ')} WHERE id = ?\`, values);
      }`,
  },
  {
    name: 'a loop over a map of properties to columns',
    args: fc.tuple(fc.record({ firstName: maybe(text), birthDate: maybe(text) }), number),
    code: `const COLUMNS = { firstName: 'first_name', birthDate: 'birth_date' } as const;
      export async function run(pool: Pool, body: Record<string, unknown>, id: number) {
        const sets = ['seen = 1'];
        const values: unknown[] = [];
        for (const [key, column] of Object.entries(COLUMNS)) {
          if (!(key in body) || body[key] === undefined) continue;
          sets.push(column + ' = ?');
          values.push(body[key]);
        }
        await pool.execute(\`UPDATE t SET \${sets.join(', ')} WHERE id = ?\`, [...values, id]);
      }`,
  },
  {
    name: 'a map of allowed orders with a fallback',
    args: fc.tuple(fc.constantFrom('price', 'name', 'nothing'), fc.boolean(), number),
    code: `const SORTS: Record<string, string> = { price: 'price ASC', name: 'name DESC' };
      export async function run(pool: Pool, sort: string, descending: boolean, limit: number) {
        const order = SORTS[sort] ?? 'id';
        await pool.query(\`SELECT * FROM t ORDER BY \${order}, \${descending ? 'id DESC' : 'id'} LIMIT \${limit}\`);
      }`,
  },
  {
    name: 'one mark for each element of a list',
    args: fc.tuple(fc.array(number, { minLength: 1, maxLength: 4 }), text),
    code: `export async function run(pool: Pool, ids: number[], state: string) {
        const marks = ids.map(() => '?').join(',');
        await pool.execute(\`SELECT * FROM t WHERE state = ? AND id IN (\${marks})\`, [state, ...ids]);
        await pool.query('SELECT * FROM t WHERE id IN (?) AND state = ?', [ids, state]);
      }`,
  },
  {
    name: 'rows for VALUES, by the driver and by hand',
    args: fc.tuple(fc.array(fc.record({ a: number, b: text }), { minLength: 1, maxLength: 3 })),
    code: `export async function run(pool: Pool, items: { a: number; b: string }[]) {
        await pool.query('INSERT INTO t (a, b) VALUES ?', [items.map((item) => [item.a, item.b])]);
        const marks = items.map(() => '(?, ?)').join(', ');
        await pool.execute(\`INSERT INTO t (a, b) VALUES \${marks}\`, items.flatMap((item) => [item.a, item.b]));
      }`,
  },
  {
    name: 'a helper that gives the clause and its values',
    args: fc.tuple(filter, number),
    code: `${FILTER}
      function whereOf(filter: Filter): { where: string; params: unknown[] } {
        const parts: string[] = ["state <> 'gone'"];
        const params: unknown[] = [];
        if (filter.name) { parts.push('name = ?'); params.push(filter.name); }
        if (filter.max) { parts.push('price < ?'); params.push(filter.max * 2); }
        return { where: parts.join(' AND '), params };
      }
      export async function run(pool: Pool, filter: Filter, limit: number) {
        const { where, params } = whereOf(filter);
        await pool.query('SELECT COUNT(*) AS n FROM t WHERE ' + where, params);
        await pool.query(\`SELECT * FROM t WHERE \${where} LIMIT ?\`, [...params, limit]);
      }`,
  },
  {
    name: 'fragments and values by conditionals',
    args: fc.tuple(filter),
    code: `${FILTER}
      export async function run(pool: Pool, filter: Filter) {
        const sql = \`SELECT * FROM t WHERE a = 1\${filter.name ? ' AND name = ?' : ''}\${filter.min === undefined ? '' : ' AND price > ?'}\`;
        await pool.query(sql, [...(filter.name ? [filter.name] : []), ...(filter.min === undefined ? [] : [filter.min])]);
      }`,
  },
  {
    name: 'fragments filtered before they are joined',
    args: fc.tuple(filter),
    code: `${FILTER}
      export async function run(pool: Pool, filter: Filter) {
        const where = [filter.active ? 'active = 1' : '', 'state = 2', filter.name && 'name IS NOT NULL'].filter(Boolean).join(' AND ');
        await pool.query('SELECT * FROM t WHERE ' + where);
      }`,
  },
  {
    name: 'constants, a union of directions and a quoted question mark',
    args: fc.tuple(fc.constantFrom('ASC', 'DESC'), text),
    code: `const TABLE = 'things';
      const FIELDS = ['id', 'name'].map((field) => \`t.\${field}\`).join(', ');
      export async function run(pool: Pool, direction: 'ASC' | 'DESC', name: string) {
        await pool.execute(\`SELECT \${FIELDS} FROM \${TABLE} t WHERE t.name = ? ORDER BY t.id \${direction}\`, [name]);
      }`,
  },
  {
    name: 'a branch that leaves before the call, and an optional filter',
    args: fc.tuple(maybe(filter), number),
    code: `${FILTER}
      export async function run(pool: Pool, filter: Filter | undefined, tenant: number) {
        const params: unknown[] = [tenant];
        let sql = 'DELETE FROM t WHERE tenant = ?';
        if (tenant === 7) { sql = 'never'; return; }
        if (filter && filter.name !== undefined) { sql += ' AND name = ?'; params.push(filter.name); }
        if (filter?.min) { const low = filter.min - 1; sql += ' AND price > ?'; params.push(low); }
        await pool.execute(sql, params);
      }`,
  },
  {
    name: 'helpers that leave early, and a loop that goes on',
    args: fc.tuple(filter, number),
    code: `${FILTER}
      const COLUMNS = ['name', 'min', 'max'] as const;
      function addRange(where: string[], params: unknown[], filter: Filter): void {
        if (filter.min === undefined) return;
        where.push('price >= ?');
        params.push(filter.min);
        if (filter.max === undefined) return;
        where.push('price <= ?');
        params.push(filter.max);
      }
      function orderOf(filter: Filter): string {
        if (filter.active) return ' ORDER BY active, id';
        if (filter.min) return ' ORDER BY price';
        return '';
      }
      export async function run(pool: Pool, filter: Filter, id: number) {
        const where = ['id <> ?'];
        const params: unknown[] = [id];
        addRange(where, params, filter);
        for (const column of COLUMNS) {
          if (filter[column] === undefined) {
            if (column === 'name') where.push('name IS NULL');
            continue;
          }
          where.push(\`\${column} <> ?\`);
          params.push(filter[column]);
        }
        await pool.execute(\`SELECT * FROM t WHERE \${where.join(' AND ')}\${orderOf(filter)}\`, params);
      }`,
  },
];
