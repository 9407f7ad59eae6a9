import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { COOKIE, sameText, signCookie } from './cookie.ts';
import { errorName, type Events } from './events.ts';
import type { FlagStore } from './flag-store.ts';
import type { Member } from './member.ts';
import { CONTROL_PAGE, PAGE_POLICY } from './page.ts';
import { type ChangeRequest, isLive } from './phase-change.ts';
import { isPhase, PHASES } from './phases.ts';
import type { Relay } from './relay.ts';
import type { Shadow } from './shadow.ts';
import { Refusal } from './transitions.ts';

export interface ControlOptions {
  readonly port: number;
  readonly host: string;
  readonly token: string;
  readonly cookieSecret: string | undefined;
  readonly store: FlagStore;
  readonly member: Member;
  readonly relay: Relay;
  readonly shadow: Shadow;
  readonly events: Events;
  /** Reads that each store has answered in this instance. */
  readonly answered: Readonly<Record<'mysql' | 'dynamodb', number>>;
  change(request: ChangeRequest): Promise<string[]>;
}

const MOST_BYTES = 10_000;
const MOST_MINUTES = 24 * 60;

/** The REST API and the page by which phases are changed: a server of its own, with credentials of its own. */
export class ControlServer {
  private readonly options: ControlOptions;
  private readonly server: Server;

  constructor(options: ControlOptions) {
    this.options = options;
    this.server = createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) => {
        const refused = error instanceof Refusal;
        if (!refused) options.events.add('control', 'A request to the control server failed.', { error: errorName(error) }); // prettier-ignore
        const message = refused || error instanceof BadRequest ? error.message : `It failed: ${errorName(error)}.`;
        send(response, refused ? 409 : error instanceof BadRequest ? 400 : 500, { error: message });
      });
    });
    this.server.unref();
  }

  start(): void {
    const { port, host, events } = this.options;
    this.server.on('error', (error) => events.add('control', 'The control server does not listen.', { error: errorName(error) })); // prettier-ignore
    this.server.listen(port, host);
  }

  async stop(): Promise<void> {
    if (!this.server.listening) return;
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://control');
    const call = `${request.method ?? ''} ${pathname}`;
    // The page holds nothing secret: it asks for the token and calls the API with it.
    if (call === 'GET /') {
      response.writeHead(200, { ...HEADERS, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': PAGE_POLICY }); // prettier-ignore
      response.end(CONTROL_PAGE);
      return;
    }
    if (!sameText(request.headers.authorization ?? '', `Bearer ${this.options.token}`)) {
      send(response, 401, { error: 'The token is missing or wrong.' });
      return;
    }
    switch (call) {
      case 'GET /api/status':
        return send(response, 200, await this.status());
      case 'GET /api/events':
        return send(response, 200, { events: this.options.events.latest() });
      case 'POST /api/phase':
        return send(response, 200, { steps: await this.options.change(changeOf(await bodyOf(request))) });
      case 'POST /api/cookie':
        return send(response, 200, this.cookie(await bodyOf(request)));
      default:
        send(response, 404, { error: `There is no ${call}.` });
    }
  }

  private async status(): Promise<object> {
    const { store, member, relay, shadow } = this.options;
    const flags = await store.read();
    const rules = PHASES[flags.phase];
    const instances = await store.instances().catch(() => []);
    return {
      phase: flags.phase,
      name: rules.name,
      generation: flags.generation,
      announced: flags.announcement?.to ?? null,
      instance: member.id,
      instances: instances.map((one) => ({ ...one, live: isLive(one) })),
      outbox: rules.dualWrite ? await relay.depth() : 0,
      behind: relay.behind,
      mismatches: await store.mismatches(flags.generation).catch(() => 0),
      reads: this.options.answered,
      compared: shadow.compared,
      skipped: shadow.skipped,
    };
  }

  private cookie(body: Body): object {
    const { cookieSecret } = this.options;
    if (cookieSecret === undefined) throw new BadRequest('FLAGS_COOKIE_SECRET is not set, so no cookie counts.');
    const { reads, minutes } = body;
    if (reads !== 'mysql' && reads !== 'dynamodb') throw new BadRequest('"reads" is "mysql" or "dynamodb".');
    if (typeof minutes !== 'number' || !(minutes > 0 && minutes <= MOST_MINUTES)) {
      throw new BadRequest(`"minutes" is a number up to ${MOST_MINUTES}.`);
    }
    const expires = new Date(Date.now() + minutes * 60_000);
    return { name: COOKIE, value: signCookie(reads, expires, cookieSecret), expires: expires.toISOString() };
  }
}

class BadRequest extends Error {}

type Body = Readonly<Record<string, unknown>>;

async function bodyOf(request: IncomingMessage): Promise<Body> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MOST_BYTES) throw new BadRequest('The body is too long.');
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Body;
  } catch {
    // Told below.
  }
  throw new BadRequest('The body is no JSON object.');
}

function changeOf({ to, by, why, confirm }: Body): ChangeRequest {
  if (!isPhase(to)) throw new BadRequest('"to" is a phase from 1 to 5.');
  if (typeof by !== 'string' || by === '') throw new BadRequest('"by" says who changes the phase.');
  if (typeof why !== 'string' || why === '') throw new BadRequest('"why" says for what reason.');
  return { to, by, why, ...(typeof confirm === 'string' ? { confirm } : {}) };
}

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' };

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { ...HEADERS, 'content-type': 'application/json; charset=utf-8' });
  response.end(`${JSON.stringify(body)}\n`);
}
