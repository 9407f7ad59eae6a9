import { parseArgs } from 'node:util'

const { values: options } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:3000' },
    requests: { type: 'string', default: '300' },
    seed: { type: 'string', default: '7' },
  },
})

/** mulberry32: the same seed gives the same visitors. */
let state = Number(options.seed)
function random(below) {
  state = (state + 0x6d2b79f5) | 0
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) % below
}
const pick = (items) => items[random(items.length)]

const counts = new Map()
let sent = 0

async function send(method, path, body) {
  sent += 1
  const response = await fetch(`${options.url}${path}`, {
    method,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  const text = await response.text()
  const route = path.replace(/\?.*/, '').replace(/\/(\d+|scanner\/.*)/, '/:id')
  const key = `${`${method} ${route}`.padEnd(32)} ${response.status}`
  counts.set(key, (counts.get(key) ?? 0) + 1)
  if (response.status >= 500) process.exitCode = 1
  return { status: response.status, body: text === '' ? {} : JSON.parse(text) }
}

const folders = [1, 2, 3, 4, 5, 6, 7, 8]
const documents = Array.from({ length: 20 }, (_, index) => index + 1)
const folder = () => pick(folders)
const document = () => pick(documents)
/** Of what was binned most of all, so that something comes back. */
const binned = { folders: [8], documents: [1] }

async function make(kind, list, body) {
  const reply = await send('POST', kind, body)
  if (reply.status === 201) list.push(reply.body.id)
}

async function bin(kind, id) {
  if ((await send('DELETE', `/${kind}/${id}`)).status < 300) binned[kind].push(id)
}

const FILTERS = [
  () => `folder=${folder()}`,
  () => `folder=${folder()}&deep=true`,
  () => 'loose=true',
  () => 'deleted=true',
  () => `status=${pick(['draft', 'review,final', 'final'])}`,
  () => `owner=${pick(['amara', 'BO', 'nobody'])}`,
  () => `q=${pick(['invoice', 'plan', 'ELAN', '%25', 'note 1'])}`,
  () => `dueFrom=2026-0${1 + random(9)}-01`,
  () => `dueBefore=2026-0${1 + random(9)}-15`,
  () => `minSize=${random(50000)}`,
  () => `tag=${pick(['urgent', 'paid', 'URGENT&tag=archive', 'none'])}`,
  () => `maxPriority=${random(6)}`,
]
const SORTS = ['title', '-title', 'priority,-size', 'due', '-due,owner', 'owner,title', 'nothing']

/** Each action as often as it stands here. */
const actions = [
  () =>
    make('/folders', folders, { name: `Folder ${random(9)}`, parentId: pick([folder(), null]) }),
  () => send('GET', '/folders'),
  () => send('GET', `/folders/${folder()}`),
  () => send('GET', `/folders/${folder()}/tree?depth=${random(5)}`),
  () => send('PATCH', `/folders/${folder()}`, { name: `Folder ${random(9)}` }),
  () => send('POST', `/folders/${folder()}/move`, { parentId: pick([folder(), folder(), null]) }),
  () => bin('folders', pick(folders.slice(-3))),
  () => send('POST', `/folders/${pick(binned.folders)}/restore`),
  () =>
    make('/documents', documents, {
      title: `Note ${random(40)}`,
      owner: pick(['amara', 'bo', '']),
      folderId: pick([folder(), null]),
      dueOn: pick(['2026-06-01', null]),
      source: pick(['mail', null]),
      sourceRef: pick([`ref-${random(6)}`, null]),
    }),
  ...Array(6).fill(() => {
    const filters = [pick(FILTERS)(), pick(FILTERS)(), `pageSize=${1 + random(8)}`]
    const query = [...new Set(filters), `page=${1 + random(2)}`].join('&')
    return send('GET', `/documents?${query}&sort=${pick(SORTS)}`)
  }),
  () => send('GET', `/documents/${document()}`),
  () => send('PATCH', `/documents/${document()}`, { priority: 1 + random(6), folderId: folder() }),
  () => send('PATCH', `/documents/${document()}`, { version: 1, title: `Note ${random(40)}` }),
  () => bin('documents', document()),
  () => send('POST', `/documents/${pick(binned.documents)}/restore`),
  () => send('PUT', `/documents/${document()}/tags`, { tags: [pick(['urgent', 'Paid']), 'seen'] }),
  () =>
    send('PUT', `/imports/scanner/page-${5 * random(20)}`, {
      title: `Scan ${random(99)}`,
      owner: 'scanner',
    }),
  () => send('GET', `/tags?limit=${1 + random(5)}`),
]

while (sent < Number(options.requests)) await pick(actions)()
for (const [key, count] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
  console.log(`${key} × ${count}`)
}
console.log(`${sent} requests`)
