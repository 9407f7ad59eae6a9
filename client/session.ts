import { userInfo } from 'node:os';
import { temporalSettings } from '../core/temporal-settings.ts';
import { Migrations } from './migrations.ts';
import { output, type Output } from './output.ts';

/** Options that every command has. */
export interface GlobalOptions {
  readonly json?: boolean;
}

/** What a command works with. */
export interface Session {
  readonly out: Output;
  readonly migrations: Migrations;
}

/** Connects to Temporal, runs a command, disconnects. */
export async function session<T>(options: GlobalOptions, command: (session: Session) => Promise<T>): Promise<T> {
  const { migrations, connection } = await Migrations.connect(temporalSettings());
  try {
    return await command({ out: output(options.json === true), migrations });
  } finally {
    await connection.close();
  }
}

/** Who the audit names, unless `--by` says otherwise. */
export function currentUser(): string {
  return process.env['CUTOVER_USER'] ?? userInfo().username;
}
