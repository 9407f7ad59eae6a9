import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { del, get, makeDocument, makeFolder, NO_ID, patch, post, unique } from './client.js'

/** A folder with a child and a grandchild. */
async function makeChain() {
  const top = await makeFolder()
  const middle = await makeFolder(top)
  const bottom = await makeFolder(middle)
  return { top, middle, bottom }
}

const pathOf = async (id) => (await get(`/folders/${id}`)).body.path.map((each) => each.id)

describe('folders', () => {
  test('a new top folder is listed with no documents', async () => {
    const name = unique('top')
    const id = await makeFolder(null, name)
    const { folders } = (await get('/folders')).body
    const own = folders.find((folder) => folder.id === id)
    assert.equal(own.name, name)
    assert.equal(own.parentId, null)
    assert.equal(own.documents, 0)
    assert.match(own.createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  })

  test('a folder knows its path and its subfolders in order of name', async () => {
    const { top, middle, bottom } = await makeChain()
    const [b, a] = [await makeFolder(bottom, 'beta'), await makeFolder(bottom, 'Alpha')]
    const { body } = await get(`/folders/${bottom}`)
    assert.deepEqual(
      body.path.map(({ id }) => id),
      [top, middle, bottom],
    )
    assert.deepEqual(
      body.folders.map(({ id }) => id),
      [a, b],
    )
  })

  test('subfolders of one folder differ in name, whatever the case', async () => {
    const top = await makeFolder()
    await makeFolder(top, 'Letters')
    assert.deepEqual(await post('/folders', { name: 'LETTERS', parentId: top }), {
      status: 409,
      body: { error: 'the folder has a subfolder of that name' },
    })
  })

  test('top folders may share a name', async () => {
    const name = unique('same')
    assert.notEqual(await makeFolder(null, name), await makeFolder(null, name))
  })

  test('what is not understood is refused', async () => {
    for (const body of [{}, { name: '' }, { name: '   ' }, { name: 'x', colour: 'red' }]) {
      assert.equal((await post('/folders', body)).status, 400)
    }
    assert.equal((await get('/folders/abc')).status, 400)
    assert.deepEqual(await post('/folders', { name: 'x', parentId: NO_ID }), {
      status: 404,
      body: { error: 'no such folder' },
    })
  })

  test('a folder gets another name, and nothing else changes', async () => {
    const { top, middle } = await makeChain()
    assert.equal((await patch(`/folders/${middle}`, { name: 'Renamed' })).body.name, 'Renamed')
    assert.equal((await patch(`/folders/${middle}`, {})).body.name, 'Renamed')
    const sibling = await makeFolder(top, 'Other')
    assert.equal((await patch(`/folders/${sibling}`, { name: 'renamed' })).status, 409)
    assert.equal((await patch(`/folders/${NO_ID}`, { name: 'x' })).status, 404)
  })
})

describe('tree', () => {
  test('it counts documents and bytes below each folder', async () => {
    const { top, middle, bottom } = await makeChain()
    await makeDocument({ folderId: middle, sizeBytes: 100 })
    await makeDocument({ folderId: bottom, sizeBytes: 20 })
    await makeDocument({ folderId: bottom, sizeBytes: 3 })
    const { folders } = (await get(`/folders/${top}/tree`)).body
    assert.deepEqual(
      folders.map(({ id, depth, documents, bytes }) => [id, depth, documents, bytes]),
      [
        [top, 0, 3, '123'],
        [middle, 1, 3, '123'],
        [bottom, 2, 2, '23'],
      ],
    )
  })

  test('it ends at the depth asked for', async () => {
    const { top, middle } = await makeChain()
    const { folders } = (await get(`/folders/${top}/tree?depth=1`)).body
    assert.deepEqual(
      folders.map(({ id }) => id),
      [top, middle],
    )
    assert.equal((await get(`/folders/${top}/tree?depth=-1`)).status, 400)
    assert.equal((await get(`/folders/${NO_ID}/tree`)).status, 404)
  })
})

describe('moving a folder', () => {
  test('it takes all below it along', async () => {
    const from = await makeChain()
    const to = await makeChain()
    const leaf = await makeFolder(from.bottom)
    const { status, body } = await post(`/folders/${from.middle}/move`, { parentId: to.bottom })
    assert.equal(status, 200)
    assert.equal(body.parentId, to.bottom)
    assert.deepEqual(await pathOf(leaf), [
      to.top,
      to.middle,
      to.bottom,
      from.middle,
      from.bottom,
      leaf,
    ])
    assert.equal((await get(`/folders/${from.top}/tree`)).body.folders.length, 1)
    assert.equal((await get(`/folders/${to.top}/tree`)).body.folders.length, 6)
  })

  test('it becomes a top folder', async () => {
    const { middle, bottom } = await makeChain()
    assert.equal((await post(`/folders/${middle}/move`, { parentId: null })).body.parentId, null)
    assert.deepEqual(await pathOf(bottom), [middle, bottom])
  })

  test('it never goes into itself', async () => {
    const { top, bottom } = await makeChain()
    for (const parentId of [top, bottom]) {
      assert.deepEqual(await post(`/folders/${top}/move`, { parentId }), {
        status: 409,
        body: { error: 'a folder does not go into itself' },
      })
    }
    assert.deepEqual(
      await pathOf(bottom),
      (await get(`/folders/${bottom}`)).body.path.map((p) => p.id),
    )
  })

  test('a name that is taken there undoes the whole move', async () => {
    const { top, middle, bottom } = await makeChain()
    await makeFolder(top, 'twice')
    const other = await makeFolder(middle, 'Twice')
    assert.equal((await post(`/folders/${other}/move`, { parentId: top })).status, 409)
    assert.deepEqual(await pathOf(other), [top, middle, other])
    assert.equal((await post(`/folders/${NO_ID}/move`, { parentId: top })).status, 404)
    assert.equal((await post(`/folders/${bottom}/move`, { parentId: NO_ID })).status, 404)
  })
})

describe('the bin for folders', () => {
  test('a folder goes with all in it, and comes back with it', async () => {
    const { top, middle, bottom } = await makeChain()
    const document = await makeDocument({ folderId: bottom })
    assert.deepEqual((await del(`/folders/${middle}`)).body, { folders: 2, documents: 1 })
    assert.equal((await get(`/folders/${bottom}`)).status, 404)
    assert.equal((await get(`/documents/${document}`)).status, 404)
    assert.deepEqual((await get(`/folders/${top}`)).body.folders, [])
    assert.equal((await post(`/folders/${middle}/restore`)).status, 200)
    assert.equal((await get(`/documents/${document}`)).body.folderId, bottom)
    assert.deepEqual(await pathOf(bottom), [top, middle, bottom])
  })

  test('what was in the bin before stays in it', async () => {
    const { middle, bottom } = await makeChain()
    const document = await makeDocument({ folderId: middle })
    await del(`/documents/${document}`)
    await del(`/folders/${bottom}`)
    assert.deepEqual((await del(`/folders/${middle}`)).body, { folders: 1, documents: 0 })
    await post(`/folders/${middle}/restore`)
    assert.equal((await get(`/folders/${bottom}`)).status, 404)
    assert.equal((await get(`/documents/${document}`)).status, 404)
  })

  test('a name is free again while its folder is in the bin, which then stays there', async () => {
    const top = await makeFolder()
    const old = await makeFolder(top, 'Plans')
    await del(`/folders/${old}`)
    const twice = await makeFolder(top, 'Plans')
    assert.equal((await post(`/folders/${old}/restore`)).status, 409)
    await del(`/folders/${twice}`)
    assert.equal((await post(`/folders/${old}/restore`)).status, 200)
  })

  test('a folder does not come back into one that is in the bin, nor twice', async () => {
    const { top, middle } = await makeChain()
    await del(`/folders/${middle}`)
    await del(`/folders/${top}`)
    assert.deepEqual(await post(`/folders/${middle}/restore`), {
      status: 409,
      body: { error: 'its parent is in the bin' },
    })
    await post(`/folders/${top}/restore`)
    assert.equal((await post(`/folders/${top}/restore`)).status, 404)
    assert.equal((await del(`/folders/${NO_ID}`)).status, 404)
  })
})
