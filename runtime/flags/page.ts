import { createHash } from 'node:crypto';

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .2rem .8rem .2rem 0; }
button { font: inherit; padding: .3rem .8rem; } #message { white-space: pre-wrap; } .muted { color: #666; }
#events { font: 13px/1.4 ui-monospace, monospace; white-space: pre-wrap; }`;

const SCRIPT = `
const element = (id) => document.getElementById(id);
const say = (text) => { element('message').textContent = text; };
async function call(method, path, body) {
  const headers = { authorization: 'Bearer ' + element('token').value, 'content-type': 'application/json' };
  const answer = await fetch(path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  const json = await answer.json();
  if (!answer.ok) throw new Error(json.error);
  return json;
}
function row(name, value) {
  const tr = document.createElement('tr');
  for (const [tag, text] of [['th', name], ['td', value]]) {
    const cell = document.createElement(tag);
    cell.textContent = text;
    tr.append(cell);
  }
  return tr;
}
let phase = 0;
async function refresh() {
  if (!element('token').value) return;
  try {
    const status = await call('GET', 'api/status');
    phase = status.phase;
    element('status').replaceChildren(
      row('Phase', status.phase + ' ' + status.name + (status.announced ? ', changing to ' + status.announced : '')),
      row('Outbox', status.outbox + (status.behind ? ', behind' : '')),
      row('Reads compared here', status.compared + ', left out ' + status.skipped),
      row('Reads that differed', status.mismatches),
      ...status.instances.map((one) => row('Instance', one.id + (one.live ? '' : ' (gone)'))));
    element('forward').disabled = phase === 5;
    element('back').disabled = phase === 1 || phase === 5;
    element('forward').textContent = phase === 5 ? 'Last phase' : 'To phase ' + (phase + 1);
    element('back').textContent = phase === 1 || phase === 5 ? 'No way back' : 'Back to phase ' + (phase - 1);
    const log = await call('GET', 'api/events');
    element('events').textContent = log.events
      .map((event) => event.at + ' ' + event.kind + ': ' + event.message + ' ' + JSON.stringify(event.fields)).join('\\n');
  } catch (error) { say(String(error.message)); }
}
async function change(to) {
  const confirm = element('confirm').value;
  try {
    say('Changing …');
    const body = { to, by: element('by').value, why: element('why').value, ...(confirm ? { confirm } : {}) };
    say((await call('POST', 'api/phase', body)).steps.join('\\n'));
  } catch (error) { say(String(error.message)); }
  await refresh();
}
element('forward').addEventListener('click', () => change(phase + 1));
element('back').addEventListener('click', () => change(phase - 1));
element('token').addEventListener('change', refresh);
setInterval(refresh, 2000);`;

/** The control page: one file, nothing from elsewhere. */
export const CONTROL_PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Migration phases</title><style>${STYLE}</style></head><body>
<h1>Migration phases</h1>
<p><label>Token <input id="token" type="password" autocomplete="off"></label></p>
<table id="status"></table>
<p><label>Who <input id="by"></label> <label>Why <input id="why" size="40"></label>
<label>Confirmation <input id="confirm"></label></p>
<p><button id="back" disabled>Back</button> <button id="forward" disabled>Forward</button></p>
<p class="muted">Phase 5 is the point of no return and asks for the confirmation dynamodb-only. Phase 2 on filled tables asks for tables-current or enqueue-everything.</p>
<p id="message" role="status"></p><h2>Events</h2><div id="events"></div><script>${SCRIPT}</script></body></html>
`;

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Only this page's own script and style run, and it talks to nobody else. */
export const PAGE_POLICY =
  `default-src 'none'; script-src ${hash(SCRIPT)}; style-src ${hash(STYLE)}; connect-src 'self'; ` +
  `frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;
