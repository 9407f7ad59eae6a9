import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'

const url = process.env.DRAWERS_URL
if (!url) throw new Error('set DRAWERS_URL (of a running server) to run the tests')

export async function send(method, path, body) {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}

export const get = (path) => send('GET', path)
export const post = (path, body) => send('POST', path, body)
export const put = (path, body) => send('PUT', path, body)
export const patch = (path, body) => send('PATCH', path, body)
export const del = (path) => send('DELETE', path)

export const NO_ID = 4000000000

const run = randomBytes(4).toString('hex')
let counter = 0

/** Words of this run, in the order in which they were made. */
export function unique(prefix = 'w') {
  counter += 1
  return `${prefix}-${run}-${String(counter).padStart(4, '0')}`
}

export async function makeFolder(parentId = null, name = unique('folder')) {
  const { status, body } = await post('/folders', { name, parentId })
  assert.equal(status, 201)
  return body.id
}

export async function makeDocument(fields = {}) {
  const { status, body } = await post('/documents', {
    title: unique('title'),
    owner: 'tester',
    ...fields,
  })
  assert.equal(status, 201)
  return body.id
}

/** Ids of the documents that a list gives. */
export async function listed(query) {
  const { status, body } = await get(`/documents?${query}`)
  assert.equal(status, 200)
  return body.documents.map(({ id }) => id)
}
