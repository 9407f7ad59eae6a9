import { Connection } from '@temporalio/client';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { LOOPBACK } from '../base/ports.ts';
import type { TemporalEndpoint } from '../base/types.ts';
import { installTemporal } from '../install/temporal.ts';
import { portOf, type PartDriver } from './driver.ts';

const NAMESPACE = 'default';

/** What the operator can search migrations by; all are Keyword. */
export const SEARCH_ATTRIBUTES = ['CutoverStage', 'CutoverStatus', 'CutoverFailedStage', 'CutoverMigration'] as const;

/** `INDEXED_VALUE_TYPE_KEYWORD` of the server's API. */
const KEYWORD = 2;

/**
 * Registers what is missing. The server's own `--search-attribute` argument is not enough: it is read when the database
 * file is made, so that an attribute added later would never be registered for a kept database.
 */
async function registerSearchAttributes(connection: Connection): Promise<void> {
  const known = await connection.operatorService.listSearchAttributes({ namespace: NAMESPACE });
  const missing = SEARCH_ATTRIBUTES.filter((name) => !(name in known.customAttributes));
  if (missing.length === 0) return;
  await connection.operatorService.addSearchAttributes({
    namespace: NAMESPACE,
    searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
  });
}

/** The development server of Temporal, with its Web UI and a database file. */
export const temporalDriver: PartDriver<TemporalEndpoint> = {
  part: 'temporal',
  ports: ['temporal', 'temporalUi'],
  graceMs: 15_000,

  async prepare(context) {
    const command = await installTemporal(context.log);
    mkdirSync(context.dir, { recursive: true });
    const args = ['server', 'start-dev', '--ip', LOOPBACK, '--ui-disable-news-fetch', '--log-level', 'warn'];
    args.push('--port', String(portOf(context, 'temporal')), '--ui-port', String(portOf(context, 'temporalUi')));
    args.push('--db-filename', path.join(context.dir, 'temporal.db'));
    for (const name of SEARCH_ATTRIBUTES) args.push('--search-attribute', `${name}=Keyword`);
    args.push(...(context.temporal.args ?? []));
    return { command, args, cwd: context.dir };
  },

  async check(context) {
    const address = `${LOOPBACK}:${portOf(context, 'temporal')}`;
    const connection = await Connection.connect({ address, connectTimeout: 2000 });
    try {
      await connection.workflowService.describeNamespace({ namespace: NAMESPACE });
      await registerSearchAttributes(connection);
    } finally {
      await connection.close();
    }
    return { address, namespace: NAMESPACE, uiUrl: `http://${LOOPBACK}:${portOf(context, 'temporalUi')}` };
  },
};
