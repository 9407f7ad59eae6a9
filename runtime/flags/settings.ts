/** What the environment says to the flags. */
export interface FlagSettings {
  readonly control: { readonly port: number; readonly host: string; readonly token: string } | undefined;
  readonly cookieSecret: string | undefined;
  readonly endpoint: string | undefined;
  readonly region: string;
  /** How long instances have to become quiet before a phase change. */
  readonly quietMs: number;
}

/** Secrets shorter than this can be guessed. */
const SHORTEST_SECRET = 16;

/** Throws when a setting can't be used: better no start than flags that nobody can reach, or everybody. */
export function readSettings(environment: NodeJS.ProcessEnv): FlagSettings {
  const port = text(environment['FLAGS_CONTROL_PORT']);
  const secret = (name: string): string | undefined => {
    const value = text(environment[name]);
    if (value !== undefined && value.length < SHORTEST_SECRET) {
      throw new RangeError(`${name} has fewer than ${SHORTEST_SECRET} characters.`);
    }
    return value;
  };
  const token = secret('FLAGS_CONTROL_TOKEN');
  if (port !== undefined && token === undefined) {
    throw new RangeError('FLAGS_CONTROL_PORT needs FLAGS_CONTROL_TOKEN, the token of those who may change phases.');
  }
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) {
    throw new RangeError(`FLAGS_CONTROL_PORT is "${port}", which is no port.`);
  }
  return {
    control:
      port === undefined || token === undefined
        ? undefined
        : { port: Number(port), host: text(environment['FLAGS_CONTROL_HOST']) ?? '127.0.0.1', token },
    cookieSecret: secret('FLAGS_COOKIE_SECRET'),
    endpoint: text(environment['DYNAMODB_ENDPOINT']),
    region: text(environment['AWS_REGION']) ?? 'us-east-1',
    quietMs: Number(text(environment['FLAGS_QUIET_MS']) ?? '10000'),
  };
}

function text(value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : value;
}
