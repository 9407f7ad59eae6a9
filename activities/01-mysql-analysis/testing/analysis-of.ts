import type { Analysis } from '../../../core/analysis.ts';
import { analyseDatabase, mergeSources } from '../analyse.ts';
import { reports } from '../report/index.ts';
import type { SourceReader } from '../source.ts';
import type { Facts } from '../verify/index.ts';
import { recountObjects, recountParts } from '../verify/recount-objects.ts';
import { recountColumns, recountForeignKeys, recountIndexes, recountRows, recountTables } from '../verify/recount.ts';
import { seenParts } from '../verify/seen-parts.ts';

/** What stage 1 says of a source without code: for tests and lanes of databases alone. */
export const NO_APPLICATION = {
  framework: 'none',
  driver: { decimals: 'string', dates: 'string', bigNumbers: 'safe', timeZone: 'Z' },
  routes: [],
  callSites: [],
  transactions: [],
  unresolved: [],
} as const;

/** The stage's analysis of a database without application and log. */
export async function analysisOf(reader: SourceReader): Promise<Analysis> {
  const facts = await analyseDatabase(reader, { progress: () => undefined, signal: new AbortController().signal });
  return mergeSources(reader.database, facts, NO_APPLICATION, undefined);
}

/** All that the stage's verification recounts of a database, over the documents made of the analysis. */
export async function recounted(reader: SourceReader, analysis: Analysis): Promise<Facts> {
  const documents = reports(analysis, []);
  const text = (file: string): string => documents.get(file) ?? '';
  const structures = text('01_4_table_structures.md');
  const seen = await seenParts(reader);
  return [
    ...(await recountTables(reader, analysis, text('01_2_schema_extraction.md'))),
    ...(await recountColumns(reader, analysis, structures)),
    ...(await recountIndexes(reader, analysis, structures)),
    ...recountForeignKeys(seen.foreignKeys, analysis, text('01_3_entity_relationships.md')),
    ...recountParts(seen, analysis, structures),
    ...(await recountObjects(reader, analysis, text('01_2_schema_extraction.md'))),
    ...(await recountRows(reader, analysis)),
  ];
}
