/** A way in which a compiled implementation could be wrong: an edit of its source. */
export interface Mutation {
  readonly name: string;
  /** Files below the implementation's folder that it may touch; `statements` are those of the aggregates. */
  readonly in: 'statements' | `store/${string}`;
  /** The text with one place changed; undefined where there is none. */
  readonly change: (text: string) => string | undefined;
  /** Why there is nothing to change, where there is none. */
  readonly otherwise: string;
}

/** Changes the first match of a pattern. */
function first(pattern: RegExp, replacement: string | ((found: string) => string)): Mutation['change'] {
  return (text) => {
    const found = pattern.exec(text);
    if (found === null) return undefined;
    const made = typeof replacement === 'string' ? replacement : replacement(found[0]);
    return text.slice(0, found.index) + made + text.slice(found.index + found[0].length);
  };
}

/** The mutations of issue 5, as edits that know the generated code but no application. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'ORDER BY dropped',
    in: 'statements',
    change: first(/sql\.sortBy\(/, '((rows: any, ..._keys: any[]) => [...rows].reverse())('),
    otherwise: 'no statement sorts in memory',
  },
  {
    name: 'ORDER BY reversed',
    in: 'statements',
    change: first(/sql\.(asc|desc)\(/, (found) => (found.includes('asc') ? 'sql.desc(' : 'sql.asc(')),
    otherwise: 'no statement sorts in memory',
  },
  {
    name: 'ORDER BY by key reversed',
    in: 'statements',
    change: first(/backwards: true/, 'backwards: false'),
    otherwise: 'no statement reads an index backwards',
  },
  {
    name: 'LIMIT dropped',
    in: 'statements',
    change: first(/sql\.page\(/, '((rows: any, ..._limits: any[]) => rows)('),
    otherwise: 'no statement has a LIMIT that is cut in memory',
  },
  {
    name: 'LEFT JOIN as JOIN',
    in: 'statements',
    change: first(/sql\.leftJoin\(/, 'sql.innerJoin('),
    otherwise: 'no statement has a LEFT JOIN',
  },
  {
    name: 'upsert without update',
    in: 'statements',
    change: first(/\.upsert\(/, '.insertIgnore('),
    otherwise: 'no statement has ON DUPLICATE KEY UPDATE',
  },
  {
    name: 'decrement a no-op',
    in: 'statements',
    change: first(/sql\.subtract\(\w+\.\w+, sql\.arg\([\w.]+\)\)/, (found) => /\((\w+\.\w+)/.exec(found)?.[1] ?? found),
    otherwise: 'no statement subtracts',
  },
  {
    name: 'delete a no-op',
    in: 'store/writer',
    change: first(/for \(const row of rows\) await this\.deleteOne\(row\);/, ''),
    otherwise: 'the store deletes in another way',
  },
  {
    name: 'uniqueness ignored',
    in: 'store/row-writer',
    change: first(/for \(const \{ unique, key \} of guardKeys\(entity, stored\)\) \{\n\s+const owner/, (found) =>
      found.replace('guardKeys(entity, stored)', '[] as ReturnType<typeof guardKeys>'),
    ),
    otherwise: 'the store guards in another way',
  },
  {
    name: 'case-sensitive match',
    in: 'store/collation',
    change: first(/const ignoresCase = [^;]+;/, 'const ignoresCase = false;'),
    otherwise: 'the store folds in another way',
  },
  {
    name: 'rollback turned into commit',
    in: 'store/store',
    change: first(/rollback\(\): Promise<void> \{\n\s+this\.release\(\);\n\s+return Promise\.resolve\(\);/, (found) =>
      found.replace(/this\.release\(\);\n\s+return Promise\.resolve\(\);/, 'return this.commit();'),
    ),
    otherwise: 'the store rolls back in another way',
  },
  {
    name: 'transaction dropped',
    in: 'store/store',
    change: first(/this\.current = new TransactionState\(this\.locks\);/, 'this.current = undefined;'),
    otherwise: 'the store begins in another way',
  },
  {
    name: 'lock dropped',
    in: 'store/commit',
    change: first(
      /ConditionExpression: '#version = :version AND attribute_not_exists\(#deleted\)',\n(\s+)ExpressionAttributeNames: \{ '#version': VERSION, '#deleted': DELETED \}/,
      (found) => found.replace('#version = :version AND', '(#version = :version OR attribute_exists(#version)) AND'),
    ),
    otherwise: 'the store conditions its writes in another way',
  },
];
