import { format } from 'prettier';
import type { SourceTables } from '../../runtime/flags/source-tables.ts';

/** `F/flags/tables.ts`. */
export async function printTables(tables: SourceTables, importSuffix: string): Promise<string> {
  const text = `import type { SourceTables } from './source-tables${importSuffix}';

/** Keys and cascades of the source's tables, for the outbox. */
export const TABLES: SourceTables = ${JSON.stringify(tables)};
`;
  return format(text, { parser: 'typescript', printWidth: 120, singleQuote: true });
}
