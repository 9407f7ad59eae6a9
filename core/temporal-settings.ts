import { readFileSync } from 'node:fs';
import { CutoverError } from './errors/index.ts';

/** Where Temporal is, and how to get in: the same for worker and client, by environment variables alone. */
export interface TemporalSettings {
  readonly address: string;
  readonly namespace: string;
  readonly connection: {
    readonly address: string;
    readonly tls?: true | TlsSettings;
    readonly apiKey?: string;
  };
}

interface TlsSettings {
  readonly serverNameOverride?: string;
  readonly serverRootCACertificate?: Buffer;
  readonly clientCertPair?: { readonly crt: Buffer; readonly key: Buffer };
}

/**
 * Reads `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY`, `TEMPORAL_TLS` (`true`),
 * `TEMPORAL_TLS_CLIENT_CERT_PATH`, `TEMPORAL_TLS_CLIENT_KEY_PATH`, `TEMPORAL_TLS_SERVER_CA_CERT_PATH` and
 * `TEMPORAL_TLS_SERVER_NAME`: the names that Temporal's own tools use.
 */
export function temporalSettings(environment: NodeJS.ProcessEnv = process.env): TemporalSettings {
  const read = (name: string): string | undefined => environment[name] || undefined;
  const address = read('TEMPORAL_ADDRESS') ?? '127.0.0.1:7233';
  const apiKey = read('TEMPORAL_API_KEY');
  const tls = tlsOf(read);
  return {
    address,
    namespace: read('TEMPORAL_NAMESPACE') ?? 'default',
    connection: { address, ...(tls === undefined ? {} : { tls }), ...(apiKey === undefined ? {} : { apiKey }) },
  };
}

function tlsOf(read: (name: string) => string | undefined): true | TlsSettings | undefined {
  const crt = fileIn(read, 'TEMPORAL_TLS_CLIENT_CERT_PATH');
  const key = fileIn(read, 'TEMPORAL_TLS_CLIENT_KEY_PATH');
  const ca = fileIn(read, 'TEMPORAL_TLS_SERVER_CA_CERT_PATH');
  const name = read('TEMPORAL_TLS_SERVER_NAME');
  if ((crt === undefined) !== (key === undefined)) {
    const detail = 'A client certificate needs its key, and a key its certificate; only one of the two is set.';
    throw new CutoverError('core.settings-invalid', { where: 'TEMPORAL_TLS_CLIENT_*_PATH', detail });
  }
  const settings: TlsSettings = {
    ...(name === undefined ? {} : { serverNameOverride: name }),
    ...(ca === undefined ? {} : { serverRootCACertificate: ca }),
    ...(crt === undefined || key === undefined ? {} : { clientCertPair: { crt, key } }),
  };
  if (Object.keys(settings).length > 0) return settings;
  return ['1', 'true'].includes(read('TEMPORAL_TLS') ?? '') ? true : undefined;
}

function fileIn(read: (name: string) => string | undefined, variable: string): Buffer | undefined {
  const file = read(variable);
  if (file === undefined) return undefined;
  try {
    return readFileSync(file);
  } catch (cause) {
    const detail = `The file ${file} can't be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'}).`;
    throw new CutoverError('core.settings-invalid', { where: variable, detail, cause });
  }
}
