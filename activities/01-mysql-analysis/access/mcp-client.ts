import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CutoverError } from '../../../core/errors/index.ts';
import type { McpSettings } from '../../../core/plan.ts';
import { messageOf } from './errors.ts';

/** Longer than any single statement of the analysis should take. */
const CALL_TIMEOUT_MS = 600_000;
/** What is kept of a server's error output, to say why it did not start. */
const KEPT_OUTPUT = 4_000;
const LINE_LENGTH = 400;

/** What a tool answered: its texts, and whether it calls itself an error. */
export interface ToolAnswer {
  readonly texts: readonly string[];
  readonly failed: boolean;
}

/** The mapped tool of a connected MCP server. */
export interface McpTool {
  call(statement: string): Promise<ToolAnswer>;
  close(): Promise<void>;
}

type Resolve = (reference: string) => Promise<string>;

/** Starts or reaches the MCP server and finds the tool that the settings name. */
export async function connectTool(settings: McpSettings, resolve: Resolve, where: string): Promise<McpTool> {
  const { transport, lastWords } = await transportTo(settings, resolve);
  const client = new Client({ name: 'cutover', version: '0.1.0' });
  try {
    await client.connect(transport);
    await requireTool(client, settings, where);
  } catch (error) {
    await client.close().catch(() => undefined);
    if (error instanceof CutoverError) throw error;
    const said = lastWords();
    const detail = `${messageOf(error)}${said === '' ? '' : ` The server said: ${said}`}`;
    throw new CutoverError('analysis.mcp-unreachable', { where, detail, cause: error });
  }
  return {
    call: async (statement) => {
      const answer = await client
        .callTool(
          { name: settings.tool, arguments: { ...settings.otherArguments, [settings.argument]: statement } },
          undefined,
          { timeout: CALL_TIMEOUT_MS },
        )
        .catch((error: unknown) => ({ content: [{ type: 'text', text: messageOf(error) }], isError: true }));
      const content = (Array.isArray(answer.content) ? answer.content : []) as { type: string; text?: unknown }[];
      const texts = content.flatMap((part) => (typeof part.text === 'string' ? [part.text] : []));
      if (texts.length === 0 && 'structuredContent' in answer) texts.push(JSON.stringify(answer.structuredContent));
      return { texts, failed: answer.isError === true };
    },
    close: () => client.close(),
  };
}

async function transportTo(
  settings: McpSettings,
  resolve: Resolve,
): Promise<{
  transport: StdioClientTransport | StreamableHTTPClientTransport;
  lastWords: () => string;
}> {
  if (settings.url !== undefined) {
    const headers = await resolveAll(settings.secretHeaders, resolve);
    const transport = new StreamableHTTPClientTransport(new URL(settings.url), { requestInit: { headers } });
    return { transport, lastWords: () => '' };
  }
  const secrets = await resolveAll(settings.secretEnvironment, resolve);
  const transport = new StdioClientTransport({
    command: settings.command ?? '',
    args: [...(settings.arguments ?? [])],
    // The SDK adds PATH, HOME and the like, and nothing else of ours.
    env: { ...settings.environment, ...secrets },
    stderr: 'pipe',
  });
  let output = '';
  // Read also when nobody asks: a server whose output is not taken stops.
  transport.stderr?.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-KEPT_OUTPUT);
  });
  return { transport, lastWords: () => tellingLine(output, Object.values(secrets)) };
}

/** The line that tells most of what a server wrote when it did not start, without the secrets that it was given. */
function tellingLine(output: string, secrets: readonly string[]): string {
  const clean = secrets.filter((secret) => secret !== '').reduce((text, one) => text.replaceAll(one, '***'), output);
  const lines = clean.split('\n').filter((line) => line.trim() !== '');
  const telling = lines.find((line) => /error|fatal|fail|requir|denied|cannot/i.test(line)) ?? lines.at(-1) ?? '';
  return telling.trim().slice(0, LINE_LENGTH);
}

async function resolveAll(
  references: Readonly<Record<string, string>> | undefined,
  resolve: Resolve,
): Promise<Record<string, string>> {
  const entries = Object.entries(references ?? {});
  const resolved = await Promise.all(
    entries.map(async ([name, one]): Promise<[string, string]> => [name, await resolve(one)]),
  );
  return Object.fromEntries(resolved);
}

async function requireTool(client: Client, settings: McpSettings, where: string): Promise<void> {
  const tools: { name: string; inputSchema: { properties?: Record<string, unknown> } }[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.listTools(cursor === undefined ? {} : { cursor });
    tools.push(...(page.tools as typeof tools));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  const tool = tools.find((one) => one.name === settings.tool);
  const names = Object.keys(tool?.inputSchema.properties ?? {});
  if (tool !== undefined && (names.length === 0 || names.includes(settings.argument))) return;
  throw new CutoverError('analysis.mcp-tool-missing', {
    where,
    detail:
      tool === undefined
        ? `The server has no tool ${settings.tool}; it has ${tools.map((one) => one.name).join(', ') || 'none'}.`
        : `The tool ${settings.tool} takes no ${settings.argument}; it takes ${names.join(', ')}.`,
  });
}
