/** An object of these properties and no others. */
export function body(properties, required = []) {
  return { type: 'object', additionalProperties: false, properties, required }
}

export const idParams = { params: body({ id: { type: 'integer', minimum: 1 } }) }
