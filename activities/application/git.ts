import { execa } from 'execa';
import { CutoverError } from '../../core/errors/index.ts';

/** Who commits: never the user's name, so that what Cutover wrote can be told from what people wrote. */
export const COMMITTER = { name: 'Cutover', email: 'cutover@localhost.invalid' } as const;

/** Settings of the user's machine that must not change what we write: hooks, signing, line ends, renamed defaults. */
const SETTINGS = ['core.hooksPath=/dev/null', 'commit.gpgSign=false', 'core.autocrlf=false', 'gc.auto=0'];

/** Runs git in a folder and gives its standard output without the last line end. */
export async function git(
  cwd: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const result = await tryGit(cwd, args, environment);
  if (result.exitCode !== 0) {
    throw new CutoverError('dal.git-failed', {
      where: `git ${args.join(' ')} in ${cwd}`,
      detail: result.stderr.trim().slice(-1000),
    });
  }
  return result.stdout;
}

/** As {@link git}, but says the exit code instead of throwing. */
export async function tryGit(
  cwd: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const result = await execa('git', [...SETTINGS.flatMap((setting) => ['-c', setting]), ...args], {
    cwd,
    env: { GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C', ...environment },
    // A worker that itself runs inside a git hook would otherwise pass its own repository on.
    extendEnv: true,
    reject: false,
    maxBuffer: 256 * 1024 * 1024,
  });
  return {
    exitCode: result.exitCode ?? 127,
    stdout: result.stdout,
    stderr: result.stderr === '' && result.failed ? (result.shortMessage ?? '') : result.stderr,
  };
}
