import { describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { splitCommand } from './command-line.ts';
import { runCommand, runCommandOrFail } from './commands.ts';

const cwd = process.cwd();

describe('splitting a command without a shell', () => {
  it('keeps quoted words together and takes nothing of a shell', () => {
    expect(splitCommand(`npm run  traffic -- --url "{serverUrl}" 'a b' c\\ d "e\\"f" ''`)).toEqual([
      'npm', 'run', 'traffic', '--', '--url', '{serverUrl}', 'a b', 'c d', 'e"f', '',
    ]); // prettier-ignore
    expect(splitCommand('echo $HOME | cat')).toEqual(['echo', '$HOME', '|', 'cat']);
  });

  it('refuses an open quote and an empty command', () => {
    expect(() => splitCommand('npm "run')).toThrow(/never closed/);
    expect(() => splitCommand('  ')).toThrow(/empty/);
  });
});

describe('running a command', () => {
  it('gives exit code and output, with the server put in and secrets taken out', async () => {
    const outcome = await runCommand(
      `node -e "console.log(process.env.URL, process.env.KEY, '{serverUrl}'); process.exit(3)"`,
      {
        cwd,
        environment: { URL: '{serverUrl}/x', KEY: 'planted-secret mysql://u:hunter2@h/d' },
        serverUrl: 'http://127.0.0.1:1',
        secrets: ['planted-secret'],
      },
    );
    expect(outcome.exitCode).toBe(3);
    expect(outcome.output).toContain('http://127.0.0.1:1/x *** mysql://u:***@h/d http://127.0.0.1:1');
  });

  it('puts the end of the output into the error, without secrets', async () => {
    const failing = runCommandOrFail(`node -e "console.error('because planted-secret'); process.exit(1)"`, {
      cwd,
      secrets: ['planted-secret'],
    });
    await expect(failing).rejects.toThrow(/Exit code 1[^]*because \*\*\*/);
  });

  it('says so when the program is missing', async () => {
    await expect(runCommand('no-such-program-here', { cwd })).rejects.toThrow(
      /dal.command-failed[^]*could not be started/,
    );
  });

  it('ends the whole group on timeout, children of children included', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'cutover-command-'));
    try {
      const file = path.join(folder, 'beats');
      const beat = `setInterval(() => require('fs').appendFileSync('${file}', '.'), 20)`;
      const command = `node -e "require('child_process').spawn('node', ['-e', process.env.BEAT], {stdio: 'ignore'}); setInterval(() => {}, 1000)"`;
      await expect(runCommand(command, { cwd, environment: { BEAT: beat }, timeoutMs: 1500 })).rejects.toThrow(
        /dal.command-timeout/,
      );
      const before = (await readFile(file, 'utf8')).length;
      expect(before).toBeGreaterThan(0);
      await delay(200);
      expect((await readFile(file, 'utf8')).length).toBe(before);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('stops when it is aborted', async () => {
    const controller = new AbortController();
    const running = runCommand('node -e "setInterval(() => {}, 1000)"', { cwd, signal: controller.signal });
    setTimeout(() => controller.abort(new Error('cancelled')), 200);
    await expect(running).rejects.toThrow('cancelled');
  });
});
