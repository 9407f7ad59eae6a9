import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { testDatabase, testEndpoints } from '../../test/support/shared-stack.ts';
import { analyseDatabase, mergeSources } from './analyse.ts';
import { reports } from './report/index.ts';
import { openSource } from './source.ts';
import { recountColumns, recountForeignKeys, recountIndexes, recountRows, recountTables } from './verify/recount.ts';

/** Databases that this project did not write; `CUTOVER_INPUTS` names their folder. */
const inputs = path.join(process.env['CUTOVER_INPUTS'] ?? '/nonexistent', 'databases');

const DATABASES = [
  {
    name: 'sakila',
    files: ['sakila/sakila-database.sql', 'sakila/sakila-data.sql'],
    expected: { tables: 16, foreignKeys: 22, rows: 47_273, views: 7, triggers: 6, routines: 6 },
  },
  {
    name: 'Chinook',
    files: ['chinook/Chinook_MySql.sql'],
    expected: { tables: 11, foreignKeys: 11, rows: 15_607, views: 0, triggers: 0, routines: 0 },
  },
];

const present = existsSync(inputs);
if (!present) process.stderr.write('skipped: CUTOVER_INPUTS names no folder with sample databases\n');

(present ? describe : describe.skip)('databases from elsewhere', () => {
  test.each(DATABASES)(
    '$name is in the artifacts to the last object',
    async ({ name, files, expected }) => {
      const database = await testDatabase('real');
      const { host, port, user } = testEndpoints().mysql;
      try {
        for (const file of files) await load(database, path.join(inputs, file), name);
        const reader = await openSource({ host, port, user, database: database.name }, async (value) => value);
        try {
          const facts = await analyseDatabase(reader, {
            progress: () => undefined,
            signal: new AbortController().signal,
          });
          const analysis = mergeSources(database.name, facts, NO_APPLICATION, undefined);
          expect({
            tables: analysis.tables.length,
            foreignKeys: analysis.tables.flatMap((table) => table.foreignKeys).length,
            rows: analysis.tables.reduce((sum, table) => sum + table.statistics.rows, 0),
            views: analysis.views.length,
            triggers: analysis.triggers.length,
            routines: analysis.routines.length,
          }).toEqual(expected);
          const text = reports(analysis, []);
          const document = (file: string): string => text.get(file) ?? '';
          const structures = document('01_4_table_structures.md');
          const recounted = [
            await recountTables(reader, analysis, document('01_2_schema_extraction.md')),
            await recountColumns(reader, analysis, structures),
            await recountIndexes(reader, analysis, structures),
            await recountForeignKeys(reader, analysis, document('01_3_entity_relationships.md')),
            await recountRows(reader, analysis),
          ];
          expect(recounted.flat().filter((fact) => !fact.holds)).toEqual([]);
          expect(analysis.dataFindings.filter((one) => one.severity === 'stop')).toEqual([]);
        } finally {
          await reader.close();
        }
      } finally {
        await database.drop();
      }
    },
    120_000,
  );
});

const NO_APPLICATION = {
  framework: 'none',
  driver: { decimals: 'string', dates: 'string', bigNumbers: 'safe', timeZone: 'Z' },
  routes: [],
  callSites: [],
  transactions: [],
  unresolved: [],
} as const;

/** Runs a script as the mysql client would, in the test's own database instead of the one that it names. */
async function load(database: Awaited<ReturnType<typeof testDatabase>>, file: string, name: string): Promise<void> {
  const own = readFileSync(file, 'utf8')
    .replace(/^(?:DROP|CREATE) (?:DATABASE|SCHEMA)\b.*$/gim, '')
    .replace(new RegExp(`^USE \`?${name}\`?;`, 'gim'), '')
    .replace(new RegExp(`\\b${name}\\.(?=\\w)`, 'g'), '');
  let delimiter = ';';
  for (const piece of own.split(/^DELIMITER\s+(\S+)\s*$/im)) {
    if (piece === '//' || piece === '$$' || piece === ';' || piece === ';;') {
      delimiter = piece;
      continue;
    }
    const statements = delimiter === ';' ? [piece] : piece.split(delimiter);
    for (const statement of statements) if (statement.trim() !== '') await database.connection.query(statement);
  }
}
