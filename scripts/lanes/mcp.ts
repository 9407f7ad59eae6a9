import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import getPort from 'get-port';
import { printAnalysis } from '../../activities/01-mysql-analysis/format.ts';
import { openSource } from '../../activities/01-mysql-analysis/source.ts';
import { analysisOf } from '../../activities/01-mysql-analysis/testing/analysis-of.ts';
import type { McpSettings, SourceSettings } from '../../core/plan.ts';
import type { MysqlEndpoint } from '../../stack/index.ts';
import { fill, laneDatabases, printTable, withServer } from './databases.ts';

/** MCP servers for MySQL from npm, at the versions that were tried. */
const PACKAGES = ['@benborla29/mcp-server-mysql@2.0.9', 'mysql-mcp-server@0.1.4'];
const KEY = 'lane-key-1';
/** Name of one database, to try that alone. */
const only = process.argv[2];

/** One way to the database: which server, over what. */
interface Way {
  readonly name: string;
  readonly settings: (endpoint: MysqlEndpoint, database: string) => McpSettings;
}

/**
 * The same databases directly and through real MCP servers over stdio and HTTP: the bytes of analysis.json must be the
 * same. Installs the servers into a temporary folder.
 *
 *   npm run lane:mcp
 */
await withServer('default', async (endpoint) => {
  // A folder that has them already saves the installation.
  const kept = process.env['CUTOVER_MCP_SERVERS'];
  const folder = kept ?? mkdtempSync(path.join(tmpdir(), 'cutover-mcp-'));
  try {
    if (kept === undefined) await install(folder);
    const rows: string[][] = [];
    for (const [index, database] of laneDatabases().entries()) {
      if (only !== undefined && only !== database.name) continue;
      const name = `mcp_${index}`;
      await fill(endpoint, name, (connection) => database.load(connection, 'default'));
      rows.push([database.name, ...(await compare(endpoint, name, folder))]);
    }
    process.stdout.write(`\nServer: ${endpoint.version}\n\n`);
    printTable(['database', 'bytes, direct', ...ways(folder, 0).map((way) => way.name)], rows);
  } finally {
    if (kept === undefined) rmSync(folder, { recursive: true, force: true });
  }
});

async function install(folder: string): Promise<void> {
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  await execa('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...PACKAGES], { cwd: folder });
}

async function compare(endpoint: MysqlEndpoint, database: string, folder: string): Promise<string[]> {
  const { host, port, user } = endpoint;
  const source: SourceSettings = { host, port, user, database };
  const expected = await analysed(source);
  const cells = [String(expected.length)];
  const httpPort = await getPort();
  const server = startHttp(endpoint, database, folder, httpPort);
  try {
    await answers(httpPort);
    for (const way of ways(folder, httpPort)) {
      const started = Date.now();
      const got = await analysed({ ...source, mcp: way.settings(endpoint, database) }).catch(String);
      const same = got === expected;
      if (!same) process.exitCode = 1;
      const seconds = ((Date.now() - started) / 1000).toFixed(1);
      process.stderr.write(`${database}, ${way.name}: ${same ? 'same bytes' : 'DIFFERENT'}, ${seconds} s\n`);
      cells.push(`${same ? 'same bytes' : `DIFFERENT: ${firstDifference(expected, got)}`}, ${seconds} s`);
    }
  } finally {
    server.kill();
  }
  return cells;
}

/** The first line that the two do not share, from both. */
function firstDifference(expected: string, got: string): string {
  const lines = expected.split('\n');
  const others = got.split('\n');
  const at = lines.findIndex((line, index) => line !== others[index]);
  return `line ${at + 1}: ${lines[at]?.trim() ?? ''} / ${others[at]?.trim() ?? ''}`;
}

async function analysed(source: SourceSettings): Promise<string> {
  const reader = await openSource(source, async (reference) => (reference === 'env:KEY' ? `Bearer ${KEY}` : ''));
  try {
    return printAnalysis(await analysisOf(reader));
  } finally {
    await reader.close();
  }
}

function ways(folder: string, httpPort: number): Way[] {
  const program = (name: string): string => path.join(folder, 'node_modules', name);
  return [
    {
      name: '@benborla29/mcp-server-mysql, stdio',
      settings: (endpoint, database) => ({
        command: process.execPath,
        arguments: [program('@benborla29/mcp-server-mysql/dist/index.js')],
        environment: { ...variables(endpoint), MYSQL_DB: database },
        secretEnvironment: { MYSQL_PASS: 'env:NONE' },
        tool: 'mysql_query',
        argument: 'sql',
      }),
    },
    {
      name: '@benborla29/mcp-server-mysql, HTTP',
      settings: () => ({
        url: `http://127.0.0.1:${httpPort}/mcp`,
        secretHeaders: { Authorization: 'env:KEY' },
        tool: 'mysql_query',
        argument: 'sql',
      }),
    },
    {
      name: 'mysql-mcp-server, stdio',
      settings: (endpoint, database) => ({
        command: process.execPath,
        arguments: [program('mysql-mcp-server/build/index.js')],
        environment: { ...variables(endpoint), MYSQL_DATABASE: database },
        tool: 'execute_query',
        argument: 'query',
      }),
    },
  ];
}

function variables({ host, port, user }: MysqlEndpoint): Record<string, string> {
  return { MYSQL_HOST: host, MYSQL_PORT: String(port), MYSQL_USER: user };
}

function startHttp(endpoint: MysqlEndpoint, database: string, folder: string, port: number): ChildProcess {
  return spawn(process.execPath, [path.join(folder, 'node_modules/@benborla29/mcp-server-mysql/dist/index.js')], {
    env: {
      PATH: process.env['PATH'],
      ...variables(endpoint),
      MYSQL_PASS: '',
      MYSQL_DB: database,
      IS_REMOTE_MCP: 'true',
      REMOTE_SECRET_KEY: KEY,
      PORT: String(port),
    },
    stdio: 'ignore',
  });
}

/** Waits until something listens; a request without a key is refused, which is an answer. */
async function answers(port: number): Promise<void> {
  for (let attempt = 0; attempt < 450; attempt += 1) {
    const response = await fetch(`http://127.0.0.1:${port}/mcp`, { method: 'POST' }).catch(() => undefined);
    if (response !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('the MCP server over HTTP does not answer');
}
