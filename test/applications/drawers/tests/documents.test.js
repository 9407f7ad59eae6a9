import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { del, get, makeDocument, makeFolder, NO_ID, patch, post, put, unique } from './client.js'

describe('documents', () => {
  test('the server is healthy, and an unknown route is told so', async () => {
    assert.deepEqual(await get('/health'), { status: 200, body: { status: 'ok' } })
    assert.deepEqual(await get('/nothing'), { status: 404, body: { error: 'no such route' } })
  })

  test('a new document has defaults for what was left out', async () => {
    const title = unique('title')
    const { status, body } = await post('/documents', { title, owner: 'amara' })
    assert.equal(status, 201)
    const { id, createdAt, updatedAt, ...rest } = body
    assert.equal(typeof id, 'number')
    assert.equal(createdAt, updatedAt)
    assert.deepEqual(rest, {
      folderId: null,
      title,
      owner: 'amara',
      status: 'draft',
      priority: 3,
      sizeBytes: 0,
      dueOn: null,
      source: null,
      sourceRef: null,
      version: 1,
      tags: [],
    })
  })

  test('a document is read with the names of its folders', async () => {
    const top = await makeFolder(null, 'Outer')
    const inner = await makeFolder(top, 'Inner')
    const id = await makeDocument({
      folderId: inner,
      dueOn: '2026-02-28',
      sizeBytes: 9007199254740991,
    })
    const { body } = await get(`/documents/${id}`)
    assert.deepEqual(body.path, ['Outer', 'Inner'])
    assert.equal(body.dueOn, '2026-02-28')
    assert.equal(body.sizeBytes, 9007199254740991)
    assert.equal((await get(`/documents/${NO_ID}`)).status, 404)
  })

  test('what is not understood is refused', async () => {
    const good = { title: 'x', owner: 'y' }
    for (const wrong of [
      { title: '' },
      { owner: undefined },
      { status: 'lost' },
      { priority: 6 },
      { dueOn: '2026-02-30' },
      { sizeBytes: -1 },
      { colour: 'red' },
    ]) {
      assert.equal(
        (await post('/documents', { ...good, ...wrong })).status,
        400,
        JSON.stringify(wrong),
      )
    }
  })

  test('a folder in the bin, or none at all, takes no document', async () => {
    const folder = await makeFolder()
    const id = await makeDocument({ folderId: folder })
    await del(`/folders/${folder}`)
    const refused = { status: 409, body: { error: 'no such folder' } }
    assert.deepEqual(
      await post('/documents', { title: 'x', owner: 'y', folderId: folder }),
      refused,
    )
    assert.deepEqual(await post('/documents', { title: 'x', owner: 'y', folderId: NO_ID }), refused)
    await post(`/documents/${id}/restore`)
    assert.deepEqual(await patch(`/documents/${id}`, { folderId: folder }), refused)
  })

  test('one source gives a reference once; without one of the two it does not count', async () => {
    const [source, sourceRef] = [unique('source'), 'r-1']
    await makeDocument({ source, sourceRef })
    assert.deepEqual(
      await post('/documents', { title: 'x', owner: 'y', source, sourceRef: 'R-1' }),
      {
        status: 409,
        body: { error: 'the source has a document of that reference' },
      },
    )
    await makeDocument({ source })
    await makeDocument({ source })
    await makeDocument({ source, sourceRef: null })
    await makeDocument({ sourceRef })
    await makeDocument({ sourceRef })
    assert.equal((await get(`/documents?source=${source}`)).body.total, 4)
  })
})

describe('changing a document', () => {
  test('only what is sent changes, null included', async () => {
    const folderId = await makeFolder()
    const id = await makeDocument({ folderId, dueOn: '2026-05-01', priority: 1 })
    const before = (await get(`/documents/${id}`)).body
    const { status, body } = await patch(`/documents/${id}`, { dueOn: null, status: 'final' })
    assert.equal(status, 200)
    const { path, ...expected } = { ...before, dueOn: null, status: 'final', version: 2 }
    assert.deepEqual(path.length, 1)
    assert.ok(body.updatedAt >= before.updatedAt)
    assert.deepEqual({ ...body, updatedAt: before.updatedAt }, expected)
  })

  test('nothing sent changes nothing, not even the version', async () => {
    const id = await makeDocument()
    assert.equal((await patch(`/documents/${id}`, {})).body.version, 1)
  })

  test('who has an old version is told which one there is', async () => {
    const id = await makeDocument()
    assert.equal((await patch(`/documents/${id}`, { version: 1, priority: 1 })).body.version, 2)
    assert.deepEqual(await patch(`/documents/${id}`, { version: 1, priority: 5 }), {
      status: 412,
      body: { error: 'the document is at version 2' },
    })
    assert.equal((await get(`/documents/${id}`)).body.priority, 1)
    assert.equal((await patch(`/documents/${NO_ID}`, { priority: 5 })).status, 404)
  })

  test('of changes at once from one version a single one wins', async () => {
    const id = await makeDocument()
    const replies = await Promise.all(
      [1, 2, 4, 5].map((priority) => patch(`/documents/${id}`, { version: 1, priority })),
    )
    const won = replies.filter(({ status }) => status === 200)
    assert.equal(won.length, 1)
    const { body } = await get(`/documents/${id}`)
    assert.deepEqual([body.version, body.priority], [2, won[0].body.priority])
  })

  test("another document's source and reference are refused, and nothing is changed", async () => {
    const source = unique('source')
    await makeDocument({ source, sourceRef: 'a' })
    const id = await makeDocument({ source, sourceRef: 'b' })
    const reply = await patch(`/documents/${id}`, { sourceRef: 'A', priority: 5 })
    assert.equal(reply.status, 409)
    const { body } = await get(`/documents/${id}`)
    assert.deepEqual([body.sourceRef, body.priority, body.version], ['b', 3, 1])
  })
})

describe('the bin for documents', () => {
  test('a document goes into the bin and comes back', async () => {
    const id = await makeDocument()
    assert.deepEqual(await del(`/documents/${id}`), { status: 204, body: undefined })
    assert.equal((await get(`/documents/${id}`)).status, 404)
    assert.equal((await del(`/documents/${id}`)).status, 404)
    assert.equal((await patch(`/documents/${id}`, { priority: 1 })).status, 404)
    assert.equal((await post(`/documents/${id}/restore`)).status, 200)
    assert.equal((await post(`/documents/${id}/restore`)).status, 404)
  })

  test('it comes back without its folder when that is in the bin', async () => {
    const folderId = await makeFolder()
    const id = await makeDocument({ folderId })
    await del(`/folders/${folderId}`)
    assert.equal((await post(`/documents/${id}/restore`)).body.folderId, null)
  })
})

describe('imports', () => {
  test('what is sent again takes the place of what was sent before', async () => {
    const path = `/imports/${unique('scanner')}/page-1`
    const first = await put(path, { title: 'Scan', owner: 'amara', sizeBytes: 10 })
    assert.equal(first.status, 201)
    const again = await put(path, { title: 'Better scan', owner: 'bo', sizeBytes: 20 })
    assert.equal(again.status, 200)
    assert.equal(again.body.id, first.body.id)
    assert.deepEqual(
      [again.body.title, again.body.owner, again.body.sizeBytes, again.body.version],
      ['Better scan', 'bo', 20, 2],
    )
  })

  test('it takes it out of the bin', async () => {
    const path = `/imports/${unique('scanner')}/page-1`
    const { id } = (await put(path, { title: 'Scan', owner: 'amara' })).body
    await del(`/documents/${id}`)
    assert.equal((await put(path, { title: 'Scan', owner: 'amara' })).body.id, id)
    assert.equal((await get(`/documents/${id}`)).status, 200)
    assert.equal((await put(path, { title: 'Scan' })).status, 400)
  })
})
