import path from 'node:path';
import { lastLine, StackError } from '../base/errors.ts';
import { run, which } from '../base/run.ts';
import type { PartName, StackLog } from '../base/types.ts';
import { installOnce } from './folder.ts';

/** The oldest Python that the packages take. */
const MIN_MINOR = 10;

const CANDIDATES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];

async function findPython(part: PartName): Promise<string> {
  for (const name of CANDIDATES) {
    const found = which(name);
    if (found === undefined) continue;
    const code = `import sys, venv, ensurepip; sys.exit(0 if sys.version_info >= (3, ${MIN_MINOR}) else 1)`;
    if ((await run(found, ['-c', code])).code === 0) return found;
  }
  throw new StackError(
    'MISSING_TOOL',
    `${part} needs Python 3.${MIN_MINOR} or later with venv, and none is on PATH: install python3 and python3-venv`,
    { part },
  );
}

/**
 * A virtual environment of our own holding exactly these requirements.
 * It is renamed after it is made, so its scripts' first lines are wrong: start modules by `bin/python -m`.
 * @returns its folder
 */
export async function installVenv(
  part: PartName,
  name: string,
  requirements: readonly string[],
  log: StackLog,
): Promise<string> {
  return installOnce(name, log, async (dir) => {
    const python = await findPython(part);
    log.info(`installing ${requirements[0] ?? name} from PyPI`);
    const made = await run(python, ['-m', 'venv', dir]);
    if (made.code !== 0) {
      throw new StackError(
        'INSTALL_FAILED',
        `${part}: python could not make a virtual environment (${lastLine(made.output)}): install python3-venv`,
        { part },
      );
    }
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check', '--no-compile'];
    const got = await run(path.join(dir, 'bin', 'python'), [...pip, ...requirements]);
    if (got.code !== 0) {
      throw new StackError(
        'DOWNLOAD_FAILED',
        `${part}: pip could not get ${requirements[0] ?? name} (${lastLine(got.output)}): check the way to the Python registry`,
        { part },
      );
    }
    return { requirements: requirements.join(' ') };
  });
}
