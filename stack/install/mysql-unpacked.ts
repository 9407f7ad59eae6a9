import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { StackError } from '../base/errors.ts';

/** How to run a program of unpacked packages: through the loader and the libraries that came along, not this machine's. */
export function loaderArgs(root: string, program: string): { command: string; args: string[] } {
  // Older suites have libraries in both places.
  const libraries = ['usr/lib', 'lib'].flatMap((folder) =>
    entries(path.join(root, folder))
      .filter((name) => name.endsWith('-linux-gnu'))
      .map((name) => path.join(root, folder, name)),
  );
  const loaders = libraries.flatMap((folder) =>
    entries(folder)
      .filter((name) => /^ld-linux.*\.so/.test(name))
      .map((name) => path.join(folder, name)),
  );
  const [command] = loaders;
  if (command === undefined) throw missingServer(path.basename(program));
  return { command, args: ['--library-path', libraries.join(':'), program] };
}

/** How to run the server of Debian's packages, with the messages, character sets and plugins that came along. */
export function debianServer(root: string, name: string): { command: string; args: string[] } {
  const server = path.join(root, 'usr/sbin', name);
  if (!existsSync(server)) throw missingServer(name);
  const share = path.join(root, 'usr/share/mysql');
  const { command, args } = loaderArgs(root, server);
  return {
    command,
    args: [
      ...args,
      '--no-defaults',
      ...asRoot(),
      `--lc-messages-dir=${share}`,
      `--character-sets-dir=${share}/charsets`,
      `--plugin-dir=${root}/usr/lib/mysql/plugin`,
    ],
  };
}

/** A server that is started by root refuses to run unless told so. */
export function asRoot(): string[] {
  return process.getuid?.() === 0 ? ['--user=root'] : [];
}

/** Said when what was downloaded is not what was expected. */
function missingServer(name: string): StackError {
  return new StackError(
    'INSTALL_FAILED',
    `mysql: the downloaded packages hold no ${name} that can be run: put mysqld on PATH`,
    { part: 'mysql' },
  );
}

function entries(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}
