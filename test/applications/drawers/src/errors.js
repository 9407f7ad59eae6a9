/** An answer other than the wished one; `status` is HTTP's. */
export class Refusal extends Error {
  constructor(status, message) {
    super(message)
    this.status = status
  }
}

export const notFound = (what) => new Refusal(404, `no such ${what}`)

/** Which rule of the schema an error of MySQL speaks of, in words for people. */
const CONFLICTS = {
  folders_name: 'the folder has a subfolder of that name',
  documents_source: 'the source has a document of that reference',
  documents_folder_fk: 'no such folder',
}

function conflict(error) {
  if (error.code !== 'ER_DUP_ENTRY' && error.code !== 'ER_NO_REFERENCED_ROW_2') return undefined
  const rule = Object.keys(CONFLICTS).find((name) => error.sqlMessage.includes(name))
  return rule === undefined ? undefined : CONFLICTS[rule]
}

export function handleError(error, request, reply) {
  if (error instanceof Refusal) return reply.code(error.status).send({ error: error.message })
  if (error.statusCode < 500) return reply.code(error.statusCode).send({ error: error.message })
  const message = conflict(error)
  if (message !== undefined) return reply.code(409).send({ error: message })
  console.error(error)
  return reply.code(500).send({ error: 'internal error' })
}
