import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import mysql from 'mysql2/promise'

const { values: options } = parseArgs({
  options: {
    reset: { type: 'boolean', default: false },
    documents: { type: 'string', default: '60' },
  },
})
if (!process.env.DATABASE_URL) throw new Error('DATABASE_URL must be set')

const folders = [
  [1, null, 'Finance'],
  [2, null, 'People'],
  [3, 1, 'Invoices'],
  [4, 1, 'Tax'],
  [5, 3, '2025'],
  [6, 3, '2026'],
  [7, 2, 'Contracts'],
  [8, 6, 'Disputed'],
]

/** One row for each folder and each of those above it, itself included. */
const paths = folders.flatMap(([id]) => {
  const rows = []
  let depth = 0
  for (let above = id; above !== null; above = folders.find(([each]) => each === above)[1]) {
    rows.push([above, id, depth])
    depth += 1
  }
  return rows
})

const OWNERS = ['amara', 'bo', 'chiara', 'Dev']
const SUBJECTS = ['Invoice', 'Offer', 'Report', 'contract', 'Élan plan']
const documents = Array.from({ length: Number(options.documents) }, (_, index) => [
  index + 1,
  index % 9 === 0 ? null : 1 + (index % folders.length),
  `${SUBJECTS[index % SUBJECTS.length]} ${index + 1}`,
  OWNERS[(index * 3) % OWNERS.length],
  ['draft', 'review', 'final'][index % 3],
  1 + (index % 5),
  (index * 7919) % 50000,
  index % 4 === 0 ? null : `2026-0${1 + (index % 9)}-1${index % 10}`,
  index % 5 === 0 ? 'scanner' : null,
  index % 5 === 0 ? `page-${index}` : null,
])
const tags = documents.flatMap(([id]) =>
  ['urgent', 'paid', 'archive'].filter((_, tag) => (id + tag) % 4 < 2).map((tag) => [id, tag]),
)

const url = new URL(process.env.DATABASE_URL)
const database = decodeURIComponent(url.pathname.slice(1))
url.pathname = '/'
const connection = await mysql.createConnection({ uri: url.href, multipleStatements: true })
try {
  if (options.reset) await connection.query('CREATE DATABASE IF NOT EXISTS ??', [database])
  await connection.changeUser({ database })
  if (options.reset) {
    await connection.query(await readFile(new URL('schema.sql', import.meta.url), 'utf8'))
  }
  await connection.query("SET time_zone = '+00:00', timestamp = 1767607200")
  await connection.query('INSERT INTO folders (id, parent_id, name) VALUES ?', [folders])
  await connection.query('INSERT INTO folder_paths (ancestor_id, descendant_id, depth) VALUES ?', [
    paths,
  ])
  await connection.query(
    `INSERT INTO documents (id, folder_id, title, owner, status, priority, size_bytes, due_on, source, source_ref)
     VALUES ?`,
    [documents],
  )
  await connection.query('INSERT INTO document_tags (document_id, tag) VALUES ?', [tags])
  console.log(
    `seeded ${folders.length} folders, ${documents.length} documents, ${tags.length} tags`,
  )
} finally {
  await connection.end()
}
