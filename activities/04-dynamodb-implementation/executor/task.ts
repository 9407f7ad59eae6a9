import type { MigrationContract } from '../../../contract/types.ts';
import type { DataAccessLayer, DataAccessMethod } from '../../../core/data-access.ts';
import { handFolder } from '../../generated/by-hand.ts';
import { extensionOf, inLanguage, languageOfLayer } from '../../generated/language.ts';
import type { CoveredMethod } from '../coverage.ts';
import type { Case } from '../tests/cases.ts';

/** What an executor is told of one method: JSON on its standard input, and `task.json` in a folder of its own. */
export interface ExecutorTask {
  readonly schemaVersion: 1;
  readonly aggregate: string;
  readonly method: string;
  readonly kind: DataAccessMethod['kind'];
  readonly inputs: DataAccessMethod['inputs'];
  readonly sql: string;
  readonly callSites: readonly string[];
  /** Why it is not compiled, and what would help. */
  readonly reason: string;
  readonly help: string;
  /** The one file that may be written, relative to the working directory. */
  readonly file: string;
  /** How that file begins: what it imports, and what it must export. */
  readonly skeleton: string;
  /** The aggregate's interface on the branch, with all types. */
  readonly interface: { readonly file: string; readonly text: string };
  /** The access pattern and the tables that the statement is about. */
  readonly contract: Pick<MigrationContract, 'access_patterns' | 'tables'>;
  readonly tests: {
    readonly file: string;
    /** Recorded calls of the method, and what MySQL answers. */
    readonly cases: readonly Case[];
    /** Runs all generated tests; `environment` leads them to tables with the recorded state. */
    readonly command: string;
    readonly environment: Readonly<Record<string, string>>;
  };
}

/** Where the method's file lies, relative to the application. */
export function taskFile(layer: DataAccessLayer, method: Pick<CoveredMethod, 'aggregate' | 'name'>): string {
  return `${handFolder(layer)}/${method.aggregate}/${method.name}${extensionOf(languageOfLayer(layer))}`;
}

/** The beginning of a method's file, to be filled in, in the application's language. */
export async function skeleton(
  layer: DataAccessLayer,
  { aggregate, name }: Pick<CoveredMethod, 'aggregate' | 'name'>,
): Promise<string> {
  const type = aggregate.charAt(0).toUpperCase() + aggregate.slice(1);
  const own = WORDS.has(name) ? `${name}Method` : name;
  const text = `import type { ${type} } from '../../../${aggregate}${layer.importSuffix}';
import type { Store } from '../../store/index${layer.importSuffix}';

${own === name ? 'export ' : ''}function ${own}(store: Store): ${type}['${name}'] {
  return async (input, unit) => {
    const read = store.reader(unit);
    throw new Error('to be written');
  };
}
${own === name ? '' : `\nexport { ${own} as ${name} };\n`}`;
  return (await inLanguage({ path: 'method.ts', text }, languageOfLayer(layer)))?.text ?? text;
}

/** Names of methods that can't be names of functions. */
const WORDS = new Set(['delete', 'new', 'in', 'import', 'export', 'default', 'switch', 'case', 'return', 'void']);

/** The part of the contract that a statement is about. */
export function contractPart(contract: MigrationContract, method: CoveredMethod): ExecutorTask['contract'] {
  const words = new Set(method.sql.toLowerCase().match(/[a-z0-9_$]+/g));
  return {
    access_patterns: contract.access_patterns.filter(({ id }) => id === method.accessPattern),
    tables: contract.tables.filter(({ entities }) =>
      entities.some((entity) => words.has(entity.source_table.toLowerCase())),
    ),
  };
}

/** What a person or an agent reads first in the folder of a task. */
export function readme(task: ExecutorTask): string {
  return `# ${task.aggregate}.${task.method}

This method of a data access layer runs on MySQL and could not be compiled to DynamoDB:

${task.reason}

\`\`\`sql
${task.sql}
\`\`\`

Write \`${task.file}\` (relative to the working directory, where you were started), and no other file:

\`\`\`ts
${task.skeleton}\`\`\`

It must give what MySQL gives for every input: order, NULL, collation and spelling of values included. \`store\` reads and
writes rows of the source tables on DynamoDB; the folder \`store\` beside \`by-hand\` is its source, and the other methods of
the aggregate, beside \`by-hand\` too, are examples.

| file here | what |
|---|---|
| \`task.json\` | all of this as data; also on your standard input |
| \`requirements.md\`, \`design.md\` | specification of the stage |
| \`contract.json\` | the access pattern, and the tables with their keys and indexes |
| \`interface.ts\` | the aggregate's interface and its types |
| \`tests.json\` | recorded calls of the method with MySQL's answers |

The recorded calls are tests, which fail now: \`${task.tests.file}\`. \`${task.tests.command}\` runs all, in the environment that
\`task.json\` names. When you end with exit code 0 the result is verified: the application's build and lint, these tests on
both stores, recorded traffic, rows. What fails is taken back, and so is every change of another file.
`;
}
