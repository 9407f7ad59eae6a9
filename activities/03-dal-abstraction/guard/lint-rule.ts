import { Node, Project } from 'ts-morph';

/** Where the driver may be imported, and where not. */
export interface GuardPlaces {
  /** The application's source folder, such as `src`. */
  readonly sources: readonly string[];
  /** Folder of the DAL's MySQL side, such as `src/dal/mysql`. */
  readonly allowed: string;
}

/** Names under which ESLint looks for its flat configuration. */
export const ESLINT_CONFIGS = [
  'eslint.config.js',
  'eslint.config.mjs',
  'eslint.config.cjs',
  'eslint.config.ts',
  'eslint.config.mts',
];

/**
 * Adds a rule to a flat ESLint configuration that forbids the driver outside the DAL. Undefined where the configuration
 * has another form, or restricts imports already: a rule set twice would silently replace the application's own.
 */
export function withLintRule(config: string, places: GuardPlaces): string | undefined {
  if (config.includes('no-restricted-imports')) return undefined;
  const file = new Project({ useInMemoryFileSystem: true }).createSourceFile('eslint.config.js', config);
  const exported = file.getExportAssignment((one) => !one.isExportEquals())?.getExpression();
  const entries = Node.isCallExpression(exported)
    ? exported.getArguments()
    : Node.isArrayLiteralExpression(exported)
      ? exported.getElements()
      : [];
  const list = entries.length === 1 && Node.isArrayLiteralExpression(entries[0]) ? entries[0].getElements() : entries;
  const last = list.at(-1);
  if (last === undefined) return undefined;
  const files = places.sources.map((source) => `'${source}/**/*.{js,mjs,cjs,ts,mts,cts}'`).join(', ');
  const rule = `,
  {
    // SQL and the driver belong to one place: everything else goes through the data access layer.
    files: [${files}],
    ignores: ['${places.allowed}/**'],
    rules: { 'no-restricted-imports': ['error', { paths: ['mysql', 'mysql2'], patterns: ['mysql2/*'] }] },
  }`;
  return config.slice(0, last.getEnd()) + rule + config.slice(last.getEnd());
}
