import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { testDatabase, testEndpoints } from '../../test/support/shared-stack.ts';
import { openSource } from './source.ts';
import { analysisOf, recounted } from './testing/analysis-of.ts';
import { loadScript } from './testing/load-script.ts';

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
        for (const file of files)
          await loadScript(database.connection, readFileSync(path.join(inputs, file), 'utf8'), name);
        const reader = await openSource({ host, port, user, database: database.name }, async (value) => value);
        try {
          const analysis = await analysisOf(reader);
          expect({
            tables: analysis.tables.length,
            foreignKeys: analysis.tables.flatMap((table) => table.foreignKeys).length,
            rows: analysis.tables.reduce((sum, table) => sum + table.statistics.rows, 0),
            views: analysis.views.length,
            triggers: analysis.triggers.length,
            routines: analysis.routines.length,
          }).toEqual(expected);
          expect((await recounted(reader, analysis)).filter((fact) => !fact.holds)).toEqual([]);
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
