import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { removeDir } from '../base/paths.ts';
import { readAptSources } from './apt-sources.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'cutover-apt-'));
  mkdirSync(path.join(dir, 'sources.list.d'));
});
afterEach(() => removeDir(dir));

test('takes the archive of stanzas, not the security archive, a third party or what is switched off', () => {
  writeFileSync(
    path.join(dir, 'sources.list.d', 'debian.sources'),
    [
      '# a comment\nTypes: deb\nURIs: http://off.example/debian\nSuites: bookworm\nEnabled: no',
      'Types: deb\nURIs: http://mirror.example/debian-security\nSuites: bookworm-security\nSigned-By: /k1',
      'Types: deb\n# was elsewhere\nURIs: http://mirror.example/debian\nSuites: bookworm\nSigned-By: /k2',
    ].join('\n\n'),
  );
  expect(readAptSources(dir)).toEqual({ uri: 'http://mirror.example/debian', signedBy: '/k2' });
});

test('takes the archive of one-line sources', () => {
  writeFileSync(
    path.join(dir, 'sources.list'),
    '# deb http://old.example/debian x main\ndeb http://tool.example/apt stable main\ndeb [arch=amd64 signed-by=/k3] http://mirror.example/debian/ bookworm main\n',
  );
  expect(readAptSources(dir)).toEqual({ uri: 'http://mirror.example/debian/', signedBy: '/k3' });
});

test('says nothing where there is no Debian mirror', () => {
  expect(readAptSources(dir)).toBeUndefined();
});
