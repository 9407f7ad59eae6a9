import { readFile } from 'node:fs/promises';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CutoverError } from '../../core/errors/index.ts';
import type { TargetSettings } from '../../core/plan.ts';
import type { Redactor } from './redactor.ts';

/**
 * Resolves `env:NAME`, `file:PATH` and `secretsmanager:ARN`; any other text is a plain value and is given back.
 * Every resolved value is told to the redactor before anybody sees it.
 */
export function secretResolver(
  redactor: Redactor,
  target: Pick<TargetSettings, 'region' | 'endpoint'>,
): (reference: string) => Promise<string> {
  return async (reference) => {
    const match = /^(env|file|secretsmanager):(.+)$/s.exec(reference);
    if (match === null) return reference;
    const [, scheme, name = ''] = match;
    const value =
      scheme === 'env'
        ? fromEnvironment(name)
        : scheme === 'file'
          ? await fromFile(name)
          : await fromManager(name, target);
    redactor.add(value, reference);
    return value;
  };
}

function fromEnvironment(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw unresolved(`env:${name}`, 'The environment variable is not set.');
  return value;
}

async function fromFile(path: string): Promise<string> {
  try {
    // Editors and `echo` put a newline at the end; it is never part of the secret.
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    throw unresolved(`file:${path}`, `The file can't be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`);
  }
}

async function fromManager(arn: string, target: Pick<TargetSettings, 'region' | 'endpoint'>): Promise<string> {
  const client = new SecretsManagerClient({
    region: target.region,
    ...(target.endpoint === undefined ? {} : { endpoint: target.endpoint }),
  });
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    if (SecretString === undefined) throw unresolved(`secretsmanager:${arn}`, 'The secret has no text value.');
    return SecretString;
  } catch (error) {
    if (error instanceof CutoverError) throw error;
    throw unresolved(`secretsmanager:${arn}`, `Secrets Manager answered ${(error as Error).name}.`);
  } finally {
    client.destroy();
  }
}

function unresolved(where: string, detail: string): CutoverError {
  return new CutoverError('core.reference-unresolved', { where, detail });
}
